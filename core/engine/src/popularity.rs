//! What the host counts itself: how many people had to do with an item, each once, recent ones more.

use std::{collections::HashMap, sync::Arc};

use jardin_contract::{ChosenEvents, Clock, Param, StateStore, StoreError};
use jardin_model::{DAY_MS, ItemIndex, Namespace};
use jardin_policy::{
    Signals,
    rules::{Age, FieldRule, PopularityRule},
};

use crate::{clock_watch::ClockWatch, in_force::InForce, world::World};

/// After how long a person counts half, where the fallback's settings do not say otherwise.
const DEFAULT_HALF_LIFE_MS: i64 = 30 * DAY_MS;

/// Counts popularity fields.
pub(crate) struct Popularity {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) clock_watch: Arc<ClockWatch>,
    pub(crate) state: Arc<dyn StateStore>,
    pub(crate) in_force: Arc<InForce>,
}

impl Popularity {
    /// Counts every popularity field anew and puts the numbers into the catalogue.
    pub(crate) async fn count_items(&self) -> Result<(), StoreError> {
        let world = self.in_force.world();
        let fields = world.policy.rules().fields.iter().filter(|f| f.path.namespace == Namespace::Item);
        for field in fields {
            if let Some(rule) = &field.popularity {
                let counts = self.count_people(&world, rule).await?;
                self.publish_counts(field, counts).await;
            }
        }
        Ok(())
    }

    /// Only what the field's own purpose permits, when it happened and now; below `at_least_people` the number is
    /// absent, as it is for products of `[discreet]`.
    async fn count_people(
        &self,
        world: &World,
        rule: &PopularityRule,
    ) -> Result<HashMap<ItemIndex, f64>, StoreError> {
        let now = self.clock.now();
        let signals =
            Signals { clock_stepped_back: self.clock_watch.has_stepped_back(), ..Signals::default() };
        let counted: &ChosenEvents<'_> = &|record| world.policy.counted_events(rule, record, &signals, now);
        let people = self.state.people_per_item(half_life_ms(world), now, counted).await?;
        let counts = |item, people| people >= rule.at_least_people && !world.screened.is_discreet(item);
        let enough = people.into_iter().filter(|(item, people, _)| counts(*item, *people));
        Ok(enough.map(|(item, _, weight)| (item, weight)).collect())
    }

    async fn publish_counts(&self, field: &FieldRule, counts: HashMap<ItemIndex, f64>) {
        let mut change = self.in_force.begin_change().await;
        if !change.counts.is_new(&field.path.name, &counts) {
            return;
        }
        let world = self.in_force.world();
        let catalogue = world.screened.catalogue();
        if let Some(column) = catalogue.schema().position(&field.path.name) {
            let catalogue = catalogue.with_numbers(column, |item| counts.get(&item).copied());
            let screened = world.policy.screen(catalogue, Some(&world.screened));
            change.put_in_force(world.with_catalogue(Arc::new(screened)));
            change.counts.set_counts(&field.path.name, counts);
        }
    }
}

fn half_life_ms(world: &World) -> i64 {
    let params = world.config.params.get(world.fallback());
    match params.and_then(|p| p.get("half_life")) {
        Some(Param::Text(text)) => match Age::parse(text) {
            Some(Age::Ms(ms)) => ms,
            _ => DEFAULT_HALF_LIFE_MS,
        },
        _ => DEFAULT_HALF_LIFE_MS,
    }
}
