//! What others see of the workers of a strategy.

use std::{
    os::unix::process::ExitStatusExt as _,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use super::{latency_histogram::LatencyHistogram, spawner::WorkerExit};

/// How often a note of the plugin is told at most: what it may choose among is so little a minute.
const NOTE_INTERVAL: Duration = Duration::from_secs(60);

/// What others see of the workers of a strategy.
pub(crate) struct WorkerStats {
    pub(crate) deaths: AtomicU64,
    /// How many of these deaths were by a signal that was not the host's.
    pub(crate) signals: AtomicU64,
    /// How many of these were for a system call that is not allowed.
    pub(crate) refused_calls: AtomicU64,
    pub(crate) late: AtomicU64,
    /// How many were killed since they computed while nothing was asked.
    pub(crate) unasked: AtomicU64,
    pub(crate) out_of_memory: AtomicU64,
    pub(crate) rejected: AtomicU64,
    pub(crate) requests: AtomicU64,
    pub(crate) starts: AtomicU64,
    pub(crate) round_trips: LatencyHistogram,
    note: Mutex<Option<String>>,
    /// When a note of the plugin was told last.
    last_told: Mutex<Option<Instant>>,
}

impl WorkerStats {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            deaths: AtomicU64::default(),
            signals: AtomicU64::default(),
            refused_calls: AtomicU64::default(),
            late: AtomicU64::default(),
            unasked: AtomicU64::default(),
            out_of_memory: AtomicU64::default(),
            rejected: AtomicU64::default(),
            requests: AtomicU64::default(),
            starts: AtomicU64::default(),
            round_trips: LatencyHistogram::default(),
            note: Mutex::default(),
            last_told: Mutex::default(),
        })
    }

    pub(crate) fn note(&self) -> Option<String> {
        self.note.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What happened last. It stays when a new worker is ready.
    pub(crate) fn set_note(&self, note: String) {
        *self.note.lock().unwrap_or_else(PoisonError::into_inner) = Some(note);
    }

    /// The plugin says that the sentence at this place of its manifest holds.
    pub(crate) fn hear_note(&self, place: u32, notes: &[Arc<str>], now: Instant) {
        let place = usize::try_from(place).ok().and_then(|place| place.checked_sub(1));
        let Some(sentence) = place.and_then(|place| notes.get(place)) else { return };
        let mut last_told = self.last_told.lock().unwrap_or_else(PoisonError::into_inner);
        if last_told.is_none_or(|last| now.saturating_duration_since(last) >= NOTE_INTERVAL) {
            *last_told = Some(now);
            self.set_note(format!("it notes: {sentence}"));
        }
    }

    /// Counts how a worker's process ended, and says it; `None` where the host ended it. An exit code is not
    /// told: it would be the plugin's to choose, eight bits a death.
    pub(crate) fn describe_exit(&self, exit: WorkerExit) -> Option<String> {
        let WorkerExit::ByItself(status) = exit else { return None };
        let Some(signal) = status.signal() else { return Some("it exited".to_owned()) };
        self.signals.fetch_add(1, Ordering::Relaxed);
        let why = match signal {
            libc::SIGSYS => {
                self.refused_calls.fetch_add(1, Ordering::Relaxed);
                ": it made a system call that is not allowed"
            }
            libc::SIGKILL => {
                self.out_of_memory.fetch_add(1, Ordering::Relaxed);
                ": the machine had no memory left for it, or somebody killed it"
            }
            libc::SIGABRT => ": it gave itself up",
            _ => "",
        };
        Some(format!("signal {signal}{why}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "some instant to count from")]
    fn a_note_is_one_of_the_manifest_and_told_once_a_minute() {
        let stats = WorkerStats::new();
        let notes: [Arc<str>; 2] = ["it is empty".into(), "it is full".into()];
        let begun = Instant::now();
        for (seconds, place, told) in [
            (0, 0, None),
            (0, 3, None),
            (1, 1, Some("it notes: it is empty")),
            (2, 2, Some("it notes: it is empty")),
            (60, 2, Some("it notes: it is empty")),
            (61, 2, Some("it notes: it is full")),
            (62, 1, Some("it notes: it is full")),
        ] {
            stats.hear_note(place, &notes, begun + Duration::from_secs(seconds));
            assert_eq!(stats.note().as_deref(), told, "{seconds} s");
        }
    }
}
