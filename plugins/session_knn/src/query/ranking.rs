//! The best of many.

/// An item with its score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// The item's index.
    pub item: u32,
    /// Its score, to 24 binary digits.
    pub score: f32,
}

/// Keeps the best `most` of what it is shown, ties to the lower item, without sorting more than it must.
#[derive(Debug, Default)]
pub(super) struct Best {
    /// Score bits above, the item's complement below: one comparison tells score and tie.
    keys: Vec<u64>,
    threshold: u64,
    most: usize,
}

impl Best {
    pub(super) fn start(&mut self, most: usize) {
        self.keys.clear();
        self.keys.reserve(2 * most.min(4_096));
        (self.threshold, self.most) = (0, most);
    }

    #[inline]
    pub(super) fn offer(&mut self, item: u32, score: f32) {
        let key = order_of(item, ordered(score));
        if key > self.threshold {
            self.keys.push(key);
            if self.keys.len() >= self.most.saturating_mul(2) {
                self.cut();
            }
        }
    }

    fn cut(&mut self) {
        if self.most > 0 && self.keys.len() > self.most {
            let (_, least, _) = self.keys.select_nth_unstable_by(self.most - 1, |a, b| b.cmp(a));
            self.threshold = *least;
        }
        self.keys.truncate(self.most);
    }

    /// The best, best first.
    pub(super) fn finish(&mut self, into: &mut Vec<Scored>) {
        self.cut();
        self.keys.sort_unstable_by(|a, b| b.cmp(a));
        into.clear();
        into.extend(
            self.keys.iter().map(|key| Scored { item: item_of(*key), score: score_of((key >> 32) as u32) }),
        );
    }
}

/// An item by a number of its own, as an integer: the higher number first, ties to the lower item.
#[inline]
pub(super) const fn order_of(item: u32, number: u32) -> u64 {
    (number as u64) << 32 | !item as u64
}

/// The item in such an integer.
#[inline]
pub(super) const fn item_of(order: u64) -> u32 {
    !(order as u32)
}

/// A score as an integer of the same order.
fn ordered(score: f32) -> u32 {
    // 0 and -0 are one score
    let bits = (score + 0.0).to_bits();
    if bits >> 31 == 1 { !bits } else { bits | 1 << 31 }
}

fn score_of(ordered: u32) -> f32 {
    f32::from_bits(if ordered >> 31 == 1 { ordered & !(1 << 31) } else { !ordered })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn is_a_full_sort_cut_off(scores in proptest::collection::vec(-20_i8..20, 0..400), most in 0_usize..40) {
            let mut best = Best::default();
            best.start(most);
            let mut all: Vec<(i8, u32)> = scores.iter().copied().zip(0..).collect();
            for (score, item) in &all { best.offer(*item, f32::from(*score)); }
            all.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
            let mut found = Vec::new();
            best.finish(&mut found);
            let expected: Vec<u32> = all.iter().take(most).map(|(_, item)| *item).collect();
            prop_assert_eq!(found.iter().map(|s| s.item).collect::<Vec<_>>(), expected);
        }
    }
}
