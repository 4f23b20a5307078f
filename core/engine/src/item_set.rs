//! A set of items by their indices: one bit an item.

use jardin_model::ItemIndex;

/// Items, each in it or not. It grows with the highest index that is put in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ItemSet(Vec<u64>);

impl ItemSet {
    /// Puts an item in; false where it was there already.
    pub(crate) fn insert(&mut self, item: ItemIndex) -> bool {
        let (word, bit) = place_of(item);
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        let Some(bits) = self.0.get_mut(word) else {
            return false;
        };
        let is_new = *bits & bit == 0;
        *bits |= bit;
        is_new
    }

    pub(crate) fn contains(&self, item: ItemIndex) -> bool {
        let (word, bit) = place_of(item);
        self.0.get(word).is_some_and(|bits| bits & bit != 0)
    }
}

impl FromIterator<ItemIndex> for ItemSet {
    fn from_iter<I: IntoIterator<Item = ItemIndex>>(items: I) -> Self {
        let mut set = Self::default();
        for item in items {
            set.insert(item);
        }
        set
    }
}

const fn place_of(item: ItemIndex) -> (usize, u64) {
    (item.0 as usize / 64, 1 << (item.0 % 64))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use jardin_contract::Seed;

    use super::*;

    #[test]
    fn holds_what_a_set_of_the_standard_library_holds() {
        let (mut seed, mut set, mut known) = (Seed(1), ItemSet::default(), HashSet::new());
        for _ in 0..2_000 {
            let item = ItemIndex(u32::try_from(seed.next() % 500).unwrap());
            assert_eq!(set.contains(item), known.contains(&item));
            assert_eq!(set.insert(item), known.insert(item));
        }
        assert_eq!((0..600).filter(|n| set.contains(ItemIndex(*n))).count(), known.len());
    }
}
