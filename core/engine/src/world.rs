//! What is in force: one request uses one world.

use std::{cmp::Ordering, sync::Arc};

use jardin_diagnostics::codes::NOT_ENFORCED_YET;
use jardin_model::{FieldPath, FieldType, ItemId, ItemIndex, Namespace, Value};
use jardin_policy::{Learnable, PolicyInForce, ScreenedCatalogue, StrategyName, rules::FieldId};
use sha2::{Digest as _, Sha256};

use crate::{
    config::Config,
    field_usage::{RunTallies, begin_tallies},
    item_order::{self, ItemOrder},
    parts::{LoadedStrategies, LoadedStrategy, Shop},
    recommend::{KeptEffects, KeptSources},
    sellable_items::SellableItems,
    settings_plan::SettingsPlan,
};

/// Policy, configuration, strategies and catalogue as they are at one moment.
pub(crate) struct World {
    pub(crate) policy: PolicyInForce,
    pub(crate) policy_text: Arc<str>,
    pub(crate) revision: Arc<str>,
    /// By which an answer says under which rules it was given.
    pub(crate) rules_digest: [u8; 3],
    pub(crate) config: Arc<Config>,
    pub(crate) strategies: Arc<LoadedStrategies>,
    pub(crate) tallies: Arc<RunTallies>,
    pub(crate) not_enforced_yet: Arc<[String]>,
    /// The strategies that learn.
    pub(crate) learners: Arc<[Learnable]>,
    pub(crate) screened: Arc<ScreenedCatalogue>,
    pub(crate) settings: Arc<SettingsPlan>,
    /// What finishes do to the items of this world.
    pub(crate) kept_effects: KeptEffects,
    /// What the fallback of this world gave to scripts.
    pub(crate) kept_sources: KeptSources,
    /// Of items that are not live nothing is shown.
    order: ItemOrder,
    /// Columns of the flags that an item must carry.
    sellable_flags: Arc<[usize]>,
    sellable: SellableItems,
    pub(crate) page_item: Option<FieldId>,
    pub(crate) basket: Option<FieldId>,
}

/// A digest of what decides which placements there are and who may run in them.
fn digest_rules(policy_text: &str, config: &Config) -> [u8; 3] {
    let mut digest = Sha256::new_with_prefix(policy_text);
    for name in config.placements.keys() {
        digest.update(name.as_bytes());
        digest.update([0]);
    }
    let [a, b, c, ..]: [u8; 32] = digest.finalize().into();
    [a, b, c]
}

impl World {
    /// A world with a new shop. `secret` makes pseudonyms.
    pub(crate) fn new(shop: Shop, screened: Arc<ScreenedCatalogue>, secret: [u8; 32]) -> Self {
        let policy = shop.policy.bind(shop.config.finishes(), Some(secret));
        let not_enforced =
            shop.findings.into_iter().filter(|f| f.code == NOT_ENFORCED_YET).map(|f| f.message);
        let strategies = policy.rules().strategies.keys().cloned().collect();
        let field = |namespace, name| policy.field_id(&FieldPath::new(namespace, name));
        let mut world = Self {
            revision: policy.revision().into(),
            rules_digest: digest_rules(&shop.policy_text, &shop.config),
            page_item: field(Namespace::Context, "page_item"),
            basket: field(Namespace::Session, "basket"),
            not_enforced_yet: not_enforced.collect(),
            learners: policy.learners().into(),
            settings: Arc::new(SettingsPlan::new(Arc::clone(&shop.config), strategies)),
            kept_effects: KeptEffects::default(),
            kept_sources: KeptSources::default(),
            order: ItemOrder::default(),
            sellable_flags: Arc::default(),
            sellable: SellableItems::default(),
            policy_text: shop.policy_text,
            config: shop.config,
            tallies: Arc::new(begin_tallies(&policy, &shop.strategies)),
            strategies: Arc::new(shop.strategies),
            policy,
            screened,
        };
        let catalogue = world.screened.catalogue();
        let sellable = world.config.sellable.iter().filter_map(|name| catalogue.schema().position(name));
        world.sellable_flags = sellable.collect();
        world.sellable = SellableItems::of_catalogue(catalogue, &world.sellable_flags);
        world.order = ItemOrder::of_catalogue(catalogue, world.popularity_column());
        world
    }

    /// This world with another catalogue.
    pub(crate) fn with_catalogue(&self, screened: Arc<ScreenedCatalogue>) -> Self {
        let (before, after) = (self.screened.catalogue(), screened.catalogue());
        let order = self.order.follow_change(before, after, self.popularity_column());
        let sellable = self.sellable.follow_change(before, after, &self.sellable_flags);
        Self {
            policy: self.policy.clone(),
            policy_text: Arc::clone(&self.policy_text),
            revision: Arc::clone(&self.revision),
            rules_digest: self.rules_digest,
            config: Arc::clone(&self.config),
            strategies: Arc::clone(&self.strategies),
            tallies: Arc::clone(&self.tallies),
            not_enforced_yet: Arc::clone(&self.not_enforced_yet),
            learners: Arc::clone(&self.learners),
            settings: Arc::clone(&self.settings),
            kept_effects: KeptEffects::default(),
            kept_sources: KeptSources::default(),
            order,
            sellable_flags: Arc::clone(&self.sellable_flags),
            sellable,
            page_item: self.page_item,
            basket: self.basket,
            screened,
        }
    }

    fn popularity_column(&self) -> Option<usize> {
        let items = || {
            self.policy
                .rules()
                .fields
                .iter()
                .filter(|f| f.path.namespace == Namespace::Item && f.kind == FieldType::Number)
        };
        let field = items()
            .find(|f| &*f.path.name == "popularity")
            .or_else(|| items().find(|f| f.popularity.is_some()))?;
        self.screened.catalogue().schema().position(&field.path.name)
    }

    /// Orders two items by their ids, which is how ties end.
    pub(crate) fn compare_ids(&self, a: ItemIndex, b: ItemIndex) -> Ordering {
        item_order::compare_ids(self.screened.catalogue(), a, b)
    }

    /// True for a live item that carries every flag it must carry.
    pub(crate) fn is_sellable(&self, item: ItemIndex) -> bool {
        self.sellable.contains(item)
    }

    /// Every sellable item, the most popular first, then by id.
    pub(crate) fn sellable_items(&self) -> impl Iterator<Item = ItemIndex> + '_ {
        self.order.iter().filter(|item| self.is_sellable(*item))
    }

    pub(crate) fn fallback(&self) -> &StrategyName {
        &self.policy.rules().fallback
    }

    pub(crate) fn loaded_strategy(&self, name: &StrategyName) -> Option<&LoadedStrategy> {
        self.strategies.get(name)
    }

    /// The product of the page, where one was sent.
    pub(crate) fn sent_page_item(&self, sent: &[(FieldId, Value)]) -> Option<ItemIndex> {
        let (_, value) = sent.iter().find(|(id, _)| Some(*id) == self.page_item)?;
        match value {
            Value::Item(id) => self.screened.catalogue().ids().index(id),
            _ => None,
        }
    }

    /// How many items a request names as its page or basket that the catalogue does not have.
    pub(crate) fn count_unknown_sent(&self, sent: &[(FieldId, Value)]) -> usize {
        let catalogue = self.screened.catalogue();
        let is_unknown = |id: &&ItemId| catalogue.find_row(id).is_none();
        let named = sent.iter().filter(|(id, _)| [self.page_item, self.basket].contains(&Some(*id)));
        named
            .map(|(_, value)| match value {
                Value::Item(id) => usize::from(is_unknown(&id)),
                Value::Items(ids) => ids.iter().filter(is_unknown).count(),
                _ => 0,
            })
            .sum()
    }

    /// What lies in the basket that was sent.
    pub(crate) fn sent_basket(&self, sent: &[(FieldId, Value)]) -> Vec<ItemIndex> {
        let found = sent.iter().find(|(id, _)| Some(*id) == self.basket);
        match found {
            Some((_, Value::Items(ids))) => {
                ids.iter().filter_map(|id| self.screened.catalogue().ids().index(id)).collect()
            }
            _ => Vec::new(),
        }
    }
}
