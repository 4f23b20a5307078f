//! The sessions most like a question.

use super::{merge, params::Params, plan::Plan};
use crate::store::Index;

/// The part of a question that counts: its newest different items, newest first.
#[derive(Debug, Default)]
pub(super) struct Question {
    items: [u32; Params::MOST_ITEMS],
    /// For each item how many places before the newest one it stands.
    back: [usize; Params::MOST_ITEMS],
    used: usize,
    /// How many items count, repeats included, and how many of them are different, unknown ones included.
    len: usize,
    different: usize,
}

impl Question {
    pub(super) fn new(index: &Index, items: &[u32], last: usize) -> Self {
        let items = items.get(items.len().saturating_sub(last)..).unwrap_or_default();
        let mut question = Self { len: items.len(), ..Self::default() };
        for (back, item) in items.iter().rev().enumerate() {
            if items.iter().rev().take(back).any(|newer| newer == item) {
                continue;
            }
            question.different += 1;
            let slot = question.items.get_mut(question.used).zip(question.back.get_mut(question.used));
            if let Some((slot, place)) = slot
                && index.count(*item) > 0
            {
                (*slot, *place) = (*item, back);
                question.used += 1;
            }
        }
        question
    }

    fn known(&self) -> &[u32] {
        self.items.get(..self.used).unwrap_or_default()
    }

    /// What a session counts that shares these items, for every set of items.
    fn sums(&self, plan: &Plan, sums: &mut Vec<f64>) {
        sums.clear();
        sums.push(0.0);
        for back in self.back.iter().take(self.used) {
            let weight = plan.position(*back, self.len, self.different);
            // the sets with this item are those without it, each with its weight added
            let without = sums.len();
            sums.extend_from_within(..);
            sums.iter_mut().skip(without).for_each(|sum| *sum += weight);
        }
    }

    /// The newest item that is shared, with how many places before the newest of the question it stands.
    pub(super) fn newest_shared(&self, mask: u16) -> (u32, usize) {
        let lane = mask.trailing_zeros() as usize;
        let item = self.items.get(lane).copied().unwrap_or(u32::MAX);
        (item, self.back.get(lane).copied().unwrap_or(0))
    }
}

/// A past session that shares items with the question.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Neighbour {
    /// How alike it is.
    pub(super) similarity: f64,
    pub(super) label: u32,
    /// Which items it shares, a bit for each.
    pub(super) mask: u16,
    /// How alike it is, as an integer of the same order.
    key: u32,
}

/// Buffers that are kept from question to question.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    sums: Vec<f64>,
    keys: Vec<u32>,
    pub(super) neighbours: Vec<Neighbour>,
    /// The hour from which ages are counted: the newest candidate's. Another beginning would multiply every
    /// score by the same factor.
    pub(super) now: u32,
}

/// Finds the neighbours, newest first.
pub(super) fn find(index: &Index, question: &Question, plan: &Plan, buffers: &mut Buffers) {
    let Buffers { sums, keys, neighbours, now } = buffers;
    neighbours.clear();
    neighbours.reserve(plan.params.newest);
    question.sums(plan, sums);
    merge::newest(index, question.known(), plan.params.newest, |label, mask| {
        neighbours.push(Neighbour { label, mask, ..Neighbour::default() });
    });
    *now = neighbours.first().and_then(|n| index.session(n.label)).map_or(0, |session| session.hour);
    for neighbour in neighbours.iter_mut() {
        let shared = sums.get(usize::from(neighbour.mask)).copied().unwrap_or(0.0);
        neighbour.similarity =
            if let (true, Some(session)) = (plan.weighs_sessions(), index.session(neighbour.label)) {
                shared * plan.length(session.items.len()) * plan.age(now.saturating_sub(session.hour))
            } else {
                shared
            };
        neighbour.key = key(neighbour.similarity);
    }
    keep_nearest(neighbours, keys, plan.params.neighbours);
}

/// Keeps the `most` most alike in their order; of equals the newer.
fn keep_nearest(neighbours: &mut Vec<Neighbour>, keys: &mut Vec<u32>, most: usize) {
    if neighbours.len() <= most {
        return;
    }
    keys.clear();
    keys.extend(neighbours.iter().map(|n| n.key));
    let (more, cut, _) = keys.select_nth_unstable_by(most - 1, |a, b| b.cmp(a));
    let cut = *cut;
    let mut at_cut = most - more.iter().filter(|key| **key > cut).count();
    neighbours.retain(|neighbour| {
        let equal = neighbour.key == cut && at_cut > 0;
        at_cut -= usize::from(equal);
        neighbour.key > cut || equal
    });
}

/// A positive number as an integer of the same order, to 24 binary digits: sums that are equal on paper but
/// not in their last bits are equal here.
#[inline]
pub(super) fn key(score: f64) -> u32 {
    (score as f32).to_bits()
}
