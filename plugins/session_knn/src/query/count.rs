//! Counting what stands in past visits.

use super::{
    candidates::Candidates,
    neighbours::{Buffers, Neighbour},
    plan::{Counted, Plan},
    question::Question,
};
use crate::store::{Index, Session};

/// How far from the newest item of the question a step may lead.
const MAX_STEP: usize = 6;
/// How far from the item before it.
const MAX_PREVIOUS_STEP: usize = 5;
/// How many of the newest items companions are followed from.
const HOPPING_ITEMS: usize = 3;
/// The parts of one place: divisible by every distance of a step.
pub(super) const PARTS: u32 = 60;
/// The parts of a step by its distance, from 1.
const STEP_PARTS: [u32; MAX_STEP] = [PARTS, PARTS / 2, PARTS / 3, PARTS / 4, PARTS / 5, PARTS / 6];

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

/// Hands each neighbour to `each`, with its items and the first place of the newest one that it shares.
#[inline]
pub(super) fn read_neighbours<'a>(
    index: &'a Index,
    question: &Question<'_>,
    Buffers { neighbours, labels, .. }: &mut Buffers,
    mut each: impl FnMut(&Neighbour, &'a [u32], (usize, u32)),
) {
    labels.clear();
    labels.extend(neighbours.iter().map(|neighbour| neighbour.label));
    index.read_each(labels, |n, session| {
        let Some(neighbour) = neighbours.get(n) else { return };
        let shared = question.newest_of(neighbour.mask);
        if let Some(first) = place(session.items, shared) {
            each(neighbour, session.items, (first, shared));
        }
    });
}

/// Hands the items around one to `add`, itself among them, with what each counts by its distance.
#[inline]
pub(super) fn walk_around(
    items: &[u32],
    (first, shared): (usize, u32),
    plan: &Plan,
    mut add: impl FnMut(u32, f64),
) {
    let (before, from) = items.split_at_checked(first).unwrap_or_default();
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

/// Adds what stands around the newest shared item of each neighbour.
pub(super) fn neighbours(
    index: &Index,
    question: &Question<'_>,
    (plan, counted): (&Plan, Counted),
    buffers: &mut Buffers,
    candidates: &mut Candidates,
) {
    let previous_bit = if counted.after_previous { question.previous_bit() } else { 0 };
    read_neighbours(index, question, buffers, |neighbour, items, meeting| {
        let (similarity, count) = (neighbour.similarity, neighbour.mask.count_ones());
        let nearest = similarity as f32;
        walk_around(items, meeting, plan, |item, weight| {
            let row = candidates.of(item);
            row.near += similarity * weight;
            row.shared += count;
            row.nearest = higher(row.nearest, nearest);
        });
        if neighbour.mask & previous_bit != 0
            && let Some(previous) = question.previous()
        {
            after_previous(items, previous, candidates);
        }
    });
}

/// The higher of two numbers, neither of which is not one: `f32::max` looks for that.
#[inline]
const fn higher(one: f32, other: f32) -> f32 {
    if one > other { one } else { other }
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
    labels: &mut Vec<u32>,
    candidates: &mut Candidates,
) -> Totals {
    let mut totals = Totals::default();
    let Some(last) = question.last() else { return totals };
    let (now, previous) = (index.newest_hour(), question.previous());
    index.newest_labels(last, plan.params.steps, labels);
    index.read_each(labels, |_, session| {
        let freshness = plan.age(now.saturating_sub(session.hour)) as f32;
        steps_of(session, (previous, last), freshness, candidates, &mut totals);
    });
    totals
}

/// Adds what stood after and before the newest item in one visit.
#[inline]
fn steps_of(
    session: Session<'_>,
    (previous, last): (Option<u32>, u32),
    freshness: f32,
    candidates: &mut Candidates,
    totals: &mut Totals,
) {
    let Some(first) = place(session.items, last) else { return };
    let (before, from) = session.items.split_at_checked(first).unwrap_or_default();
    for (part, item) in STEP_PARTS.iter().zip(before.iter().rev()) {
        candidates.of(*item).before += part;
    }
    let mut earlier = before.last().copied();
    let mut away = 0;
    let mut held = last;
    for item in from.iter().skip(1).take(MAX_STEP) {
        let row = candidates.of(*item);
        let part = STEP_PARTS.get(away).copied().unwrap_or(0);
        row.after += part;
        totals.after += part;
        if away == 0 {
            row.next += 1;
            totals.next += 1;
            row.freshness = higher(row.freshness, freshness);
            let same_pair = earlier.is_some() && earlier == previous;
            row.next_of_pair += u32::from(same_pair);
            totals.next_of_pair += u32::from(same_pair);
        }
        // distance begins anew wherever the newest item comes again
        if *item == last {
            earlier = Some(held);
            away = 0;
        } else {
            away += 1;
        }
        held = *item;
    }
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
