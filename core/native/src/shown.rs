//! What others see of a desk while it works.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU8, AtomicU64, Ordering},
};

/// What others see of a desk.
pub(crate) struct Shown {
    state: AtomicU8,
    /// Changes with each new, empty state; 0 before the first.
    pub(crate) generation: AtomicU64,
    pub(crate) deaths: AtomicU64,
    /// How many of these deaths were by a signal that was not the host's.
    pub(crate) signals: AtomicU64,
    /// How many of these were for a system call that is not allowed.
    pub(crate) refused_calls: AtomicU64,
    pub(crate) late: AtomicU64,
    pub(crate) rejected: AtomicU64,
    pub(crate) requests: AtomicU64,
    pub(crate) starts: AtomicU64,
    note: Mutex<Option<String>>,
}

/// How a desk is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum State {
    Starting = 0,
    Ready = 1,
    Resting = 2,
}

impl Shown {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            state: AtomicU8::new(State::Starting as u8),
            generation: AtomicU64::default(),
            deaths: AtomicU64::default(),
            signals: AtomicU64::default(),
            refused_calls: AtomicU64::default(),
            late: AtomicU64::default(),
            rejected: AtomicU64::default(),
            requests: AtomicU64::default(),
            starts: AtomicU64::default(),
            note: Mutex::default(),
        })
    }

    pub(crate) fn state(&self) -> State {
        match self.state.load(Ordering::Acquire) {
            1 => State::Ready,
            2 => State::Resting,
            _ => State::Starting,
        }
    }

    pub(crate) fn set(&self, state: State) {
        self.state.store(state as u8, Ordering::Release);
    }

    pub(crate) fn note(&self) -> Option<String> {
        self.note.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What happened last. It stays when a new worker is ready.
    pub(crate) fn say(&self, note: String) {
        *self.note.lock().unwrap_or_else(PoisonError::into_inner) = Some(note);
    }
}
