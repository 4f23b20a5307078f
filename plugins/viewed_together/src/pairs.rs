//! Which items stand near each other in visits, in integers.

use std::collections::{BTreeMap, HashMap};

use jardin_sdk::{PeopleRule, PersonSessions, Tally, Weighed};

/// The most different items of one visit that are counted: longer ones are machines.
const MOST_ITEMS: usize = 200;

/// For each item in how many visits it was, and how near which others it stood; of one person no more visits count than
/// the rule says, the nearest. Equal to what it would be had it only ever learned the visits that were not forgotten:
/// sums of integers do not depend on their order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Pairs {
    rule: PeopleRule,
    /// Items further apart than so many places are no pair.
    reach: usize,
    /// The different items of each visit, in their order.
    visits: PersonSessions<Vec<u32>>,
    counts: HashMap<u32, Tally>,
    /// For each item the others with their weight; symmetric, so that each pair stands twice. Neighbours
    /// weigh `reach`, the furthest 1.
    near: HashMap<u32, BTreeMap<u32, Tally>>,
    /// How many others stand beside all items, and how many items stand in all visits, for [`Pairs::bytes`].
    entries: usize,
    events: usize,
}

impl Pairs {
    pub(crate) fn new(reach: usize, rule: PeopleRule) -> Self {
        Self {
            rule,
            reach,
            visits: PersonSessions::default(),
            counts: HashMap::new(),
            near: HashMap::new(),
            entries: 0,
            events: 0,
        }
    }

    /// Adds an item to the end of a visit; one that stands in it counts once.
    pub(crate) fn add(&mut self, visit: u64, person: Option<u32>, item: u32) {
        let items = self.visits.open(visit, person);
        if items.contains(&item) || items.len() >= MOST_ITEMS {
            return;
        }
        let place = items.len();
        items.push(item);
        self.events += 1;
        let Self { rule, reach, visits, counts, near, entries, .. } = self;
        let others = with_item(visits.others_of(person, visit), item);
        counts.entry(item).or_default().add(1, &mut vec![1; others.len()], *rule);
        let earlier = visits.get(visit).and_then(|items| items.get(..place)).unwrap_or_default();
        for (other, weight) in earlier.iter().rev().zip((1..=*reach as u32).rev()) {
            let mut weights =
                others.iter().filter_map(|held| weight_in(held, (item, *other), *reach)).collect::<Vec<_>>();
            for (a, b) in [(item, *other), (*other, item)] {
                let tally = near.entry(a).or_default().entry(b).or_default();
                *entries += usize::from(tally.people == 0);
                tally.add(weight, &mut weights, *rule);
            }
        }
    }

    /// Takes a visit back.
    pub(crate) fn remove(&mut self, visit: u64) {
        let Some((person, mut items)) = self.visits.close(visit) else { return };
        self.events -= items.len();
        let Self { rule, reach, visits, counts, near, entries, .. } = self;
        while let Some(item) = items.pop() {
            let others = with_item(visits.others_of(person, visit), item);
            if take_back(counts.get_mut(&item), 1, &mut vec![1; others.len()], *rule) {
                counts.remove(&item);
            }
            for (other, weight) in items.iter().rev().zip((1..=*reach as u32).rev()) {
                let mut weights = others
                    .iter()
                    .filter_map(|held| weight_in(held, (item, *other), *reach))
                    .collect::<Vec<_>>();
                for (a, b) in [(item, *other), (*other, item)] {
                    let Some(beside) = near.get_mut(&a) else { continue };
                    if take_back(beside.get_mut(&b), weight, &mut weights, *rule) {
                        beside.remove(&b);
                        *entries -= 1;
                    }
                    if beside.is_empty() {
                        near.remove(&a);
                    }
                }
            }
        }
    }

    /// Each item near one of `seeds` in visits of enough people, the newest seed first: the cosine of their nearness,
    /// shrunk where it comes from little, halved from one seed to the next older one. The seeds themselves are left out.
    pub(crate) fn beside(&self, seeds: &[u32], shrink: f64) -> BTreeMap<u32, f64> {
        let count = |item: &u32| self.counts.get(item).map_or(0.0, |tally| f64::from(tally.sum));
        let mut scores = BTreeMap::new();
        let mut seed_weight = 1.0;
        for seed in seeds {
            let beside = self.near.get(seed).into_iter().flatten().filter(|(item, _)| !seeds.contains(item));
            for (item, tally) in beside.filter(|(_, tally)| tally.people as usize >= self.rule.at_least) {
                let nearness = f64::from(tally.sum) / self.reach as f64;
                let cosine = nearness / (count(seed) * count(item)).sqrt();
                *scores.entry(*item).or_insert(0.0) += seed_weight * cosine * nearness / (nearness + shrink);
            }
            seed_weight /= 2.0;
        }
        scores
    }
}

impl Weighed for Pairs {
    fn bytes(&self) -> usize {
        self.visits.bytes() + 12 * self.events + 27 * self.entries + 300 * self.near.len()
    }
}

/// Those of a person's other visits that hold an item.
fn with_item<'a>(others: impl Iterator<Item = &'a Vec<u32>>, item: u32) -> Vec<&'a Vec<u32>> {
    others.filter(|held| held.contains(&item)).collect()
}

/// What a pair weighs in a visit; `None` where it is none.
fn weight_in(held: &[u32], (a, b): (u32, u32), reach: usize) -> Option<u32> {
    let place = |wanted: u32| held.iter().position(|item| *item == wanted);
    let apart = place(a)?.abs_diff(place(b)?);
    u32::try_from((reach + 1).checked_sub(apart)?).ok().filter(|weight| *weight > 0)
}

/// Takes a visit back, and says whether nobody's is left.
fn take_back(tally: Option<&mut Tally>, weight: u32, others: &mut [u32], rule: PeopleRule) -> bool {
    tally.is_some_and(|tally| {
        tally.remove(weight, others, rule);
        tally.people == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Visits [1, 2, 3] and [1, 3], reach 2: 1 and 2 are neighbours once (2), 2 and 3 once (2), 1 and 3 two
    /// apart once (1) and neighbours once (2). Nearness of 1 and 3: 3 / 2, of 1 and 2: 2 / 2. Counts: 1
    /// twice, 2 once, 3 twice.
    #[test]
    fn nearness_is_what_was_worked_out_by_hand() {
        let mut pairs = Pairs::new(2, PeopleRule { at_least: 1, a_person_counts: 1 });
        [(1, 1), (1, 2), (1, 3), (2, 1), (2, 3), (2, 3)]
            .into_iter()
            .for_each(|(visit, item)| pairs.add(visit, None, item));
        let scores = pairs.beside(&[1], 0.0);
        assert!((scores[&3] - 1.5 / 2.0).abs() < 1e-12);
        assert!((scores[&2] - 1.0 / 2.0_f64.sqrt()).abs() < 1e-12);
    }
    /// One person looks at 1 and 3 next to each other once and two apart twice, another one at 1 and 2: of the first
    /// the nearest counts, of whom 3 is then 1 of 1 visit beside 1 of 2.
    #[test]
    fn of_one_person_the_nearest_visit_counts() {
        let mut pairs = Pairs::new(2, PeopleRule { at_least: 1, a_person_counts: 1 });
        let visits: [(u64, u32, &[u32]); 4] =
            [(1, 7, &[1, 2, 3]), (2, 7, &[1, 3]), (3, 7, &[1, 4, 3]), (4, 8, &[1, 2])];
        for (visit, person, items) in visits {
            items.iter().for_each(|item| pairs.add(visit, Some(person), *item));
        }
        let scores = pairs.beside(&[1], 0.0);
        assert!((scores[&3] - 1.0 / 2.0_f64.sqrt()).abs() < 1e-12);
        pairs.remove(2);
        let scores = pairs.beside(&[1], 0.0);
        assert!((scores[&3] - 0.5 / 2.0_f64.sqrt()).abs() < 1e-12, "two apart once");
    }
}
