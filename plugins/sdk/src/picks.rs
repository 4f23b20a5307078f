//! What a strategy answers.

use jardin_abi::Pick;

use crate::Cleared;

/// The items that a strategy picks, in any order; the host orders them by score, ties by item id.
#[derive(Debug, Default)]
pub struct Picks {
    picks: Cleared<Pick>,
    note: u32,
}

impl Picks {
    /// Picks an item. A score that is not finite is not picked.
    pub fn add(&mut self, index: u32, score: f64) {
        self.add_for(index, score, 0);
    }

    /// Picks an item for a reason: its place in the manifest's `reasons`, from 1; 0 for none.
    pub fn add_for(&mut self, index: u32, score: f64, reason: u32) {
        if score.is_finite() {
            self.picks.push(Pick { index, reason, score });
        }
    }

    /// Says, for whoever runs the shop, that a sentence of the manifest's `notes` holds, by its place from 1. One a
    /// minute is told. It carries no value: what a request says about a person has no place in a log.
    pub fn note_sentence(&mut self, place: u32) {
        self.note = place;
    }

    /// Keeps the best `n` by score, ties by the lower index.
    pub fn keep_best(&mut self, n: usize) {
        let better = |a: &Pick, b: &Pick| b.score.total_cmp(&a.score).then(a.index.cmp(&b.index));
        if n < self.picks.len() {
            if n > 0 {
                self.picks.select_nth_unstable_by(n - 1, better);
            }
            self.picks.truncate(n);
        }
        self.picks.sort_unstable_by(better);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.picks.len()
    }

    /// True where there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.picks.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.picks.truncate(0);
        self.note = 0;
    }

    /// The place of the sentence that holds; 0 for none.
    pub(crate) const fn noted_sentence(&self) -> u32 {
        self.note
    }

    pub(crate) fn as_slice(&self) -> &[Pick] {
        &self.picks
    }
}
