//! `[[campaigns]]`: settings laid over the others while they last.

use std::{collections::BTreeMap, sync::Arc};

use jardin_contract::{Param, Params};
use jardin_diagnostics::{TomlTable, TomlValue, codes::WRONG_TYPE};
use jardin_model::Timestamp;
use jardin_policy::{StrategyName, codes::NAME_COLLISION};

use super::{
    names::ShopNames,
    params::{self, SettingPlace},
    span_of_time,
};
use crate::codes::CAMPAIGN_CONFLICT;

/// One campaign.
#[derive(Debug, Clone, PartialEq)]
pub struct Campaign {
    /// Its name.
    pub name: Arc<str>,
    /// Who answers for it.
    pub owner: Option<Arc<str>>,
    /// In which placements; empty for all.
    pub places: Vec<Arc<str>>,
    /// Its first instant.
    pub from: Timestamp,
    /// The instant at which it is over.
    pub until: Timestamp,
    /// Where two touch one setting the higher wins.
    pub priority: i64,
    /// What it lays over.
    pub params: BTreeMap<StrategyName, Params>,
    /// Where each of its settings is written.
    pub settings: Vec<SettingPlace>,
}

impl Campaign {
    /// True while it lasts in that placement.
    #[must_use]
    pub fn applies(&self, place: &str, now: Timestamp) -> bool {
        self.from <= now
            && now < self.until
            && (self.places.is_empty() || self.places.iter().any(|p| &**p == place))
    }

    fn overlaps(&self, other: &Self) -> bool {
        let in_time = self.from < other.until && other.from < self.until;
        let in_place = self.places.is_empty()
            || other.places.is_empty()
            || self.places.iter().any(|p| other.places.contains(p));
        in_time && in_place
    }

    /// The first setting that both lay over.
    fn shared_setting<'a>(&'a self, other: &Self) -> Option<(&'a StrategyName, &'a Arc<str>)> {
        self.params.iter().find_map(|(strategy, params)| {
            let theirs = other.params.get(strategy)?;
            let setting = params.0.keys().find(|key| theirs.0.contains_key(*key))?;
            Some((strategy, setting))
        })
    }
}

pub(super) fn read_campaigns(root: &TomlTable<'_>, names: &ShopNames<'_>) -> Vec<Campaign> {
    let nodes = root.get("campaigns").and_then(|n| n.list()).unwrap_or_default();
    let read: Vec<(TomlValue<'_>, Campaign)> =
        nodes.into_iter().filter_map(|n| Some((n, read_campaign(n, names)?))).collect();
    for (i, (node, later)) in read.iter().enumerate() {
        for (_, earlier) in read.iter().take(i) {
            check_conflict(*node, earlier, later);
            if earlier.name == later.name {
                let message = format!("two campaigns are called `{}`", later.name);
                node.finding(NAME_COLLISION, message, Some("give each a name of its own".to_owned()));
            }
        }
    }
    read.into_iter().map(|(_, campaign)| campaign).collect()
}

fn read_campaign(node: TomlValue<'_>, names: &ShopNames<'_>) -> Option<Campaign> {
    let table = node.table("[[campaigns]]")?;
    let name = table.require("name", "\"winter-2026\"").and_then(|n| n.text());
    let span = span_of_time::read_span(&table, names);
    let read = table.require("params", "{ }").map(|n| params::read_by_strategy(n, names)).unwrap_or_default();
    let priority = table.get("priority").map_or(Some(0), |n| n.integer(-1_000_000, 1_000_000));
    let campaign = Campaign {
        name: name.unwrap_or_default().into(),
        owner: table.text("owner"),
        places: table.get("places").map(|n| names.places(n)).unwrap_or_default(),
        from: span.map_or(Timestamp::from_ms(0), |s| s.0),
        until: span.map_or(Timestamp::from_ms(0), |s| s.1),
        priority: priority.unwrap_or(0),
        params: read.params,
        settings: read.places,
    };
    table.end();
    // which of two counts is not known where a priority cannot be read
    name.and(span).and(priority).map(|_| campaign)
}

fn check_conflict(node: TomlValue<'_>, earlier: &Campaign, later: &Campaign) {
    if earlier.priority != later.priority || !earlier.overlaps(later) {
        return;
    }
    if let Some((strategy, setting)) = later.shared_setting(earlier) {
        let message = format!(
            "`{}` and `{}` both set `{setting}` of `{strategy}` at one time and place",
            earlier.name, later.name
        );
        node.finding(CAMPAIGN_CONFLICT, message, Some("give one of them a higher `priority`".to_owned()));
    }
}

/// A setting has one type, whatever campaign sets it: a script is checked for it.
pub(super) fn check_settings(
    settings: &BTreeMap<StrategyName, Params>,
    campaigns: &[Campaign],
    names: &ShopNames<'_>,
) {
    let mut known: BTreeMap<(&StrategyName, &str), &Param> = BTreeMap::new();
    for (strategy, params) in settings {
        known.extend(params.0.iter().map(|(setting, param)| ((strategy, &**setting), param)));
    }
    for place in campaigns.iter().flat_map(|campaign| &campaign.settings) {
        let laying = campaigns.iter().filter(|c| c.settings.contains(place));
        let laid = laying.filter_map(|c| c.params.get(&place.strategy)?.get(&place.setting)).next();
        let Some(laid) = laid else { continue };
        let before = *known.entry((&place.strategy, &place.setting)).or_insert(laid);
        if type_of(before) != type_of(laid) {
            let message =
                format!("`{}` is {} elsewhere and {} here", place.setting, type_of(before), type_of(laid));
            let help = format!("write {} here as well: a setting has one type", type_of(before));
            names.sink.add(WRONG_TYPE, place.span, message, Some(help));
        }
    }
}

const fn type_of(param: &Param) -> &'static str {
    match param {
        Param::Flag(_) => "true or false",
        Param::Integer(_) | Param::Number(_) => "a number",
        Param::Text(_) => "a text",
        Param::Date(_) => "a day",
        Param::Time(_) => "a time",
        Param::List(_) => "a list",
        Param::Table(_) => "a table",
    }
}
