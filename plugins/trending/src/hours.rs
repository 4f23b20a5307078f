//! How many people's sessions held each item in each hour, in integers.

use std::collections::BTreeMap;

use jardin_sdk::{PeopleRule, PersonSessions, Weighed, number::power_of_two};

/// The most different items of one session that are counted: longer ones are machines.
const MOST_ITEMS: usize = 1_000;

/// Counts by hour. Equal to what it would be had it only ever learned the sessions that were not forgotten.
#[derive(Debug)]
pub(crate) struct Hours {
    rule: PeopleRule,
    /// What held each item in each hour; a session counts in the hour in which it held it first.
    counts: BTreeMap<u32, BTreeMap<u32, Held>>,
    /// The items that each session added, each with its hour.
    sessions: PersonSessions<Vec<(u32, u32)>>,
    /// How many items stand in all sessions, for [`Hours::bytes`].
    entries: usize,
    /// The last scores, by what they depend on; dropped when counts change.
    last: Option<Scores>,
}

/// What held an item in an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Held {
    /// How many sessions; of one person the newest, no more of them than the rule says.
    sessions: u32,
    /// For how many people it is the newest hour with the item.
    people: u32,
}

#[derive(Debug)]
struct Scores {
    now: u32,
    scores: BTreeMap<u32, f64>,
}

impl Hours {
    pub(crate) fn new(rule: PeopleRule) -> Self {
        Self { rule, counts: BTreeMap::new(), sessions: PersonSessions::default(), entries: 0, last: None }
    }

    /// Adds an item of a session; an item counts once a session.
    pub(crate) fn add(&mut self, session: u64, person: Option<u32>, item: u32, hour: u32) {
        let items = self.sessions.open(session, person);
        if items.len() >= MOST_ITEMS || items.iter().any(|(known, _)| *known == item) {
            return;
        }
        items.push((item, hour));
        self.entries += 1;
        self.last = None;
        for (from, kind) in self.given_way(session, person, (item, hour)) {
            from.into_iter().for_each(|from| self.decrease(from, item, kind));
            *kind(self.counts.entry(hour).or_default().entry(item).or_default()) += 1;
        }
    }

    /// Takes a session back.
    pub(crate) fn remove(&mut self, session: u64) {
        let Some((person, items)) = self.sessions.close(session) else { return };
        self.last = None;
        self.entries -= items.len();
        for (item, hour) in items {
            for (to, kind) in self.given_way(session, person, (item, hour)) {
                self.decrease(hour, item, kind);
                if let Some(to) = to {
                    *kind(self.counts.entry(to).or_default().entry(item).or_default()) += 1;
                }
            }
        }
    }

    /// What changes with an item of one of a person's sessions: each count that it has a part in, with the hour of the
    /// session that would stand there without it.
    fn given_way(
        &self,
        session: u64,
        person: Option<u32>,
        (item, hour): (u32, u32),
    ) -> impl Iterator<Item = (Option<u32>, Count)> + use<> {
        let others = self.sessions.others_of(person, session);
        let mut hours: Vec<u32> = others
            .filter_map(|held| held.iter().find(|(known, _)| *known == item))
            .map(|(_, hour)| *hour)
            .collect();
        hours.sort_unstable_by(|a, b| b.cmp(a));
        let places: [(usize, Count); 2] = [
            (self.rule.a_person_counts.saturating_sub(1), |held| &mut held.sessions),
            (0, |held| &mut held.people),
        ];
        let counted = places.map(|(place, kind)| (hours.get(place).copied(), kind));
        counted.into_iter().filter(move |(other, _)| other.is_none_or(|other| other < hour))
    }

    fn decrease(&mut self, hour: u32, item: u32, kind: Count) {
        let Some(items) = self.counts.get_mut(&hour) else { return };
        if let Some(held) = items.get_mut(&item) {
            *kind(held) -= 1;
            if *held == Held::default() {
                items.remove(&item);
            }
        }
        if items.is_empty() {
            self.counts.remove(&hour);
        }
    }

    /// For each item that enough people had in the last `window` hours its sessions, each counting
    /// `2^(-age / half_life)`; the hours are summed in their order.
    pub(crate) fn scores(&mut self, now: u32, window: u32, half_life: f64) -> &BTreeMap<u32, f64> {
        if self.last.as_ref().is_none_or(|last| last.now != now) {
            let mut sums: BTreeMap<u32, (usize, f64)> = BTreeMap::new();
            // the hour that has begun counts whole: an event of this minute is there at once
            for (hour, counts) in self.counts.range(now.saturating_sub(window)..=now) {
                let weight = power_of_two(-f64::from(now - hour) / half_life);
                for (item, held) in counts {
                    let (people, score) = sums.entry(*item).or_default();
                    *people += held.people as usize;
                    *score += f64::from(held.sessions) * weight;
                }
            }
            let enough = sums.into_iter().filter(|(_, (people, _))| *people >= self.rule.at_least);
            self.last =
                Some(Scores { now, scores: enough.map(|(item, (_, score))| (item, score)).collect() });
        }
        &self.last.get_or_insert_with(|| Scores { now, scores: BTreeMap::new() }).scores
    }
}

/// One of the counts of an hour.
type Count = fn(&mut Held) -> &mut u32;

impl PartialEq for Hours {
    fn eq(&self, other: &Self) -> bool {
        (&self.counts, &self.sessions, self.entries) == (&other.counts, &other.sessions, other.entries)
    }
}

impl Weighed for Hours {
    fn bytes(&self) -> usize {
        self.sessions.bytes() + 42 * self.entries + 300 * self.counts.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked by hand, a half-life of 2 hours, a window of 4: at hour 10, hour 10 counts 1, hour 8 counts
    /// 1/2, hour 6 counts 1/4, hour 5 nothing.
    #[test]
    fn older_sessions_count_less_and_then_nothing() {
        let mut hours = Hours::new(PeopleRule { at_least: 1, a_person_counts: 1 });
        for (session, item, hour) in [(1, 1, 10), (2, 1, 8), (3, 2, 6), (4, 2, 5), (5, 3, 11)] {
            hours.add(session, None, item, hour);
        }
        let scores = hours.scores(10, 4, 2.0).clone();
        assert_eq!(scores, BTreeMap::from([(1, 1.5), (2, 0.25)]));
        // an hour later the next one is there
        assert_eq!(hours.scores(11, 4, 2.0).get(&3), Some(&1.0));
    }

    /// The same hours; all of item 1 are one person's, of item 2 two people's, one of whom came twice.
    #[test]
    fn of_one_person_the_newest_session_counts() {
        let mut hours = Hours::new(PeopleRule { at_least: 2, a_person_counts: 1 });
        let sessions = [(1, 7, 1, 10), (2, 7, 1, 8), (3, 7, 2, 8), (4, 8, 2, 6), (5, 7, 2, 10), (6, 7, 2, 6)];
        for (session, person, item, hour) in sessions {
            hours.add(session, Some(person), item, hour);
        }
        assert_eq!(*hours.scores(10, 4, 2.0), BTreeMap::from([(2, 1.25)]), "1 + 1/4, and 1 is one person's");
        hours.remove(5);
        assert_eq!(*hours.scores(10, 4, 2.0), BTreeMap::from([(2, 0.75)]), "1/2 + 1/4");
        assert!(hours.scores(11, 4, 2.0).is_empty(), "of the two one is left in the window");
    }
}
