//! The plugin `popular`: what sells well, by the number of people that the host counts (`item.popularity`), then the newest item. It reads
//! nothing about a person and answers from the first item on, before anything was ever sold.

use std::collections::BTreeMap;

use jardin_sdk::{CatalogueRows, Params, Picks, Request, Strategy, strategy};

/// Items with their popularity; 0 where too few people are counted.
#[derive(Debug, Default)]
struct Popular {
    items: BTreeMap<u32, f64>,
    /// The items in the order of the answer; made anew when the catalogue has changed.
    order: Option<Vec<u32>>,
}

/// How many items are given where the host asks for fewer: the chain may need more than its limit.
const AT_LEAST: usize = 100;

impl Strategy for Popular {
    fn create(_: &Params<'_>) -> Result<Self, String> {
        Ok(Self::default())
    }

    fn catalogue(&mut self, rows: &CatalogueRows<'_>) {
        self.order = None;
        for row in rows.iter() {
            if row.is_removed() {
                self.items.remove(&row.index());
            } else {
                self.items.insert(row.index(), row.number("item.popularity").unwrap_or(0.0));
            }
        }
    }

    fn recommend(&mut self, request: &Request<'_>, picks: &mut Picks) {
        if let Some(candidates) = request.candidates() {
            for index in candidates {
                picks.add(index, self.items.get(&index).copied().unwrap_or(0.0));
            }
            return;
        }
        let items = &self.items;
        let order = self.order.get_or_insert_with(|| {
            let mut order: Vec<u32> = items.keys().copied().collect();
            let popularity = |index: &u32| items.get(index).copied().unwrap_or(0.0);
            // a higher index is a newer item
            order.sort_by(|a, b| popularity(b).total_cmp(&popularity(a)).then(b.cmp(a)));
            order
        });
        let mut rank = 0.0;
        for index in order.iter().take(request.limit().max(AT_LEAST)) {
            // a score that falls by rank keeps the order among equally popular items
            picks.add(*index, -rank);
            rank += 1.0;
        }
    }
}

strategy! { Popular, name: "popular", needs: [], may_use: ["item.popularity"] }

#[cfg(test)]
mod tests {
    use jardin_sdk::harness::Harness;

    use super::*;

    #[test]
    fn the_most_popular_come_first_and_then_the_newest() {
        let mut harness = Harness::<Popular>::new();
        for (index, popularity) in [(1, 5.0), (2, 9.0), (4, 5.0)] {
            harness.item(index).number("item.popularity", popularity);
        }
        harness.item(3);
        assert_eq!(harness.recommend(10), [2, 4, 1, 3]);
    }

    #[test]
    fn answers_from_the_first_item_without_any_count() {
        let mut harness = Harness::<Popular>::new();
        assert!(harness.recommend(10).is_empty());
        harness.item(7).absent("item.popularity");
        assert_eq!(harness.recommend(10), [7]);
        harness.remove(7);
        assert!(harness.recommend(10).is_empty());
    }

    #[test]
    fn candidates_alone_are_picked_where_the_host_gives_some() {
        let mut harness = Harness::<Popular>::new();
        for index in 0..5 {
            harness.item(index).number("item.popularity", f64::from(index));
        }
        harness.request.items("candidates", &[1, 3]);
        assert_eq!(harness.recommend(10), [3, 1]);
    }
}
