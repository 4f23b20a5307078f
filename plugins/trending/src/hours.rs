//! How many sessions held each item in each hour, in integers.

use std::collections::{BTreeMap, HashMap};

use jardin_sdk::{Weighed, number::power_of_two};

/// The most different items of one session that are counted: longer ones are machines.
const MOST_ITEMS: usize = 1_000;

/// Counts by hour. Equal to what it would be had it only ever learned the sessions that were not forgotten.
#[derive(Debug, Default)]
pub(crate) struct Hours {
    /// For each hour how many sessions held an item; a session counts in the hour in which it held it first.
    counts: BTreeMap<u32, BTreeMap<u32, u32>>,
    /// The items that each session added, each with its hour.
    sessions: HashMap<u64, Vec<(u32, u32)>>,
    /// How many counts and items of sessions there are, for [`Hours::bytes`].
    entries: usize,
    /// The last scores, by what they depend on; dropped when counts change.
    last: Option<Scores>,
}

#[derive(Debug)]
struct Scores {
    now: u32,
    scores: BTreeMap<u32, f64>,
}

impl Hours {
    /// Adds an item of a session; an item counts once a session.
    pub(crate) fn add(&mut self, session: u64, item: u32, hour: u32) {
        let items = self.sessions.entry(session).or_default();
        if items.len() >= MOST_ITEMS || items.iter().any(|(known, _)| *known == item) {
            return;
        }
        items.push((item, hour));
        self.entries += 1;
        *self.counts.entry(hour).or_default().entry(item).or_default() += 1;
        self.last = None;
    }

    /// Takes a session back.
    pub(crate) fn remove(&mut self, session: u64) {
        let Some(items) = self.sessions.remove(&session) else {
            return;
        };
        self.last = None;
        self.entries -= items.len();
        for (item, hour) in items {
            let Some(counts) = self.counts.get_mut(&hour) else {
                continue;
            };
            match counts.get_mut(&item) {
                Some(count) if *count > 1 => *count -= 1,
                _ => {
                    counts.remove(&item);
                }
            }
            if counts.is_empty() {
                self.counts.remove(&hour);
            }
        }
    }

    /// For each item the sessions of the last `window` hours, each counting `2^(-age / half_life)`; the hours
    /// are summed in their order.
    pub(crate) fn scores(&mut self, now: u32, window: u32, half_life: f64) -> &BTreeMap<u32, f64> {
        if self.last.as_ref().is_none_or(|last| last.now != now) {
            let mut scores: BTreeMap<u32, f64> = BTreeMap::new();
            // the hour that has begun counts whole: an event of this minute is there at once
            for (hour, counts) in self.counts.range(now.saturating_sub(window)..=now) {
                let weight = power_of_two(-f64::from(now - hour) / half_life);
                for (item, count) in counts {
                    *scores.entry(*item).or_default() += f64::from(*count) * weight;
                }
            }
            self.last = Some(Scores { now, scores });
        }
        &self.last.get_or_insert_with(|| Scores { now, scores: BTreeMap::new() }).scores
    }
}

impl PartialEq for Hours {
    fn eq(&self, other: &Self) -> bool {
        (&self.counts, &self.sessions, self.entries) == (&other.counts, &other.sessions, other.entries)
    }
}

impl Weighed for Hours {
    fn bytes(&self) -> usize {
        130 * self.sessions.len() + 32 * self.entries + 300 * self.counts.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked by hand, a half-life of 2 hours, a window of 4: at hour 10, hour 10 counts 1, hour 8 counts
    /// 1/2, hour 6 counts 1/4, hour 5 nothing.
    #[test]
    fn older_sessions_count_less_and_then_nothing() {
        let mut hours = Hours::default();
        for (session, item, hour) in [(1, 1, 10), (2, 1, 8), (3, 2, 6), (4, 2, 5), (5, 3, 11)] {
            hours.add(session, item, hour);
        }
        let scores = hours.scores(10, 4, 2.0).clone();
        assert_eq!(scores, BTreeMap::from([(1, 1.5), (2, 0.25)]));
        // an hour later the next one is there
        assert_eq!(hours.scores(11, 4, 2.0).get(&3), Some(&1.0));
    }
}
