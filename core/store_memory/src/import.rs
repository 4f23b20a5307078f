//! Imports: what stood before is kept until the end, and put back where there is none.

use std::path::Path;

use async_trait::async_trait;
use jardin_contract::{Import, Store, StoreError};

use crate::MemoryStore;

/// An import that has begun.
struct MemoryImport<'a>(&'a MemoryStore);

#[async_trait]
impl Store for MemoryStore {
    async fn begin_import(&self) -> Result<Box<dyn Import + '_>, StoreError> {
        let mut state = self.lock_state();
        if state.before_import.is_some() {
            return Err(StoreError::failed("another import has not ended"));
        }
        state.before_import = Some(Box::new(state.clone()));
        Ok(Box::new(MemoryImport(self)))
    }

    async fn rotate_master_key(&self) -> Result<(), StoreError> {
        Err(StoreError::failed("a store in memory has no master key"))
    }

    async fn back_up(&self, _into: &Path) -> Result<(), StoreError> {
        Err(StoreError::failed("a store in memory leaves nothing to copy"))
    }
}

#[async_trait]
impl Import for MemoryImport<'_> {
    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.0.lock_state().before_import = None;
        Ok(())
    }
}

impl Drop for MemoryImport<'_> {
    /// Finds nothing to put back where it was committed.
    fn drop(&mut self) {
        let mut state = self.0.lock_state();
        if let Some(before) = state.before_import.take() {
            *state = *before;
        }
    }
}
