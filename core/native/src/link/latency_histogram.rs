//! How long round trips to workers took.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// The bounds, in microseconds, with their names.
const BOUNDS: [(u64, &str); 10] = [
    (10, "round-trips-within-10-us"),
    (20, "round-trips-within-20-us"),
    (50, "round-trips-within-50-us"),
    (100, "round-trips-within-100-us"),
    (200, "round-trips-within-200-us"),
    (500, "round-trips-within-500-us"),
    (1_000, "round-trips-within-1-ms"),
    (2_000, "round-trips-within-2-ms"),
    (5_000, "round-trips-within-5-ms"),
    (10_000, "round-trips-within-10-ms"),
];

/// A histogram of answered round trips.
#[derive(Default)]
pub(crate) struct LatencyHistogram {
    within: [AtomicU64; BOUNDS.len()],
    all: AtomicU64,
}

impl LatencyHistogram {
    pub(crate) fn record(&self, took: Duration) {
        self.all.fetch_add(1, Ordering::Relaxed);
        let took = took.as_nanos();
        let bound = BOUNDS.iter().position(|(bound, _)| took <= u128::from(*bound) * 1000);
        if let Some(place) = bound.and_then(|place| self.within.get(place)) {
            place.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many round trips ended within each bound, and how many there were: each figure holds the ones
    /// before it.
    pub(crate) fn cumulative_counts(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        let mut sum = 0;
        let within = self.within.iter().zip(BOUNDS).map(move |(n, (_, name))| {
            sum += n.load(Ordering::Relaxed);
            (name, sum)
        });
        within.chain([("round-trips", self.all.load(Ordering::Relaxed))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_figure_holds_the_ones_before() {
        let histogram = LatencyHistogram::default();
        for us in [9, 10, 11, 400, 20_000] {
            histogram.record(Duration::from_micros(us));
        }
        let counts: Vec<u64> = histogram.cumulative_counts().map(|(_, n)| n).collect();
        assert_eq!(counts, [2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 5]);
    }
}
