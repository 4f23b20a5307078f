//! The items of one question, numbered as they come.

/// A place that holds nothing.
const FREE: u64 = u64::MAX;
const SMALLEST: usize = 1 << 10;

/// Small numbers for items, from 0 in the order in which they are asked for. Open addressing with linear
/// probing: a few kilobytes that stay near, where an array over all items would be read far away each time.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    /// The item above, its number below. INVARIANT: empty, or a power of two of places, more than half of them
    /// free.
    places: Vec<u64>,
    used: usize,
}

impl Slots {
    /// Begins anew.
    pub(crate) fn clear(&mut self) {
        self.places.fill(FREE);
        self.used = 0;
    }

    /// The number of an item.
    #[inline]
    pub(crate) fn number(&mut self, item: u32) -> usize {
        if self.used * 2 >= self.places.len() {
            self.grow();
        }
        let number = self.used as u64;
        let (at, held) = self.find(item);
        if held != FREE {
            return (held & u64::from(u32::MAX)) as usize;
        }
        if let Some(place) = self.places.get_mut(at) {
            *place = u64::from(item) << 32 | number;
        }
        self.used += 1;
        number as usize
    }

    /// Where an item stands or would stand, and what stands there.
    #[inline]
    fn find(&self, item: u32) -> (usize, u64) {
        let mask = self.places.len().wrapping_sub(1);
        // Fibonacci hashing
        let mut at = (u64::from(item).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & mask;
        loop {
            match self.places.get(at).copied().unwrap_or(FREE) {
                held if held == FREE || held >> 32 == u64::from(item) => return (at, held),
                _ => at = (at + 1) & mask,
            }
        }
    }

    #[cold]
    fn grow(&mut self) {
        let larger = vec![FREE; (2 * self.places.len()).max(SMALLEST)];
        for held in std::mem::replace(&mut self.places, larger).into_iter().filter(|held| *held != FREE) {
            let (at, _) = self.find((held >> 32) as u32);
            if let Some(place) = self.places.get_mut(at) {
                *place = held;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_are_those_of_a_list(items in proptest::collection::vec(0_u32..2_000, 0..6_000)) {
            let (mut slots, mut list) = (Slots::default(), Vec::new());
            for round in 0..2 {
                for item in items.iter().map(|item| item * 64 + round) {
                    if !list.contains(&item) { list.push(item); }
                    prop_assert_eq!(Some(&item), list.get(slots.number(item)));
                }
                slots.clear();
                list.clear();
            }
        }
    }
}
