//! A compiled rule at work: the interpreter's meaning at some times the cost of native code. Candidates are taken in blocks of 128, so that a selection of them is one number
//! and a kernel's operands stay in the nearest cache. Kernels run where an expression is made of numbers,
//! flags and texts; elsewhere one candidate is asked at a time.

mod access;
mod arguments;
mod columns;
mod conditions;
mod elements;
mod evaluate;
mod fixed;
mod lanes;
mod loops;
mod moves;
mod pool;
mod scalar;
mod statements;
mod value;
mod valued;
mod variables;

use std::sync::Arc;

use jardin_contract::{Clock, Deadline, Effects};
use jardin_model::ItemIndex;
use jardin_script_check::lowered::Program;
use rhai::Dynamic;

use self::{
    columns::{Block, Column},
    elements::EntryElements,
    fixed::Known,
    lanes::{Mask, ROWS, each_row, row_bit},
    loops::Frame,
    pool::Pool,
    value::Stop,
    variables::Variable,
};
use crate::{
    budget,
    host::{Request, clamp_factor},
    interpreter::LEFT_OUT,
};

/// How many steps pass between two looks at the clock; a step takes some ten nanoseconds.
const STEPS_A_LOOK: u64 = 1_024;

/// Steps after which a run in turns lets others have the thread, between two blocks: some 50 µs.
const STEPS_A_TURN: u64 = 4_096;

/// Steps over one block with which a run no longer takes turns: some 400 µs.
const STEPS_A_BLOCK: u64 = 32_768;

/// Steps of a kernel over a block.
const STEPS_A_KERNEL: u64 = 8;

/// A rule that runs over candidates.
struct Machine<'v, 'p> {
    program: &'p Program,
    request: &'v Arc<Request>,
    pool: &'v Pool,
    columns: Vec<Column<'v>>,
    variables: Vec<Variable<'v>>,
    known: Vec<Known<'v>>,
    /// Lists that loops went round over for a candidate before.
    entries: Vec<EntryElements<'v, 'p>>,
    /// Texts that no product has, as symbols of this run's own.
    texts: Vec<Dynamic>,
    effects: Effects,
    /// How many candidates the rule failed on in the blocks before.
    failures: usize,
    /// The present block, where it begins, and on which of its candidates the rule failed.
    block: Block<'v>,
    base: usize,
    failed: Mask,
    /// The loops that are under way, the innermost last.
    loops: Vec<Frame>,
    /// How often something was done that must not be done twice.
    done: u64,
    /// Functions that one candidate is in, where it is asked by itself.
    calls: usize,
    clock: &'v dyn Clock,
    deadline: Deadline,
    steps_left: u64,
    until_look: u64,
    /// With fewer steps left a block has taken too many for a turn.
    block_floor: u64,
}

/// How a run, or a turn of one, ended.
#[derive(Debug)]
pub(crate) enum Ran {
    /// The effects on each candidate, and on how many the rule failed.
    Done(Effects, usize),
    /// The interpreter must do this request.
    Unsure,
    /// The deadline passed.
    Late,
    /// There are blocks left for the next turn.
    Paused,
    /// It takes no more turns: one block took too long.
    TooLong,
}

/// How far a run has come. Between two turns nothing else of it is kept.
#[derive(Debug)]
pub(crate) struct Progress {
    effects: Effects,
    failures: usize,
    steps_left: u64,
    /// Candidates that are done, in whole blocks.
    done: usize,
}

impl Progress {
    /// A run over this number of candidates that has not begun.
    pub(crate) fn begin_run(candidates: usize) -> Self {
        Self {
            effects: Effects::all_unmoved(candidates),
            failures: 0,
            steps_left: budget::step_limit(candidates),
            done: 0,
        }
    }
}

/// Runs a rule over candidates until a deadline.
pub(crate) fn run_program(
    program: &Program,
    request: &Arc<Request>,
    items: &[ItemIndex],
    clock: &dyn Clock,
    deadline: Deadline,
) -> Ran {
    let mut progress = Progress::begin_run(items.len());
    run_blocks(program, request, items, &mut progress, (clock, deadline), (u64::MAX, u64::MAX))
}

/// Runs a rule on from where it stands, for one turn.
pub(crate) fn run_turn(
    program: &Program,
    request: &Arc<Request>,
    items: &[ItemIndex],
    progress: &mut Progress,
    clock: &dyn Clock,
    deadline: Deadline,
) -> Ran {
    run_blocks(program, request, items, progress, (clock, deadline), (STEPS_A_TURN, STEPS_A_BLOCK))
}

fn run_blocks(
    program: &Program,
    request: &Arc<Request>,
    items: &[ItemIndex],
    progress: &mut Progress,
    time: (&dyn Clock, Deadline),
    (steps_a_turn, steps_a_block): (u64, u64),
) -> Ran {
    let pool = Pool::default();
    let open = items.get(progress.done..).unwrap_or_default();
    let Some(mut machine) = Machine::new(program, request, &pool, open, progress, time) else {
        return Ran::Unsure;
    };
    let turn_floor = machine.steps_left.saturating_sub(steps_a_turn);
    for block in open.chunks(ROWS) {
        if machine.steps_left < turn_floor {
            machine.pause(progress);
            return Ran::Paused;
        }
        machine.block_floor = machine.steps_left.saturating_sub(steps_a_block);
        match machine.run_block(progress.done, block) {
            Ok(()) => progress.done += block.len(),
            Err(Stop::Late) => return Ran::Late,
            Err(Stop::TooLong) => return Ran::TooLong,
            Err(_) => return Ran::Unsure,
        }
    }
    for factor in machine.effects.factors_mut() {
        *factor = clamp_factor(*factor);
    }
    Ran::Done(std::mem::take(&mut machine.effects), machine.failures)
}

impl<'v, 'p> Machine<'v, 'p> {
    /// `None` where a column is denied or missing: the interpreter says so, if the rule gets there.
    fn new(
        program: &'p Program,
        request: &'v Arc<Request>,
        pool: &'v Pool,
        items: &[ItemIndex],
        progress: &mut Progress,
        (clock, deadline): (&'v dyn Clock, Deadline),
    ) -> Option<Self> {
        let view = request.view();
        let chunks = items.iter().map(|i| i.0 as usize / jardin_model::CHUNK_ROWS + 1).max().unwrap_or(0);
        let column = |name: &Arc<str>| Column::of(view, view.column(name)?, chunks, pool);
        let columns: Option<Vec<_>> = program.columns.iter().map(column).collect();
        Some(Self {
            program,
            request,
            pool,
            columns: columns?,
            variables: (0..program.slots).map(|_| Variable::unset()).collect(),
            known: program.statics.iter().map(|_| Known::default()).collect(),
            entries: Vec::new(),
            texts: Vec::new(),
            effects: std::mem::take(&mut progress.effects),
            failures: progress.failures,
            block: Block::of(&[], view),
            base: 0,
            failed: 0,
            loops: Vec::new(),
            done: 0,
            calls: 0,
            clock,
            deadline,
            steps_left: progress.steps_left,
            until_look: STEPS_A_LOOK,
            block_floor: 0,
        })
    }

    /// Hands back how far the run has come.
    fn pause(&mut self, progress: &mut Progress) {
        progress.effects = std::mem::take(&mut self.effects);
        progress.failures = self.failures;
        progress.steps_left = self.steps_left;
    }

    /// Runs over one block.
    fn run_block(&mut self, base: usize, items: &'v [ItemIndex]) -> Result<(), Stop> {
        self.block = Block::of(items, self.request.view());
        self.base = base;
        self.failed = 0;
        self.columns.iter_mut().for_each(Column::forget);
        self.variables.iter_mut().for_each(Variable::forget);
        let program = self.program;
        self.run_statements(&program.body, self.block.all())?;
        if self.failed != 0 {
            self.failures += self.failed.count_ones() as usize;
            let why = self.effects.intern_text(&LEFT_OUT.into());
            for row in each_row(self.failed) {
                self.effects.leave_out_only(base + row as usize, why);
            }
        }
        Ok(())
    }

    /// Takes steps: a rule that takes too many is left to the interpreter, which ends it.
    fn spend_steps(&mut self, steps: u64) -> Result<(), Stop> {
        self.steps_left = self.steps_left.checked_sub(steps).ok_or(Stop::Bail)?;
        if let Some(left) = self.until_look.checked_sub(steps) {
            self.until_look = left;
            return Ok(());
        }
        self.until_look = STEPS_A_LOOK;
        if self.steps_left < self.block_floor {
            return Err(Stop::TooLong);
        }
        if Deadline(self.clock.steady_now()) >= self.deadline { Err(Stop::Late) } else { Ok(()) }
    }

    /// The rule fails on candidates, or altogether.
    fn fail_rows(&mut self, stop: Stop, rows: Mask) -> Result<(), Stop> {
        if stop != Stop::Fault {
            return Err(stop);
        }
        self.failed |= rows;
        Ok(())
    }

    /// The rule fails on one candidate, or altogether.
    fn fail_one(&mut self, stop: Stop, row: u32) -> Result<(), Stop> {
        self.fail_rows(stop, row_bit(row))
    }

    /// Those of a selection on which the rule has not failed.
    const fn open_rows(&self, mask: Mask) -> Mask {
        mask & !self.failed
    }
}
