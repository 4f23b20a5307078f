//! A compiled rule at work: statements over selections of candidates, columns where the shape of an expression allows it, one candidate at
//! a time where it does not.

mod columns;
mod mask;
mod numbers;
mod scalar;
mod select;
mod statements;

use std::{rc::Rc, sync::Arc};

use jardin_model::ItemIndex;
use jardin_policy::GrantedColumn;
use jardin_strategy::{Clock, Deadline, Effect, Note};

use self::columns::{Candidates, Column};
use super::{
    Program, Ran,
    value::{Stop, Value},
};
use crate::{
    host::{BOOST, BURY, Request, kept},
    limits,
};

/// How many steps pass between two looks at the clock; a step takes some ten nanoseconds.
const STEPS_A_LOOK: u64 = 1_024;

/// One variable of every candidate.
#[derive(Debug)]
enum Variable<'v> {
    /// Never set.
    Unset,
    /// Numbers; those of candidates that were not selected mean nothing.
    Numbers(Rc<Vec<f64>>),
    /// Anything.
    Values(Vec<Value<'v>>),
}

/// A rule that runs over candidates.
struct Machine<'v, 'p> {
    program: &'p Program,
    request: &'v Arc<Request>,
    candidates: Candidates<'v>,
    granted: Vec<&'v GrantedColumn>,
    columns: Vec<Option<Column<'v>>>,
    variables: Vec<Variable<'v>>,
    statics: Vec<Option<Result<Value<'v>, Stop>>>,
    factors: Vec<f64>,
    effects: Vec<Effect>,
    /// On which candidates the rule failed.
    failed: Vec<bool>,
    has_failures: bool,
    clock: &'v dyn Clock,
    deadline: Deadline,
    steps_left: u64,
    until_look: u64,
}

/// Runs a rule over candidates.
pub(super) fn run(program: &Program, request: &Arc<Request>, items: &[ItemIndex], clock: &dyn Clock, deadline: Deadline) -> Ran {
    let Some(mut machine) = Machine::new(program, request, items, clock, deadline) else {
        return Ran::Unsure;
    };
    match machine.block(&program.body, vec![true; items.len()]) {
        Ok(_) => {
            let (effects, failed) = machine.effects();
            Ran::Done(effects, failed)
        }
        Err(Stop::Late) => Ran::Late,
        Err(_) => Ran::Unsure,
    }
}

impl<'v, 'p> Machine<'v, 'p> {
    fn new(
        program: &'p Program,
        request: &'v Arc<Request>,
        items: &'v [ItemIndex],
        clock: &'v dyn Clock,
        deadline: Deadline,
    ) -> Option<Self> {
        // a column that the view has not is denied: the interpreter says so, if the rule gets there
        let granted: Option<Vec<_>> = program.columns.iter().map(|name| request.view().column(name)).collect();
        Some(Self {
            program,
            request,
            candidates: Candidates::new(items, request.view()),
            granted: granted?,
            columns: program.columns.iter().map(|_| None).collect(),
            variables: (0..program.slots).map(|_| Variable::Unset).collect(),
            statics: vec![None; program.statics.len()],
            factors: vec![1.0; items.len()],
            effects: vec![Effect::default(); items.len()],
            failed: vec![false; items.len()],
            has_failures: false,
            clock,
            deadline,
            steps_left: limits::ticks(items.len()),
            until_look: STEPS_A_LOOK,
        })
    }

    fn effects(mut self) -> (Vec<Effect>, usize) {
        let mut count = 0;
        let outcomes = self.factors.iter().zip(&self.failed);
        for (effect, (factor, failed)) in self.effects.iter_mut().zip(outcomes) {
            effect.factor = kept(*factor);
            if *failed {
                count += 1;
                *effect = crate::interpreter::left_out();
            }
        }
        (self.effects, count)
    }

    /// A column, gathered when it is first wanted.
    fn column(&mut self, index: usize) -> Result<&Column<'v>, Stop> {
        let place = self.columns.get_mut(index).ok_or(Stop::Bail)?;
        if place.is_none() {
            let granted = self.granted.get(index).ok_or(Stop::Bail)?;
            *place = Column::gather(self.request.view(), granted, &self.candidates);
        }
        place.as_ref().ok_or(Stop::Bail)
    }

    /// Takes the steps of a kernel over all candidates.
    fn spend_all(&mut self) -> Result<(), Stop> {
        self.spend(1 + self.candidates.len() as u64 / 16)
    }

    /// Takes steps: a rule that takes too many is left to the interpreter, which ends it.
    fn spend(&mut self, steps: u64) -> Result<(), Stop> {
        self.steps_left = self.steps_left.checked_sub(steps).ok_or(Stop::Bail)?;
        if let Some(left) = self.until_look.checked_sub(steps) {
            self.until_look = left;
            return Ok(());
        }
        self.until_look = STEPS_A_LOOK;
        if Deadline(self.clock.instant()) >= self.deadline {
            Err(Stop::Late)
        } else {
            Ok(())
        }
    }

    /// The rule fails on a candidate.
    fn fail(&mut self, row: u32) {
        if let Some(failed) = self.failed.get_mut(row as usize) {
            *failed = true;
            self.has_failures = true;
        }
    }

    fn scale(&mut self, row: u32, is_boost: bool, factor: f64, note: &Arc<str>) -> Result<(), Stop> {
        let allowed = if is_boost { BOOST } else { BURY };
        if !allowed.contains(&factor) {
            return Err(Stop::Fault);
        }
        if let Some(place) = self.factors.get_mut(row as usize) {
            *place *= factor;
        }
        self.note(row, Some(factor), note);
        Ok(())
    }

    fn leave_out(&mut self, row: u32, note: &Arc<str>) {
        if let Some(effect) = self.effects.get_mut(row as usize) {
            effect.dropped.get_or_insert_with(|| Arc::clone(note));
        }
        self.note(row, None, note);
    }

    fn say(&mut self, row: u32, code: &Arc<str>) {
        if let Some(effect) = self.effects.get_mut(row as usize) {
            effect.says = Some(Arc::clone(code));
        }
    }

    fn note(&mut self, row: u32, factor: Option<f64>, text: &Arc<str>) {
        if self.request.explains()
            && let Some(effect) = self.effects.get_mut(row as usize)
        {
            effect.notes.push(Note {
                factor,
                text: Arc::clone(text),
            });
        }
    }
}
