//! What an item is told by: its attributes and the words of its texts.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use jardin_sdk::CatalogueRow;

use crate::plain_text::without_markup;

/// Fields that stand for themselves.
const ATTRIBUTES: [&str; 2] = ["item.category", "item.brand"];
/// Fields with many attributes.
const TAGS: &str = "item.tags";
/// Fields of which each word counts.
const TEXTS: [&str; 12] = [
    "item.title",
    "item.title_de",
    "item.title_en",
    "item.title_es",
    "item.title_fr",
    "item.title_it",
    "item.description",
    "item.description_de",
    "item.description_en",
    "item.description_es",
    "item.description_fr",
    "item.description_it",
];

/// An attribute says more of an item than a word in its description.
const ATTRIBUTE: u32 = 3;
const TAG: u32 = 2;
const WORD: u32 = 1;
/// The most words of one item.
const MOST: usize = 200;

/// What a row says, each thing once with its weight, in one fixed order.
pub(crate) fn words_of_row(row: &CatalogueRow<'_>) -> Vec<(u64, u32)> {
    let mut words: Vec<(u64, u32)> = Vec::new();
    let mut add = |what: &str, word: &str, weight: u32| {
        let word = word_hash(what, word);
        if words.len() < MOST && !words.iter().any(|(known, _)| *known == word) {
            words.push((word, weight));
        }
    };
    for field in ATTRIBUTES {
        if let Some(text) = row.text(field) {
            // a path of categories counts by each of its steps
            let mut end = 0;
            for step in text.split('/') {
                end += step.len();
                add(field, text.get(..end).unwrap_or(text), ATTRIBUTE);
                end += 1;
            }
        }
    }
    for tag in row.texts(TAGS).unwrap_or_default() {
        add(TAGS, tag, TAG);
    }
    for field in TEXTS {
        let text = without_markup(row.text(field).unwrap_or_default());
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            if word.chars().count() > 1 {
                add("", &word.to_lowercase(), WORD);
            }
        }
    }
    words
}

/// By what a word is known: two different ones have the same in one of 2^64 cases.
fn word_hash(what: &str, word: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (what, word).hash(&mut hasher);
    hasher.finish()
}
