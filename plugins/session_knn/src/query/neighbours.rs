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
}

/// Finds the neighbours, newest first.
pub(super) fn find(index: &Index, question: &Question<'_>, plan: &Plan, buffers: &mut Buffers) {
    let Buffers { sums, keys, labels, neighbours } = buffers;
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
    }
    keep_nearest(neighbours, keys, plan.params.neighbours);
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
    let mut at_cut = most - more.iter().filter(|key| **key > cut).count();
    neighbours.retain(|neighbour| {
        let key = key(neighbour.similarity);
        let equal = key == cut && at_cut > 0;
        at_cut -= usize::from(equal);
        key > cut || equal
    });
}

/// A number that is not below 0 as an integer of the same order, to 24 binary digits: sums that are equal on
/// paper but not in their last bits are equal here.
#[inline]
pub(super) fn key(score: f64) -> u32 {
    (score as f32).to_bits()
}
