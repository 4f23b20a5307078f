//! When a script rests: after it took too long again and again it is left out for a while, so that it costs its
//! own list and not everybody's time.

use std::time::{Duration, Instant};

/// Runs in a row that may take too long before a script rests.
const MAX_OVERRUNS: u32 = 3;
/// How long the first rest is; each one that follows without a run in time is twice as long.
const FIRST_REST: Duration = Duration::from_secs(1);
/// How long a rest is at most.
const MAX_REST: Duration = Duration::from_secs(60);

/// How a script has kept its time lately. It holds no clock: it is told when.
#[derive(Debug, Default)]
pub(crate) struct Rest {
    /// Runs in a row that took too long.
    overruns: u32,
    /// How long the present or last rest is; zero before the first.
    length: Duration,
    /// Until when it rests.
    until: Option<Instant>,
    /// How often it began to rest since the start.
    rests: u64,
}

impl Rest {
    /// True where a question may be put to the script. After a rest one question is let through to try it, and the
    /// rest goes on for all others until that one has ended.
    pub(crate) fn lets_through(&mut self, now: Instant) -> bool {
        match self.until {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                self.until = Some(now + self.length);
                true
            }
        }
    }

    /// A run took too long: too many steps, or beyond its deadline.
    pub(crate) fn record_overrun(&mut self, now: Instant) {
        self.overruns = self.overruns.saturating_add(1);
        if self.overruns < MAX_OVERRUNS {
            return;
        }
        self.length = if self.length.is_zero() { FIRST_REST } else { (self.length * 2).min(MAX_REST) };
        self.until = Some(now + self.length);
        self.rests += 1;
    }

    /// A run ended in time, whatever it gave: all is forgotten.
    pub(crate) fn record_in_time(&mut self) {
        *self = Self { rests: self.rests, ..Self::default() };
    }

    /// True where the last run took too long.
    pub(crate) const fn is_suspect(&self) -> bool {
        self.overruns > 0
    }

    /// How often it began to rest since the start.
    pub(crate) const fn rests(&self) -> u64 {
        self.rests
    }

    /// What is so, for people; `None` where nothing is to be said.
    pub(crate) fn note(&self, now: Instant) -> Option<String> {
        let left = self.until?.saturating_duration_since(now).as_secs_f64().ceil();
        Some(format!(
            "it took too long {} times in a row and rests; it is tried again in {left} s",
            self.overruns
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Instant {
        #[expect(clippy::disallowed_methods, reason = "any instant serves as a beginning")]
        Instant::now()
    }

    fn after(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn it_rests_after_three_overruns_in_a_row() {
        let (mut rest, now) = (Rest::default(), start());
        for _ in 0..2 {
            rest.record_overrun(now);
            assert!(rest.lets_through(now));
        }
        rest.record_in_time();
        rest.record_overrun(now);
        rest.record_overrun(now);
        assert!(rest.lets_through(now), "the row was broken");
        rest.record_overrun(now);
        assert!(!rest.lets_through(now));
        assert_eq!(rest.rests(), 1);
    }

    #[test]
    fn after_a_rest_one_question_tries_it() {
        let (mut rest, now) = (Rest::default(), start());
        (0..3).for_each(|_| rest.record_overrun(now));
        assert!(!rest.lets_through(now + Duration::from_millis(999)));
        assert!(rest.lets_through(now + after(1)));
        assert!(!rest.lets_through(now + after(1)), "one only");
        rest.record_in_time();
        assert!((0..9).all(|_| rest.lets_through(now + after(1))));
        assert_eq!(rest.note(now), None);
    }

    #[test]
    fn each_rest_is_twice_as_long_up_to_a_minute() {
        let (mut rest, mut now) = (Rest::default(), start());
        (0..3).for_each(|_| rest.record_overrun(now));
        for length in [1, 2, 4, 8, 16, 32, 60, 60, 60] {
            assert!(!rest.lets_through(now + after(length) - Duration::from_millis(1)), "{length}");
            assert!(rest.lets_through(now + after(length)), "{length}");
            now += after(length);
            rest.record_overrun(now);
        }
        assert_eq!(rest.rests(), 10);
        // and begins anew once a run was in time
        rest.record_in_time();
        (0..3).for_each(|_| rest.record_overrun(now));
        assert!(rest.lets_through(now + after(1)));
    }

    #[test]
    fn a_trial_that_never_ends_is_followed_by_another() {
        let (mut rest, now) = (Rest::default(), start());
        (0..3).for_each(|_| rest.record_overrun(now));
        assert!(rest.lets_through(now + after(1)));
        assert!(!rest.lets_through(now + after(1)));
        assert!(rest.lets_through(now + after(2)));
    }

    #[test]
    fn health_says_when_it_is_tried_again() {
        let (mut rest, now) = (Rest::default(), start());
        (0..3).for_each(|_| rest.record_overrun(now));
        assert_eq!(
            rest.note(now + Duration::from_millis(300)).as_deref(),
            Some("it took too long 3 times in a row and rests; it is tried again in 1 s")
        );
    }
}
