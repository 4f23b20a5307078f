//! A script's rule: compiled where it can be, interpreted where it cannot. One kind of effects, two
//! producers; the interpreter is the one that says what a rule means.

use std::{fmt, sync::Arc};

use jardin_contract::{Adjusted, Clock, Effect, Effects, Failure, Ranking, StrategyRequest};
use jardin_diagnostics::Report;
use jardin_model::ItemIndex;
use jardin_script_check::{CheckedScript, Entry, lowered::Program};

use crate::{
    engine::build_engine,
    host::Request,
    interpreter::{Interpreter, LEFT_OUT, ONE_IN, loop_over_candidates},
    kept_results::KeptResults,
    kernels::{self, Progress, Ran},
};

/// The clock, which has no `Debug` of its own.
#[derive(Clone)]
pub(crate) struct ClockHandle(pub(crate) Arc<dyn Clock>);

impl fmt::Debug for ClockHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// What a run of a rule gave.
pub(crate) struct RuleRun {
    pub(crate) adjusted: Adjusted,
    /// True where the compiled rule did it.
    pub(crate) was_compiled: bool,
    /// Why the rule failed on one of the candidates, where that was asked for.
    pub(crate) fault: Option<Failure>,
}

/// A script's rule, ready to run.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) interpreter: Interpreter,
    pub(crate) clock: ClockHandle,
    pub(crate) script: CheckedScript,
    is_interpreted: bool,
}

impl Rule {
    /// Makes a proved script ready to run. It is read once more, by the interpreter that will run it: what that
    /// one refuses does not run, whatever the proof says.
    ///
    /// # Errors
    /// The report of what the interpreter's parser refuses.
    pub(crate) fn new(script: CheckedScript, clock: Arc<dyn Clock>) -> Result<Self, Report> {
        let engine = build_engine(script.granted(), script.sources(), Arc::clone(&clock));
        let refused = |error| script.refused_by_parser(&error);
        let ast = engine.compile(script.source()).map_err(refused)?;
        let params = |entry| script.params(entry).map(<[_]>::to_vec);
        let adjust = params(Entry::Adjust);
        let looped = adjust.as_ref().map(|params| loop_over_candidates(&engine, &ast, params)).transpose();
        let interpreter = Interpreter {
            granted: Arc::clone(script.granted()),
            zone: script.zone().clone(),
            candidates: params(Entry::Candidates),
            arrange: params(Entry::Arrange),
            looped: looped.map_err(refused)?,
            adjust,
            may_read_clock: script.may_read_clock(),
            kept_sources: KeptResults::default(),
            kept_rules: KeptResults::default(),
            engine,
            ast,
        };
        Ok(Self { interpreter, clock: ClockHandle(clock), script, is_interpreted: false })
    }

    /// Leaves everything to the interpreter, at each request.
    pub(crate) fn forget_compiled(&mut self) {
        self.is_interpreted = true;
        self.interpreter.may_read_clock = true;
    }

    /// What the script does to each candidate and how it arranges the page. Where it fails on some, and
    /// `explain_faults` says so, the interpreter tells why.
    pub(crate) fn run(
        &self,
        ask: &StrategyRequest,
        candidates: &[ItemIndex],
        explain_faults: bool,
    ) -> Result<RuleRun, Failure> {
        let request = Request::new(ask, &self.interpreter.zone);
        let compiled = self.run_compiled(&request, ask, candidates)?;
        let was_compiled = compiled.is_some();
        let (effects, failed, mut fault) = match compiled {
            Some((effects, failed)) => (effects, failed, None),
            None => self.interpreter.adjust_candidates(&request, ask.deadline, candidates)?,
        };
        if was_compiled && failed > 0 && explain_faults {
            fault = self.fault_of_first(ask, candidates, &effects);
        }
        let page = self.interpreter.arrange_page(&request, ask)?;
        Ok(RuleRun { adjusted: Adjusted { effects, page, failed }, was_compiled, fault })
    }

    /// The ranking that a run comes to. A candidate on which the rule failed is left out; where a field of a person may
    /// change the order alone it stays where it was, since what it failed for may be that field.
    pub(crate) fn rank_candidates(&self, mut adjusted: Adjusted) -> Ranking {
        if adjusted.failed > 0 && self.interpreter.granted.has_order_only() {
            let effects = adjusted.effects.iter();
            let failed: Vec<usize> =
                effects.enumerate().filter(|(_, e)| has_failed(e)).map(|(i, _)| i).collect();
            failed.into_iter().for_each(|place| adjusted.effects.forget_effect(place));
        }
        Ranking::Adjusted(adjusted)
    }

    /// What the interpreter says of the first candidate on which the compiled rule failed.
    pub(crate) fn fault_of_first(
        &self,
        ask: &StrategyRequest,
        candidates: &[ItemIndex],
        effects: &Effects,
    ) -> Option<Failure> {
        let first = effects.iter().position(|effect| has_failed(&effect))?;
        let one = candidates.get(first..=first)?;
        let request = Request::new(ask, &self.interpreter.zone);
        self.interpreter.adjust_candidates(&request, ask.deadline, one).err()
    }

    /// A run of the compiled rule that takes turns; `None` where there is no compiled rule.
    pub(crate) fn begin_turns<'a>(
        &'a self,
        ask: &'a StrategyRequest,
        candidates: &'a [ItemIndex],
    ) -> Option<RuleTurns<'a>> {
        let program = self.script.program().filter(|_| !self.is_interpreted)?;
        let request = Request::new(ask, &self.interpreter.zone);
        Some(RuleTurns {
            rule: self,
            program,
            ask,
            request,
            candidates,
            progress: Progress::begin_run(candidates.len()),
        })
    }

    fn run_compiled(
        &self,
        request: &Arc<Request>,
        ask: &StrategyRequest,
        candidates: &[ItemIndex],
    ) -> Result<Option<(Effects, usize)>, Failure> {
        let Some(program) = self.script.program().filter(|_| !self.is_interpreted) else {
            return Ok(None);
        };
        match kernels::run_program(program, request, candidates, &*self.clock.0, ask.deadline) {
            // where a rule fails on too many, the interpreter tells why
            Ran::Done(effects, failed) => {
                Ok((failed * ONE_IN <= candidates.len()).then_some((effects, failed)))
            }
            Ran::Unsure | Ran::Paused | Ran::TooLong => Ok(None),
            Ran::Late => Err(Failure::Late),
        }
    }
}

/// True for a candidate on which the rule failed.
fn has_failed(effect: &Effect) -> bool {
    effect.dropped.as_deref() == Some(LEFT_OUT)
}

/// A run of a compiled rule that takes turns with others on one thread.
pub(crate) struct RuleTurns<'a> {
    rule: &'a Rule,
    program: &'a Program,
    ask: &'a StrategyRequest,
    request: Arc<Request>,
    candidates: &'a [ItemIndex],
    progress: Progress,
}

/// What a turn came to.
pub(crate) enum Turn {
    /// The run has ended.
    Ended(Result<Adjusted, Failure>),
    /// It goes on with the next turn.
    GoesOn,
    /// It must be made elsewhere, from its beginning: by the interpreter, or where it holds up nobody.
    Leaves,
}

impl RuleTurns<'_> {
    /// Takes the next turn.
    pub(crate) fn take_turn(&mut self) -> Turn {
        let (clock, deadline) = (&*self.rule.clock.0, self.ask.deadline);
        let ran = kernels::run_turn(
            self.program,
            &self.request,
            self.candidates,
            &mut self.progress,
            clock,
            deadline,
        );
        match ran {
            // where a rule fails on too many, the interpreter tells why
            Ran::Done(effects, failed) if failed * ONE_IN <= self.candidates.len() => {
                let page = self.rule.interpreter.arrange_page(&self.request, self.ask);
                Turn::Ended(page.map(|page| Adjusted { effects, page, failed }))
            }
            Ran::Done(..) | Ran::Unsure | Ran::TooLong => Turn::Leaves,
            Ran::Late => Turn::Ended(Err(Failure::Late)),
            Ran::Paused => Turn::GoesOn,
        }
    }
}
