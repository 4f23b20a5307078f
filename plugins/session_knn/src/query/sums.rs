//! One sum an item: all that is kept where nothing else counts.

/// Stands where no item does.
const FREE: u32 = u32::MAX;
const SMALLEST: usize = 1 << 11;

/// What was summed for an item.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sum {
    pub(super) near: f64,
    pub(super) item: u32,
    /// Whether the question has it.
    pub(super) is_seen: bool,
}

const NOTHING: Sum = Sum { near: 0.0, item: FREE, is_seen: false };

impl Default for Sum {
    fn default() -> Self {
        NOTHING
    }
}

/// A sum for each item that something was added to. Open addressing with linear probing, the sums in the table
/// itself, so that adding touches one line of memory.
#[derive(Debug, Default)]
pub(super) struct Sums {
    /// INVARIANT: empty, or a power of two of places, half of them free.
    places: Vec<Sum>,
    /// Which places are taken, in the order in which items came.
    taken: Vec<u32>,
    /// Stands where a place cannot be had; never read.
    spare: Sum,
}

impl Sums {
    /// Begins anew.
    pub(super) fn clear(&mut self) {
        for place in self.taken.drain(..) {
            if let Some(sum) = self.places.get_mut(place as usize) {
                *sum = NOTHING;
            }
        }
    }

    /// The sum of an item below `u32::MAX`; 0 where nothing was added to it.
    #[inline]
    pub(super) fn sum_of(&mut self, item: u32) -> &mut Sum {
        let mut at = self.home(item);
        loop {
            match self.places.get(at).map(|sum| sum.item) {
                Some(held) if held == item => break,
                Some(FREE) | None => {
                    at = self.add(item, at);
                    break;
                }
                Some(_) => at = (at + 1) & (self.places.len() - 1),
            }
        }
        self.places.get_mut(at).unwrap_or(&mut self.spare)
    }

    /// Gives an item its place: the free one that was found, where half of the places are free still.
    #[inline]
    fn add(&mut self, item: u32, found: usize) -> usize {
        let at = if self.taken.len() * 2 >= self.places.len() { self.grow_for(item) } else { found };
        if let Some(sum) = self.places.get_mut(at) {
            sum.item = item;
        }
        self.taken.push(at as u32);
        at
    }

    /// Twice as many places; says where one is free for an item.
    #[cold]
    fn grow_for(&mut self, item: u32) -> usize {
        let held: Vec<Sum> = self.all().copied().collect();
        self.places = vec![NOTHING; (2 * self.places.len()).max(SMALLEST)];
        self.taken.clear();
        for sum in held {
            let at = self.free_place(sum.item);
            if let Some(place) = self.places.get_mut(at) {
                *place = sum;
            }
            self.taken.push(at as u32);
        }
        self.free_place(item)
    }

    fn free_place(&self, item: u32) -> usize {
        let mut at = self.home(item);
        while self.places.get(at).is_some_and(|sum| sum.item != FREE) {
            at = (at + 1) & (self.places.len() - 1);
        }
        at
    }

    /// Where an item stands if no other stands there.
    #[inline]
    fn home(&self, item: u32) -> usize {
        // Fibonacci hashing
        let hash = u64::from(item).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        hash as usize & self.places.len().wrapping_sub(1)
    }

    /// Every sum, in the order in which items came.
    pub(super) fn all(&self) -> impl Iterator<Item = &Sum> {
        self.taken.iter().filter_map(|place| self.places.get(*place as usize))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sums_are_those_of_a_map(items in proptest::collection::vec(0_u32..3_000, 0..9_000)) {
            let (mut sums, mut map) = (Sums::default(), BTreeMap::new());
            for round in 0..2 {
                for item in items.iter().map(|item| item * 64 + round) {
                    sums.sum_of(item).near += 1.0;
                    *map.entry(item).or_insert(0.0) += 1.0;
                }
                let found: BTreeMap<u32, f64> = sums.all().map(|sum| (sum.item, sum.near)).collect();
                prop_assert_eq!(&found, &map);
                sums.clear();
                map.clear();
            }
        }
    }
}
