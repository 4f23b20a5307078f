//! The plugin `popular`: what sells well, by the number of people that the host counts (`item.popularity`),
//! then the newest item. It reads nothing about a person and answers from the first item on, before anything
//! was ever sold.

use std::{
    cmp::{Ordering, Reverse},
    collections::BTreeSet,
};

use jardin_sdk::{CatalogueRows, Params, Picks, Request, Strategy, strategy};

/// How many items are given where the host asks for fewer: the chain may need more than its limit.
const AT_LEAST: usize = 100;

/// A popularity in its total order; 0 where too few people are counted.
#[derive(Debug, Clone, Copy)]
struct Popularity(f64);

impl Ord for Popularity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Popularity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Popularity {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Popularity {}

/// Where an item stands in the answer: the more popular first, then the higher index, which is the newer
/// item.
type Place = (Reverse<Popularity>, Reverse<u32>);

/// The items in the order of the answer. The order is kept with every change: to sort a large catalogue when
/// a request comes would take longer than a request may.
#[derive(Debug, Default)]
struct Popular {
    order: BTreeSet<Place>,
    /// The place of each index; `None` where there is no such item.
    places: Vec<Option<Place>>,
}

impl Popular {
    fn set(&mut self, index: u32, place: Option<Place>) {
        let at = index as usize;
        if self.places.len() <= at {
            self.places.resize(at + 1, None);
        }
        if let Some(slot) = self.places.get_mut(at) {
            if let Some(before) = slot.take() {
                self.order.remove(&before);
            }
            self.order.extend(place);
            *slot = place;
        }
    }

    fn place(&self, index: u32) -> Option<Place> {
        self.places.get(index as usize).copied().flatten()
    }
}

/// Picks in this order: a score that falls by rank keeps the order among equally popular items.
fn pick(picks: &mut Picks, order: impl Iterator<Item = u32>) {
    let mut rank = 0.0;
    for index in order {
        picks.add(index, -rank);
        rank += 1.0;
    }
}

impl Strategy for Popular {
    fn create(_: &Params<'_>) -> Result<Self, String> {
        Ok(Self::default())
    }

    fn catalogue(&mut self, rows: &CatalogueRows<'_>) {
        for row in rows.iter() {
            let popularity = Popularity(row.number("item.popularity").unwrap_or(0.0));
            let place = (Reverse(popularity), Reverse(row.index()));
            self.set(row.index(), (!row.is_removed()).then_some(place));
        }
    }

    fn recommend(&mut self, request: &Request<'_>, picks: &mut Picks) {
        if let Some(candidates) = request.candidates() {
            let places: BTreeSet<Place> =
                candidates.into_iter().filter_map(|index| self.place(index)).collect();
            pick(picks, places.into_iter().map(|(_, Reverse(index))| index));
        } else {
            let most = request.limit().max(AT_LEAST);
            pick(picks, self.order.iter().take(most).map(|(_, Reverse(index))| *index));
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
        harness.request.items("candidates", &[1, 3, 77]);
        assert_eq!(harness.recommend(10), [3, 1]);
    }

    #[test]
    fn equally_popular_candidates_stand_newest_first() {
        let mut harness = Harness::<Popular>::new();
        for index in 0..5 {
            harness.item(index).number("item.popularity", 2.0);
        }
        harness.request.items("candidates", &[1, 4, 3]);
        assert_eq!(harness.recommend(10), [4, 3, 1]);
    }

    #[test]
    fn a_change_moves_an_item_and_leaves_no_second_place() {
        let mut harness = Harness::<Popular>::new();
        for index in 0..3 {
            harness.item(index).number("item.popularity", f64::from(index));
        }
        assert_eq!(harness.recommend(10), [2, 1, 0]);
        harness.item(0).number("item.popularity", 9.0);
        harness.item(2).absent("item.popularity");
        assert_eq!(harness.recommend(10), [0, 1, 2]);
        harness.remove(0);
        assert_eq!(harness.recommend(10), [1, 2]);
    }
}
