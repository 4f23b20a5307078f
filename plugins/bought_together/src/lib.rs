//! The plugin `bought_together`: what was bought in the same basket as the items at hand.
//!
//! It learns baskets from the feed and keeps integers only: for each pair of items in how many sessions both were. So forgetting a session
//! is exact: every count is again what it would be without it, and scores are computed from counts at query time.
//!
//! The score of an item beside seed `s` is the cosine of their session sets, `pairs(s, i) / sqrt(sessions(s) · sessions(i))` (Sarwar,
//! Karypis, Konstan, Riedl, WWW 2001), shrunk by `pairs / (pairs + shrink)` so that one common basket is no rule; over several seeds it is the sum.

mod baskets;

use baskets::Baskets;
use jardin_sdk::{CatalogueRows, Observations, Params, Picks, Request, Strategy, strategy};

/// Counts that come from fewer common sessions weigh less.
const SHRINK: f64 = 5.0;
/// How many items are given where the host asks for fewer: the chain may need more than its limit.
const AT_LEAST: usize = 100;
/// The most seeds that are looked at, the last ones of a basket.
const MOST_SEEDS: usize = 20;

#[derive(Debug)]
struct BoughtTogether {
    baskets: Baskets,
    shrink: f64,
}

impl Strategy for BoughtTogether {
    fn create(params: &Params<'_>) -> Result<Self, String> {
        let shrink = params.number("shrink").unwrap_or(SHRINK);
        if shrink < 0.0 {
            return Err("`shrink` is 0 or more".to_owned());
        }
        Ok(Self {
            baskets: Baskets::default(),
            shrink,
        })
    }

    fn catalogue(&mut self, _: &CatalogueRows<'_>) {}

    fn recommend(&mut self, request: &Request<'_>, picks: &mut Picks) {
        let basket = request.items("session.basket").unwrap_or_default();
        let mut seeds: Vec<u32> = basket.iter().rev().copied().chain(request.item("context.page_item")).collect();
        seeds.sort_unstable();
        seeds.dedup();
        // in one fixed order, so that the sums have the same bits every time
        seeds.truncate(MOST_SEEDS);
        for (item, score) in self.baskets.beside(&seeds, self.shrink) {
            picks.add(item, score);
        }
        picks.keep_best(request.limit().max(AT_LEAST));
    }

    fn observe(&mut self, rows: &Observations<'_>) {
        for row in rows.iter() {
            self.baskets.add(row.session, row.item);
        }
    }

    fn forget(&mut self, sessions: &[u64]) {
        for session in sessions {
            self.baskets.remove(*session);
        }
    }
}

strategy! {
    BoughtTogether, name: "bought_together", needs: [], may_use: ["session.basket", "context.page_item"], learns: true
}

#[cfg(test)]
mod tests {
    use jardin_sdk::{Observation, harness::Harness};

    use super::*;

    fn basket(session: u64, items: &[u32]) -> Vec<Observation> {
        let row = |(ordinal, item): (usize, &u32)| Observation {
            session,
            sequence: session,
            item: *item,
            kind: 8,
            hour: 0,
            ordinal: u32::try_from(ordinal).unwrap(),
        };
        items.iter().enumerate().map(row).collect()
    }

    #[test]
    fn companions_are_scored_as_worked_out_by_hand() {
        let mut harness = Harness::<BoughtTogether>::with_settings(|p| {
            p.number("shrink", 0.0);
        });
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
        let mut harness = Harness::<BoughtTogether>::new();
        harness.observe(&basket(1, &[1, 2, 3]));
        harness.request.items("session.basket", &[1, 2]);
        assert_eq!(harness.recommend(10), [3]);
    }

    #[test]
    fn nothing_at_hand_gives_nothing() {
        let mut harness = Harness::<BoughtTogether>::new();
        harness.observe(&basket(1, &[1, 2, 3]));
        assert!(harness.recommend(10).is_empty());
    }

    /// A fixed sequence of pseudo-random numbers: xorshift64 (Marsaglia 2003).
    fn random() -> impl FnMut(u64) -> u64 {
        let mut state = 88_172_645_463_325_252_u64;
        move |below| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        }
    }

    #[test]
    fn forgetting_equals_never_having_learned() {
        let mut next = random();
        let sessions: Vec<Vec<Observation>> = (0..2000)
            .map(|s| {
                let items: Vec<u32> = (0..=next(8)).map(|_| u32::try_from(next(100)).unwrap()).collect();
                basket(s, &items)
            })
            .collect();
        let gone = |s: u64| s % 7 == 3;
        let mut learned = Harness::<BoughtTogether>::new();
        sessions.iter().for_each(|rows| learned.observe(rows));
        (0..2000).filter(|s| gone(*s)).for_each(|s| learned.forget(&[s]));
        let mut fresh = Harness::<BoughtTogether>::new();
        sessions
            .iter()
            .filter(|rows| !gone(rows[0].session))
            .for_each(|rows| fresh.observe(rows));
        for _ in 0..1000 {
            let seeds: Vec<u32> = (0..=next(3)).map(|_| u32::try_from(next(100)).unwrap()).collect();
            learned.request.items("session.basket", &seeds);
            fresh.request.items("session.basket", &seeds);
            let bits = |h: &mut Harness<BoughtTogether>| h.picks(50).iter().map(|p| (p.index, p.score.to_bits())).collect::<Vec<_>>();
            assert_eq!(bits(&mut learned), bits(&mut fresh));
        }
        assert_eq!(learned.strategy().unwrap().baskets, fresh.strategy().unwrap().baskets);
    }

    #[test]
    fn a_session_that_grows_equals_one_that_came_whole() {
        let mut grown = Harness::<BoughtTogether>::new();
        let rows = basket(1, &[5, 6, 7, 5]);
        rows.iter().for_each(|row| grown.observe(std::slice::from_ref(row)));
        let mut whole = Harness::<BoughtTogether>::new();
        whole.observe(&rows);
        assert_eq!(grown.strategy().unwrap().baskets, whole.strategy().unwrap().baskets);
    }
}
