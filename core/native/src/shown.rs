//! What others see of the workers of a strategy.

use std::sync::{Arc, Mutex, PoisonError, atomic::AtomicU64};

use crate::rounds::Rounds;

/// What others see of the workers of a strategy.
pub(crate) struct Shown {
    pub(crate) deaths: AtomicU64,
    /// How many of these deaths were by a signal that was not the host's.
    pub(crate) signals: AtomicU64,
    /// How many of these were for a system call that is not allowed.
    pub(crate) refused_calls: AtomicU64,
    pub(crate) late: AtomicU64,
    pub(crate) rejected: AtomicU64,
    pub(crate) requests: AtomicU64,
    pub(crate) starts: AtomicU64,
    pub(crate) rounds: Rounds,
    note: Mutex<Option<String>>,
}

impl Shown {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            deaths: AtomicU64::default(),
            signals: AtomicU64::default(),
            refused_calls: AtomicU64::default(),
            late: AtomicU64::default(),
            rejected: AtomicU64::default(),
            requests: AtomicU64::default(),
            starts: AtomicU64::default(),
            rounds: Rounds::default(),
            note: Mutex::default(),
        })
    }

    pub(crate) fn note(&self) -> Option<String> {
        self.note.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What happened last. It stays when a new worker is ready.
    pub(crate) fn say(&self, note: String) {
        *self.note.lock().unwrap_or_else(PoisonError::into_inner) = Some(note);
    }
}
