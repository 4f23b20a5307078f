//! Counts of what went wrong, without a value or a person.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use jardin_policy::StrategyName;

/// How often an event, a page or a basket named an item that the catalogue does not have.
pub(crate) const UNKNOWN_ITEMS: &str = "unknown-items";

/// Named counts since the start, of the whole and of each strategy.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// How many lists were asked for; raised on every request, and so without a lock.
    requests: AtomicU64,
    counts: Mutex<BTreeMap<(Option<StrategyName>, &'static str), u64>>,
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
