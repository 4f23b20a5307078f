//! The same by the words of the rule, counted from the beginning each time.

use std::collections::{BTreeMap, BTreeSet};

use jardin_sdk::Observation;
use proptest::prelude::*;

use crate::tests::{counting_harness, visit};

/// How far apart a pair may stand in [`counting_harness`].
const REACH: usize = 2;

/// Whose each visit is, and what was looked at in it, each thing once.
type Visits = Vec<(Option<u32>, Vec<u32>)>;

/// What each person's visits are worth, the `counts` best of them; whoever is not known is somebody else each time.
fn people_with(visits: &Visits, worth: impl Fn(&[u32]) -> usize, counts: usize) -> Vec<usize> {
    let mut worths: BTreeMap<(Option<u32>, usize), Vec<usize>> = BTreeMap::new();
    for (n, (person, items)) in visits.iter().enumerate() {
        let worth = worth(items);
        if worth > 0 {
            worths.entry((*person, if person.is_some() { 0 } else { n })).or_default().push(worth);
        }
    }
    worths
        .into_values()
        .map(|mut worths| {
            worths.sort_unstable_by(|a, b| b.cmp(a));
            worths.iter().take(counts).sum()
        })
        .collect()
}

/// 2 for neighbours, 1 for two apart.
fn nearness(items: &[u32], (a, b): (u32, u32)) -> usize {
    let place = |wanted| items.iter().position(|item| *item == wanted);
    match (place(a), place(b)) {
        (Some(a), Some(b)) => (REACH + 1).saturating_sub(a.abs_diff(b)),
        _ => 0,
    }
}

/// The scores of what was looked at near the page's item, by their bits.
fn count_scores(visits: &Visits, page: u32, at_least: usize, counts: usize) -> BTreeSet<(u32, u64)> {
    let count = |item| {
        people_with(visits, |items| usize::from(items.contains(&item)), counts).iter().sum::<usize>() as f64
    };
    (0..8)
        .filter(|item| *item != page)
        .filter_map(|item| {
            let people = people_with(visits, |items| nearness(items, (page, item)), counts);
            let near = people.iter().sum::<usize>() as f64 / REACH as f64;
            let cosine = near / (count(page) * count(item)).sqrt();
            (people.len() >= at_least).then_some((item, (cosine * near / (near + 0.0)).to_bits()))
        })
        .collect()
}

fn made_up_visits() -> impl Strategy<Value = Visits> {
    let person = prop_oneof![1 => Just(None), 4 => (0..4_u32).prop_map(Some)];
    let order = Just((0..8_u32).collect::<Vec<_>>()).prop_shuffle();
    let visit = (person, order, 1..6_usize).prop_map(|(person, mut items, length)| {
        items.truncate(length);
        (person, items)
    });
    proptest::collection::vec(visit, 0..25)
}

proptest! {
    /// What is told and in part forgotten gives, bit for bit, what those that stay give; nothing of fewer people.
    #[test]
    fn people_are_counted_as_the_rule_says(
        visits in made_up_visits(),
        (forgotten, at_least, counts) in (0..10_usize, 1..4_usize, 1..3_usize),
    ) {
        let mut harness = counting_harness(at_least as u32, counts as u32);
        for (session, (person, items)) in (0..).zip(&visits) {
            let row = |row| Observation { person: *person, ..row };
            harness.observe(&visit(session, items).into_iter().map(row).collect::<Vec<_>>());
        }
        let gone = forgotten.min(visits.len());
        harness.forget(&(0..gone as u64).collect::<Vec<_>>());
        let left: Visits = visits[gone..].to_vec();
        for page in 0..8 {
            harness.request.item("context.page_item", page);
            let found: BTreeSet<(u32, u64)> =
                harness.picks(50).iter().map(|pick| (pick.index, pick.score.to_bits())).collect();
            prop_assert_eq!(&found, &count_scores(&left, page, at_least, counts));
            let people = |item| people_with(&left, |items| nearness(items, (page, item)), 1).len();
            prop_assert!(found.iter().all(|(item, _)| people(*item) >= at_least));
        }
    }
}
