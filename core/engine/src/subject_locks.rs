//! One change of a person at a time, so that a version that was matched is still the present one when the
//! change is made.

use jardin_contract::Seed;
use jardin_model::SubjectId;
use tokio::sync::{Mutex, MutexGuard};

/// How many people change at once at most, give or take two that share a lock.
const LOCK_COUNT: usize = 64;

/// Locks that people share by a digest of their ids.
pub(crate) struct SubjectLocks([Mutex<()>; LOCK_COUNT]);

impl Default for SubjectLocks {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Mutex::default()))
    }
}

impl SubjectLocks {
    /// Waits until nobody else changes a person.
    pub(crate) async fn lock_subject(&self, id: &SubjectId) -> Option<MutexGuard<'_, ()>> {
        let at = usize::try_from(Seed::of(&[id.as_str().as_bytes()]).0 % LOCK_COUNT as u64).unwrap_or(0);
        match self.0.get(at) {
            Some(lock) => Some(lock.lock().await),
            None => None,
        }
    }
}
