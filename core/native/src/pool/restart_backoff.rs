//! When a worker that died is started again.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

/// After so many deaths within a minute a worker rests.
pub(super) const MAX_DEATHS: usize = 5;
/// How long deaths are remembered, and how long a rest is.
pub(super) const REST: Duration = Duration::from_secs(60);
/// The pause after a first death is twice this; it doubles with each death.
const FIRST_PAUSE: Duration = Duration::from_millis(10);

/// The deaths of the last minute.
#[derive(Debug, Default)]
pub(super) struct RestartBackoff(VecDeque<Instant>);

impl RestartBackoff {
    pub(super) fn record_death(&mut self, at: Instant) {
        self.0.push_back(at);
    }

    /// Whether the worker rests now, and how long to wait before the next one is started.
    pub(super) fn pause(&mut self, now: Instant) -> (bool, Duration) {
        while self.0.front().is_some_and(|at| now.duration_since(*at) > REST) {
            self.0.pop_front();
        }
        match self.0.len() {
            0 => (false, Duration::ZERO),
            n if n >= MAX_DEATHS => (true, REST),
            n => (false, FIRST_PAUSE * (1 << n.min(8))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "some instant to count from")]
    fn each_pause_is_twice_the_last_and_the_fifth_death_is_a_rest() {
        let (mut backoff, begun) = (RestartBackoff::default(), Instant::now());
        let pauses: Vec<_> = (0..6)
            .map(|_| {
                let (is_resting, pause) = backoff.pause(begun);
                backoff.record_death(begun);
                (is_resting, pause.as_millis())
            })
            .collect();
        assert_eq!(pauses, [(false, 0), (false, 20), (false, 40), (false, 80), (false, 160), (true, 60_000)]);
        assert_eq!(backoff.pause(begun + Duration::from_secs(61)), (false, Duration::ZERO));
    }
}
