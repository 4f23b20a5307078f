//! The plugin `viewed_together`: what was looked at near the page's item, in the same visit.
//!
//! It learns visits and keeps integers only, so that forgetting one is exact. Of one person no more visits count than the
//! policy says, and a pair of fewer people than it asks for is not shown. The score is a cosine of
//! nearness (Sarwar, Karypis, Konstan, Riedl, WWW 2001), shrunk where it comes from few visits.

mod pairs;

use jardin_sdk::{Bounded, CatalogueRows, Observations, Params, Picks, Request, Strategy, strategy};
use pairs::Pairs;

/// How many items are given where the host asks for fewer: the chain may need more than its limit.
const AT_LEAST: usize = 100;
/// The most seeds that are looked at, the newest ones of the visit.
const MOST_SEEDS: usize = 5;

#[derive(Debug)]
struct ViewedTogether {
    pairs: Bounded<Pairs>,
    shrink: f64,
}

/// The page's item and the visit's, the newest first, each once.
fn seeds(request: &Request<'_>) -> Vec<u32> {
    let visit = request.events("session.viewed").unwrap_or_default();
    let visit = visit.into_iter().map(|event| event.item);
    let mut seeds = Vec::new();
    for item in request.item("context.page_item").into_iter().chain(visit) {
        if seeds.len() < MOST_SEEDS && !seeds.contains(&item) {
            seeds.push(item);
        }
    }
    seeds
}

impl Strategy for ViewedTogether {
    fn create(params: &Params<'_>) -> Result<Self, String> {
        let shrink = params.number("shrink").unwrap_or(5.0);
        let reach = params.number("reach").unwrap_or(5.0);
        if shrink < 0.0 || !(1.0..=50.0).contains(&reach) {
            return Err("`shrink` is 0 or more, `reach` is 1 to 50".to_owned());
        }
        Ok(Self { pairs: Bounded::new(Pairs::new(reach as usize, params.people_rule()), params), shrink })
    }

    fn catalogue(&mut self, _: &CatalogueRows<'_>) {}

    fn recommend(&mut self, request: &Request<'_>, picks: &mut Picks) {
        let Some(pairs) = self.pairs.get() else { return };
        let scores = pairs.beside(&seeds(request), self.shrink);
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

    fn observe(&mut self, rows: &Observations<'_>) {
        let rows = rows.iter().filter(|row| !row.is_parting());
        self.pairs.change(|pairs| rows.for_each(|row| pairs.add(row.session, row.person, row.item)));
    }

    fn forget(&mut self, sessions: &[u64]) {
        self.pairs.change(|pairs| sessions.iter().for_each(|session| pairs.remove(*session)));
    }
}

strategy! {
    ViewedTogether, name: "viewed_together", needs: [], may_use: ["context.page_item", "session.viewed"],
    learns: true, counts_people: true, settings: { reach: number (1 to 50), shrink: number (0 to 1e9) }
}

#[cfg(test)]
mod naive;
#[cfg(test)]
mod tests {
    use jardin_sdk::{
        Event, Observation,
        harness::{Harness, forgetting::Forgetting},
    };

    use super::*;

    pub(crate) fn visit(session: u64, items: &[u32]) -> Vec<Observation> {
        let row = |(ordinal, item): (u32, &u32)| Observation {
            session,
            sequence: session,
            item: *item,
            kind: 1,
            hour: 0,
            ordinal,
            person: None,
        };
        (0..).zip(items).map(row).collect()
    }

    /// Pairs reach two places; of so many people, each of whom counts so often.
    pub(crate) fn counting_harness(at_least: u32, counts: u32) -> Harness<ViewedTogether> {
        Harness::with_settings(|p| {
            p.number("shrink", 0.0).number("reach", 2.0);
            p.number("host.at_least_people", at_least.into()).number("host.a_person_counts", counts.into());
        })
    }

    #[test]
    fn the_page_and_the_visit_tell_what_comes() {
        let mut harness = Harness::<ViewedTogether>::new();
        assert!(harness.recommend(10).is_empty());
        for (session, items) in [(1, &[1, 2, 3][..]), (2, &[1, 2]), (3, &[8, 9])] {
            harness.observe(&visit(session, items));
        }
        harness.request.item("context.page_item", 1);
        assert_eq!(harness.recommend(10), [2, 3]);
        let seen = Event { at: 1, item: 8, quantity: 1, kind: 1 };
        harness.request.events("session.viewed", &[seen]);
        // beside 1: item 2 has 2/√(2·2) · 2/7 = .286, item 3 .8/√(2·1) · .8/5.8 = .078; beside 8, half: item
        // 9 1/√1 · 1/6 / 2 = .083
        assert_eq!(harness.recommend(10), [2, 9, 3]);
        harness.request.items("candidates", &[9]);
        assert_eq!(harness.recommend(10), [9]);
        harness.forget(&[3]);
        assert!(harness.recommend(10).is_empty());
    }

    #[test]
    fn keeps_the_laws_of_forgetting() {
        let laws = Forgetting {
            untaught: || counting_harness(3, 1),
            question: |harness, items, _| {
                let events: Vec<Event> = (0..)
                    .zip(items)
                    .map(|(at, item)| Event { at: -at, item: *item, quantity: 1, kind: 1 })
                    .collect();
                harness.request.events("session.viewed", &events);
            },
            is_same_state: |one, other| one.pairs.get() == other.pairs.get(),
        };
        assert_eq!(laws.breaches(), Vec::<String>::new());
    }
}
