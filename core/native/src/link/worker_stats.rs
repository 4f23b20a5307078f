//! What others see of the workers of a strategy.

use std::{
    os::unix::process::ExitStatusExt as _,
    process::ExitStatus,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use super::latency_histogram::LatencyHistogram;

/// What others see of the workers of a strategy.
pub(crate) struct WorkerStats {
    pub(crate) deaths: AtomicU64,
    /// How many of these deaths were by a signal that was not the host's.
    pub(crate) signals: AtomicU64,
    /// How many of these were for a system call that is not allowed.
    pub(crate) refused_calls: AtomicU64,
    pub(crate) late: AtomicU64,
    pub(crate) rejected: AtomicU64,
    pub(crate) requests: AtomicU64,
    pub(crate) starts: AtomicU64,
    pub(crate) round_trips: LatencyHistogram,
    note: Mutex<Option<String>>,
}

impl WorkerStats {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            deaths: AtomicU64::default(),
            signals: AtomicU64::default(),
            refused_calls: AtomicU64::default(),
            late: AtomicU64::default(),
            rejected: AtomicU64::default(),
            requests: AtomicU64::default(),
            starts: AtomicU64::default(),
            round_trips: LatencyHistogram::default(),
            note: Mutex::default(),
        })
    }

    pub(crate) fn note(&self) -> Option<String> {
        self.note.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What happened last. It stays when a new worker is ready.
    pub(crate) fn set_note(&self, note: String) {
        *self.note.lock().unwrap_or_else(PoisonError::into_inner) = Some(note);
    }

    /// Counts how a worker's process ended, and says it; `None` where the host killed it.
    pub(crate) fn describe_exit(&self, status: ExitStatus) -> Option<String> {
        match (status.signal(), status.code()) {
            // our own kill: the worker was late, or its socket broke first
            (Some(libc::SIGKILL), _) => None,
            (Some(signal), _) => {
                self.signals.fetch_add(1, Ordering::Relaxed);
                if signal == libc::SIGSYS {
                    self.refused_calls.fetch_add(1, Ordering::Relaxed);
                    return Some(format!(
                        "signal {signal}: it made a system call that is not allowed, or gave itself up"
                    ));
                }
                Some(format!("signal {signal}"))
            }
            (None, code) => Some(format!("exit {}", code.unwrap_or(-1))),
        }
    }
}
