//! Counts of what went wrong, without a value or a person.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use jardin_contract::Failure;
use jardin_policy::StrategyName;

/// How often an event, a page or a basket named an item that the catalogue does not have.
pub(crate) const UNKNOWN_ITEMS: &str = "unknown-items";

/// Named counts since the start, of the whole and of each strategy.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// How many lists were asked for; raised on every request, and so without a lock.
    requests: AtomicU64,
    counts: Mutex<BTreeMap<(Option<StrategyName>, &'static str), u64>>,
    /// The last failure of each strategy's own making.
    failures: Mutex<BTreeMap<StrategyName, LastFailure>>,
}

#[derive(Debug)]
struct LastFailure {
    what: Arc<str>,
    /// How many there were since they were last taken.
    untold: u64,
}

/// What a strategy did wrong by itself since it was last told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrategyFailure {
    /// Which one.
    pub strategy: StrategyName,
    /// What happened last, with its place in a script and without values.
    pub what: Arc<str>,
    /// How many times it failed.
    pub times: u64,
}

impl Counters {
    pub(crate) fn add_request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Adds to a count of the whole.
    pub(crate) fn add_overall(&self, name: &'static str, n: usize) {
        self.add_to(None, name, n);
    }

    /// Adds to a count of a strategy.
    pub(crate) fn add_of_strategy(&self, strategy: &StrategyName, name: &'static str, n: usize) {
        self.add_to(Some(strategy), name, n);
    }

    fn add_to(&self, strategy: Option<&StrategyName>, name: &'static str, n: usize) {
        if n > 0 {
            let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            let count = counts.entry((strategy.cloned(), name)).or_default();
            *count = count.saturating_add(n as u64);
        }
    }

    /// Counts a failure, and keeps what happened where it is the strategy's own doing.
    pub(crate) fn add_failure(&self, strategy: &StrategyName, failure: &Failure) {
        self.add_of_strategy(strategy, failure.word(), 1);
        if matches!(failure, Failure::Error { .. } | Failure::Limit { .. } | Failure::Rejected { .. }) {
            let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
            let untold = failures.get(strategy).map_or(0, |last| last.untold).saturating_add(1);
            failures.insert(strategy.clone(), LastFailure { what: failure.to_string().into(), untold });
        }
    }

    /// What a strategy failed with last.
    pub(crate) fn last_failure(&self, strategy: &StrategyName) -> Option<Arc<str>> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.get(strategy).map(|last| Arc::clone(&last.what))
    }

    /// The failures since this was last asked.
    pub(crate) fn take_failures(&self) -> Vec<StrategyFailure> {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let untold = failures.iter_mut().filter(|(_, last)| last.untold > 0);
        untold
            .map(|(strategy, last)| StrategyFailure {
                strategy: strategy.clone(),
                what: Arc::clone(&last.what),
                times: std::mem::take(&mut last.untold),
            })
            .collect()
    }

    pub(crate) fn overall_counts(&self) -> BTreeMap<&'static str, u64> {
        let mut counts = self.counts_of(None);
        counts.insert("requests", self.requests.load(Ordering::Relaxed));
        counts
    }

    pub(crate) fn strategy_counts(&self, strategy: &StrategyName) -> BTreeMap<&'static str, u64> {
        self.counts_of(Some(strategy))
    }

    fn counts_of(&self, strategy: Option<&StrategyName>) -> BTreeMap<&'static str, u64> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.iter().filter(|((s, _), _)| s.as_ref() == strategy).map(|((_, name), n)| (*name, *n)).collect()
    }
}
