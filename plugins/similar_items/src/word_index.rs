//! Which items are told by which words.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A word that so many items share tells nothing of one of them, and would cost a long walk.
const COMMON: usize = 5_000;

#[derive(Debug, Default)]
struct Word {
    items: BTreeSet<u32>,
}

/// Items by their words. Nothing here depends on the order in which items came.
#[derive(Debug, Default)]
pub(crate) struct WordIndex {
    /// A number for each word.
    numbers: HashMap<String, u32>,
    words: Vec<Word>,
    /// The words of each item, with their weights.
    items: BTreeMap<u32, Vec<(u32, u32)>>,
}

impl WordIndex {
    /// Indexes an item, in place of what it said before.
    pub(crate) fn put(&mut self, item: u32, words: Vec<(String, u32)>) {
        self.remove(item);
        let mut numbered = Vec::with_capacity(words.len());
        for (word, weight) in words {
            let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
            let number = *self.numbers.entry(word).or_insert(next);
            if number as usize >= self.words.len() {
                self.words.push(Word::default());
            }
            if let Some(word) = self.words.get_mut(number as usize) {
                word.items.insert(item);
                numbered.push((number, weight));
            }
        }
        self.items.insert(item, numbered);
    }

    pub(crate) fn remove(&mut self, item: u32) {
        for (number, _) in self.items.remove(&item).unwrap_or_default() {
            if let Some(word) = self.words.get_mut(number as usize) {
                word.items.remove(&item);
            }
        }
    }

    /// Each item that shares a telling word with one of `seeds`, with its likeness: the sum over shared words
    /// of weight² · ln(items / items with it)², over the root of how much either item says (a cosine of
    /// tf-idf with the length of what is said for the norm; Salton and Buckley 1988). The newest seed comes
    /// first, and each older one counts half. Seeds are left out.
    pub(crate) fn like(&self, seeds: &[u32]) -> BTreeMap<u32, f64> {
        let mut scores = BTreeMap::new();
        let mut seed_weight = 1.0;
        for seed in seeds {
            let words = self.items.get(seed).map_or(&[][..], Vec::as_slice);
            for (number, weight) in words {
                let Some(word) = self.words.get(*number as usize) else {
                    continue;
                };
                let with = word.items.len();
                if !(2..=COMMON).contains(&with) {
                    continue;
                }
                let rarity = (self.items.len() as f64 / with as f64).ln();
                let telling = seed_weight * (f64::from(*weight) * rarity).powi(2);
                for item in word.items.iter().filter(|item| !seeds.contains(item)) {
                    let says = self.items.get(item).map_or(0, Vec::len);
                    *scores.entry(*item).or_insert(0.0) += telling / ((words.len() * says) as f64).sqrt();
                }
            }
            seed_weight /= 2.0;
        }
        scores.retain(|_, score| *score > 0.0);
        scores
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<(String, u32)> {
        text.split(' ').map(|word| (word.to_owned(), 1)).collect()
    }

    /// Four items; `red` stands in two, `tent` in two, `the` in all. Beside item 1 (the red tent): item 2
    /// (the red cup) shares `red`: ln(4/2)² / sqrt(3 · 3) = .160151; item 3 (the tent) shares `tent`: ln(2)²
    /// / sqrt(3 · 2) = .196145; `the` tells nothing.
    #[test]
    fn likeness_is_what_was_worked_out_by_hand() {
        let mut index = WordIndex::default();
        for (item, text) in [(1, "the red tent"), (2, "the red cup"), (3, "the tent"), (4, "the pot")] {
            index.put(item, words(text));
        }
        let scores = index.like(&[1]);
        assert_eq!(scores.keys().copied().collect::<Vec<_>>(), [2, 3]);
        assert!((scores[&2] - 0.160_151).abs() < 1e-6 && (scores[&3] - 0.196_145).abs() < 1e-6, "{scores:?}");
    }

    #[test]
    fn what_was_taken_away_leaves_no_trace() {
        let mut index = WordIndex::default();
        for (item, text) in [(1, "red tent"), (2, "red tent"), (3, "red pot"), (4, "blue cup")] {
            index.put(item, words(text));
        }
        index.remove(2);
        index.put(3, words("blue pot"));
        let mut fresh = WordIndex::default();
        for (item, text) in [(4, "blue cup"), (3, "blue pot"), (1, "red tent")] {
            fresh.put(item, words(text));
        }
        for seed in 1..5 {
            assert_eq!(index.like(&[seed]), fresh.like(&[seed]));
        }
    }
}
