//! The same by the words of the rule, counted from the beginning each time.

use std::collections::{BTreeMap, BTreeSet};

use jardin_sdk::{Observation, number::power_of_two};
use proptest::prelude::*;

use crate::{
    HOUR_MS,
    tests::{counting_harness, visit},
};

/// The usual settings: a window of 14 days, a half-life of 3.
const WINDOW: u32 = 14 * 24;
const HALF_LIFE: f64 = 72.0;
/// When the question is asked; nothing is newer.
const NOW: u32 = 400;

/// Whose each session is, when it was and what it holds.
type Visits = Vec<(Option<u32>, u32, Vec<u32>)>;

/// The hours in the window in which each person had an item, newest first; whoever is not known is somebody else each
/// time.
fn people_with(visits: &Visits, item: u32) -> Vec<Vec<u32>> {
    let mut hours: BTreeMap<(Option<u32>, usize), Vec<u32>> = BTreeMap::new();
    for (n, (person, hour, items)) in visits.iter().enumerate() {
        if items.contains(&item) && *hour >= NOW - WINDOW {
            hours.entry((*person, if person.is_some() { 0 } else { n })).or_default().push(*hour);
        }
    }
    hours.values_mut().for_each(|hours| hours.sort_unstable_by(|a, b| b.cmp(a)));
    hours.into_values().collect()
}

/// The scores of what is in demand, by their bits; sums go by the hours in their order.
fn count_scores(visits: &Visits, at_least: usize, counts: usize) -> BTreeSet<(u32, u64)> {
    let score = |item| {
        let people = people_with(visits, item);
        let mut hours: BTreeMap<u32, u32> = BTreeMap::new();
        people
            .iter()
            .flat_map(|p| p.iter().take(counts))
            .for_each(|hour| *hours.entry(*hour).or_default() += 1);
        let weigh = |(hour, count): (&u32, &u32)| {
            f64::from(*count) * power_of_two(-f64::from(NOW - hour) / HALF_LIFE)
        };
        let score = hours.iter().map(weigh).fold(0.0, |sum: f64, part| sum + part);
        (people.len() >= at_least).then_some((item, score.to_bits()))
    };
    (0..8).filter_map(score).collect()
}

fn made_up_visits() -> impl Strategy<Value = Visits> {
    let person = prop_oneof![1 => Just(None), 4 => (0..4_u32).prop_map(Some)];
    let items = proptest::collection::btree_set(0..8_u32, 1..4);
    let visit = (person, 0..=NOW, items);
    let whole = visit.prop_map(|(person, hour, items)| (person, hour, items.into_iter().collect()));
    proptest::collection::vec(whole, 0..25)
}

proptest! {
    /// What is told and in part forgotten gives, bit for bit, what those that stay give; nothing of fewer people.
    #[test]
    fn people_are_counted_as_the_rule_says(
        visits in made_up_visits(),
        (forgotten, at_least, counts) in (0..10_usize, 1..4_usize, 1..3_usize),
    ) {
        let mut harness = counting_harness(at_least as u32, counts as u32);
        harness.time_ms = i64::from(NOW) * HOUR_MS;
        for (session, (person, hour, items)) in (0..).zip(&visits) {
            let row = |row| Observation { person: *person, ..row };
            harness.observe(&visit(session, *hour, items).into_iter().map(row).collect::<Vec<_>>());
        }
        let gone = forgotten.min(visits.len());
        harness.forget(&(0..gone as u64).collect::<Vec<_>>());
        let left: Visits = visits[gone..].to_vec();
        let found: BTreeSet<(u32, u64)> =
            harness.picks(50).iter().map(|pick| (pick.index, pick.score.to_bits())).collect();
        prop_assert_eq!(&found, &count_scores(&left, at_least, counts));
        prop_assert!(found.iter().all(|(item, _)| people_with(&left, *item).len() >= at_least));
    }
}
