//! What became of a script's runs: counts since the start, and whether it keeps its time.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
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
    /// Where and why the script failed last; no value stands in it.
    fault: Mutex<Option<Arc<str>>>,
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
            fault: Mutex::default(),
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
        self.note_fault(Some(failure));
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

    /// Notes where and why the script failed, on a candidate or as a whole.
    pub(crate) fn note_fault(&self, failure: Option<&Failure>) {
        if let Some(Failure::Error { what }) = failure {
            *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(what));
        }
    }

    /// The fault that was noted last.
    pub(crate) fn last_fault(&self) -> Option<Arc<str>> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How the script is doing. It stays ready while it rests: its list is missing and the shop goes on.
    pub(crate) fn health(&self, now: Instant) -> Health {
        let rest = self.lock_rest();
        let (rests, note) = if self.may_rest { (rest.rests(), rest.note(now)) } else { (0, None) };
        let note = note.or_else(|| self.last_fault().map(|fault| format!("its rule failed: {fault}")));
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

#[cfg(test)]
mod tests {
    use jardin_contract::{Clock as _, SystemClock};

    use super::*;

    #[test]
    fn where_a_script_failed_last_is_said_in_health() {
        let (record, now) = (RunRecord::new(true), SystemClock.steady_now());
        record.record_run(0, true);
        assert_eq!(record.health(now).note, None);
        let fault = |place: &str| Failure::Error { what: format!("`adjust` stopped at {place}").into() };
        record.note_fault(Some(&fault("2:5")));
        record.record_run(1, true);
        assert_eq!(record.health(now).note.as_deref(), Some("its rule failed: `adjust` stopped at 2:5"));
        record.record_failed_run(&fault("3:1"), now);
        record.note_fault(None);
        assert_eq!(record.health(now).note.as_deref(), Some("its rule failed: `adjust` stopped at 3:1"));
    }
}
