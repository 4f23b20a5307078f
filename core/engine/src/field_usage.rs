//! Which granted fields are really read: on the way of a request one number is raised, and the rest is done
//! beside it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use jardin_model::{FieldPath, Timestamp};
use jardin_policy::{ObservedReads, Policy, StrategyName};

use crate::parts::{LoadedStrategies, LoadedStrategy};

/// The runs of one file under one policy.
pub(crate) struct RunTally {
    strategy: StrategyName,
    digest: [u8; 32],
    /// Each granted field, and whether the file reads it.
    fields: Vec<(FieldPath, bool)>,
    runs: AtomicU64,
}

/// The tallies of a world by strategy.
pub(crate) type RunTallies = BTreeMap<StrategyName, Arc<RunTally>>;

impl RunTally {
    /// Notes a run.
    pub(crate) fn count_run(&self) {
        self.runs.fetch_add(1, Ordering::Relaxed);
    }
}

/// A tally for each strategy that was loaded.
pub(crate) fn begin_tallies(policy: &Policy, strategies: &LoadedStrategies) -> RunTallies {
    let tally = |(name, loaded): (&StrategyName, &LoadedStrategy)| {
        let rule = policy.strategy(name.as_str())?;
        let reads = loaded.strategy.reads();
        let granted = rule.may_read.iter().filter_map(|g| policy.rules().field(g.field));
        let tally = RunTally {
            strategy: name.clone(),
            digest: loaded.strategy.info().digest,
            fields: granted
                .map(|f| (f.path.clone(), reads.is_none_or(|reads| reads.contains(&f.path))))
                .collect(),
            runs: AtomicU64::new(0),
        };
        Some((name.clone(), Arc::new(tally)))
    };
    strategies.iter().filter_map(tally).collect()
}

/// What was counted since counting began, and the tallies that may still grow.
#[derive(Default)]
pub(crate) struct FieldUsage(Mutex<CountedUsage>);

#[derive(Default)]
struct CountedUsage {
    observed: ObservedReads,
    open: Vec<Arc<RunTally>>,
}

impl FieldUsage {
    /// Follows the tallies of a world that comes into force.
    pub(crate) fn follow_tallies(&self, tallies: &RunTallies) {
        let mut watched = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        watched.open.extend(tallies.values().cloned());
    }

    /// Begins with what was counted before this start.
    pub(crate) fn begin_with(&self, before: ObservedReads) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).observed = before;
    }

    /// Everything that was counted.
    pub(crate) fn observed_until(&self, now: Timestamp) -> ObservedReads {
        let mut watched = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let CountedUsage { observed, open } = &mut *watched;
        // a world that is gone, and that no request uses any longer, holds none of its tallies
        open.retain(|tally| {
            let is_used = Arc::strong_count(tally) > 1;
            let runs = tally.runs.swap(0, Ordering::Relaxed);
            observed.add(tally.strategy.as_str(), &tally.digest, &tally.fields, runs, now);
            is_used
        });
        observed.clone()
    }
}
