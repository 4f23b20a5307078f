//! A script as a strategy.

use std::{collections::BTreeSet, sync::Arc};

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
use tokio::task::yield_now;

use crate::{
    pool::{LaneShare, ScriptLane},
    rule::{Rule, Turn},
    run_record::RunRecord,
};

/// Interpreted runs over more candidates than this leave the async runtime; where the last run took too long,
/// all do.
const MAX_INTERPRETED_INLINE: usize = 100;

/// A script that was checked and can run. It keeps nothing between two questions.
#[derive(Debug)]
pub struct ScriptStrategy {
    info: StrategyInfo,
    rule: Arc<Rule>,
    share: LaneShare,
    record: Arc<RunRecord>,
}

impl ScriptStrategy {
    /// Proves a script under the policy's grants and makes it ready to run. With it comes a report of its
    /// warnings. The script is bound to this policy: under another one it must be loaded again. Long runs take
    /// place in `lane`, of which the script has a share.
    ///
    /// # Errors
    /// The report with every error, and every warning, that was found.
    pub fn load(
        text: &ScriptText<'_>,
        policy: &Policy,
        clock: &Arc<dyn Clock>,
        lane: &ScriptLane,
    ) -> Result<(Self, Report), Report> {
        let (script, report) = text.check(policy)?;
        let info = StrategyInfo {
            name: script.name().clone(),
            kind: Kind::Script,
            digest: Sha256::digest(script.source().as_bytes()).into(),
            enforcement: Enforcement::Interpreter,
        };
        let rule = Arc::new(Rule::new(script, Arc::clone(clock))?);
        let record = Arc::new(RunRecord::new(lane.may_rest));
        Ok((Self { info, rule, share: lane.reserve_share(), record }, report))
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
        self.rule.run(ask, candidates, false).map(|run| self.rule.rank_candidates(run.adjusted))
    }

    /// A view that was made for another strategy, or a deadline that has passed, is no question to answer.
    fn admit_question(&self, ask: &StrategyRequest) -> Result<(), Failure> {
        if ask.view.strategy().name != self.info.name {
            return Err(Failure::Denied);
        }
        if ask.deadline <= Deadline(self.rule.clock.0.steady_now()) { Err(Failure::Late) } else { Ok(()) }
    }

    /// Counts the failure of what did not run.
    fn count_outcome<T>(&self, outcome: Result<T, Failure>) -> Result<T, Failure> {
        outcome.inspect_err(|failure| self.record.count_failure(failure))
    }

    /// Runs the compiled rule here, in turns with whatever else this thread has to do; `None` where it cannot be
    /// done so.
    async fn run_in_turns(
        &self,
        ask: &StrategyRequest,
        candidates: &[ItemIndex],
    ) -> Option<Result<Ranking, Failure>> {
        if self.record.is_suspect() {
            return None;
        }
        let mut turns = self.rule.begin_turns(ask, candidates)?;
        let outcome = loop {
            match turns.take_turn() {
                Turn::Ended(outcome) => break outcome,
                Turn::GoesOn => yield_now().await,
                Turn::Leaves => return None,
            }
        };
        match &outcome {
            Ok(adjusted) => {
                self.record.record_run(adjusted.failed, true);
                // told once: the interpreter looks at one candidate
                if adjusted.failed > 0 && self.record.last_fault().is_none() {
                    let fault = self.rule.fault_of_first(ask, candidates, &adjusted.effects);
                    self.record.note_fault(fault.as_ref());
                }
            }
            Err(failure) => self.record.record_failed_run(failure, self.rule.clock.0.steady_now()),
        }
        Some(outcome.map(|adjusted| self.rule.rank_candidates(adjusted)))
    }

    /// Runs a part of the rule, which records itself: here, or on a thread of its lane.
    async fn run_recorded<T: Send + 'static>(
        &self,
        ask: &StrategyRequest,
        is_short: bool,
        run: impl FnOnce(&Rule, &StrategyRequest, &RunRecord) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (rule, asked, record) = (Arc::clone(&self.rule), ask.clone(), Arc::clone(&self.record));
        let work = move || {
            let now = || rule.clock.0.steady_now();
            run(&rule, &asked, &record).inspect_err(|failure| record.record_failed_run(failure, now()))
        };
        if is_short && !self.record.is_suspect() {
            return work();
        }
        let outcome = self.share.run(ask.deadline.time_left(&*self.rule.clock.0), work).await;
        match outcome {
            Err(Failure::Overloaded) => self.count_outcome(outcome),
            ran => ran,
        }
    }
}

#[async_trait]
impl Strategy for ScriptStrategy {
    fn info(&self) -> &StrategyInfo {
        &self.info
    }

    fn health(&self) -> Health {
        self.record.health(self.rule.clock.0.steady_now())
    }

    fn reads(&self) -> Option<&BTreeSet<FieldPath>> {
        Some(self.rule.script.reads())
    }

    fn has_constant_effects(&self) -> bool {
        !self.rule.interpreter.may_read_clock
    }

    async fn sources(&self, ask: &StrategyRequest) -> Result<Sources, Failure> {
        let may_run =
            self.admit_question(ask).and_then(|()| self.record.let_through(self.rule.clock.0.steady_now()));
        self.count_outcome(may_run)?;
        self.run_recorded(ask, true, |rule, ask, _| rule.interpreter.describe_sources(ask)).await
    }

    async fn recommend(&self, ask: &StrategyRequest, candidates: &[ItemIndex]) -> Result<Ranking, Failure> {
        self.count_outcome(self.admit_question(ask))?;
        if let Some(outcome) = self.run_in_turns(ask, candidates).await {
            return outcome;
        }
        let is_short = candidates.len() <= MAX_INTERPRETED_INLINE || self.rule.interpreter.adjust.is_none();
        let candidates = candidates.to_vec();
        let run = move |rule: &Rule, ask: &StrategyRequest, record: &RunRecord| {
            // told once: the interpreter looks at one candidate more
            let run = rule.run(ask, &candidates, record.last_fault().is_none())?;
            record.record_run(run.adjusted.failed, run.was_compiled);
            record.note_fault(run.fault.as_ref());
            Ok(rule.rank_candidates(run.adjusted))
        };
        self.run_recorded(ask, is_short, run).await
    }
}
