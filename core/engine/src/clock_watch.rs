//! Whether the clock may decide that something is too old: one that leapt destroys nothing.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jardin_contract::{Clock, StateStore, StoreError};
use jardin_model::{HOUR_MS, SECOND_MS, Timestamp};

/// How far the time of day may stray from the time that passed.
const MAX_STRAY_MS: i64 = HOUR_MS;
/// How far the clock may lie behind what is durable before no consent can be trusted to be fresh.
const MAX_STEP_BACK_MS: i64 = 5 * SECOND_MS;

/// True where the clock lies so far behind what is durable that a consent could be brought back to life by
/// it.
pub(crate) fn clock_stepped_back(state: &dyn StateStore, now: Timestamp) -> bool {
    state.latest_durable().is_some_and(|latest| latest.ms_since(now) > MAX_STEP_BACK_MS)
}

/// Watches the clock of an engine.
pub(crate) struct ClockWatch {
    clock: Arc<dyn Clock>,
    state: Arc<dyn StateStore>,
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
}

/// A leap that nobody has accepted yet.
#[derive(Debug, Clone, Copy)]
struct Leap {
    /// The last time that was trusted.
    from: Timestamp,
    /// To where it leapt.
    to: Timestamp,
}

impl Sight {
    fn of(clock: &dyn Clock) -> Self {
        Self { now: clock.now(), uptime: clock.uptime() }
    }

    /// True where the time of day moved by what passed since `earlier`.
    fn follows(&self, earlier: &Self) -> bool {
        let passed = self.uptime.saturating_sub(earlier.uptime);
        let passed = i64::try_from(passed.as_millis()).unwrap_or(i64::MAX);
        self.now.ms_since(earlier.now).saturating_sub(passed).abs() <= MAX_STRAY_MS
    }
}

impl ClockWatch {
    /// A watch that trusts the clock at first, unless it lies further behind what is durable than an hour's step, or
    /// longer after it than `longest_rest_ms`, for which a shop may have stood still.
    pub(crate) fn start(clock: Arc<dyn Clock>, state: Arc<dyn StateStore>, longest_rest_ms: i64) -> Self {
        let sight = Sight::of(&*clock);
        let is_odd = |latest: &Timestamp| {
            let rested = sight.now.ms_since(*latest);
            rested > longest_rest_ms || rested < -MAX_STEP_BACK_MS
        };
        let leap = state.latest_durable().filter(is_odd).map(|from| Leap { from, to: sight.now });
        let trusted = leap.is_none().then_some(sight);
        Self { clock, state, seen: Mutex::new(Seen { trusted, leap }) }
    }

    fn lock_seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the clock; true where what it says is too old may be destroyed. A clock that came back by itself is
    /// trusted again, and what it noted while it was ahead no longer counts as the latest time.
    pub(crate) async fn may_destroy(&self) -> bool {
        let sight = Sight::of(&*self.clock);
        let came_back = {
            let mut seen = self.lock_seen();
            let follows = seen.trusted.is_some_and(|trusted| sight.follows(&trusted));
            match (seen.leap, follows) {
                (None, true) => {
                    seen.trusted = Some(sight);
                    return true;
                }
                (None, false) => {
                    let from = seen.trusted.map_or(sight.now, |trusted| trusted.now);
                    seen.leap = Some(Leap { from, to: sight.now });
                    return false;
                }
                (Some(_), follows) => follows,
            }
        };
        came_back && self.accept().await.is_ok()
    }

    /// Trusts the clock as it is from now on.
    pub(crate) async fn accept(&self) -> Result<(), StoreError> {
        let sight = Sight::of(&*self.clock);
        if self.state.latest_durable().is_some_and(|latest| latest > sight.now) {
            self.state.lower_latest_durable(sight.now).await?;
        }
        *self.lock_seen() = Seen { trusted: Some(sight), leap: None };
        Ok(())
    }

    /// What somebody must look at.
    pub(crate) fn warning(&self) -> Option<String> {
        let Leap { from, to } = self.lock_seen().leap?;
        Some(format!(
            "the clock leapt from {from} to {to}: nothing is removed that became too old since {from}; if it is right now, run `jardin clock accept`"
        ))
    }
}
