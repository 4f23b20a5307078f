//! Counts of what went wrong, without a value or a person.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use jardin_policy::StrategyName;

/// Named counts since the start, of the whole and of each strategy.
#[derive(Debug, Default)]
pub(crate) struct Counters(Mutex<BTreeMap<(Option<StrategyName>, &'static str), u64>>);

impl Counters {
    pub(crate) fn add(&self, strategy: Option<&StrategyName>, name: &'static str, n: usize) {
        if n > 0 {
            let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let count = counts.entry((strategy.cloned(), name)).or_default();
            *count = count.saturating_add(n as u64);
        }
    }

    pub(crate) fn of(&self, strategy: Option<&StrategyName>) -> BTreeMap<&'static str, u64> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.iter().filter(|((s, _), _)| s.as_ref() == strategy).map(|((_, name), n)| (*name, *n)).collect()
    }
}
