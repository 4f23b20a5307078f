//! Which items stand near each other in visits, in integers.

use std::collections::{BTreeMap, HashMap};

use jardin_sdk::Weighed;

/// The most different items of one visit that are counted: longer ones are machines.
const MOST_ITEMS: usize = 200;

/// For each item in how many visits it was, and how near which others it stood. Equal to what it would be had
/// it only ever learned the visits that were not forgotten: sums of integers do not depend on their order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Pairs {
    /// Items further apart than so many places are no pair.
    reach: usize,
    /// The different items of each visit, in their order.
    visits: HashMap<u64, Vec<u32>>,
    counts: HashMap<u32, u32>,
    /// For each item the others with their weight; symmetric, so that each pair stands twice. Neighbours
    /// weigh `reach`, the furthest 1.
    near: HashMap<u32, BTreeMap<u32, u32>>,
    /// How many others stand beside all items, and how many items stand in all visits, for [`Pairs::bytes`].
    entries: usize,
    events: usize,
}

impl Pairs {
    pub(crate) fn new(reach: usize) -> Self {
        Self { reach, ..Self::default() }
    }

    /// Adds an item to the end of a visit; one that stands in it counts once.
    pub(crate) fn add(&mut self, visit: u64, item: u32) {
        let items = self.visits.entry(visit).or_default();
        if items.contains(&item) || items.len() >= MOST_ITEMS {
            return;
        }
        *self.counts.entry(item).or_default() += 1;
        for (other, weight) in items.iter().rev().zip((1..=self.reach as u32).rev()) {
            for (a, b) in [(item, *other), (*other, item)] {
                let sum = self.near.entry(a).or_default().entry(b).or_default();
                self.entries += usize::from(*sum == 0);
                *sum += weight;
            }
        }
        items.push(item);
        self.events += 1;
    }

    /// Takes a visit back.
    pub(crate) fn remove(&mut self, visit: u64) {
        let mut items = self.visits.remove(&visit).unwrap_or_default();
        while let Some(item) = items.pop() {
            decrease(&mut self.counts, item);
            self.events -= 1;
            for (other, weight) in items.iter().rev().zip((1..=self.reach as u32).rev()) {
                self.part(item, *other, weight);
                self.part(*other, item, weight);
            }
        }
    }

    fn part(&mut self, a: u32, b: u32, weight: u32) {
        let Some(near) = self.near.get_mut(&a) else { return };
        match near.get_mut(&b) {
            Some(sum) if *sum > weight => *sum -= weight,
            _ => self.entries -= usize::from(near.remove(&b).is_some()),
        }
        if near.is_empty() {
            self.near.remove(&a);
        }
    }

    /// Each item near one of `seeds`, the newest seed first: the cosine of their nearness, shrunk where it
    /// comes from little, halved from one seed to the next older one. The seeds themselves are left out.
    pub(crate) fn beside(&self, seeds: &[u32], shrink: f64) -> BTreeMap<u32, f64> {
        let count = |item: &u32| f64::from(self.counts.get(item).copied().unwrap_or(0));
        let mut scores = BTreeMap::new();
        let mut seed_weight = 1.0;
        for seed in seeds {
            for (item, weight) in
                self.near.get(seed).into_iter().flatten().filter(|(item, _)| !seeds.contains(item))
            {
                let nearness = f64::from(*weight) / self.reach as f64;
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
        130 * self.visits.len() + 12 * self.events + 18 * self.entries + 300 * self.near.len()
    }
}

fn decrease(counts: &mut HashMap<u32, u32>, item: u32) {
    match counts.get_mut(&item) {
        Some(n) if *n > 1 => *n -= 1,
        _ => {
            counts.remove(&item);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Visits [1, 2, 3] and [1, 3], reach 2: 1 and 2 are neighbours once (2), 2 and 3 once (2), 1 and 3 two
    /// apart once (1) and neighbours once (2). Nearness of 1 and 3: 3 / 2, of 1 and 2: 2 / 2. Counts: 1
    /// twice, 2 once, 3 twice.
    #[test]
    fn nearness_is_what_was_worked_out_by_hand() {
        let mut pairs = Pairs::new(2);
        [(1, 1), (1, 2), (1, 3), (2, 1), (2, 3), (2, 3)]
            .into_iter()
            .for_each(|(visit, item)| pairs.add(visit, item));
        let scores = pairs.beside(&[1], 0.0);
        assert!((scores[&3] - 1.5 / 2.0).abs() < 1e-12);
        assert!((scores[&2] - 1.0 / 2.0_f64.sqrt()).abs() < 1e-12);
    }
}
