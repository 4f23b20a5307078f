//! Steps and time that a run may take. Rhai's own count is bypassed by callbacks, hence this one: every step
//! of the interpreter, in whatever call, advances a count of the thread.

use std::{cell::Cell, sync::Arc, time::Instant};

use jardin_contract::{Clock, Deadline};
use rhai::{Dynamic, Engine};

/// How many steps pass between two looks at the clock. A native function takes some microseconds at most, so
/// that the deadline is overrun by less than a millisecond.
const STEPS_A_LOOK: u64 = 32;

/// Steps of the interpreter that every run may take.
const TICKS: u64 = 20_000;
/// Steps more for each candidate.
const TICKS_AN_ITEM: u64 = 1_000;

/// Steps that a run over this number of candidates may take.
pub(crate) const fn step_limit(candidates: usize) -> u64 {
    TICKS + TICKS_AN_ITEM * candidates as u64
}

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
pub(crate) fn watch_steps(engine: &mut Engine, clock: Arc<dyn Clock>) {
    engine.on_progress(move |_| {
        count_step(&*clock).map(|ended| {
            ENDED.set(Some(ended));
            Dynamic::UNIT
        })
    });
}

fn count_step(clock: &dyn Clock) -> Option<Ended> {
    if let Some(ended) = ENDED.get() {
        // a native function such as `sort` may swallow the first error of its callback
        return Some(ended);
    }
    let left = LEFT.get();
    if left == 0 {
        return Some(Ended::Steps);
    }
    LEFT.set(left - 1);
    let is_late = || DEADLINE.get().is_none_or(|deadline| clock.steady_now() >= deadline);
    (left.is_multiple_of(STEPS_A_LOOK) && is_late()).then_some(Ended::Late)
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicU64, Ordering},
        time::Duration,
    };

    use jardin_model::Timestamp;
    use rhai::packages::{BasicArrayPackage, BasicFnPackage, Package as _};

    use super::*;

    /// A clock that moves on by a millisecond each time it is asked.
    struct Ticking(Instant, AtomicU64);

    impl Ticking {
        #[expect(clippy::disallowed_methods, reason = "any instant serves as a beginning")]
        fn new() -> Arc<Self> {
            Arc::new(Self(Instant::now(), AtomicU64::new(0)))
        }
    }

    impl Clock for Ticking {
        fn uptime(&self) -> Duration {
            Duration::ZERO
        }

        fn now(&self) -> Timestamp {
            Timestamp::from_ms(0)
        }

        fn steady_now(&self) -> Instant {
            self.0 + Duration::from_millis(self.1.fetch_add(1, Ordering::Relaxed))
        }
    }

    /// Rhai with the callbacks that scripts have not, to try that the count is not bypassed by them.
    fn with_callbacks(clock: &Arc<Ticking>) -> Engine {
        let mut engine = jardin_script_check::parser();
        BasicArrayPackage::new().register_into_engine(&mut engine);
        BasicFnPackage::new().register_into_engine(&mut engine);
        engine.register_fn("+", |a: i64, b: i64| a + b);
        let clock: Arc<dyn Clock> = Arc::<Ticking>::clone(clock);
        watch_steps(&mut engine, clock);
        engine
    }

    const SCRIPTS: [&str; 4] = [
        "loop { }",
        "let a = []; a.pad(250, 1); loop { a.map(|x| x + 1); }",
        "fn mk() { let a = []; a.pad(120, 1); a } fn three(z) { 0 } fn two(y) { mk().map(three); 0 } fn one(x) { mk().map(two); 0 } mk().map(one); 1",
        "let a = []; for i in [1, 2, 3] { a.push(i); } loop { a.sort(|x, y| y); }",
    ];

    #[test]
    fn steps_are_counted_within_callbacks() {
        let clock = Ticking::new();
        let engine = with_callbacks(&clock);
        for script in SCRIPTS {
            let budget = Budget::start(20_000, Deadline(clock.0 + Duration::from_secs(3600)));
            assert!(engine.run(script).is_err(), "{script}");
            assert_eq!(budget.ended(), Some(Ended::Steps), "{script}");
        }
    }

    #[test]
    fn the_deadline_is_seen_within_callbacks() {
        let clock = Ticking::new();
        let engine = with_callbacks(&clock);
        for script in SCRIPTS {
            let asked = clock.1.load(Ordering::Relaxed);
            let budget = Budget::start(u64::MAX, Deadline(clock.0 + Duration::from_millis(asked + 50)));
            assert!(engine.run(script).is_err(), "{script}");
            assert_eq!(budget.ended(), Some(Ended::Late), "{script}");
            // the clock moves at each look, so that no look came after the one that ended the run
            assert_eq!(clock.1.load(Ordering::Relaxed), asked + 51, "{script}");
        }
    }

    #[test]
    fn without_a_budget_nothing_runs() {
        let engine = with_callbacks(&Ticking::new());
        assert!(engine.run("1").is_err());
    }

    #[test]
    fn a_budget_ends_with_its_run() {
        let clock = Ticking::new();
        let engine = with_callbacks(&clock);
        let later = Deadline(clock.0 + Duration::from_secs(3600));
        drop(Budget::start(1_000, later));
        assert!(engine.run("1").is_err());
        let budget = Budget::start(1_000, later);
        assert!(engine.run("1").is_ok());
        assert_eq!(budget.ended(), None);
    }
}
