//! The plugin `random_order`: every item with the same chance, in an order that changes with the place and
//! the day and is the same for everybody until then. For a rotation that is fair to every item, and as the
//! control arm of an experiment. It reads no field, keeps nothing about anybody and learns nothing.

use std::collections::BTreeSet;

use jardin_sdk::{CatalogueRows, Params, Picks, Request, Strategy, strategy};

/// How many items are given where the host asks for fewer: the chain may need more than its limit.
const MIN_PICKS: usize = 100;

/// The items that there are.
#[derive(Debug, Default)]
struct RandomOrder(BTreeSet<u32>);

/// An item's number in the order of a seed: of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), begun at the
/// seed, the output with the item's index. Its upper 53 bits, which a score holds exactly.
fn draw(seed: u64, index: u32) -> f64 {
    let state = seed.wrapping_add((u64::from(index) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 31)) >> 11) as f64
}

impl Strategy for RandomOrder {
    fn create(_: &Params<'_>) -> Result<Self, String> {
        Ok(Self::default())
    }

    fn catalogue(&mut self, rows: &CatalogueRows<'_>) {
        for row in rows.iter() {
            if row.is_removed() {
                self.0.remove(&row.index());
            } else {
                self.0.insert(row.index());
            }
        }
    }

    fn recommend(&mut self, request: &Request<'_>, picks: &mut Picks) {
        let mut add = |index: u32| picks.add(index, draw(request.seed(), index));
        match request.candidates() {
            Some(candidates) => candidates.into_iter().filter(|index| self.0.contains(index)).for_each(add),
            None => self.0.iter().copied().for_each(&mut add),
        }
        picks.keep_best(request.limit().max(MIN_PICKS));
    }
}

strategy! { RandomOrder, name: "random_order", settings: {} }

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jardin_sdk::harness::Harness;

    use super::*;

    fn shop(items: u32) -> Harness<RandomOrder> {
        let mut harness = Harness::new();
        (0..items).for_each(|index| {
            harness.item(index);
        });
        harness
    }

    /// The reference implementation's first outputs for the seed 1234567, as for `Seed` of the host.
    #[test]
    fn draws_follow_the_published_sequence() {
        let published: [u64; 3] =
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        for (index, output) in (0..).zip(published) {
            assert_eq!(draw(1_234_567, index), (output >> 11) as f64);
        }
    }

    #[test]
    fn a_place_and_day_have_one_order_and_the_next_ones_another() {
        let mut harness = shop(50);
        harness.seed = 20;
        let first = harness.recommend(50);
        assert_eq!(harness.recommend(50), first);
        harness.seed = 21;
        assert_ne!(harness.recommend(50), first);
        // an item more leaves the order of the others as it was
        harness.seed = 20;
        harness.item(50);
        let without: Vec<u32> = harness.recommend(51).into_iter().filter(|index| *index != 50).collect();
        assert_eq!(without, first);
    }

    /// All 24 orders of 4 items, over 24,000 seeds: by Pearson's chi-square with 23 degrees of freedom, whose
    /// 0.001 and 0.999 quantiles are 7.529 and 49.728 (NIST/SEMATECH e-Handbook, table 1.3.6.7.4).
    #[test]
    fn every_order_is_as_frequent_as_every_other() {
        let mut harness = shop(4);
        let mut counts: BTreeMap<Vec<u32>, u32> = BTreeMap::new();
        for seed in 0..24_000 {
            harness.seed = seed;
            *counts.entry(harness.recommend(4)).or_default() += 1;
        }
        assert_eq!(counts.len(), 24);
        let chi_square: f64 = counts.values().map(|n| (f64::from(*n) - 1_000.0).powi(2) / 1_000.0).sum();
        assert!((7.529..=49.728).contains(&chi_square), "{chi_square}");
    }

    #[test]
    fn candidates_alone_are_picked_where_there_are_some_and_what_is_gone_is_not() {
        let mut harness = shop(9);
        harness.remove(3);
        harness.request.items("candidates", &[3, 5, 7, 99]);
        let mut picked = harness.recommend(9);
        picked.sort_unstable();
        assert_eq!(picked, [5, 7]);
        assert_eq!(harness.breaches(), Vec::<String>::new());
    }
}
