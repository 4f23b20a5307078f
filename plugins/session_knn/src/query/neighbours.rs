//! The past visits most like a question.

use super::{merge, plan::Plan, question::Question};
use crate::store::Index;

/// A past visit that shares items with the question.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Neighbour {
    /// How alike it is.
    pub(super) similarity: f64,
    pub(super) label: u32,
    /// Which items it shares, a bit for each.
    pub(super) mask: u16,
}

/// Buffers that are kept from question to question.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    sums: Vec<f64>,
    pub(super) keys: Vec<u32>,
    /// Labels of sessions that are read one after the other.
    pub(super) labels: Vec<u32>,
    pub(super) neighbours: Vec<Neighbour>,
    /// How many visits share each set of items; all 0 between two questions.
    sharing: Vec<u32>,
    sets: Vec<(u32, u16)>,
}

/// Finds the neighbours, newest first.
pub(super) fn find(index: &Index, question: &Question<'_>, plan: &Plan, buffers: &mut Buffers) {
    let Buffers { sums, keys, labels, neighbours, .. } = buffers;
    let now = index.newest_hour();
    neighbours.clear();
    neighbours.reserve(plan.params.newest);
    labels.clear();
    question.sum_positions(plan, sums);
    merge::newest(index, question.known(), plan.params.newest, |label, mask| {
        labels.push(label);
        let similarity = sums.get(usize::from(mask)).copied().unwrap_or(0.0);
        neighbours.push(Neighbour { similarity, label, mask });
    });
    if plan.weighs_visits {
        index.read_heads(labels, |n, session| {
            if let Some(neighbour) = neighbours.get_mut(n) {
                let age = plan.age(now.saturating_sub(session.hour));
                neighbour.similarity = neighbour.similarity * plan.length(session.items.len()) * age;
            }
        });
        keep_nearest(neighbours, keys, plan.params.neighbours);
    } else if neighbours.len() > plan.params.neighbours {
        keep_nearest_sets(buffers, plan.params.neighbours);
    }
}

/// Keeps the `most` most alike in their order, where those that share the same items are equally alike; of equals
/// the newer.
fn keep_nearest_sets(Buffers { sums, neighbours, sharing, sets, .. }: &mut Buffers, most: usize) {
    sharing.resize(sums.len().max(sharing.len()), 0);
    sets.clear();
    for neighbour in neighbours.iter() {
        if let Some(count) = sharing.get_mut(usize::from(neighbour.mask)) {
            if *count == 0 {
                sets.push((key(neighbour.similarity), neighbour.mask));
            }
            *count += 1;
        }
    }
    sets.sort_unstable_by(|a, b| b.cmp(a));
    let (mut cut, mut above, mut reached) = (u32::MAX, 0, 0);
    for (key, mask) in sets.iter() {
        let count = sharing.get_mut(usize::from(*mask)).map_or(0, std::mem::take) as usize;
        if reached < most {
            above = if *key == cut { above } else { reached };
            cut = *key;
            reached += count;
        }
    }
    keep_above(neighbours, cut, most - above);
}

/// Keeps the `most` most alike in their order; of equals the newer.
fn keep_nearest(neighbours: &mut Vec<Neighbour>, keys: &mut Vec<u32>, most: usize) {
    if neighbours.len() <= most {
        return;
    }
    keys.clear();
    keys.extend(neighbours.iter().map(|neighbour| key(neighbour.similarity)));
    let (more, cut, _) = keys.select_nth_unstable_by(most - 1, |a, b| b.cmp(a));
    let cut = *cut;
    let above = more.iter().filter(|key| **key > cut).count();
    keep_above(neighbours, cut, most - above);
}

/// Keeps those above a cut, and as many of those at it, in their order. Which are kept is as good as random, so
/// that it is reckoned and not branched on.
fn keep_above(neighbours: &mut Vec<Neighbour>, cut: u32, mut at_cut: usize) {
    let mut kept = 0;
    for n in 0..neighbours.len() {
        let neighbour = neighbours.get(n).copied().unwrap_or_default();
        let key = key(neighbour.similarity);
        let is_at_cut = (key == cut) & (at_cut > 0);
        at_cut -= usize::from(is_at_cut);
        if let Some(slot) = neighbours.get_mut(kept) {
            *slot = neighbour;
        }
        kept += usize::from((key > cut) | is_at_cut);
    }
    neighbours.truncate(kept);
}

/// A number that is not below 0 as an integer of the same order, to 24 binary digits: sums that are equal on
/// paper but not in their last bits are equal here.
#[inline]
pub(super) fn key(score: f64) -> u32 {
    (score as f32).to_bits()
}
