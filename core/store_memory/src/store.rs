//! The store as a whole.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jardin_contract::{Store, StoreError};
use jardin_model::ItemNumbering;

use crate::state::State;

/// A store in memory. Clones are one store.
#[derive(Clone, Default)]
pub struct MemoryStore {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// What is read beside it and never written.
    base: Option<Arc<dyn Store>>,
    numbering: ItemNumbering,
    state: Mutex<State>,
}

impl MemoryStore {
    /// An empty store over another one, for a trial: the other's items are there to be changed, and what can be
    /// learned, the switch and the secrets are the other's. People, visits and events come from this one alone, and
    /// nothing is learned from them. Nothing is written to the other store, and nothing is swept or purged there.
    ///
    /// # Errors
    /// [`StoreError`] where the other store's items cannot be read.
    pub async fn over_store(base: Arc<dyn Store>) -> Result<Self, StoreError> {
        let state = State::of_items(base.read_items().await?);
        let numbering = ItemNumbering::restored(base.item_ids().iter().cloned());
        let shared = Shared { base: Some(base), numbering, state: Mutex::new(state) };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// A store that holds this.
    pub(crate) fn of_state(numbering: ItemNumbering, state: State) -> Self {
        Self { shared: Arc::new(Shared { base: None, numbering, state: Mutex::new(state) }) }
    }

    pub(crate) fn base(&self) -> Option<&dyn Store> {
        self.shared.base.as_deref()
    }

    pub(crate) fn numbering(&self) -> &ItemNumbering {
        &self.shared.numbering
    }

    pub(crate) fn lock_state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
