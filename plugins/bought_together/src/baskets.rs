//! Counts of sessions, in integers.

use std::collections::{BTreeMap, HashMap};

use jardin_sdk::Weighed;

/// The most items of one session that are counted; a wholesale order says nothing about what goes together,
/// and pairs grow with its square.
const MOST_ITEMS: usize = 100;

/// For each item in how many sessions it was, and beside which others.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Baskets {
    /// The different items of each session, in their order.
    sessions: HashMap<u64, Vec<u32>>,
    /// For each item the number of its sessions.
    counts: HashMap<u32, u32>,
    /// For each item the number of sessions that it shares with another; symmetric, so that each pair stands
    /// twice.
    pairs: HashMap<u32, BTreeMap<u32, u32>>,
    /// How many others stand beside all items, and how many items stand in all sessions, for
    /// [`Baskets::bytes`].
    entries: usize,
    events: usize,
}

impl Baskets {
    /// Adds an item to a session. The first items of a session up to the most are counted, whichever way they
    /// came.
    pub(crate) fn add(&mut self, session: u64, item: u32) {
        let items = self.sessions.entry(session).or_default();
        if items.contains(&item) || items.len() >= MOST_ITEMS {
            return;
        }
        *self.counts.entry(item).or_default() += 1;
        for other in items.iter() {
            for (a, b) in [(item, *other), (*other, item)] {
                let shared = self.pairs.entry(a).or_default().entry(b).or_default();
                self.entries += usize::from(*shared == 0);
                *shared += 1;
            }
        }
        items.push(item);
        self.events += 1;
    }

    /// Takes a session back.
    pub(crate) fn remove(&mut self, session: u64) {
        let items = self.sessions.remove(&session).unwrap_or_default();
        self.events -= items.len();
        for (i, item) in items.iter().enumerate() {
            decrease(&mut self.counts, *item);
            for other in items.iter().take(i) {
                self.decrease_pair(*item, *other);
                self.decrease_pair(*other, *item);
            }
        }
    }

    fn decrease_pair(&mut self, a: u32, b: u32) {
        if let Some(beside) = self.pairs.get_mut(&a) {
            match beside.get_mut(&b) {
                Some(n) if *n > 1 => *n -= 1,
                _ => self.entries -= usize::from(beside.remove(&b).is_some()),
            }
            if beside.is_empty() {
                self.pairs.remove(&a);
            }
        }
    }

    /// Each item that stood beside one of `seeds`, with the sum of its shrunken cosines; the seeds themselves
    /// are left out.
    pub(crate) fn beside(&self, seeds: &[u32], shrink: f64) -> BTreeMap<u32, f64> {
        let count = |item: u32| f64::from(self.counts.get(&item).copied().unwrap_or(0));
        let mut scores = BTreeMap::new();
        for seed in seeds {
            for (item, pairs) in
                self.pairs.get(seed).into_iter().flatten().filter(|(item, _)| !seeds.contains(item))
            {
                let pairs = f64::from(*pairs);
                let cosine = pairs / (count(*seed) * count(*item)).sqrt();
                *scores.entry(*item).or_insert(0.0) += cosine * pairs / (pairs + shrink);
            }
        }
        scores
    }
}

impl Weighed for Baskets {
    fn bytes(&self) -> usize {
        130 * self.sessions.len() + 12 * self.events + 18 * self.entries + 300 * self.pairs.len()
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
