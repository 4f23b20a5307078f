//! The items of one question, numbered as they come.

/// A place that holds nothing.
const FREE: u32 = u32::MAX;
const SMALLEST: usize = 1 << 10;

/// Small numbers for items, from 0 in the order in which they are asked for. Open addressing with linear
/// probing: a few kilobytes that stay near, where an array over all items would be read far away each time.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    /// The numbers of items. INVARIANT: empty, or a power of two of places, a quarter of them free.
    places: Vec<u32>,
    /// The items by their numbers.
    items: Vec<u32>,
}

impl Slots {
    /// Begins anew.
    pub(crate) fn clear(&mut self) {
        self.places.fill(FREE);
        self.items.clear();
    }

    /// The number of an item.
    #[inline]
    pub(crate) fn number(&mut self, item: u32) -> usize {
        if self.items.len() * 4 >= self.places.len() * 3 {
            self.grow();
        }
        let (at, number) = self.find(item);
        if number != FREE {
            return number as usize;
        }
        if let Some(place) = self.places.get_mut(at) {
            *place = self.items.len() as u32;
        }
        self.items.push(item);
        self.items.len() - 1
    }

    /// Where an item's number stands or would stand, and what stands there.
    #[inline]
    fn find(&self, item: u32) -> (usize, u32) {
        let mask = self.places.len().wrapping_sub(1);
        // Fibonacci hashing
        let mut at = (u64::from(item).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & mask;
        loop {
            let number = self.places.get(at).copied().unwrap_or(FREE);
            if number == FREE || self.items.get(number as usize) == Some(&item) {
                return (at, number);
            }
            at = (at + 1) & mask;
        }
    }

    #[cold]
    fn grow(&mut self) {
        self.places = vec![FREE; (2 * self.places.len()).max(SMALLEST)];
        for (number, item) in (0_u32..).zip(std::mem::take(&mut self.items)) {
            // none of the numbered items is found before it stands here again
            let (at, _) = self.find(item);
            if let Some(place) = self.places.get_mut(at) {
                *place = number;
            }
            self.items.push(item);
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
