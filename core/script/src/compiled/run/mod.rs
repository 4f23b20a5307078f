//! A compiled rule at work: statements over selections of candidates, columns where the shape of an expression allows it, one candidate at
//! a time where it does not.

mod columns;
mod numbers;
mod scalar;
mod select;
mod statements;

use std::sync::Arc;

use jardin_model::ItemIndex;
use jardin_policy::GrantedColumn;
use jardin_strategy::{Clock, Deadline, Effect, Note};

use self::columns::Column;
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

/// Positions of candidates, in any order and without repeats.
type Rows = Vec<u32>;

/// What was done to a candidate.
#[derive(Debug, Clone)]
struct Draft {
    factor: f64,
    dropped: Option<Arc<str>>,
    says: Option<Arc<str>>,
    notes: Vec<Note>,
    failed: bool,
}

/// One variable of every candidate.
#[derive(Debug)]
enum Variable<'v> {
    /// Never set.
    Unset,
    /// Numbers; none is NaN.
    Numbers(Vec<f64>),
    /// Anything.
    Values(Vec<Value<'v>>),
}

/// A rule that runs over candidates.
struct Machine<'v, 'p> {
    program: &'p Program,
    request: &'v Arc<Request>,
    items: &'v [ItemIndex],
    granted: Vec<&'v GrantedColumn>,
    columns: Vec<Option<Column<'v>>>,
    variables: Vec<Variable<'v>>,
    statics: Vec<Option<Result<Value<'v>, Stop>>>,
    drafts: Vec<Draft>,
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
    let all: Rows = (0..).take(items.len()).collect();
    match machine.block(&program.body, all) {
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
        let draft = Draft {
            factor: 1.0,
            dropped: None,
            says: None,
            notes: Vec::new(),
            failed: false,
        };
        Some(Self {
            program,
            request,
            items,
            granted: granted?,
            columns: program.columns.iter().map(|_| None).collect(),
            variables: (0..program.slots).map(|_| Variable::Unset).collect(),
            statics: vec![None; program.statics.len()],
            drafts: vec![draft; items.len()],
            clock,
            deadline,
            steps_left: limits::ticks(items.len()),
            until_look: STEPS_A_LOOK,
        })
    }

    fn effects(self) -> (Vec<Effect>, usize) {
        let failed = self.drafts.iter().filter(|d| d.failed).count();
        let effect = |draft: Draft| {
            if draft.failed {
                return crate::interpreter::left_out();
            }
            Effect {
                factor: kept(draft.factor),
                dropped: draft.dropped,
                says: draft.says,
                notes: draft.notes,
            }
        };
        (self.drafts.into_iter().map(effect).collect(), failed)
    }

    /// A column, gathered when it is first wanted.
    fn column(&mut self, index: usize) -> Result<&Column<'v>, Stop> {
        let place = self.columns.get_mut(index).ok_or(Stop::Bail)?;
        if place.is_none() {
            let granted = self.granted.get(index).ok_or(Stop::Bail)?;
            *place = Column::gather(self.request.view(), granted, self.items);
        }
        place.as_ref().ok_or(Stop::Bail)
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

    fn draft(&mut self, row: u32) -> Option<&mut Draft> {
        self.drafts.get_mut(row as usize)
    }

    /// The rule fails on a candidate.
    fn fail(&mut self, row: u32) {
        if let Some(draft) = self.draft(row) {
            draft.failed = true;
        }
    }

    fn scale(&mut self, row: u32, is_boost: bool, factor: f64, note: &Arc<str>) -> Result<(), Stop> {
        let allowed = if is_boost { BOOST } else { BURY };
        if !allowed.contains(&factor) {
            return Err(Stop::Fault);
        }
        let explain = self.request.explains();
        if let Some(draft) = self.draft(row) {
            draft.factor *= factor;
            draft.note(explain, Some(factor), note);
        }
        Ok(())
    }

    fn leave_out(&mut self, row: u32, note: &Arc<str>) {
        let explain = self.request.explains();
        if let Some(draft) = self.draft(row) {
            draft.dropped.get_or_insert_with(|| Arc::clone(note));
            draft.note(explain, None, note);
        }
    }

    fn say(&mut self, row: u32, code: &Arc<str>) {
        if let Some(draft) = self.draft(row) {
            draft.says = Some(Arc::clone(code));
        }
    }
}

impl Draft {
    fn note(&mut self, explain: bool, factor: Option<f64>, text: &Arc<str>) {
        if explain {
            self.notes.push(Note {
                factor,
                text: Arc::clone(text),
            });
        }
    }
}
