//! Time as everything in the host is told it.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use jardin_model::Timestamp;

/// Tells the time. There is one in a process, passed to whatever needs it.
pub trait Clock: Send + Sync {
    /// The time of day, which may step.
    fn now(&self) -> Timestamp;
    /// A steady time, for durations and deadlines.
    fn steady_now(&self) -> Instant;
    /// For how long the machine has been running, asleep or not. It never steps, so that a step of the time of day is
    /// seen by it.
    fn uptime(&self) -> Duration;
}

/// The clock of the machine; the only place that reads it.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one home of the time of day")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    #[expect(clippy::disallowed_methods, reason = "the one home of the steady clock")]
    fn steady_now(&self) -> Instant {
        Instant::now()
    }

    fn uptime(&self) -> Duration {
        let since = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        Duration::new(since.tv_sec.unsigned_abs(), u32::try_from(since.tv_nsec).unwrap_or_default())
    }
}

/// A time of day that stands still until it is set; its steady time is the machine's.
#[derive(Debug)]
pub struct FixedClock(Mutex<FixedTime>);

#[derive(Debug, Clone, Copy)]
struct FixedTime {
    now: Timestamp,
    uptime: Duration,
}

impl FixedClock {
    /// A clock that shows `now`.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        Self(Mutex::new(FixedTime { now, uptime: Duration::ZERO }))
    }

    /// Shows another time from now on, as if that much had passed; time never passes backwards.
    pub fn set(&self, now: Timestamp) {
        let mut time = self.lock_time();
        let passed = u64::try_from(now.ms_since(time.now)).unwrap_or_default();
        *time = FixedTime { now, uptime: time.uptime + Duration::from_millis(passed) };
    }

    /// Shows another time from now on, although none has passed.
    pub fn leap(&self, now: Timestamp) {
        self.lock_time().now = now;
    }

    fn lock_time(&self) -> MutexGuard<'_, FixedTime> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.lock_time().now
    }

    fn steady_now(&self) -> Instant {
        SystemClock.steady_now()
    }

    fn uptime(&self) -> Duration {
        self.lock_time().uptime
    }
}

/// When a run must have ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(pub Instant);

impl Deadline {
    /// `duration` from the clock's steady time.
    #[must_use]
    pub fn after(clock: &dyn Clock, duration: Duration) -> Self {
        Self(clock.steady_now() + duration)
    }

    /// The earlier of two.
    #[must_use]
    pub fn earlier_of(self, other: Self) -> Self {
        self.min(other)
    }

    /// What is left, zero where it has passed.
    #[must_use]
    pub fn time_left(self, clock: &dyn Clock) -> Duration {
        self.0.saturating_duration_since(clock.steady_now())
    }
}
