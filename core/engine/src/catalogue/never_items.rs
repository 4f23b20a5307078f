//! Items that may, or may no longer, be tied to people: what was learned is learned anew, and events that hold
//! an item of `[never]` go.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use jardin_contract::StateStore;
use jardin_model::ItemIndex;
use jardin_policy::ScreenedCatalogue;

use crate::{counters::Counters, learning::Learning, schedule::Schedule};

/// Keeps events free of items of `[never]`.
pub(crate) struct NeverItems {
    state: Arc<dyn StateStore>,
    learning: Arc<Learning>,
    counters: Arc<Counters>,
    schedule: Arc<Schedule>,
    /// Items whose events still have to go.
    to_purge: Mutex<BTreeSet<ItemIndex>>,
}

impl NeverItems {
    /// Begins with the items that are `[never]` now: the policy may have been changed while nothing ran.
    pub(crate) fn new(
        state: Arc<dyn StateStore>,
        learning: Arc<Learning>,
        counters: Arc<Counters>,
        schedule: Arc<Schedule>,
        screened: &ScreenedCatalogue,
    ) -> Self {
        let to_purge = Mutex::new(screened.never_items().collect());
        Self { state, learning, counters, schedule, to_purge }
    }

    /// Does what follows for people where these items were touched. An item that was merely unknown before
    /// may stand in events already.
    pub(crate) async fn follow_change(
        &self,
        before: &ScreenedCatalogue,
        after: &ScreenedCatalogue,
        touched: impl Iterator<Item = ItemIndex>,
    ) {
        let (mut changed, mut never) = (Vec::new(), Vec::new());
        for item in touched {
            if before.may_be_tied_to_a_person(item) != after.may_be_tied_to_a_person(item) {
                changed.push(item);
            }
            if is_live_never(after, item) && !is_live_never(before, item) {
                never.push(item);
            }
        }
        self.learning.items_changed(&changed);
        self.lock_items().extend(never);
        self.purge_events().await;
        self.schedule.wake();
        self.learning.wake();
    }

    /// Removes the events that hold items of `[never]`. Where the store cannot, they wait: no view shows them
    /// meanwhile.
    pub(crate) async fn purge_events(&self) {
        let items: Vec<ItemIndex> = self.lock_items().iter().copied().collect();
        if items.is_empty() {
            return;
        }
        match self.state.purge_items(&items).await {
            Ok(gone) => {
                self.lock_items().retain(|i| !items.contains(i));
                self.learning.events_gone(&gone);
            }
            Err(_) => self.counters.add_overall("purges-failed", 1),
        }
    }

    fn lock_items(&self) -> std::sync::MutexGuard<'_, BTreeSet<ItemIndex>> {
        self.to_purge.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_live_never(screened: &ScreenedCatalogue, item: ItemIndex) -> bool {
    screened.catalogue().row(item).is_some() && screened.is_never(item)
}
