//! Choices that follow from a number.

use jardin_contract::Seed;

/// Choices that follow from a number.
pub(super) struct Dice(pub(super) Seed);

impl Dice {
    pub(super) fn below(&mut self, n: usize) -> usize {
        (self.0.next() % n as u64) as usize
    }

    pub(super) fn one<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    pub(super) fn chance(&mut self, in_ten: usize) -> bool {
        self.below(10) < in_ten
    }
}
