//! Steps and time that a run may take. Rhai's own count is bypassed by callbacks, hence this one: every step of the interpreter, in
//! whatever call, advances a count of the thread.

use std::{cell::Cell, sync::Arc, time::Instant};

use jardin_strategy::{Clock, Deadline};
use rhai::{Dynamic, Engine};

/// How many steps pass between two looks at the clock. A native function takes some microseconds at most, so that the deadline is
/// overrun by less than a millisecond.
const STEPS_A_LOOK: u64 = 32;

/// Why a run was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It took too many steps.
    Steps,
    /// Its time had passed.
    Late,
}

thread_local! {
    static LEFT: Cell<u64> = const { Cell::new(0) };
    static DEADLINE: Cell<Option<Instant>> = const { Cell::new(None) };
    static ENDED: Cell<Option<Ended>> = const { Cell::new(None) };
}

/// The budget of one run, in force on this thread until it is dropped. Without one no step is taken.
#[derive(Debug)]
pub(crate) struct Budget(());

impl Budget {
    /// Puts a budget in force on this thread.
    pub(crate) fn start(steps: u64, deadline: Deadline) -> Self {
        LEFT.set(steps);
        DEADLINE.set(Some(deadline.0));
        ENDED.set(None);
        Self(())
    }

    /// Why the run was ended, if it was.
    pub(crate) fn ended(&self) -> Option<Ended> {
        ENDED.get()
    }
}

impl Drop for Budget {
    fn drop(&mut self) {
        LEFT.set(0);
        DEADLINE.set(None);
        ENDED.set(None);
    }
}

/// Makes an interpreter count its steps against the budget of the thread that it runs on.
pub(crate) fn watch(engine: &mut Engine, clock: Arc<dyn Clock>) {
    engine.on_progress(move |_| {
        step(&*clock).map(|ended| {
            ENDED.set(Some(ended));
            Dynamic::UNIT
        })
    });
}

fn step(clock: &dyn Clock) -> Option<Ended> {
    let left = LEFT.get();
    if left == 0 {
        return Some(Ended::Steps);
    }
    LEFT.set(left - 1);
    let is_late = || DEADLINE.get().is_none_or(|deadline| clock.instant() >= deadline);
    (left.is_multiple_of(STEPS_A_LOOK) && is_late()).then_some(Ended::Late)
}
