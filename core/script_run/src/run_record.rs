//! What became of a script's runs: counts since the start, and whether it keeps its time.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use jardin_contract::{Failure, Health};

use crate::{outcome::STEPS, rest::Rest};

/// The failures that are counted, by their words.
const WORDS: [&str; 7] = ["denied", "late", "limit", "rejected", "error", "overloaded", "resting"];

/// What became of the runs of one script. Each run records itself, since nobody may wait for it any more by the
/// time it ends.
#[derive(Debug)]
pub(crate) struct RunRecord {
    failures: [AtomicU64; WORDS.len()],
    failed_items: AtomicU64,
    compiled: AtomicU64,
    interpreted: AtomicU64,
    rest: Mutex<Rest>,
    /// False for a script that never rests, however slow.
    may_rest: bool,
}

impl RunRecord {
    /// Of a script that has not run yet.
    pub(crate) fn new(may_rest: bool) -> Self {
        Self {
            failures: Default::default(),
            failed_items: AtomicU64::default(),
            compiled: AtomicU64::default(),
            interpreted: AtomicU64::default(),
            rest: Mutex::default(),
            may_rest,
        }
    }

    /// Whether a question may be put to the script now.
    ///
    /// # Errors
    /// [`Failure::Resting`] where it rests.
    pub(crate) fn let_through(&self, now: Instant) -> Result<(), Failure> {
        if !self.may_rest || self.lock_rest().lets_through(now) { Ok(()) } else { Err(Failure::Resting) }
    }

    /// True where the last run took too long: the next one is kept off the async runtime, however short.
    pub(crate) fn is_suspect(&self) -> bool {
        self.lock_rest().is_suspect()
    }

    /// Records a failure, whether the script ran or not.
    pub(crate) fn count_failure(&self, failure: &Failure) {
        let place = WORDS.iter().position(|word| *word == failure.word());
        if let Some(counter) = place.and_then(|i| self.failures.get(i)) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Records a run that failed.
    pub(crate) fn record_failed_run(&self, failure: &Failure, now: Instant) {
        self.count_failure(failure);
        if matches!(failure, Failure::Late | Failure::Limit { limit: STEPS }) {
            self.lock_rest().record_overrun(now);
        } else {
            self.lock_rest().record_in_time();
        }
    }

    /// Records a run over candidates that ended in time, and on how many of them the rule failed.
    pub(crate) fn record_run(&self, failed: usize, was_compiled: bool) {
        self.failed_items.fetch_add(u64::try_from(failed).unwrap_or(u64::MAX), Ordering::Relaxed);
        let way = if was_compiled { &self.compiled } else { &self.interpreted };
        way.fetch_add(1, Ordering::Relaxed);
        self.lock_rest().record_in_time();
    }

    /// How the script is doing. It stays ready while it rests: its list is missing and the shop goes on.
    pub(crate) fn health(&self, now: Instant) -> Health {
        let rest = self.lock_rest();
        let (rests, note) = if self.may_rest { (rest.rests(), rest.note(now)) } else { (0, None) };
        let counted = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let mut counters: BTreeMap<&'static str, u64> =
            WORDS.iter().zip(&self.failures).map(|(word, n)| (*word, counted(n))).collect();
        counters.extend([
            ("failed_items", counted(&self.failed_items)),
            ("compiled", counted(&self.compiled)),
            ("interpreted", counted(&self.interpreted)),
            ("rests", rests),
        ]);
        Health { ready: true, note, counters }
    }

    fn lock_rest(&self) -> MutexGuard<'_, Rest> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
