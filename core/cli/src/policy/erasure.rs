//! `jardin policy check --data`: what a policy would erase of a store.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

use jardin_contract::{ChosenEvents, Clock as _, Store, SystemClock};
use jardin_host::{ShopContent, StoreConfig, counted, reach_store};
use jardin_model::Timestamp;
use jardin_policy::{Policy, RemovedCount};

use crate::{print, serve::runtime};

/// Half of what somebody did counts after a day; the count itself is not looked at.
const HALF_LIFE_MS: i64 = jardin_model::DAY_MS;

/// What would go of people.
#[derive(Debug, Default)]
struct Erasure {
    people: usize,
    concerned: usize,
    removed: RemovedCount,
}

/// Says what the policy of a shop would erase of a store at the next sweep; it erases nothing.
pub(super) fn show_erasure(content: &ShopContent, data: &Path) -> anyhow::Result<()> {
    if !data.join("store.db").exists() {
        print::line("nothing is stored there, and nothing would be erased");
        return Ok(());
    }
    let store = reach_store(content, StoreConfig::for_one_reader(data, &content.folder, &content.server))?;
    let found = runtime()?.block_on(count_erasure(&*store, &content.policy, SystemClock.now()))?;
    let Erasure { people, concerned, removed: RemovedCount { events, values } } = found;
    print::line(&format!(
        "on this store it would erase {} and {}, of {concerned} of {people} people",
        counted(events, "event"),
        counted(values, "value"),
    ));
    Ok(())
}

async fn count_erasure(store: &dyn Store, policy: &Policy, now: Timestamp) -> anyhow::Result<Erasure> {
    let found = Mutex::new(Erasure::default());
    let look: &ChosenEvents<'_> = &|record| {
        let removed = policy.count_removed(record, now);
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        found.people += 1;
        found.concerned += usize::from(removed != RemovedCount::default());
        found.removed.events += removed.events;
        found.removed.values += removed.values;
        Vec::new()
    };
    store.people_per_item(HALF_LIFE_MS, now, look).await?;
    Ok(found.into_inner().unwrap_or_else(PoisonError::into_inner))
}
