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
    /// Which start of the machine `uptime` counts from; `None` where nobody can tell.
    fn boot_id(&self) -> Option<[u8; 16]> {
        None
    }
    /// True where the time of day is known to be kept in step with clocks elsewhere.
    fn is_synchronised(&self) -> bool {
        false
    }
}

/// A time of day that was trusted, and how long the machine had been running then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockMark {
    /// The time of day.
    pub time: Timestamp,
    /// As [`Clock::uptime`] said then.
    pub uptime: Duration,
    /// As [`Clock::boot_id`] said then.
    pub boot: [u8; 16],
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

    fn boot_id(&self) -> Option<[u8; 16]> {
        let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        let number = u128::from_str_radix(&text.trim_end().replace('-', ""), 16).ok()?;
        Some(number.to_be_bytes())
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
    boot: Option<[u8; 16]>,
    is_synchronised: bool,
}

impl FixedClock {
    /// A clock that shows `now`.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        Self(Mutex::new(FixedTime { now, uptime: Duration::ZERO, boot: None, is_synchronised: false }))
    }

    /// Shows another time from now on, as if that much had passed; time never passes backwards.
    pub fn set(&self, now: Timestamp) {
        let mut time = self.lock_time();
        let passed = u64::try_from(now.ms_since(time.now)).unwrap_or_default();
        *time = FixedTime { now, uptime: time.uptime + Duration::from_millis(passed), ..*time };
    }

    /// Is of this boot from now on.
    pub fn set_boot(&self, boot: [u8; 16]) {
        self.lock_time().boot = Some(boot);
    }

    /// Is, or is not, kept in step with clocks elsewhere from now on.
    pub fn set_synchronised(&self, is_synchronised: bool) {
        self.lock_time().is_synchronised = is_synchronised;
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

    fn boot_id(&self) -> Option<[u8; 16]> {
        self.lock_time().boot
    }

    fn is_synchronised(&self) -> bool {
        self.lock_time().is_synchronised
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
