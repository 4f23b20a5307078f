//! The same by the words of the rule, counted from the beginning each time.

use std::collections::{BTreeMap, BTreeSet};

use jardin_sdk::Observation;
use proptest::prelude::*;

use crate::tests::{basket, counting_shop};

/// Whose each basket is, and what lies in it.
type Baskets = Vec<(Option<u32>, Vec<u32>)>;

/// How often each person has all of `items` in one basket, up to `counts`; whoever is not known is somebody else each time.
fn people_with(baskets: &Baskets, items: &[u32], counts: u32) -> Vec<u32> {
    let mut times: BTreeMap<(Option<u32>, usize), u32> = BTreeMap::new();
    for (n, (person, held)) in baskets.iter().enumerate() {
        if items.iter().all(|item| held.contains(item)) {
            *times.entry((*person, if person.is_some() { 0 } else { n })).or_default() += 1;
        }
    }
    times.into_values().map(|times| times.min(counts)).collect()
}

/// The scores of what goes with the page's item, by their bits.
fn count_scores(baskets: &Baskets, page: u32, at_least: usize, counts: u32) -> BTreeSet<(u32, u64)> {
    let sum = |items: &[u32]| f64::from(people_with(baskets, items, counts).iter().sum::<u32>());
    (0..8)
        .filter(|item| *item != page && people_with(baskets, &[page, *item], counts).len() >= at_least)
        .map(|item| {
            let pairs = sum(&[page, item]);
            let cosine = pairs / (sum(&[page]) * sum(&[item])).sqrt();
            (item, (cosine * pairs / (pairs + 0.0)).to_bits())
        })
        .collect()
}

fn made_up_baskets() -> impl Strategy<Value = Baskets> {
    let person = prop_oneof![1 => Just(None), 4 => (0..4_u32).prop_map(Some)];
    let basket = (person, proptest::collection::btree_set(0..8_u32, 1..5));
    let whole = basket.prop_map(|(person, items)| (person, items.into_iter().collect()));
    proptest::collection::vec(whole, 0..25)
}

proptest! {
    /// What is told and in part forgotten gives, bit for bit, what those that stay give; nothing of fewer people.
    #[test]
    fn people_are_counted_as_the_rule_says(
        baskets in made_up_baskets(),
        (forgotten, at_least, counts) in (0..10_usize, 1..4_u32, 1..3_u32),
    ) {
        let mut harness = counting_shop(at_least, counts);
        for (session, (person, items)) in (0..).zip(&baskets) {
            let rows: Vec<Observation> =
                basket(session, items).into_iter().map(|row| Observation { person: *person, ..row }).collect();
            harness.observe(&rows);
        }
        let gone = forgotten.min(baskets.len());
        harness.forget(&(0..gone as u64).collect::<Vec<_>>());
        let left: Baskets = baskets[gone..].to_vec();
        for page in 0..8 {
            harness.request.item("context.page_item", page);
            let found: BTreeSet<(u32, u64)> =
                harness.picks(50).iter().map(|pick| (pick.index, pick.score.to_bits())).collect();
            prop_assert_eq!(&found, &count_scores(&left, page, at_least as usize, counts));
            let is_leak = |item| people_with(&left, &[page, item], 1).len() < at_least as usize;
            prop_assert!(found.iter().all(|(item, _)| !is_leak(*item)));
        }
    }
}

/// One bot buys 1 and 8 a thousand times, three people 1 and 2 once each, two people 1 and 3.
#[test]
fn a_thousand_baskets_of_one_person_are_those_of_one_person() {
    let mut harness = counting_shop(3, 1);
    let mut buy = |session: u64, person: u32, items: &[u32]| {
        let row = |row| Observation { person: Some(person), ..row };
        harness.observe(&basket(session, items).into_iter().map(row).collect::<Vec<_>>());
    };
    (0..1_000).for_each(|session| buy(session, 7, &[1, 8]));
    (0..3).for_each(|person| buy(2_000 + u64::from(person), person, &[1, 2]));
    (0..2).for_each(|person| buy(3_000 + u64::from(person), person, &[1, 3]));
    harness.request.item("context.page_item", 1);
    let picks = harness.picks(10);
    // 2 is in the baskets of three people, 1 in those of four: 3 / √(3 · 4)
    assert_eq!(picks.iter().map(|pick| pick.index).collect::<Vec<_>>(), [2]);
    assert!((picks[0].score - 3.0 / 12.0_f64.sqrt()).abs() < 1e-15);
}
