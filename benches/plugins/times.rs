//! Durations, sorted.

use std::time::{Duration, Instant};

/// Half, nine tenths and 99 hundredths of some durations were shorter, in microseconds.
pub struct Times(Vec<f64>);

impl Times {
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self(times.into_iter().map(|t| t.as_secs_f64() * 1e6).collect())
    }

    /// Times so many rounds, after a tenth as many that are not counted.
    pub fn measured(rounds: usize, mut round: impl FnMut()) -> Self {
        (0..rounds / 10).for_each(|_| round());
        let one = |_| {
            let begun = Instant::now();
            round();
            begun.elapsed()
        };
        Self::of((0..rounds).map(one).collect())
    }

    pub fn at(&self, share: usize) -> f64 {
        self.0[(self.0.len() * share / 100).min(self.0.len() - 1)]
    }

    pub fn show(&self, name: &str) -> f64 {
        println!(
            "{name:<52} p50 {:>9.2} µs   p90 {:>9.2} µs   p99 {:>9.2} µs",
            self.at(50),
            self.at(90),
            self.at(99)
        );
        self.at(50)
    }
}
