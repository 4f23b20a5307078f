//! What a strategy answers.

use jardin_abi::Pick;

use crate::Cleared;

/// The items that a strategy picks, in any order; the host orders them by score, ties by item id.
#[derive(Debug, Default)]
pub struct Picks(Cleared<Pick>);

impl Picks {
    /// Picks an item. A score that is not finite is not picked.
    pub fn add(&mut self, index: u32, score: f64) {
        self.add_for(index, score, 0);
    }

    /// Picks an item for a reason: its place in the manifest's `reasons`, from 1; 0 for none.
    pub fn add_for(&mut self, index: u32, score: f64, reason: u32) {
        if score.is_finite() {
            self.0.push(Pick { index, reason, score });
        }
    }

    /// Keeps the best `n` by score, ties by the lower index.
    pub fn keep_best(&mut self, n: usize) {
        let better = |a: &Pick, b: &Pick| b.score.total_cmp(&a.score).then(a.index.cmp(&b.index));
        if n < self.0.len() {
            if n > 0 {
                self.0.select_nth_unstable_by(n - 1, better);
            }
            self.0.truncate(n);
        }
        self.0.sort_unstable_by(better);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True where there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.0.truncate(0);
    }

    pub(crate) fn as_slice(&self) -> &[Pick] {
        &self.0
    }
}
