//! What the host counts itself: how many people had to do with an item, each once, recent ones more.

use std::{collections::HashMap, sync::Arc};

use jardin_contract::{Param, StoreError};
use jardin_model::{DAY_MS, EventKind, ItemIndex, Namespace, SubjectRecord};
use jardin_policy::{
    Signals,
    rules::{Age, FieldRule, PopularityRule},
};

use crate::{inner::Inner, recommend::clock_stepped_back, world::World};

/// After how long a person counts half, where the fallback's settings do not say otherwise.
const HALF_LIFE_MS: i64 = 30 * DAY_MS;

/// Counts every popularity field anew and puts the numbers into the catalogue.
pub(crate) async fn count(inner: &Inner) -> Result<(), StoreError> {
    let world = inner.world();
    let fields = world.policy.rules().fields.iter().filter(|f| f.path.namespace == Namespace::Item);
    for field in fields {
        if let Some(rule) = &field.popularity {
            let counts = counted(inner, &world, rule).await?;
            publish(inner, field, counts).await;
        }
    }
    Ok(())
}

/// Only people for whom the field's own purpose may run now; below `at_least_people` the number is absent.
async fn counted(
    inner: &Inner,
    world: &World,
    rule: &PopularityRule,
) -> Result<HashMap<ItemIndex, f64>, StoreError> {
    let valid = world.policy.rules();
    let now = inner.parts.clock.now();
    let kinds: Vec<EventKind> = EventKind::ALL
        .iter()
        .copied()
        .filter(|k| rule.from.iter().any(|f| valid.field(*f).is_some_and(|f| f.of.contains(k))))
        .collect();
    let signals =
        Signals { clock_stepped_back: clock_stepped_back(&*inner.parts.state, now), ..Signals::default() };
    let account_since = valid.account_ends_after.before(now, &valid.zone);
    let counts = |record: &SubjectRecord| {
        record.last_seen > account_since
            && world.policy.may_run(rule.purpose, &world.policy.flags(Some(record), &signals, now))
    };
    let people = inner.parts.state.people_per_item(&kinds, half_life_ms(world), now, &counts).await?;
    let enough = people.into_iter().filter(|(_, people, _)| *people >= rule.at_least_people);
    Ok(enough.map(|(item, _, weight)| (item, weight)).collect())
}

fn half_life_ms(world: &World) -> i64 {
    let params = world.config.params.get(world.fallback());
    match params.and_then(|p| p.get("half_life")) {
        Some(Param::Text(text)) => match Age::parse(text) {
            Some(Age::Ms(ms)) => ms,
            _ => HALF_LIFE_MS,
        },
        _ => HALF_LIFE_MS,
    }
}

async fn publish(inner: &Inner, field: &FieldRule, counts: HashMap<ItemIndex, f64>) {
    let mut changing = inner.changing.lock().await;
    if changing.get(&field.path.name).is_some_and(|before| *before == counts) {
        return;
    }
    let world = inner.world();
    let catalogue = world.screened.catalogue();
    if let Some(column) = catalogue.schema().position(&field.path.name) {
        let catalogue = catalogue.with_numbers(column, |item| counts.get(&item).copied());
        let screened = world.policy.screen(catalogue, Some(&world.screened));
        inner.set_world(world.with_catalogue(Arc::new(screened)));
        changing.insert(Arc::clone(&field.path.name), counts);
    }
}
