//! Items that may, or may no longer, be tied to people: what was learned is learned anew, and what is stored with an
//! item of `[never]` or `[discreet]` goes.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use jardin_contract::StateStore;
use jardin_model::ItemIndex;
use jardin_policy::{KeptUnder, ScreenedCatalogue};

use crate::{counters::Counters, learning::Learning, schedule::Schedule};

/// Keeps the store free of items that may not be tied to people.
pub(crate) struct UntiedItems {
    state: Arc<dyn StateStore>,
    learning: Arc<Learning>,
    counters: Arc<Counters>,
    schedule: Arc<Schedule>,
    /// Items whose events still have to go.
    to_purge: Mutex<BTreeSet<ItemIndex>>,
}

impl UntiedItems {
    /// Begins with the items that may not be tied now: the policy may have been changed while nothing ran.
    pub(crate) fn new(
        state: Arc<dyn StateStore>,
        learning: Arc<Learning>,
        counters: Arc<Counters>,
        schedule: Arc<Schedule>,
        screened: &ScreenedCatalogue,
    ) -> Self {
        let to_purge = Mutex::new(screened.untied_items().collect());
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
        let (mut changed, mut untied) = (Vec::new(), Vec::new());
        for item in touched {
            if before.may_be_learned_from(item) != after.may_be_learned_from(item) {
                changed.push(item);
            }
            if is_live_untied(after, item) && !is_live_untied(before, item) {
                untied.push(item);
            }
        }
        self.learning.items_changed(&changed);
        self.lock_items().extend(untied);
        self.purge_events().await;
        self.schedule.wake();
        self.learning.wake();
    }

    /// Removes the events that hold such items, those of visits that go on included. Where the store cannot, they wait: no view shows them
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

fn is_live_untied(screened: &ScreenedCatalogue, item: ItemIndex) -> bool {
    screened.catalogue().row(item).is_some() && !screened.may_be_tied_to(KeptUnder::Subject, item)
}
