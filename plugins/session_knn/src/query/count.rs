//! Counting what stands in past visits.

use super::{candidates::Candidates, neighbours::Neighbour, plan::Plan, question::Question};
use crate::store::Index;

/// How far from the newest item of the question a step may lead.
const MAX_STEP: usize = 6;
/// How far from the item before it.
const MAX_PREVIOUS_STEP: usize = 5;
/// How many of the newest items companions are followed from.
const HOPPING_ITEMS: usize = 3;
/// The parts of one place: divisible by every distance of a step.
pub(super) const PARTS: u32 = 60;

/// What all candidates have in common.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Totals {
    /// How often anything stood directly after the newest item, and where the pair was that of the question.
    pub(super) next: u32,
    pub(super) next_of_pair: u32,
    /// How near everything stood after the newest item, in sixtieths.
    pub(super) after: u32,
}

/// Where an item stands first, sixteen compared at a time and without a branch among them.
pub(super) fn place(items: &[u32], wanted: u32) -> Option<usize> {
    let (chunks, rest) = items.as_chunks::<16>();
    for (n, chunk) in chunks.iter().enumerate() {
        let mut found = 0_u32;
        for (place, item) in chunk.iter().enumerate() {
            found |= u32::from(*item == wanted) << place;
        }
        if found > 0 {
            return Some(16 * n + found.trailing_zeros() as usize);
        }
    }
    Some(16 * chunks.len() + rest.iter().position(|item| *item == wanted)?)
}

/// Adds what stands around the newest shared item of each neighbour.
pub(super) fn neighbours(
    index: &Index,
    question: &Question<'_>,
    plan: &Plan,
    neighbours: &[Neighbour],
    candidates: &mut Candidates,
) {
    let previous_bit = question.previous_bit();
    for neighbour in neighbours {
        let shared = question.newest_of(neighbour.mask);
        let Some(session) = index.session(neighbour.label) else { continue };
        let Some(first) = place(session.items, shared) else { continue };
        let (before, from) = session.items.split_at_checked(first).unwrap_or_default();
        around(neighbour, (before, from), shared, plan, candidates);
        if neighbour.mask & previous_bit != 0
            && let Some(previous) = question.previous()
        {
            after_previous(session.items, previous, candidates);
        }
    }
}

fn around(
    neighbour: &Neighbour,
    (before, from): (&[u32], &[u32]),
    shared: u32,
    plan: &Plan,
    candidates: &mut Candidates,
) {
    let (similarity, count) = (neighbour.similarity, neighbour.mask.count_ones());
    let mut add = |item: u32, weight: f64| {
        let row = candidates.of(item);
        row.near += similarity * weight;
        row.shared += count;
        row.nearest = row.nearest.max(similarity as f32);
    };
    for (item, weight) in before.iter().rev().zip(&plan.before) {
        add(*item, *weight);
    }
    // distance begins anew wherever the shared item comes again
    let mut away = 0;
    for item in from.iter().take(plan.after.len()) {
        add(*item, plan.after.get(away).copied().unwrap_or(0.0));
        away = if *item == shared { 1 } else { away + 1 };
    }
}

fn after_previous(items: &[u32], previous: u32, candidates: &mut Candidates) {
    let from = place(items, previous).and_then(|at| items.get(at + 1..)).unwrap_or_default();
    for (away, item) in (1..).zip(from.iter().take(MAX_PREVIOUS_STEP)) {
        candidates.of(*item).after_previous += PARTS / away;
    }
}

/// Adds what stood after and before the newest item in the newest visits with it.
pub(super) fn steps(
    index: &Index,
    question: &Question<'_>,
    plan: &Plan,
    candidates: &mut Candidates,
) -> Totals {
    let mut totals = Totals::default();
    let Some(last) = question.last() else { return totals };
    let now = index.newest_hour();
    let newest = index.newest_first(last).flat_map(|block| block.iter().rev()).take(plan.params.steps);
    for session in newest.filter_map(|label| index.session(*label)) {
        let Some(first) = place(session.items, last) else { continue };
        let (before, from) = session.items.split_at_checked(first).unwrap_or_default();
        for (away, item) in (1..).zip(before.iter().rev().take(MAX_STEP)) {
            candidates.of(*item).before += PARTS / away;
        }
        let freshness = plan.age(now.saturating_sub(session.hour)) as f32;
        let mut earlier = before.last().copied();
        let mut away = 1;
        let mut held = last;
        for item in from.iter().skip(1).take(MAX_STEP) {
            let row = candidates.of(*item);
            row.after += PARTS / away;
            totals.after += PARTS / away;
            if away == 1 {
                row.next += 1;
                totals.next += 1;
                row.freshness = row.freshness.max(freshness);
                let same_pair = earlier.is_some() && earlier == question.previous();
                row.next_of_pair += u32::from(same_pair);
                totals.next_of_pair += u32::from(same_pair);
            }
            // distance begins anew wherever the newest item comes again
            if *item == last {
                earlier = Some(held);
                away = 1;
            } else {
                away += 1;
            }
            held = *item;
        }
    }
    totals
}

/// Follows companions of companions of the newest items. Their lists are made before.
pub(super) fn hops(index: &Index, question: &Question<'_>, candidates: &mut Candidates) {
    for (item, back) in question.known_with_back().take(HOPPING_ITEMS) {
        let Some(first) = index.list(item) else { continue };
        let share = 1.0 / ((1 + back) as f64 * f64::from(first.total()));
        for (companion, weight) in first.iter() {
            let Some(second) = index.list(companion) else { continue };
            let through = share * f64::from(weight) / f64::from(second.total());
            for (other, weight) in second.iter() {
                let row = candidates.of(other);
                let worth = through * f64::from(weight);
                row.hops += worth;
                row.hops_of_last += if back == 0 { worth } else { 0.0 };
            }
        }
    }
}

/// The items whose companions are followed.
pub(super) fn hopping(question: &Question<'_>) -> impl Iterator<Item = u32> {
    question.known().iter().copied().take(HOPPING_ITEMS)
}

/// Marks where items stand in the question itself.
pub(super) fn seen(index: &Index, question: &Question<'_>, candidates: &mut Candidates) {
    for (back, item) in (1..).zip(question.items.iter().rev()) {
        if index.count(*item) > 0 {
            let row = candidates.of(*item);
            if row.back == 0 {
                row.back = back;
            }
        }
    }
}
