//! Which items are ranked: those that promise most.

use super::ranking::{item_of, order_of};

/// How many candidates are ranked.
pub const MAX_CANDIDATES: usize = 70;

/// What items promise, with room that is kept from question to question.
#[derive(Debug, Default)]
pub(super) struct Choice {
    /// Promise above, the item's complement below: one comparison tells promise and tie.
    promises: Vec<u64>,
    chosen: Vec<u64>,
}

impl Choice {
    /// Takes what items promise in the place of what others did; no promise is below 0.
    pub(super) fn promise_all(&mut self, promises: impl Iterator<Item = (u32, f32)>) {
        self.promises.clear();
        self.promises.extend(promises.map(|(item, promise)| order_of(item, promise.to_bits())));
    }

    /// The [`MAX_CANDIDATES`] that promise most among those that may come, ties to the lower item; in no order.
    pub(super) fn choose(&mut self, may_come: impl Fn(u32) -> bool) -> impl Iterator<Item = u32> + Clone {
        // mostly enough may come of twice as many, and whether the others may need not be looked up
        let enough = 2 * MAX_CANDIDATES;
        let Self { promises, chosen } = self;
        let promising = enough.min(promises.len());
        if promising < promises.len() {
            promises.select_nth_unstable_by(promising, |a, b| b.cmp(a));
        }
        for among in [promising, promises.len()] {
            chosen.clear();
            let coming = |promise: &&u64| may_come(item_of(**promise));
            chosen.extend(promises.iter().take(among).filter(coming));
            if chosen.len() >= MAX_CANDIDATES {
                break;
            }
        }
        if chosen.len() > MAX_CANDIDATES {
            chosen.select_nth_unstable_by(MAX_CANDIDATES - 1, |a, b| b.cmp(a));
            chosen.truncate(MAX_CANDIDATES);
        }
        chosen.iter().map(|promise| item_of(*promise))
    }
}
