//! The plugin `new_items`: what is new, by `item.added` where the shop grants it, else by the order in which
//! items came. It reads nothing about a person, and an item that was added a second ago stands first.

use std::collections::BTreeMap;

use jardin_sdk::{CatalogueRow, CatalogueRows, Params, Picks, Request, Strategy, strategy};

/// How many items are given where the host asks for fewer: the chain may need more than its limit.
const AT_LEAST: usize = 100;
/// A day, in milliseconds.
const DAY_MS: i64 = 86_400_000;

/// Where a shop says when an item was added; the first of them that is granted and present counts.
const FIELDS: [&str; 2] = ["item.added", "item.online_since"];

#[derive(Debug)]
struct NewItems {
    /// When each item was added, in milliseconds since 1970-01-01 UTC; `None` where the shop does not say.
    items: BTreeMap<u32, Option<i64>>,
    /// Items that were added longer ago are left out; `None` keeps all.
    newest_ms: Option<i64>,
}

fn added(row: &CatalogueRow<'_>) -> Option<i64> {
    FIELDS.iter().find_map(|field| {
        let day = || row.date(field).map(|days| i64::from(days) * DAY_MS);
        row.time(field).or_else(day)
    })
}

impl Strategy for NewItems {
    fn create(params: &Params<'_>) -> Result<Self, String> {
        let days = params.number("newest_days");
        if days.is_some_and(|days| !(0.0..=36_500.0).contains(&days)) {
            return Err("`newest_days` is a number of 0 to 36500".to_owned());
        }
        Ok(Self { items: BTreeMap::new(), newest_ms: days.map(|days| (days * DAY_MS as f64) as i64) })
    }

    fn catalogue(&mut self, rows: &CatalogueRows<'_>) {
        for row in rows.iter() {
            if row.is_removed() {
                self.items.remove(&row.index());
            } else {
                self.items.insert(row.index(), added(&row));
            }
        }
    }

    fn recommend(&mut self, request: &Request<'_>, picks: &mut Picks) {
        let now = request.time();
        let is_new = |added: Option<i64>| match (self.newest_ms, added) {
            (Some(newest), Some(added)) => added <= now && now - added <= newest,
            // what is announced for later is no news yet, and of an unknown day a window says nothing
            (Some(_), None) => false,
            (None, added) => added.is_none_or(|added| added <= now),
        };
        let mut order: Vec<(i64, u32)> = match request.candidates() {
            Some(candidates) => candidates
                .iter()
                .filter_map(|index| Some((*self.items.get(index)?, *index)))
                .collect::<Vec<_>>(),
            None => self.items.iter().map(|(index, added)| (*added, *index)).collect(),
        }
        .into_iter()
        .filter(|(added, _)| is_new(*added))
        .map(|(added, index)| (added.unwrap_or(i64::MIN), index))
        .collect();
        // a higher index is an item that came later
        order.sort_unstable_by(|a, b| b.cmp(a));
        let mut rank = 0.0;
        for (_, index) in order.into_iter().take(request.limit().max(AT_LEAST)) {
            picks.add(index, -rank);
            rank += 1.0;
        }
    }
}

strategy! {
    NewItems, name: "new_items", needs: [], may_use: ["item.added", "item.online_since"],
    settings: { newest_days: number (0 to 36500) }
}

#[cfg(test)]
mod tests {
    use jardin_sdk::harness::Harness;

    use super::*;

    #[test]
    fn the_latest_comes_first_whether_or_not_days_are_known() {
        let mut harness = Harness::<NewItems>::new();
        assert!(harness.recommend(10).is_empty());
        for index in [4, 9, 7] {
            harness.item(index);
        }
        assert_eq!(harness.recommend(10), [9, 7, 4]);
        harness.remove(9);
        assert_eq!(harness.recommend(10), [7, 4]);
    }

    #[test]
    fn only_candidates_are_picked_where_there_are_some() {
        let mut harness = Harness::<NewItems>::new();
        for index in 0..5 {
            harness.item(index);
        }
        harness.request.items("candidates", &[1, 3, 99]);
        assert_eq!(harness.recommend(10), [3, 1]);
    }

    /// Days 10, 12 and 20; asked at noon of day 12, what comes on day 20 is not shown, and of a window of one
    /// day what is from day 10 has left.
    #[test]
    fn the_day_that_the_shop_gives_comes_before_the_order_of_arrival() {
        for (newest_days, expected) in [(30.0, &[1, 2][..]), (1.0, &[1])] {
            let mut harness = Harness::<NewItems>::with_settings(|s| {
                s.number("newest_days", newest_days);
            });
            harness.time_ms = 12 * DAY_MS + DAY_MS / 2;
            harness.item(1).time("item.online_since", 12 * DAY_MS);
            harness.item(2).date("item.added", 10);
            harness.item(3).date("item.added", 20);
            assert_eq!(harness.recommend(10), expected);
        }
    }

    #[test]
    fn a_window_keeps_out_what_has_no_day() {
        let mut harness = Harness::<NewItems>::with_settings(|s| {
            s.number("newest_days", 30.0);
        });
        harness.item(1);
        assert!(harness.recommend(10).is_empty());
    }
}
