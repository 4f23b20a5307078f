//! A script as a strategy.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use jardin_contract::{
    Clock, Deadline, Enforcement, Failure, Health, Kind, Ranking, Sources, Strategy, StrategyInfo,
    StrategyRequest,
};
use jardin_diagnostics::Report;
use jardin_model::{FieldPath, ItemIndex};
use jardin_policy::Policy;
use jardin_script_check::{FunctionRuns, ScriptText};
use sha2::{Digest as _, Sha256};

use crate::{pool::ScriptPool, rule::Rule};

/// Runs over more candidates than this leave the async runtime.
const MOST_INLINE: usize = 100;

/// A script that was checked and can run. It keeps nothing between two questions.
#[derive(Debug)]
pub struct ScriptStrategy {
    info: StrategyInfo,
    rule: Arc<Rule>,
    pool: ScriptPool,
    counters: Counters,
}

/// What happened since the start, by name.
#[derive(Debug, Default)]
struct Counters {
    failures: [AtomicU64; WORDS.len()],
    failed_items: AtomicU64,
    compiled: AtomicU64,
    interpreted: AtomicU64,
}

const WORDS: [&str; 6] = ["denied", "late", "limit", "rejected", "error", "overloaded"];

impl Counters {
    fn count_failure(&self, failure: &Failure) {
        let place = WORDS.iter().position(|word| *word == failure.word());
        if let Some(counter) = place.and_then(|i| self.failures.get(i)) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn shown(&self) -> BTreeMap<&'static str, u64> {
        let failures = WORDS.iter().zip(&self.failures).map(|(word, n)| (*word, n.load(Ordering::Relaxed)));
        let others = [
            ("failed_items", &self.failed_items),
            ("compiled", &self.compiled),
            ("interpreted", &self.interpreted),
        ];
        failures.chain(others.map(|(word, n)| (word, n.load(Ordering::Relaxed)))).collect()
    }
}

impl ScriptStrategy {
    /// Proves a script under the policy's grants and makes it ready to run. With it comes a report of its
    /// warnings. The script is bound to this policy: under another one it must be loaded again.
    ///
    /// # Errors
    /// The report with every error, and every warning, that was found.
    pub fn load(
        text: &ScriptText<'_>,
        policy: &Policy,
        clock: &Arc<dyn Clock>,
        pool: &ScriptPool,
    ) -> Result<(Self, Report), Report> {
        let (script, report) = text.check(policy)?;
        let info = StrategyInfo {
            name: script.name().clone(),
            kind: Kind::Script,
            digest: Sha256::digest(script.source().as_bytes()).into(),
            enforcement: Enforcement::Interpreter,
        };
        let rule = Arc::new(Rule::new(script, Arc::clone(clock))?);
        Ok((Self { info, rule, pool: pool.clone(), counters: Counters::default() }, report))
    }

    /// Every field that the script may read, and every field that its page rules look at: what a run reads,
    /// whichever way it takes.
    #[must_use]
    pub fn reads(&self) -> &BTreeSet<FieldPath> {
        self.rule.script.reads()
    }

    /// How each function of the script runs.
    #[must_use]
    pub fn functions(&self) -> &[FunctionRuns] {
        self.rule.script.functions()
    }

    /// The same script without its compiled rule: the interpreter says what a rule means, and the two are
    /// compared by tests.
    #[must_use]
    pub fn interpreted(mut self) -> Self {
        if let Some(rule) = Arc::get_mut(&mut self.rule) {
            rule.forget_compiled();
        }
        self
    }

    /// Orders candidates on this thread, for a caller that is on no async runtime.
    ///
    /// # Errors
    /// As [`Strategy::recommend`].
    pub fn run_now(&self, ask: &StrategyRequest, candidates: &[ItemIndex]) -> Result<Ranking, Failure> {
        self.admit_question(ask)?;
        self.rule.run(ask, candidates).map(|(adjusted, _)| Ranking::Adjusted(adjusted))
    }

    /// A view that was made for another strategy, or a deadline that has passed, is no question to answer.
    fn admit_question(&self, ask: &StrategyRequest) -> Result<(), Failure> {
        if ask.view.strategy().name != self.info.name {
            return Err(Failure::Denied);
        }
        if ask.deadline <= Deadline(self.rule.clock.0.instant()) { Err(Failure::Late) } else { Ok(()) }
    }

    fn count_outcome<T>(&self, outcome: Result<T, Failure>) -> Result<T, Failure> {
        if let Err(failure) = &outcome {
            self.counters.count_failure(failure);
        }
        outcome
    }

    async fn rank_candidates(
        &self,
        ask: &StrategyRequest,
        candidates: &[ItemIndex],
    ) -> Result<Ranking, Failure> {
        self.admit_question(ask)?;
        let (adjusted, was_compiled) = if candidates.len() > MOST_INLINE {
            let (rule, ask, candidates) = (Arc::clone(&self.rule), ask.clone(), candidates.to_vec());
            let left = ask.deadline.left(&*self.rule.clock.0);
            self.pool.run(left, move || rule.run(&ask, &candidates)).await?
        } else {
            self.rule.run(ask, candidates)?
        };
        let failed = u64::try_from(adjusted.failed).unwrap_or(u64::MAX);
        self.counters.failed_items.fetch_add(failed, Ordering::Relaxed);
        let way = if was_compiled { &self.counters.compiled } else { &self.counters.interpreted };
        way.fetch_add(1, Ordering::Relaxed);
        Ok(Ranking::Adjusted(adjusted))
    }
}

#[async_trait]
impl Strategy for ScriptStrategy {
    fn info(&self) -> &StrategyInfo {
        &self.info
    }

    fn health(&self) -> Health {
        Health { ready: true, note: None, counters: self.counters.shown() }
    }

    fn reads(&self) -> Option<&BTreeSet<FieldPath>> {
        Some(self.rule.script.reads())
    }

    async fn sources(&self, ask: &StrategyRequest) -> Result<Sources, Failure> {
        let outcome = self.admit_question(ask).and_then(|()| self.rule.interpreter.describe_sources(ask));
        self.count_outcome(outcome)
    }

    async fn recommend(&self, ask: &StrategyRequest, candidates: &[ItemIndex]) -> Result<Ranking, Failure> {
        let outcome = self.rank_candidates(ask, candidates).await;
        self.count_outcome(outcome)
    }
}
