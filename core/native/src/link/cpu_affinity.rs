//! On which core a worker runs.
//!
//! The kernel wakes a worker on an idle core where there is one. That is right for one that computes, and
//! wrong for one that answers within microseconds: waking a core that sleeps takes longer than the answer,
//! tens of microseconds in a virtual machine. So a worker that answers quickly is kept on the core of whoever
//! asks, who has nothing to do meanwhile; one that computes runs where the kernel likes.

use std::{mem, time::Duration};

/// Waking another core may cost so much: a worker that answers sooner than this stays near whoever asks.
const QUICK: Duration = Duration::from_micros(150);
/// And one that takes longer than this runs anywhere. Between the two it stays as it is.
const SLOW: Duration = Duration::from_micros(300);

/// Where a worker runs.
pub(crate) struct CpuAffinity {
    worker: libc::pid_t,
    /// The cores that the host may use.
    all: libc::cpu_set_t,
    /// The core that it is kept on.
    core: Option<libc::c_int>,
    /// How long it takes as a rule.
    usual: Duration,
}

impl CpuAffinity {
    pub(crate) fn new(worker: u32) -> Self {
        // SAFETY: `cpu_set_t` is an array of integers, for which all zeroes is a value.
        let mut all = unsafe { mem::zeroed() };
        // SAFETY: the set is a valid place for the answer; 0 is this thread, which a server leaves on all the
        // cores that it was given.
        let known = unsafe { libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), &raw mut all) } == 0;
        Self {
            // a number that no process has: nothing is placed where nobody knows where it may run
            worker: libc::pid_t::try_from(worker).ok().filter(|_| known).unwrap_or(libc::pid_t::MAX),
            all,
            core: None,
            usual: SLOW,
        }
    }

    /// Brings a quick worker to the core of this thread, and says whether it is there. Where the system does
    /// not allow it the worker stays where it is.
    pub(crate) fn before_call(&mut self) -> bool {
        let here = current_core();
        let follows = self.usual < QUICK || (self.core.is_some() && self.usual < SLOW);
        match (follows, self.core) {
            (true, Some(core)) if core == here => {}
            (true, _) if here >= 0 => self.pin_to(here),
            (false, Some(_)) => self.unpin(),
            _ => {}
        }
        self.core == Some(here)
    }

    /// Whether it is kept on the core of this thread; `None` where it is kept nowhere.
    pub(crate) fn is_kept_here(&self) -> Option<bool> {
        self.core.map(|core| core == current_core())
    }

    /// Remembers how long a call took.
    pub(crate) fn after_call(&mut self, took: Duration) {
        // one eighth of the new and seven of what was: a single hiccup moves nothing
        self.usual = (self.usual * 7 + took.min(SLOW * 2)) / 8;
    }

    fn pin_to(&mut self, core: libc::c_int) {
        // SAFETY: `cpu_set_t` is an array of integers, for which all zeroes is a value.
        let mut one: libc::cpu_set_t = unsafe { mem::zeroed() };
        let Some(bit) = usize::try_from(core).ok().filter(|bit| *bit < 8 * size_of::<libc::cpu_set_t>())
        else {
            return;
        };
        // SAFETY: the bit lies within the set.
        unsafe { libc::CPU_SET(bit, &mut one) };
        self.set_cores(&one);
        self.core = Some(core);
    }

    fn unpin(&mut self) {
        self.set_cores(&self.all);
        self.core = None;
    }

    fn set_cores(&self, cores: &libc::cpu_set_t) {
        // SAFETY: the set is valid; the worker's number is its own until it is reaped, and whoever reaps it
        // drops this first.
        unsafe { libc::sched_setaffinity(self.worker, size_of::<libc::cpu_set_t>(), cores) };
    }
}

/// The core of this thread.
fn current_core() -> libc::c_int {
    // SAFETY: it takes nothing and gives a number.
    unsafe { libc::sched_getcpu() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seven eighths of 300 µs and one of 10 µs are 263.75 µs; below 150 µs comes the sixth call: 300 →
    /// 263.75 → 232.03 → 204.28 → 179.99 → 158.74 → 140.15.
    #[test]
    fn becomes_quick_by_what_was_seen() {
        let mut affinity = CpuAffinity::new(std::process::id());
        let quick_after = (1..20).find(|_| {
            affinity.after_call(Duration::from_micros(10));
            affinity.usual < QUICK
        });
        assert_eq!(quick_after, Some(6));
    }

    /// Each call of 600 µs or more adds an eighth of the way to 600: 10 → 83.75 → 148.28 → 204.75 → 254.15 →
    /// 297.38 → 335.21.
    #[test]
    fn one_hiccup_is_no_change() {
        let mut affinity = CpuAffinity::new(std::process::id());
        affinity.usual = Duration::from_micros(10);
        let slow_after = (1..20).find(|_| {
            affinity.after_call(Duration::from_secs(1));
            affinity.usual >= SLOW
        });
        assert_eq!(slow_after, Some(6));
    }
}
