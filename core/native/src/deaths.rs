//! When a worker that died is started again.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

/// After so many deaths within a minute the worker rests.
const MOST_DEATHS: usize = 5;
const MINUTE: Duration = Duration::from_secs(60);
/// How long the first wait after a death is; it doubles with each.
const FIRST_WAIT: Duration = Duration::from_millis(10);

/// The deaths of the last minute.
#[derive(Default)]
pub(crate) struct Deaths(VecDeque<Instant>);

impl Deaths {
    pub(crate) fn add(&mut self, at: Instant) {
        self.0.push_back(at);
    }

    /// Whether it rests now, and how long to wait before it is started again.
    pub(crate) fn rest(&mut self, now: Instant) -> (bool, Duration) {
        while self.0.front().is_some_and(|at| now.duration_since(*at) > MINUTE) {
            self.0.pop_front();
        }
        match self.0.len() {
            0 => (false, Duration::ZERO),
            n if n >= MOST_DEATHS => (true, MINUTE),
            n => (false, FIRST_WAIT * (1 << n.min(8))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "some instant to count from")]
    fn each_wait_is_twice_the_last_and_the_fifth_death_is_a_rest() {
        let (mut deaths, begun) = (Deaths::default(), Instant::now());
        let waits: Vec<_> = (0..6)
            .map(|_| {
                let rest = deaths.rest(begun);
                deaths.add(begun);
                (rest.0, rest.1.as_millis())
            })
            .collect();
        assert_eq!(waits, [(false, 0), (false, 20), (false, 40), (false, 80), (false, 160), (true, 60_000)]);
        assert_eq!(deaths.rest(begun + Duration::from_secs(61)), (false, Duration::ZERO));
    }
}
