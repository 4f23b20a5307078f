//! A number for each word.

/// A place that holds nothing.
const FREE: u32 = u32::MAX;
const SMALLEST: usize = 64;

/// Numbers of words, from 0 in the order in which they are asked for; none is ever taken back. Open addressing with
/// linear probing over four bytes a place: the hashes stand by number and nowhere else.
#[derive(Debug, Default)]
pub(crate) struct WordTable {
    /// INVARIANT: empty, or a quarter of the places is free.
    places: Vec<u32>,
    hashes: Vec<u64>,
}

impl WordTable {
    /// The number of a word, which is the next one where it had none.
    pub(crate) fn number_of(&mut self, word: u64) -> u32 {
        if (self.hashes.len() + 1) * 4 > self.places.len() * 3 {
            self.grow();
        }
        let at = self.find(word);
        let held = self.places.get(at).copied().unwrap_or(FREE);
        if held != FREE {
            return held;
        }
        let next = u32::try_from(self.hashes.len()).unwrap_or(FREE);
        self.put_number(at, next);
        push_sparingly(&mut self.hashes, word);
        next
    }

    /// Where a word stands, or the free place where it would.
    fn find(&self, word: u64) -> usize {
        // the share that the hash is of all hashes is that of the places before it, so that there may be any
        // number of them
        let mut at = ((u128::from(word) * self.places.len() as u128) >> 64) as usize;
        while let Some(held) = self.places.get(at)
            && *held != FREE
            && self.hashes.get(*held as usize) != Some(&word)
        {
            at = if at + 1 == self.places.len() { 0 } else { at + 1 };
        }
        at
    }

    fn put_number(&mut self, at: usize, number: u32) {
        if let Some(place) = self.places.get_mut(at) {
            *place = number;
        }
    }

    /// A quarter more places. The old ones are given back before the new ones are taken: the hashes tell all.
    fn grow(&mut self) {
        let count = (self.places.len() / 4 * 5).max(SMALLEST);
        self.places = Vec::new();
        self.places = vec![FREE; count];
        for number in 0..self.hashes.len() {
            let at = self.hashes.get(number).map_or(0, |word| self.find(*word));
            self.put_number(at, u32::try_from(number).unwrap_or(FREE));
        }
    }

    #[cfg(test)]
    pub(crate) fn reserved(&self) -> usize {
        4 * self.places.capacity() + 8 * self.hashes.capacity()
    }
}

/// Grows by an eighth, where doubling would set half of the memory aside for nothing.
pub(crate) fn push_sparingly<T>(list: &mut Vec<T>, value: T) {
    if list.len() == list.capacity() {
        list.reserve_exact(list.len() / 8 + 4);
    }
    list.push(value);
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    /// Half of the words begin with the same bits, and so at the same place.
    #[test]
    fn numbers_are_those_of_a_map() {
        let (mut table, mut map) = (WordTable::default(), HashMap::new());
        for n in (0..3_000_u64).chain(0..4_000) {
            let word = if n % 2 == 0 { n } else { n.wrapping_mul(0x9e37_79b9_7f4a_7c15) };
            let next = u32::try_from(map.len()).unwrap();
            assert_eq!(table.number_of(word), *map.entry(word).or_insert(next));
        }
        assert_eq!(table.hashes.len(), 4_000);
    }
}
