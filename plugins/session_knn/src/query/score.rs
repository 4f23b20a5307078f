//! Scores of items from the neighbours that hold them.

use super::{
    neighbours::{self, Buffers, Neighbour, Question, key},
    params::Current,
    plan::Plan,
    ranking::{Best, Scored},
};
use crate::store::{Index, Session};

/// Memory that is kept from question to question: 8 bytes an item of the index, some kilobytes beside. One
/// for each thread.
#[derive(Debug, Default)]
pub struct Scratch {
    buffers: Buffers,
    sums: Sums,
    best: Best,
    found: Vec<Scored>,
}

/// A sum for each item. INVARIANT: zero for every item that is not among the first `used` touched ones.
#[derive(Debug, Default)]
struct Sums {
    sums: Vec<f64>,
    touched: Vec<u32>,
    used: usize,
}

impl Sums {
    /// Makes room for items below `items`.
    fn cover(&mut self, items: usize) {
        if self.sums.len() < items {
            self.sums.resize(items, 0.0);
            self.touched.resize(items + 1, 0);
        }
    }

    /// Adds items, each with a weight of its own.
    #[inline]
    fn add(&mut self, items: &[u32], weights: impl Iterator<Item = f64>) {
        let (sums, touched, mut used) = (self.sums.as_mut_slice(), self.touched.as_mut_slice(), self.used);
        for (item, weight) in items.iter().zip(weights) {
            let (Some(sum), Some(next)) = (sums.get_mut(*item as usize), touched.get_mut(used)) else {
                break;
            };
            // written always and counted once: whether it is the first time is as good as random, so that it
            // is not branched on
            *next = *item;
            used += usize::from(sum.to_bits() == 0);
            *sum += weight;
        }
        self.used = used;
    }
}

/// Where an item stands, sixteen compared at a time and without a branch among them.
fn place(items: &[u32], wanted: u32) -> Option<usize> {
    let (chunks, rest) = items.as_chunks::<16>();
    for (n, chunk) in chunks.iter().enumerate() {
        let places = chunk.iter().zip(1_u32..);
        let found = places.fold(0, |found, (item, place)| found | if *item == wanted { place } else { 0 });
        if found > 0 {
            return Some(16 * n + found as usize - 1);
        }
    }
    Some(16 * chunks.len() + rest.iter().position(|item| *item == wanted)?)
}

/// Where a neighbour and the question meet.
struct Match<'a> {
    items: &'a [u32],
    hour: u32,
    /// The place of the newest shared item in the neighbour.
    at: usize,
    /// How many places before the newest item of the question it stands there.
    back: usize,
}

impl Index {
    #[inline]
    fn matched(&self, neighbour: &Neighbour, question: &Question) -> Option<Match<'_>> {
        let (shared, back) = question.newest_shared(neighbour.mask);
        let Session { items, hour, .. } = self.session(neighbour.label)?;
        let at = place(items, shared)?;
        Some(Match { items, hour, at, back })
    }

    /// The best `most` items for a session of `items`, oldest first; best first, ties to the lower item.
    ///
    /// Fewer come where the neighbours hold fewer, and none where no item of the question was ever learned.
    /// It costs some microseconds, about 2 ns for each of [`super::Params::newest`] sessions and for each
    /// item of the neighbours that is in reach.
    pub fn query<'s>(
        &self,
        items: &[u32],
        most: usize,
        plan: &Plan,
        scratch: &'s mut Scratch,
    ) -> &'s [Scored] {
        let Scratch { buffers, sums, best, found } = scratch;
        let question = Question::new(self, items, plan.params.last_items);
        neighbours::find(self, &question, plan, buffers);
        sums.cover(self.items());
        let Buffers { neighbours, now, .. } = buffers;
        let mut found_places = neighbours.iter().map(|neighbour| self.matched(neighbour, &question));
        // one ahead, so that the next session is read while this one is added up
        let mut ahead = found_places.next().flatten();
        for neighbour in neighbours.iter() {
            let Some(Match { items, hour, at, back }) =
                std::mem::replace(&mut ahead, found_places.next().flatten())
            else {
                continue;
            };
            let weight = neighbour.similarity * plan.matched(back);
            // the items and the weights that stand beside each other
            let items = items.get(at.saturating_sub(plan.before)..).unwrap_or_default();
            let from = plan.before.saturating_sub(at);
            let distances = plan.distance.get(from..).unwrap_or_default();
            if back == 0 && !plan.rules.is_empty() {
                let age = plan.age(now.saturating_sub(hour));
                let rules = plan.rules.get(from..).unwrap_or_default();
                sums.add(
                    items,
                    distances.iter().zip(rules).map(|(distance, rule)| weight * distance + age * rule),
                );
            } else {
                sums.add(items, distances.iter().map(|distance| weight * distance));
            }
        }
        let excluded = match plan.params.current {
            Current::Allow => None,
            Current::Exclude => items.last().copied(),
        };
        best.start(most);
        let rarity = plan.rarity(u32::try_from(self.living()).unwrap_or(u32::MAX));
        for item in sums.touched.iter().take(std::mem::take(&mut sums.used)) {
            let Some(sum) = sums.sums.get_mut(*item as usize) else {
                continue;
            };
            let score = key(std::mem::take(sum) * rarity(self.count(*item)));
            if score > 0 && Some(*item) != excluded {
                best.offer(*item, score);
            }
        }
        best.finish(found);
        found
    }
}
