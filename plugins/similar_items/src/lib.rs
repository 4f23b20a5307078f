//! The plugin `similar_items`: what resembles the page's item by attributes and words, so that it answers for
//! an item that nobody has touched yet. It learns nothing and reads of a visit only what is granted.

mod item_words;
mod plain_text;
mod word_index;
mod word_table;
mod words;

use jardin_sdk::{CatalogueRows, Params, Picks, Request, Strategy, strategy};
use word_index::WordIndex;

/// How many items are given where the host asks for fewer: the chain may need more than its limit.
const AT_LEAST: usize = 100;
/// The most items that are looked at, the newest ones of the visit.
const MOST_SEEDS: usize = 3;

#[derive(Debug, Default)]
struct SimilarItems {
    index: WordIndex,
}

impl Strategy for SimilarItems {
    fn create(_: &Params<'_>) -> Result<Self, String> {
        Ok(Self::default())
    }

    fn catalogue(&mut self, rows: &CatalogueRows<'_>) {
        for row in rows.iter() {
            if row.is_removed() {
                self.index.remove(row.index());
            } else {
                self.index.put_item(row.index(), &words::words_of_row(&row));
            }
        }
    }

    fn recommend(&mut self, request: &Request<'_>, picks: &mut Picks) {
        let visit = request.events("session.viewed").unwrap_or_default();
        let basket = request.items("session.basket").unwrap_or_default();
        let page = request.item("context.page_item");
        let visit = visit.into_iter().map(|event| event.item).chain(basket.into_iter().rev());
        let mut seeds: Vec<u32> = Vec::new();
        for item in page.into_iter().chain(visit) {
            if seeds.len() < MOST_SEEDS && !seeds.contains(&item) {
                seeds.push(item);
            }
        }
        let scores = self.index.like(&seeds);
        if let Some(candidates) = request.candidates() {
            for index in candidates {
                if let Some(score) = scores.get(&index) {
                    picks.add(index, *score);
                }
            }
            return;
        }
        for (item, score) in scores {
            picks.add(item, score);
        }
        picks.keep_best(request.limit().max(AT_LEAST));
    }
}

strategy! {
    SimilarItems, name: "similar_items", needs: [],
    may_use: [
        "item.category", "item.brand", "item.tags",
        "item.title", "item.title_de", "item.title_en", "item.title_es", "item.title_fr", "item.title_it",
        "item.description", "item.description_de", "item.description_en", "item.description_es", "item.description_fr",
        "item.description_it",
        "context.page_item", "session.viewed", "session.basket",
    ]
}

#[cfg(test)]
mod tests {
    use jardin_sdk::harness::Harness;

    use super::*;

    /// Two titles are alike by their words, not by how they are marked up.
    #[test]
    fn markup_makes_no_likeness() {
        let mut harness = Harness::<SimilarItems>::new();
        for (index, title) in [
            (1, "<p class=\"lead\">Sleeping <strong>bag</strong></p>"),
            (2, "<p class=\"lead\">Frying <strong>pan</strong></p>"),
            (3, "Sleeping bag &amp; mat"),
            (4, "Cup &amp; spoon"),
        ] {
            harness.item(index).text("item.title", title);
        }
        harness.request.item("context.page_item", 1);
        assert_eq!(harness.recommend(10), [3]);
        harness.request.item("context.page_item", 3);
        assert_eq!(harness.recommend(10), [1]);
    }

    #[test]
    fn an_item_that_nobody_touched_has_its_like() {
        let mut harness = Harness::<SimilarItems>::new();
        for (index, category, title) in [
            (1, "tents/light", "Ridge tent for two"),
            (2, "tents/light", "Valley tent for one"),
            (3, "tents/family", "Meadow tent for five"),
            (4, "cups", "Steel cup"),
            (5, "cups", "Ridge cup"),
        ] {
            harness.item(index).text("item.category", category).text("item.title", title);
        }
        assert!(harness.recommend(10).is_empty());
        harness.request.item("context.page_item", 1);
        // the same category, then the same branch of it, then a word
        assert_eq!(harness.recommend(10), [2, 3, 5]);
        harness.remove(2);
        assert_eq!(harness.recommend(10), [3, 5]);
        harness.request.items("candidates", &[5, 4]);
        assert_eq!(harness.recommend(10), [5]);
    }
}
