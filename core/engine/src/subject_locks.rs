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
        self.lock_place(lock_place(id)).await
    }

    /// Waits until nobody else changes either of two people; always in the same order, so that no two wait for each other.
    pub(crate) async fn lock_two(
        &self,
        one: &SubjectId,
        other: &SubjectId,
    ) -> [Option<MutexGuard<'_, ()>>; 2] {
        let (one, other) = (lock_place(one), lock_place(other));
        let first = self.lock_place(one.min(other)).await;
        let second = if one == other { None } else { self.lock_place(one.max(other)).await };
        [first, second]
    }

    async fn lock_place(&self, at: usize) -> Option<MutexGuard<'_, ()>> {
        match self.0.get(at) {
            Some(lock) => Some(lock.lock().await),
            None => None,
        }
    }
}

fn lock_place(id: &SubjectId) -> usize {
    usize::try_from(Seed::of(&[id.as_str().as_bytes()]).0 % LOCK_COUNT as u64).unwrap_or(0)
}
