//! Whether a worker computes while nothing is asked of it.
//!
//! A call has its time; between calls a worker only waits. One that answers and goes on could work on what it
//! was just told for as long as it likes, and slow down whoever it wants to be noticed by. So the host compares
//! how long it computed with how long it was being asked.

use std::time::{Duration, Instant};

/// So much more than it was asked for is taken for what follows each of many answers.
const MAX_BESIDE_CALLS: Duration = Duration::from_millis(250);
/// So much is taken for the end of the last answer, where it was not asked since.
const MAX_WITHOUT_CALLS: Duration = Duration::from_millis(5);

/// What a worker computed and was asked since it was last looked at.
#[derive(Debug, Default)]
pub(crate) struct CpuWatch {
    /// When it was looked at, and how long it had computed by then.
    last: Option<(Instant, Duration)>,
    asked: Duration,
}

impl CpuWatch {
    /// A call took so long, from the question to the answer.
    pub(crate) fn add_call(&mut self, took: Duration) {
        self.asked += took;
    }

    /// Nobody knows how long the last call took: what was computed until the next look counts as asked for.
    pub(crate) fn start_over(&mut self) {
        self.last = None;
    }

    /// True where it computes now and was not asked since the last look, however little of a busy processor it
    /// got; or where it computed, beside what it was asked, more than half of the time.
    pub(crate) fn is_computing_unasked(&mut self, now: Instant, cpu: Duration, is_running: bool) -> bool {
        let asked = std::mem::take(&mut self.asked);
        let Some((last, before)) = self.last.replace((now, cpu)) else { return false };
        let unasked = cpu.saturating_sub(before).saturating_sub(asked);
        if asked.is_zero() && is_running {
            return unasked > MAX_WITHOUT_CALLS;
        }
        unasked > MAX_BESIDE_CALLS && unasked > now.duration_since(last).saturating_sub(asked) / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// For each second how long it computed and was asked, in milliseconds, whether it computes at its end, and
    /// whether that is too much.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "some instant to count from")]
    fn what_is_beyond_its_calls_is_found() {
        let begun = Instant::now();
        for (computed, asked, is_running, expected) in [
            (0, 0, false, false),
            (900, 900, true, false),
            (200, 0, false, false),
            (1_000, 0, false, true),
            (600, 0, false, true),
            (700, 100, false, true),
            // it gets a fiftieth of a busy processor
            (20, 0, true, true),
            // it has just answered
            (2, 0, true, false),
            // of a busy worker, the little that follows each answer
            (1_000, 800, true, false),
        ] {
            let mut watch = CpuWatch::default();
            assert!(!watch.is_computing_unasked(begun, 5_000 * MS, is_running), "nothing to compare with");
            watch.add_call(asked * MS);
            let now = begun + Duration::from_secs(1);
            let found = watch.is_computing_unasked(now, (5_000 + computed) * MS, is_running);
            assert_eq!(found, expected, "{computed} ms computed, {asked} ms asked");
            let later = now + Duration::from_secs(1);
            assert!(!watch.is_computing_unasked(later, (5_000 + computed) * MS, false), "it waits again");
            watch.start_over();
            assert!(!watch.is_computing_unasked(later + MS, 60_000 * MS, true));
        }
    }
}
