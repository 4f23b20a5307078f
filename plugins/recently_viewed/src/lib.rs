//! The plugin `recently_viewed`: what the visitor looked at, the newest first, each item once. In the visit
//! where that is granted, then before it where the person's history is granted as well. It learns nothing and
//! keeps nothing.

use std::collections::HashSet;

use jardin_sdk::{CatalogueRows, Cleared, Event, Params, Picks, Request, Strategy, strategy};

/// How many items are given where the host asks for fewer: what is sold out or left out makes room.
const AT_LEAST: usize = 100;

struct RecentlyViewed;

/// What was looked at, the newest first: the visit, then the person's history.
fn seen(request: &Request<'_>) -> Vec<u32> {
    let visit = request.events("session.viewed").unwrap_or_default();
    let history = request.events("subject.viewed").unwrap_or_default();
    let mut events: Cleared<Event> = visit.into_iter().chain(history).collect();
    // a visit's events stand in both histories; the sort keeps equal times in their order
    events.sort_by_key(|event| std::cmp::Reverse(event.at));
    events.into_iter().map(|event| event.item).collect()
}

impl Strategy for RecentlyViewed {
    fn create(_: &Params<'_>) -> Result<Self, String> {
        Ok(Self)
    }

    fn catalogue(&mut self, _: &CatalogueRows<'_>) {}

    fn recommend(&mut self, request: &Request<'_>, picks: &mut Picks) {
        let page = request.item("context.page_item");
        let candidates: Option<HashSet<u32>> = request.candidates().map(|list| list.into_iter().collect());
        let mut given = HashSet::new();
        let mut rank = 0.0;
        for item in seen(request) {
            let may = Some(item) != page && candidates.as_ref().is_none_or(|list| list.contains(&item));
            if may && given.insert(item) {
                picks.add(item, -rank);
                rank += 1.0;
            }
            if given.len() >= request.limit().max(AT_LEAST) {
                return;
            }
        }
    }
}

strategy! {
    RecentlyViewed, name: "recently_viewed", needs: [], may_use: ["session.viewed", "subject.viewed", "context.page_item"]
}

#[cfg(test)]
mod tests {
    use jardin_sdk::harness::Harness;

    use super::*;

    fn at(at: i64, item: u32) -> Event {
        Event { at, item, quantity: 1, kind: 1 }
    }

    #[test]
    fn the_newest_comes_first_and_each_item_once() {
        let mut harness = Harness::<RecentlyViewed>::new();
        assert!(harness.recommend(10).is_empty(), "nobody is known");
        harness.request.events("session.viewed", &[at(9, 4), at(8, 2), at(7, 4)]);
        assert_eq!(harness.recommend(10), [4, 2]);
        harness.request.events("subject.viewed", &[at(9, 4), at(5, 1), at(3, 2)]);
        assert_eq!(harness.recommend(10), [4, 2, 1]);
        harness.request.item("context.page_item", 4);
        assert_eq!(harness.recommend(10), [2, 1]);
        harness.request.items("candidates", &[1]);
        assert_eq!(harness.recommend(10), [1]);
    }
}
