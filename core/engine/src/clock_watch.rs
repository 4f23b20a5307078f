//! Whether the clock may decide that something is too old: one that leapt destroys nothing.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jardin_contract::{Clock, ClockMark, StateStore, StoreError};
use jardin_model::{HOUR_MS, SECOND_MS, Timestamp};

/// How far the time of day may stray from the time that passed.
const MAX_STRAY_MS: i64 = HOUR_MS;
/// How far the clock may lie behind what is durable before no consent can be trusted to be fresh.
const MAX_STEP_BACK_MS: i64 = 5 * SECOND_MS;
/// How long a clock that leapt must run steadily, and in step with others by the kernel's word, to be trusted again.
const STEADY_TIME: Duration = Duration::from_secs(24 * 3_600);
/// How often a time that is trusted is made durable.
const MARK_EVERY: Duration = Duration::from_secs(3_600);

/// Watches the clock of an engine.
pub(crate) struct ClockWatch {
    clock: Arc<dyn Clock>,
    state: Arc<dyn StateStore>,
    boot: Option<[u8; 16]>,
    seen: Mutex<Seen>,
}

/// The clock as it was seen at one moment.
#[derive(Debug, Clone, Copy)]
struct Sight {
    now: Timestamp,
    uptime: Duration,
}

struct Seen {
    /// The last sight at which it was trusted; none after a start at which it was not.
    trusted: Option<Sight>,
    leap: Option<Leap>,
    /// Since how long the machine was running when a trusted time was made durable last.
    marked: Option<Duration>,
}

/// A leap that is not settled yet.
#[derive(Debug, Clone, Copy)]
struct Leap {
    /// The last time that was trusted.
    from: Timestamp,
    /// To where it leapt.
    to: Sight,
    /// Since when it has run steadily and in step.
    steady: Option<Sight>,
}

/// What a look at the clock asks for.
enum Step {
    /// It is trusted.
    Trust,
    /// It may destroy nothing.
    Wait,
    /// It was ahead and came back: what it noted meanwhile no longer counts as the latest time, but this does.
    ComeBack(Timestamp),
    /// It has run steadily for long enough.
    Accept,
}

impl Sight {
    fn of(clock: &dyn Clock) -> Self {
        Self { now: clock.now(), uptime: clock.uptime() }
    }

    /// How far the time of day moved beyond what passed since `earlier`, in milliseconds.
    fn stray_since(&self, earlier: &Self) -> i64 {
        let passed = self.uptime.saturating_sub(earlier.uptime);
        let passed = i64::try_from(passed.as_millis()).unwrap_or(i64::MAX);
        self.now.ms_since(earlier.now).saturating_sub(passed)
    }

    fn follows(&self, earlier: &Self) -> bool {
        self.stray_since(earlier).abs() <= MAX_STRAY_MS
    }

    /// True where it follows and lies so little behind that no consent comes to life again by it.
    fn is_not_behind(&self, earlier: &Self) -> bool {
        self.follows(earlier) && self.stray_since(earlier) >= -MAX_STEP_BACK_MS
    }
}

impl ClockWatch {
    /// A watch that goes by the mark of this boot, where there is one. Else it trusts the clock at first, unless it lies
    /// behind what is durable, or longer after it than `longest_rest_ms`, for which a shop may have stood still.
    pub(crate) fn start(
        clock: Arc<dyn Clock>,
        state: Arc<dyn StateStore>,
        mark: Option<ClockMark>,
        longest_rest_ms: i64,
    ) -> Self {
        let (sight, boot) = (Sight::of(&*clock), clock.boot_id());
        let mark = mark.filter(|mark| boot == Some(mark.boot) && mark.uptime <= sight.uptime);
        let marked = mark.map(|mark| Sight { now: mark.time, uptime: mark.uptime });
        let is_odd = |latest: &Timestamp| {
            let rested = sight.now.ms_since(*latest);
            rested > longest_rest_ms || rested < -MAX_STEP_BACK_MS
        };
        let from = match marked {
            Some(marked) => (!sight.follows(&marked)).then_some(marked.now),
            None => state.latest_durable().filter(is_odd),
        };
        let leap = from.map(|from| Leap { from, to: sight, steady: None });
        let trusted = marked.or_else(|| leap.is_none().then_some(sight));
        Self { clock, state, boot, seen: Mutex::new(Seen { trusted, leap, marked: None }) }
    }

    fn lock_seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True where the clock lies so far behind what is durable that a consent could be brought back to life by it.
    /// Where it is as it should be after the time that passed, it was ahead when that was noted, and is right now.
    pub(crate) fn has_stepped_back(&self) -> bool {
        self.is_before_durable(self.clock.now())
            && !self.lock_seen().trusted.is_some_and(|t| Sight::of(&*self.clock).is_not_behind(&t))
    }

    fn is_before_durable(&self, now: Timestamp) -> bool {
        self.state.latest_durable().is_some_and(|latest| latest.ms_since(now) > MAX_STEP_BACK_MS)
    }

    /// Looks at the clock; true where what it says is too old may be destroyed. A clock that came back by itself is
    /// trusted again, and so is one that ran steadily for a day while the kernel kept it in step.
    pub(crate) async fn may_destroy(&self) -> bool {
        let sight = Sight::of(&*self.clock);
        let settled = match self.take_step(sight) {
            Step::Trust => Ok(()),
            Step::Wait => return false,
            Step::ComeBack(latest) => self.trust(sight, latest).await,
            Step::Accept => self.trust(sight, sight.now).await,
        };
        settled.is_ok() && self.mark_time(sight).await.is_ok()
    }

    fn take_step(&self, sight: Sight) -> Step {
        let is_before_durable = self.is_before_durable(sight.now);
        let seen = &mut *self.lock_seen();
        let Seen { trusted, leap, .. } = seen;
        if let Some(leap) = leap {
            return match trusted {
                Some(trusted) if sight.follows(trusted) => Step::ComeBack(trusted.now),
                _ if leap.has_settled(sight, self.clock.is_synchronised()) => Step::Accept,
                _ => Step::Wait,
            };
        }
        match trusted {
            Some(trusted) if sight.is_not_behind(trusted) && is_before_durable => Step::ComeBack(trusted.now),
            Some(trusted) if sight.follows(trusted) => {
                // one that was set back a little is trusted once it has caught up with what is durable
                if !is_before_durable {
                    *trusted = sight;
                }
                Step::Trust
            }
            _ => {
                let from = trusted.map_or(sight.now, |trusted| trusted.now);
                *leap = Some(Leap { from, to: sight, steady: None });
                Step::Wait
            }
        }
    }

    /// Trusts the clock as it is from now on.
    pub(crate) async fn accept(&self) -> Result<(), StoreError> {
        let sight = Sight::of(&*self.clock);
        self.trust(sight, sight.now).await?;
        self.mark_time(sight).await
    }

    async fn trust(&self, sight: Sight, latest: Timestamp) -> Result<(), StoreError> {
        if self.state.latest_durable().is_some_and(|durable| durable > latest) {
            self.state.lower_latest_durable(latest).await?;
        }
        *self.lock_seen() = Seen { trusted: Some(sight), leap: None, marked: None };
        Ok(())
    }

    /// Makes a trusted time durable, so that a start within this boot can tell a clock that was ahead from one that is.
    async fn mark_time(&self, sight: Sight) -> Result<(), StoreError> {
        let Some(boot) = self.boot else { return Ok(()) };
        let is_due =
            self.lock_seen().marked.is_none_or(|marked| sight.uptime.saturating_sub(marked) >= MARK_EVERY);
        if is_due && !self.is_before_durable(sight.now) {
            self.state.put_clock_mark(ClockMark { time: sight.now, uptime: sight.uptime, boot }).await?;
            self.lock_seen().marked = Some(sight.uptime);
        }
        Ok(())
    }

    /// What somebody must look at. It says another thing each hour, so that it is told again.
    pub(crate) fn warning(&self) -> Option<String> {
        let Leap { from, to, .. } = self.lock_seen().leap?;
        let hours = self.clock.uptime().saturating_sub(to.uptime).as_secs() / 3_600;
        Some(format!(
            "the clock leapt from {from} to {} {}: nothing is removed, and what has become too old since {from} is \
             overdue; if it is right now, run `jardin clock accept`, or it is trusted after 24 hours in which the \
             kernel keeps it in step",
            to.now,
            match hours {
                0 => "within the last hour".to_owned(),
                1 => "1 hour ago".to_owned(),
                hours => format!("{hours} hours ago"),
            }
        ))
    }
}

impl Leap {
    /// Notes a look; true where the clock has run steadily and in step for long enough.
    fn has_settled(&mut self, sight: Sight, is_synchronised: bool) -> bool {
        let goes_on = self.steady.filter(|steady| is_synchronised && sight.follows(steady));
        let steady = goes_on.or_else(|| is_synchronised.then_some(sight));
        self.steady = steady;
        steady.is_some_and(|steady| sight.uptime.saturating_sub(steady.uptime) >= STEADY_TIME)
    }
}
