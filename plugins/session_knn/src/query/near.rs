//! The query for settings by which nothing speaks for an item but what stands near in the neighbours: VMIS-kNN,
//! with the decays of STAN where settings have them. One number an item is summed, and no other is looked for.

use jardin_sdk::number::ln;

use super::{count, neighbours::Buffers, plan::Plan, question::Question, sums::Sums};
use crate::store::Index;

/// Adds what stands around the newest shared item of each neighbour.
pub(super) fn sum_neighbours(
    index: &Index,
    question: &Question<'_>,
    plan: &Plan,
    buffers: &mut Buffers,
    sums: &mut Sums,
) {
    count::read_neighbours(index, question, buffers, |neighbour, items, (first, shared)| {
        count::walk_around(items, (first, shared), plan, |item, weight| {
            sums.sum_of(item).near += neighbour.similarity * weight;
        });
    });
}

/// Marks the question's own items.
pub(super) fn mark_seen(index: &Index, question: &Question<'_>, sums: &mut Sums) {
    for item in question.items.iter().filter(|item| index.count(**item) > 0) {
        sums.sum_of(*item).is_seen = true;
    }
}

/// One over the highest sum, by which all are measured.
pub(super) fn measure(sums: &Sums) -> f64 {
    let top = sums.all().fold(1e-9, |top, sum| if sum.near > top { sum.near } else { top });
    1.0 / top
}

/// What an item counts, as [`super::Weights::score`] has it where it has no other feature.
pub(super) fn score(near: f64, weight: f64) -> f32 {
    (0.0 + f64::from(ln(near + 0.001) as f32) * weight) as f32
}
