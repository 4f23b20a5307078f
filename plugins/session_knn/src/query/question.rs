//! The visit that is asked about.

use super::{params::Params, plan::Plan};
use crate::store::Index;

/// How many of the newest places of a question are looked at for what was seen in it.
const MAX_PLACES: usize = 40;

/// A question, oldest item first, and what in it finds past visits: its newest different known items, newest
/// first.
#[derive(Debug)]
pub(super) struct Question<'a> {
    /// The newest places.
    pub(super) items: &'a [u32],
    /// How many places the whole question has.
    pub(super) len: usize,
    known: [u32; Params::MAX_LAST_ITEMS],
    /// For each known item how many places before the newest one it stands.
    back: [usize; Params::MAX_LAST_ITEMS],
    used: usize,
}

impl<'a> Question<'a> {
    pub(super) fn new(index: &Index, items: &'a [u32], last: usize) -> Self {
        let newest = items.get(items.len().saturating_sub(MAX_PLACES)..).unwrap_or_default();
        let mut question = Self {
            items: newest,
            len: items.len(),
            known: [u32::MAX; Params::MAX_LAST_ITEMS],
            back: [0; Params::MAX_LAST_ITEMS],
            used: 0,
        };
        for (back, item) in newest.iter().rev().take(last).enumerate() {
            let slot = question.known.get_mut(question.used).zip(question.back.get_mut(question.used));
            if let Some((known, place)) = slot
                && !newest.iter().rev().take(back).any(|newer| newer == item)
                && index.count(*item) > 0
            {
                (*known, *place) = (*item, back);
                question.used += 1;
            }
        }
        question
    }

    /// The newest item.
    pub(super) fn last(&self) -> Option<u32> {
        self.items.last().copied()
    }

    /// The item before the newest.
    pub(super) fn previous(&self) -> Option<u32> {
        self.items.iter().rev().nth(1).copied()
    }

    /// Its newest different known items, newest first.
    pub(super) fn known(&self) -> &[u32] {
        self.known.get(..self.used).unwrap_or_default()
    }

    /// The known items with how many places before the newest they stand.
    pub(super) fn known_with_back(&self) -> impl Iterator<Item = (u32, usize)> {
        self.known.iter().copied().zip(self.back).take(self.used)
    }

    /// The newest item of a set of known items.
    pub(super) fn newest_of(&self, mask: u16) -> u32 {
        self.known.get(mask.trailing_zeros() as usize).copied().unwrap_or(u32::MAX)
    }

    /// The bit of the item before the newest, where both are known and different.
    pub(super) fn previous_bit(&self) -> u16 {
        let is_second = self.used > 1 && self.known.get(1).copied() == self.previous();
        u16::from(is_second) << 1
    }

    /// What a past visit counts that shares these items, for every set of items.
    pub(super) fn sum_positions(&self, plan: &Plan, sums: &mut Vec<f64>) {
        sums.clear();
        sums.push(0.0);
        for (_, back) in self.known_with_back() {
            let weight = plan.position(back);
            // the sets with this item are those without it, each with its weight added
            let without = sums.len();
            sums.extend_from_within(..);
            sums.iter_mut().skip(without).for_each(|sum| *sum += weight);
        }
    }
}
