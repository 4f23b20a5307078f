//! What a jardin.toml says.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_contract::Params;
use jardin_model::Timestamp;
use jardin_policy::{StrategyName, rules::Texts};

use super::{
    campaign::Campaign, filter::Filter, params::SettingPlace, placement::Placement,
    public_field::PublicField, shop::ShopFiles, sponsored::Sponsored,
};

/// A jardin.toml that has been checked against its policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The shop's name.
    pub name: Arc<str>,
    /// Where policy and scripts are.
    pub files: ShopFiles,
    /// The currency of every amount, such as `EUR`.
    pub currency: Arc<str>,
    /// The languages of texts; the first one serves a request without locale.
    pub languages: Vec<Arc<str>>,
    /// Item flags that an item must carry to be shown.
    pub sellable: Vec<Arc<str>>,
    /// What a page may show of an item to everybody.
    pub public: Vec<Arc<PublicField>>,
    /// What shoppers may be told about a product, by code.
    pub reasons: BTreeMap<Arc<str>, Texts>,
    /// The placements by name.
    pub placements: BTreeMap<Arc<str>, Placement>,
    /// The strategies' settings.
    pub params: BTreeMap<StrategyName, Params>,
    /// Where each of them is written, those of campaigns not among them.
    pub settings: Vec<SettingPlace>,
    /// The filters that a request may name.
    pub filters: BTreeMap<Arc<str>, Filter>,
    /// Settings that are laid over for a while, in the order of the file.
    pub campaigns: Vec<Campaign>,
    /// Paid places, in the order of the file.
    pub sponsored: Vec<Sponsored>,
}

impl Config {
    /// The strategies that some placement lays over its lists.
    #[must_use]
    pub fn finishes(&self) -> BTreeSet<StrategyName> {
        self.placements.values().filter_map(|p| p.finish.clone()).collect()
    }

    /// The language of texts for a locale such as `fr-FR`: the shop's first one where it does not speak that.
    pub(crate) fn language_for(&self, locale: Option<&str>) -> Option<&Arc<str>> {
        let asked =
            locale.map(|locale| locale.split(['-', '_']).next().unwrap_or(locale).to_ascii_lowercase());
        let spoken = asked.and_then(|asked| self.languages.iter().find(|language| ***language == *asked));
        spoken.or_else(|| self.languages.first())
    }

    /// A strategy's settings in a placement: the campaigns of the hour laid over, the highest priority last.
    #[must_use]
    pub fn params_for(&self, strategy: &str, place: &str, now: Timestamp) -> Params {
        let mut over: Vec<(i64, &Params)> = self
            .campaigns
            .iter()
            .filter(|c| c.applies(place, now))
            .filter_map(|c| Some((c.priority, c.params.get(strategy)?)))
            .collect();
        over.sort_by_key(|(priority, _)| *priority);
        let base = self.params.get(strategy).cloned().unwrap_or_default();
        over.into_iter().fold(base, |params, (_, over)| params.lay_over(over))
    }
}
