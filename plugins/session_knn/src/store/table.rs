//! From a session's id to its label.

/// A place that holds nothing.
const FREE: u32 = u32::MAX;
const SMALLEST: usize = 16;
/// At most three of four places are taken; then there come to be a quarter more.
const GROWTH: (usize, usize) = (5, 4);

/// Labels by session id, at four bytes a place: the ids themselves stand with the sessions, and the caller
/// compares them. Open addressing with linear probing; a removal closes its gap, so that no tombstone stays
/// behind (Knuth, The Art of Computer Programming 3, 6.4 R).
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// INVARIANT: at least one place is free.
    places: Vec<u32>,
    used: usize,
}

impl Default for Table {
    fn default() -> Self {
        Self { places: vec![FREE; SMALLEST], used: 0 }
    }
}

impl Table {
    fn home(&self, id: u64) -> usize {
        // Fibonacci hashing: ids need not be random, though a host's are. The share that the hash is of all
        // hashes is that of the places before it, so that there may be any number of them.
        let hash = id.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((u128::from(hash) * self.places.len() as u128) >> 64) as usize
    }

    fn next(&self, at: usize) -> usize {
        if at + 1 == self.places.len() { 0 } else { at + 1 }
    }

    /// How many places lie between one and a later one, round the end.
    fn distance(&self, from: usize, to: usize) -> usize {
        if to >= from { to - from } else { to + self.places.len() - from }
    }

    fn at(&self, place: usize) -> u32 {
        self.places.get(place).copied().unwrap_or(FREE)
    }

    fn put(&mut self, place: usize, label: u32) {
        if let Some(slot) = self.places.get_mut(place) {
            *slot = label;
        }
    }

    /// The place of an id, or the free one where it would stand.
    fn find(&self, id: u64, id_of: impl Fn(u32) -> Option<u64>) -> usize {
        let mut at = self.home(id);
        while self.at(at) != FREE && id_of(self.at(at)) != Some(id) {
            at = self.next(at);
        }
        at
    }

    /// The label of an id. `id_of` tells the id of a label.
    pub(super) fn get(&self, id: u64, id_of: impl Fn(u32) -> Option<u64>) -> Option<u32> {
        let label = self.at(self.find(id, id_of));
        (label != FREE).then_some(label)
    }

    /// Adds an id that does not stand here.
    pub(super) fn insert(&mut self, id: u64, label: u32, id_of: impl Fn(u32) -> Option<u64>) {
        if (self.used + 1) * 4 > self.places.len() * 3 {
            self.resize(self.places.len() * GROWTH.0 / GROWTH.1, &id_of);
        }
        self.put_free(id, label);
        self.used += 1;
    }

    fn put_free(&mut self, id: u64, label: u32) {
        let mut at = self.home(id);
        while self.at(at) != FREE {
            at = self.next(at);
        }
        self.put(at, label);
    }

    /// Takes an id away.
    pub(super) fn remove(&mut self, id: u64, id_of: impl Fn(u32) -> Option<u64>) {
        let mut gap = self.find(id, &id_of);
        if self.at(gap) == FREE {
            return;
        }
        self.used -= 1;
        let mut at = gap;
        loop {
            at = self.next(at);
            if self.at(at) == FREE {
                break;
            }
            let home = id_of(self.at(at)).map_or(at, |id| self.home(id));
            // one whose home lies after the gap must not move before it
            if self.distance(home, at) >= self.distance(gap, at) {
                self.put(gap, self.at(at));
                gap = at;
            }
        }
        self.put(gap, FREE);
        if self.places.len() > SMALLEST && self.used * 5 < self.places.len() * 2 {
            self.resize(self.places.len() * GROWTH.1 / GROWTH.0, &id_of);
        }
    }

    fn resize(&mut self, len: usize, id_of: &impl Fn(u32) -> Option<u64>) {
        let labels = std::mem::replace(&mut self.places, vec![FREE; len]);
        for label in labels.into_iter().filter(|label| *label != FREE) {
            if let Some(id) = id_of(label) {
                self.put_free(id, label);
            }
        }
    }

    /// Changes every label.
    pub(super) fn relabel(&mut self, label_of: impl Fn(u32) -> u32) {
        for label in self.places.iter_mut().filter(|label| **label != FREE) {
            *label = label_of(*label);
        }
    }

    /// How many bytes are set aside.
    pub(super) fn reserved(&self) -> usize {
        4 * self.places.capacity()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn is_a_map(steps in proptest::collection::vec((any::<bool>(), 0_u64..300), 0..3_000)) {
            // the id of label n is n * 64, so that homes collide
            let id_of = |label: u32| Some(u64::from(label) * 64);
            let (mut table, mut map) = (Table::default(), BTreeMap::new());
            for (add, n) in steps {
                let (id, label) = (n * 64, u32::try_from(n).unwrap());
                if add && !map.contains_key(&id) { table.insert(id, label, id_of); map.insert(id, label); }
                if !add { table.remove(id, id_of); map.remove(&id); }
            }
            for n in 0..300 { prop_assert_eq!(table.get(n * 64, id_of), map.get(&(n * 64)).copied()); }
            prop_assert_eq!(table.used, map.len());
        }
    }
}
