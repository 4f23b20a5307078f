//! Which items are told by which words.

use std::{collections::BTreeMap, mem};

use jardin_sdk::number::ln;

use crate::{
    item_words::ItemWords,
    word_table::{WordTable, push_sparingly},
};

/// A word that so many items share tells nothing of one of them, and would cost a long walk.
const COMMON: usize = 5_000;
/// How many bits of a packed word hold its weight.
const WEIGHT_BITS: u32 = 2;

/// Who has a word. Most words stand in one item alone.
#[derive(Debug, Clone, Copy)]
enum Holders {
    Nobody,
    One(u32),
    /// Those of the list of that number.
    Several(u32),
    /// So many that their list is not kept; it is made again once they are few.
    Many(u32),
}

/// Items by their words. Nothing here depends on the order in which items came. Large catalogues have to fit into the
/// memory of a worker, so that words are known by 64 bits of a hash and nothing is held twice.
#[derive(Debug, Default)]
pub(crate) struct WordIndex {
    numbers: WordTable,
    holders: Vec<Holders>,
    lists: Vec<Vec<u32>>,
    unused_lists: Vec<u32>,
    /// The words of each item: the number, and the weight in the lowest bits.
    items: ItemWords,
    item_count: usize,
}

impl WordIndex {
    /// Indexes an item, in place of what it said before. A weight is at most 3.
    pub(crate) fn put_item(&mut self, item: u32, words: &[(u64, u32)]) {
        self.remove(item);
        let mut packed = Vec::with_capacity(words.len());
        for (word, weight) in words {
            let number = self.number_of(*word);
            self.add_holder(number, item);
            packed.push(number << WEIGHT_BITS | weight);
        }
        self.items.put_words(item, packed.into_iter());
        self.item_count += 1;
    }

    pub(crate) fn remove(&mut self, item: u32) {
        let words = self.items.get(item).to_vec();
        self.item_count -= usize::from(self.items.remove(item));
        words.iter().for_each(|packed| self.remove_holder(packed >> WEIGHT_BITS, item));
    }

    /// Each item that shares a telling word with one of `seeds`, with its likeness: the sum over shared words
    /// of weight² · ln(items / items with it)², over the root of how much either item says (a cosine of
    /// tf-idf with the length of what is said for the norm; Salton and Buckley 1988). The newest seed comes
    /// first, and each older one counts half. Seeds are left out.
    pub(crate) fn like(&mut self, seeds: &[u32]) -> BTreeMap<u32, f64> {
        let mut scores = BTreeMap::new();
        let mut seed_weight = 1.0;
        for seed in seeds {
            let words = self.items.get(*seed).to_vec();
            for packed in &words {
                let (number, weight) = (packed >> WEIGHT_BITS, packed & ((1 << WEIGHT_BITS) - 1));
                self.list_again(number);
                let Some(holders) = self.sharing_items(number) else {
                    continue;
                };
                let rarity = ln(self.item_count as f64 / holders.len() as f64);
                let telling = seed_weight * (f64::from(weight) * rarity).powi(2);
                for item in holders.iter().filter(|item| !seeds.contains(item)) {
                    let says = self.items.get(*item).len();
                    *scores.entry(*item).or_insert(0.0) += telling / ((words.len() * says) as f64).sqrt();
                }
            }
            seed_weight /= 2.0;
        }
        scores.retain(|_, score| *score > 0.0);
        scores
    }

    /// Makes the list of a word again that too many shared and no longer do.
    fn list_again(&mut self, number: u32) {
        if let Some(Holders::Many(count)) = self.holders.get(number as usize)
            && *count as usize <= COMMON
        {
            let found = self.find_holders(number);
            let list = self.keep_list(found);
            self.set_holders(number, Holders::Several(list));
        }
    }

    /// The items that share a word; `None` where one alone has it or too many do.
    fn sharing_items(&self, number: u32) -> Option<&[u32]> {
        match self.holders.get(number as usize)? {
            Holders::Several(list) => self.lists.get(*list as usize).map(Vec::as_slice),
            _ => None,
        }
    }

    fn find_holders(&self, number: u32) -> Vec<u32> {
        let holds = |words: &[u32]| words.iter().any(|packed| packed >> WEIGHT_BITS == number);
        self.items.all().filter(|(_, words)| holds(words)).map(|(item, _)| item).collect()
    }

    fn number_of(&mut self, word: u64) -> u32 {
        let number = self.numbers.number_of(word);
        if number as usize == self.holders.len() {
            push_sparingly(&mut self.holders, Holders::Nobody);
        }
        number
    }

    fn set_holders(&mut self, number: u32, holders: Holders) {
        if let Some(place) = self.holders.get_mut(number as usize) {
            *place = holders;
        }
    }

    fn keep_list(&mut self, items: Vec<u32>) -> u32 {
        let list = self.unused_lists.pop().unwrap_or_else(|| {
            self.lists.push(Vec::new());
            u32::try_from(self.lists.len() - 1).unwrap_or(u32::MAX)
        });
        if let Some(place) = self.lists.get_mut(list as usize) {
            *place = items;
        }
        list
    }

    fn drop_list(&mut self, list: u32) -> Vec<u32> {
        self.unused_lists.push(list);
        self.lists.get_mut(list as usize).map(mem::take).unwrap_or_default()
    }

    fn add_holder(&mut self, number: u32, item: u32) {
        let holders = match self.holders.get(number as usize).copied().unwrap_or(Holders::Nobody) {
            Holders::Nobody => Holders::One(item),
            Holders::One(other) => Holders::Several(self.keep_list(vec![other, item])),
            Holders::Many(count) => Holders::Many(count + 1),
            Holders::Several(list) => {
                let items = self.lists.get_mut(list as usize);
                let count = items.map_or(0, |items| {
                    push_sparingly(items, item);
                    items.len()
                });
                if count <= COMMON {
                    return;
                }
                Holders::Many(u32::try_from(self.drop_list(list).len()).unwrap_or(u32::MAX))
            }
        };
        self.set_holders(number, holders);
    }

    fn remove_holder(&mut self, number: u32, item: u32) {
        let holders = match self.holders.get(number as usize).copied().unwrap_or(Holders::Nobody) {
            Holders::Nobody | Holders::One(_) => Holders::Nobody,
            Holders::Many(count) => Holders::Many(count.saturating_sub(1)),
            Holders::Several(list) => {
                let Some(items) = self.lists.get_mut(list as usize) else { return };
                items.retain(|other| *other != item);
                match items.as_slice() {
                    [last] => {
                        let last = *last;
                        self.drop_list(list);
                        Holders::One(last)
                    }
                    _ => return,
                }
            }
        };
        self.set_holders(number, holders);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each word is its length and its letters in base 256: enough for the short ones here.
    fn hash_words(text: &str) -> Vec<(u64, u32)> {
        text.split(' ').map(|word| (word.bytes().fold(1, |n, b| n << 8 | u64::from(b)), 1)).collect()
    }

    /// Four items; `red` stands in two, `tent` in two, `the` in all. Beside item 1 (the red tent): item 2
    /// (the red cup) shares `red`: ln(4/2)² / sqrt(3 · 3) = .160151; item 3 (the tent) shares `tent`: ln(2)²
    /// / sqrt(3 · 2) = .196145; `the` tells nothing.
    #[test]
    fn likeness_is_what_was_worked_out_by_hand() {
        let mut index = WordIndex::default();
        for (item, text) in [(1, "the red tent"), (2, "the red cup"), (3, "the tent"), (4, "the pot")] {
            index.put_item(item, &hash_words(text));
        }
        let scores = index.like(&[1]);
        assert_eq!(scores.keys().copied().collect::<Vec<_>>(), [2, 3]);
        assert!((scores[&2] - 0.160_151).abs() < 1e-6 && (scores[&3] - 0.196_145).abs() < 1e-6, "{scores:?}");
    }

    #[test]
    fn what_was_taken_away_leaves_no_trace() {
        let mut index = WordIndex::default();
        for (item, text) in [(1, "red tent"), (2, "red tent"), (3, "red pot"), (4, "blue cup")] {
            index.put_item(item, &hash_words(text));
        }
        index.remove(2);
        index.put_item(3, &hash_words("blue pot"));
        let mut fresh = WordIndex::default();
        for (item, text) in [(4, "blue cup"), (3, "blue pot"), (1, "red tent")] {
            fresh.put_item(item, &hash_words(text));
        }
        for seed in 1..5 {
            assert_eq!(index.like(&[seed]), fresh.like(&[seed]));
        }
    }

    /// `red` stands in one item more than tells anything, and then in as many as still do.
    #[test]
    fn a_word_that_too_many_share_tells_again_once_they_are_few() {
        let (mut index, many) = (WordIndex::default(), u32::try_from(COMMON).unwrap() + 1);
        (0..many).for_each(|item| index.put_item(item, &hash_words("red")));
        (many..2 * many).for_each(|item| index.put_item(item, &hash_words("blue")));
        assert_eq!(index.like(&[0]), BTreeMap::new());
        index.remove(1);
        let scores = index.like(&[0]);
        assert_eq!((scores.len(), scores.contains_key(&1)), (COMMON - 1, false));
        // ln(10,001 / 5,000)², one word each
        assert!(
            scores.values().all(|score| (score - 0.480_592).abs() < 1e-6),
            "{:?}",
            scores.values().next()
        );
        index.put_item(1, &hash_words("red"));
        assert_eq!(index.like(&[0]), BTreeMap::new());
    }

    /// Products as a large shop has them: two titles, two tags, a brand and a category with two steps, and two
    /// words that no other product has.
    fn words_of_product(n: u64) -> Vec<(u64, u32)> {
        let common = (0..6).map(|word| (1, word));
        let shared = [(2, n % 97), (3, n % 300), (4, n % 50), (5, n % 500)];
        let own = [(6, n), (7, n)];
        let hash = |(kind, word): (u64, u64)| (kind << 32 | word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        common.chain(shared).chain(own).map(|word| (hash(word), 1)).collect()
    }

    /// The default of `memory_mb` is 64, and a worker without a product takes some 4 MB of it.
    #[test]
    fn three_hundred_thousand_products_fit_into_the_default_memory() {
        let mut index = WordIndex::default();
        for n in 0..300_000 {
            index.put_item(n, &words_of_product(u64::from(n)));
        }
        let lists: usize = index.lists.iter().map(|list| 24 + 4 * list.capacity()).sum();
        let words = index.numbers.reserved() + index.items.reserved();
        let bytes = words + lists + mem::size_of::<Holders>() * index.holders.capacity();
        assert!(bytes < 45 << 20, "{bytes} bytes");
        assert!(bytes / 300_000 < 150, "{} bytes a product", bytes / 300_000);
    }
}
