//! The plugin `trending`: what is in demand these days. It learns sessions and counts, for each item, in how
//! many of them it was within a window that ends now; an older one counts `2^(-age / half-life)`. Of one person the newest
//! count, no more of them than the policy says, and an item of fewer people than it asks for is not shown.
//!
//! Counts are integers by hour, and scores are made of them at query time in one fixed order. So forgetting a
//! session is exact: its hours are again what they would be without it. What has left the window is passed
//! over by time alone and taken back by `forget` as well.

mod hours;

use hours::Hours;
use jardin_sdk::{Bounded, CatalogueRows, Observations, Params, Picks, Request, Strategy, strategy};

/// How many items are given where the host asks for fewer: the chain may need more than its limit.
const AT_LEAST: usize = 100;
/// An hour, in milliseconds.
const HOUR_MS: i64 = 3_600_000;

#[derive(Debug)]
struct Trending {
    hours: Bounded<Hours>,
    window_hours: u32,
    half_life_hours: f64,
}

impl Strategy for Trending {
    fn create(params: &Params<'_>) -> Result<Self, String> {
        let days = |name: &str, usual: f64| match params.number(name).unwrap_or(usual) {
            days if days > 0.0 && days <= 36_500.0 => Ok(days),
            _ => Err(format!("`{name}` is a number of days above 0, at most 36500")),
        };
        Ok(Self {
            hours: Bounded::new(Hours::new(params.people_rule()), params),
            window_hours: (days("window_days", 14.0)? * 24.0).ceil() as u32,
            half_life_hours: days("half_life_days", 3.0)? * 24.0,
        })
    }

    fn catalogue(&mut self, _: &CatalogueRows<'_>) {}

    fn recommend(&mut self, request: &Request<'_>, picks: &mut Picks) {
        let now = u32::try_from(request.time().div_euclid(HOUR_MS)).unwrap_or(0);
        let Some(hours) = self.hours.get_mut() else { return };
        let scores = hours.scores(now, self.window_hours, self.half_life_hours);
        if let Some(candidates) = request.candidates() {
            for index in candidates {
                if let Some(score) = scores.get(&index) {
                    picks.add(index, *score);
                }
            }
            return;
        }
        for (item, score) in scores {
            picks.add(*item, *score);
        }
        picks.keep_best(request.limit().max(AT_LEAST));
    }

    fn observe(&mut self, rows: &Observations<'_>) {
        let rows = rows.iter().filter(|row| !row.is_parting());
        self.hours
            .change(|hours| rows.for_each(|row| hours.add(row.session, row.person, row.item, row.hour)));
    }

    fn forget(&mut self, sessions: &[u64]) {
        self.hours.change(|hours| sessions.iter().for_each(|session| hours.remove(*session)));
    }
}

strategy! {
    Trending, name: "trending", needs: [], may_use: [],
    learns: true, counts_people: true, settings: { window_days: number (0 to 36500), half_life_days: number (0 to 36500) }
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

    pub(crate) fn visit(session: u64, hour: u32, items: &[u32]) -> Vec<Observation> {
        let row = |(ordinal, item): (u32, &u32)| Observation {
            session,
            sequence: session,
            item: *item,
            kind: 1,
            hour,
            ordinal,
            person: None,
        };
        (0..).zip(items).map(row).collect()
    }

    /// Of so many people, each of whom counts so often.
    pub(crate) fn counting_harness(at_least: u32, counts: u32) -> Harness<Trending> {
        Harness::with_settings(|p| {
            p.number("host.at_least_people", at_least.into()).number("host.a_person_counts", counts.into());
        })
    }

    #[test]
    fn sessions_are_counted_and_not_rows() {
        let mut harness = Harness::<Trending>::new();
        assert!(harness.recommend(10).is_empty());
        for (session, items) in [(1, &[5, 5, 5][..]), (2, &[6, 7]), (3, &[7])] {
            harness.observe(&visit(session, 0, items));
        }
        let picks: Vec<(u32, f64)> = harness.picks(10).iter().map(|p| (p.index, p.score)).collect();
        assert_eq!(picks, [(7, 2.0), (5, 1.0), (6, 1.0)]);
        harness.request.items("candidates", &[6, 99]);
        assert_eq!(harness.recommend(10), [6]);
    }

    #[test]
    fn what_is_sent_back_is_not_in_demand() {
        let mut harness = Harness::<Trending>::new();
        // remove_from_cart, refund and dismiss
        for kind in [5, 9, 12] {
            let rows: Vec<Observation> =
                visit(kind.into(), 0, &[5]).into_iter().map(|row| Observation { kind, ..row }).collect();
            harness.observe(&rows);
        }
        assert!(harness.recommend(10).is_empty());
    }

    #[test]
    fn what_is_forgotten_counts_no_longer() {
        let mut harness = Harness::<Trending>::new();
        harness.observe(&visit(1, 0, &[5]));
        harness.observe(&visit(2, 0, &[5, 6]));
        harness.forget(&[2, 77]);
        let picks: Vec<(u32, f64)> = harness.picks(10).iter().map(|p| (p.index, p.score)).collect();
        assert_eq!(picks, [(5, 1.0)]);
    }

    #[test]
    fn keeps_the_laws_of_forgetting() {
        let laws = Forgetting {
            untaught: || counting_harness(3, 1),
            question: |harness, _, hour| harness.time_ms = i64::from(hour) * HOUR_MS,
            is_same_state: |one, other| one.hours.get() == other.hours.get(),
        };
        assert_eq!(laws.breaches(), Vec::<String>::new());
    }

    #[test]
    fn settings_out_of_range_are_refused() {
        let refused = std::panic::catch_unwind(|| {
            let mut harness = Harness::<Trending>::with_settings(|s| {
                s.number("window_days", 0.0);
            });
            harness.recommend(1)
        });
        assert!(refused.is_err());
    }
}
