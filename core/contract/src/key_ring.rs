//! Where the keys of people are kept.

use crate::StoreError;

/// The place of one key. A place is given once and never to somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeySlot(pub u64);

/// Keys, one a person. None ever leaves: texts go in and come out, sealed with authenticated encryption under
/// the key of a slot.
///
/// Calls may wait for a disk: they belong on a thread of their own, never on an async one.
pub trait KeyRing: Send + Sync {
    /// Makes `count` random keys, each in a slot of its own; durable before they are given.
    ///
    /// # Errors
    /// [`StoreError::Failed`] where the disk or the source of randomness failed.
    fn create_keys(&self, count: usize) -> Result<Vec<KeySlot>, StoreError>;

    /// Seals a text. `bound` is not sealed and must be the same when it is opened: whose it is, and what.
    ///
    /// # Errors
    /// [`StoreError::Failed`] where the slot has no key.
    fn seal_text(&self, slot: KeySlot, bound: &[u8], text: &[u8]) -> Result<Vec<u8>, StoreError>;

    /// Opens what was sealed under this slot and bound to the same; `None` where it was not, and where the
    /// key was destroyed.
    ///
    /// # Errors
    /// [`StoreError::Failed`] where the slot cannot be read.
    fn open_text(&self, slot: KeySlot, bound: &[u8], sealed: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// Overwrites keys in place, durably before it returns. What was sealed under them can never be opened
    /// again.
    ///
    /// # Errors
    /// [`StoreError::Failed`] where the disk failed; doing it again is harmless.
    fn destroy_keys(&self, slots: &[KeySlot]) -> Result<(), StoreError>;
}
