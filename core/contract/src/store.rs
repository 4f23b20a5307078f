//! A whole store, behind which each backend stands.

use std::path::Path;

use async_trait::async_trait;

use crate::{EventLog, KeyRing, StateStore, StoreError};

/// Everything that a host keeps: events, people, items, switches and keys.
#[async_trait]
pub trait Store: EventLog + StateStore + KeyRing {
    /// Begins an import: from now until its end nothing that anybody writes to this store is durable, and what
    /// a call answers meanwhile holds only if the import is committed. One at a time.
    ///
    /// # Errors
    /// [`StoreError::Failed`] where another import has not ended, and where the store cannot begin one.
    async fn begin_import(&self) -> Result<Box<dyn Import + '_>, StoreError>;

    /// Copies the store as it is at one moment into a folder that is made for it, while changes go on. The copy holds neither
    /// what people refused nor the key that opens the keys of people.
    ///
    /// # Errors
    /// [`StoreError::Failed`] where the folder exists or cannot be written, and where the store is not on a disk.
    async fn back_up(&self, into: &Path) -> Result<(), StoreError>;

    /// Wraps the keys of people by a new master key, while changes go on; what was wrapped by the one before is overwritten.
    ///
    /// # Errors
    /// [`StoreError::Failed`] where there is no new key, with what the disk says, and where the store is not on a disk.
    async fn rotate_master_key(&self) -> Result<(), StoreError>;
}

/// An import that has begun. Dropped without [`Import::commit`] it leaves nothing of what was written since its
/// beginning; so does an end of the process. Only numbers that were given to item ids stay taken.
#[async_trait]
#[must_use = "an import that is dropped leaves nothing"]
pub trait Import: Send + Sync {
    /// Makes everything since the beginning durable, in one step.
    ///
    /// # Errors
    /// [`StoreError`]; nothing of it is stored then.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}
