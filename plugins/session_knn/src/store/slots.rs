//! The items of one question, numbered as they come.

/// A place that holds nothing.
const FREE: u64 = u64::MAX;
const SMALLEST: usize = 1 << 10;

/// Small numbers for items, from 0 in the order in which they are asked for. Open addressing with linear
/// probing: a few kilobytes that stay near, where an array over all items would be read far away each time.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    /// Items above, their numbers below. INVARIANT: empty, or a power of two of places, half of them free.
    places: Vec<u64>,
    used: usize,
}

impl Slots {
    /// Begins anew.
    pub(crate) fn clear(&mut self) {
        self.places.fill(FREE);
        self.used = 0;
    }

    /// The number of an item below `u32::MAX`, or the free place where it would stand.
    #[inline(always)]
    pub(crate) fn find(&self, item: u32) -> Result<usize, usize> {
        let mut at = self.home(item);
        while let Some(place) = self.places.get(at) {
            if (*place >> 32) as u32 == item {
                return Ok(*place as u32 as usize);
            }
            if *place == FREE {
                break;
            }
            at = self.after(at);
        }
        Err(at)
    }

    /// The number of an item below `u32::MAX`.
    #[inline]
    pub(crate) fn number(&mut self, item: u32) -> usize {
        self.find(item).unwrap_or_else(|free| self.add(item, free))
    }

    /// Numbers an item that has no number, at the place where it would stand.
    #[inline]
    pub(crate) fn add(&mut self, item: u32, free: usize) -> usize {
        let numbered = u64::from(item) << 32 | self.used as u64;
        if self.used * 2 >= self.places.len() {
            self.grow();
            self.put_number(numbered);
        } else if let Some(place) = self.places.get_mut(free) {
            *place = numbered;
        }
        self.used += 1;
        self.used - 1
    }

    /// Puts an item with its number where it will be found.
    fn put_number(&mut self, numbered: u64) {
        let mut at = self.home((numbered >> 32) as u32);
        while self.places.get(at).is_some_and(|held| *held != FREE) {
            at = self.after(at);
        }
        if let Some(free) = self.places.get_mut(at) {
            *free = numbered;
        }
    }

    /// Where an item stands if no other stands there.
    #[inline]
    fn home(&self, item: u32) -> usize {
        // Fibonacci hashing
        let hash = u64::from(item).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        hash as usize & self.places.len().wrapping_sub(1)
    }

    #[inline]
    fn after(&self, at: usize) -> usize {
        (at + 1) & self.places.len().wrapping_sub(1)
    }

    #[cold]
    fn grow(&mut self) {
        let places = vec![FREE; (2 * self.places.len()).max(SMALLEST)];
        let numbered = std::mem::replace(&mut self.places, places);
        numbered.into_iter().filter(|place| *place != FREE).for_each(|place| self.put_number(place));
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
