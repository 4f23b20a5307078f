//! The plugin `bought_together`: what was bought in the same basket as the items at hand.
//!
//! It learns baskets from the feed and keeps integers only: for each pair of items how many people had both in a basket,
//! and how often, where of one person no more baskets count than the policy says. A pair of fewer people than it asks
//! for is not shown. So forgetting a session is exact: every count is again what it would be without it, and scores are
//! computed from counts at query time.
//!
//! The score of an item beside seed `s` is the cosine of their sets of baskets, `pairs(s, i) / sqrt(baskets(s)
//! · baskets(i))` (Sarwar, Karypis, Konstan, Riedl, WWW 2001), shrunk by `pairs / (pairs + shrink)` so that
//! one common basket is no rule; over several seeds it is the sum.

mod baskets;

use baskets::Baskets;
use jardin_sdk::{Bounded, CatalogueRows, Observations, Params, Picks, Request, Strategy, strategy};

/// Counts that come from fewer common sessions weigh less.
const SHRINK: f64 = 5.0;
/// How many items are given where the host asks for fewer: the chain may need more than its limit.
const AT_LEAST: usize = 100;
/// The most seeds that are looked at: the page, and the last ones of a basket.
const MOST_SEEDS: usize = 20;

#[derive(Debug)]
struct BoughtTogether {
    baskets: Bounded<Baskets>,
    shrink: f64,
    /// Whether the catalogue has the item of an index now; what it has no longer is remembered, for it may
    /// come back, and not answered.
    live: Vec<bool>,
}

impl BoughtTogether {
    fn is_live(&self, index: u32) -> bool {
        self.live.get(index as usize).copied().unwrap_or(false)
    }
}

/// The page and the last items of the basket, each once, in the order of their indices, so that sums have the
/// same bits every time.
fn seeds(request: &Request<'_>) -> Vec<u32> {
    let basket = request.items("session.basket").unwrap_or_default();
    let mut seeds = Vec::new();
    for index in request.item("context.page_item").into_iter().chain(basket.into_iter().rev()) {
        if seeds.len() < MOST_SEEDS && !seeds.contains(&index) {
            seeds.push(index);
        }
    }
    seeds.sort_unstable();
    seeds
}

impl Strategy for BoughtTogether {
    fn create(params: &Params<'_>) -> Result<Self, String> {
        let shrink = params.number("shrink").unwrap_or(SHRINK);
        if shrink < 0.0 {
            return Err("`shrink` is 0 or more".to_owned());
        }
        Ok(Self {
            baskets: Bounded::new(Baskets::new(params.people_rule()), params),
            shrink,
            live: Vec::new(),
        })
    }

    fn catalogue(&mut self, rows: &CatalogueRows<'_>) {
        for row in rows.iter() {
            let at = row.index() as usize;
            if self.live.len() <= at {
                self.live.resize(at + 1, false);
            }
            if let Some(live) = self.live.get_mut(at) {
                *live = !row.is_removed();
            }
        }
    }

    fn recommend(&mut self, request: &Request<'_>, picks: &mut Picks) {
        let Some(baskets) = self.baskets.get() else { return };
        let scores = baskets.beside(&seeds(request), self.shrink);
        if let Some(candidates) = request.candidates() {
            for index in candidates {
                if let Some(score) = scores.get(&index) {
                    picks.add(index, *score);
                }
            }
        } else {
            for (index, score) in scores.into_iter().filter(|(index, _)| self.is_live(*index)) {
                picks.add(index, score);
            }
        }
        picks.keep_best(request.limit().max(AT_LEAST));
    }

    fn observe(&mut self, rows: &Observations<'_>) {
        let rows = rows.iter().filter(|row| !row.is_parting());
        self.baskets.change(|baskets| rows.for_each(|row| baskets.add(row.session, row.person, row.item)));
    }

    fn forget(&mut self, sessions: &[u64]) {
        self.baskets.change(|baskets| sessions.iter().for_each(|session| baskets.remove(*session)));
    }
}

strategy! {
    BoughtTogether, name: "bought_together", needs: [], may_use: ["session.basket", "context.page_item"],
    learns: true, counts_people: true, settings: { shrink: number (0 to 1e9) }
}

#[cfg(test)]
mod naive;
#[cfg(test)]
mod tests {
    use jardin_sdk::{
        Observation,
        harness::{Harness, forgetting::Forgetting},
    };

    use super::*;

    pub(crate) fn basket(session: u64, items: &[u32]) -> Vec<Observation> {
        let row = |(ordinal, item): (usize, &u32)| Observation {
            session,
            sequence: session,
            item: *item,
            kind: 8,
            hour: 0,
            ordinal: u32::try_from(ordinal).unwrap(),
            person: None,
        };
        items.iter().enumerate().map(row).collect()
    }

    /// A shop with the items 0 to 99.
    fn shop() -> Harness<BoughtTogether> {
        let mut harness = Harness::with_settings(|p| {
            p.number("shrink", 0.0);
        });
        for index in 0..100 {
            harness.item(index);
        }
        harness
    }

    /// The same, which asks for so many people, each of whom counts so often.
    pub(crate) fn counting_shop(at_least: u32, counts: u32) -> Harness<BoughtTogether> {
        let mut harness = Harness::with_settings(|p| {
            p.number("shrink", 0.0);
            p.number("host.at_least_people", at_least.into()).number("host.a_person_counts", counts.into());
        });
        for index in 0..100 {
            harness.item(index);
        }
        harness
    }

    #[test]
    fn companions_are_scored_as_worked_out_by_hand() {
        let mut harness = shop();
        for (session, items) in [(1, &[1, 2][..]), (2, &[1, 2]), (3, &[1, 3]), (4, &[3, 4])] {
            harness.observe(&basket(session, items));
        }
        harness.request.item("context.page_item", 1);
        let picks = harness.picks(10);
        // 1 stands in 3 sessions, 2 in 2, 3 in 2: 2/sqrt(3·2) and 1/sqrt(3·2)
        assert_eq!(picks.iter().map(|p| p.index).collect::<Vec<_>>(), [2, 3]);
        assert!((picks[0].score - 2.0 / 6.0_f64.sqrt()).abs() < 1e-15);
        assert!((picks[1].score - 1.0 / 6.0_f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn what_is_already_at_hand_is_not_given() {
        let mut harness = shop();
        harness.observe(&basket(1, &[1, 2, 3]));
        harness.request.items("session.basket", &[1, 2]);
        assert_eq!(harness.recommend(10), [3]);
    }

    #[test]
    fn nothing_at_hand_gives_nothing() {
        let mut harness = shop();
        harness.observe(&basket(1, &[1, 2, 3]));
        assert!(harness.recommend(10).is_empty());
    }

    #[test]
    fn the_page_and_the_last_of_a_long_basket_are_the_seeds() {
        let mut harness = shop();
        // each of 1 to 30 was bought with the item 50 higher
        (1..=30).for_each(|item| harness.observe(&basket(item.into(), &[item, item + 50])));
        let long: Vec<u32> = (2..=30).rev().collect();
        harness.request.items("session.basket", &long).item("context.page_item", 1);
        // the page 1, and the last nineteen of 30, 29, … 2, which are 20 down to 2
        let mut answer = harness.recommend(100);
        answer.sort_unstable();
        assert_eq!(answer, (51..=70).collect::<Vec<_>>());
    }

    #[test]
    fn candidates_alone_are_picked_where_the_host_gives_some() {
        let mut harness = shop();
        harness.observe(&basket(1, &[1, 2, 3, 4]));
        harness.request.item("context.page_item", 1).items("candidates", &[4, 9, 2]);
        assert_eq!(harness.recommend(10), [2, 4]);
    }

    #[test]
    fn what_the_catalogue_lost_is_answered_again_when_it_comes_back() {
        let mut harness = shop();
        harness.observe(&basket(1, &[1, 2, 3]));
        harness.request.item("context.page_item", 1);
        harness.remove(2);
        assert_eq!(harness.recommend(10), [3]);
        harness.item(2);
        assert_eq!(harness.recommend(10), [2, 3]);
    }

    #[test]
    fn what_leaves_a_basket_does_not_teach() {
        let mut harness = shop();
        // remove_from_cart, refund and dismiss
        for kind in [5, 9, 12] {
            let rows: Vec<Observation> =
                basket(kind.into(), &[1, 2]).into_iter().map(|row| Observation { kind, ..row }).collect();
            harness.observe(&rows);
        }
        harness.request.item("context.page_item", 1);
        assert!(harness.recommend(10).is_empty());
    }

    #[test]
    fn keeps_the_laws_of_forgetting() {
        let laws = Forgetting {
            untaught: || counting_shop(3, 1),
            question: |harness, items, _| {
                harness.request.items("session.basket", items);
            },
            is_same_state: |one, other| one.baskets.get() == other.baskets.get(),
        };
        assert_eq!(laws.breaches(), Vec::<String>::new());
    }
}
