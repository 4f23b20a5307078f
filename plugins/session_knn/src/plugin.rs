//! The library bound to the host.

use jardin_sdk::{CatalogueRows, Observations, Params as Given, Picks, Request, Strategy, strategy};

use crate::{Index, Limits, Plan, Row, Scratch, settings::Settings};

/// How many items are given where the host asks for fewer: house rules may drop some, and the chain may need
/// more than its limit.
const AT_LEAST: usize = 100;

struct SessionKnn {
    /// `None` once more was to be learned than the limit allows: what would be left out could not come back
    /// when something is forgotten, so nothing is kept at all and nothing is answered.
    index: Option<Index>,
    /// The most bytes that it may take.
    most_bytes: usize,
    /// Whether granted fields of items are compared.
    item_fields: bool,
    plan: Plan,
    scratch: Scratch,
    rows: Vec<Row>,
}

impl SessionKnn {
    /// The present visit, oldest first: what was looked at in it, else the basket, else what the person
    /// looked at; the page's item last.
    fn visit(request: &Request<'_>) -> Vec<u32> {
        let events = |field| {
            let events = request.events(field).filter(|events| !events.is_empty())?;
            Some(events.iter().rev().map(|event| event.item).collect::<Vec<u32>>())
        };
        let basket =
            || request.items("session.basket").filter(|items| !items.is_empty()).map(|items| items.to_vec());
        let visit = events("session.viewed").or_else(basket).or_else(|| events("subject.viewed"));
        let mut visit = visit.unwrap_or_default();
        if let Some(page) = request.item("context.page_item").filter(|page| visit.last() != Some(page)) {
            visit.push(page);
        }
        visit
    }
}

impl Strategy for SessionKnn {
    fn create(given: &Given<'_>) -> Result<Self, String> {
        let settings = Settings::read(given)?;
        let limits = Limits { events: settings.most_events, ..Limits::default() };
        Ok(Self {
            index: Some(Index::new(limits).counting_people(given.people_rule())),
            most_bytes: given.memory_bytes() / 4 * 3,
            item_fields: settings.item_fields,
            plan: Plan::new(settings.params),
            scratch: Scratch::default(),
            rows: Vec::new(),
        })
    }

    fn catalogue(&mut self, rows: &CatalogueRows<'_>) {
        let Some(index) = self.index.as_mut().filter(|_| self.item_fields) else { return };
        for row in rows.iter() {
            let is_there = !row.is_removed();
            index.item_fields_mut().put(
                row.index(),
                |name| row.text(name).filter(|_| is_there),
                |name| row.number(name).filter(|_| is_there),
            );
        }
    }

    fn recommend(&mut self, request: &Request<'_>, picks: &mut Picks) {
        let Some(index) = &mut self.index else { return };
        let visit = Self::visit(request);
        let most = request.limit().max(AT_LEAST);
        let allowed = request.candidates().map(|mut items| {
            items.sort_unstable();
            items
        });
        for scored in index.query(&visit, allowed.as_deref(), most, &self.plan, &mut self.scratch) {
            picks.add(scored.item, f64::from(scored.score));
        }
    }

    fn observe(&mut self, rows: &Observations<'_>) {
        self.rows.clear();
        self.rows.extend(rows.iter().map(|row| Row {
            session: row.session,
            sequence: row.sequence,
            ordinal: row.ordinal,
            item: row.item,
            kind: u8::try_from(row.kind).unwrap_or(0),
            hour: row.hour,
            person: row.person,
        }));
        let Some(index) = &mut self.index else { return };
        if index.observe(&self.rows).is_err() || index.takes() > self.most_bytes {
            self.index = None;
        }
    }

    fn forget(&mut self, sessions: &[u64]) {
        if let Some(index) = &mut self.index {
            index.forget(sessions);
        }
    }
}

strategy! {
    SessionKnn, name: "session_knn", needs: [],
    may_use: [
        "session.viewed", "session.basket", "subject.viewed", "context.page_item",
        "item.category", "item.price", "item.brand", "item.group",
    ],
    learns: true, counts_people: true
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jardin_sdk::{
        Event, Observation,
        harness::{Fields, Harness, forgetting::Forgetting},
    };

    use super::*;

    fn visit(session: u64, items: &[u32]) -> Vec<Observation> {
        let row = |(ordinal, item): (u32, &u32)| Observation {
            session,
            sequence: session * 100,
            item: *item,
            kind: 1,
            hour: 0,
            ordinal,
            person: None,
        };
        (0..).zip(items).map(row).collect()
    }

    /// Answers with what a single person had.
    fn harness(more: impl FnOnce(&mut Fields)) -> Harness<SessionKnn> {
        Harness::with_settings(more)
    }

    /// Of three people at least, each of whom counts once.
    fn counting_harness() -> Harness<SessionKnn> {
        harness(|s| {
            s.number("host.at_least_people", 3.0).number("host.a_person_counts", 1.0);
        })
    }

    fn taught_harness() -> Harness<SessionKnn> {
        let mut harness = harness(|_| {});
        for (session, items) in [(1, &[1, 2, 3][..]), (2, &[1, 2, 4]), (3, &[5, 6])] {
            harness.observe(&visit(session, items));
        }
        harness
    }

    #[test]
    fn the_visit_is_read_from_what_is_granted() {
        let mut harness = taught_harness();
        assert!(harness.recommend(10).is_empty(), "nothing is known of the visit");
        harness.request.item("context.page_item", 5);
        assert_eq!(BTreeSet::from_iter(harness.recommend(10)), BTreeSet::from([5, 6]));
        let at = |at, item| Event { at, item, quantity: 1, kind: 1 };
        harness.request.events("session.viewed", &[at(2, 2), at(1, 1)]).absent("context.page_item");
        assert!(harness.recommend(10).contains(&3));
    }

    #[test]
    fn the_newest_item_is_left_out_where_settings_say_so() {
        let mut harness = harness(|s| {
            s.text("current_item", "exclude");
        });
        harness.observe(&visit(1, &[1, 2]));
        harness.request.items("session.basket", &[1]);
        assert_eq!(harness.recommend(10), [2]);
    }

    #[test]
    fn what_is_forgotten_is_not_answered() {
        let mut harness = taught_harness();
        harness.request.item("context.page_item", 5);
        harness.forget(&[3]);
        assert!(harness.recommend(10).is_empty());
    }

    #[test]
    fn keeps_the_laws_of_forgetting() {
        let laws = Forgetting::<SessionKnn> {
            untaught: counting_harness,
            question: |harness, items, _| {
                harness.request.items("session.basket", items);
            },
            is_same_state: |one, other| {
                let sessions = |knn: &SessionKnn| {
                    let index = knn.index.iter();
                    let owned = |(id, sequence, hour, items): (u64, u64, u32, &[u32])| {
                        (id, sequence, hour, items.to_vec())
                    };
                    index.flat_map(Index::sessions).map(owned).collect::<Vec<_>>()
                };
                sessions(one) == sessions(other)
            },
        };
        assert_eq!(laws.breaches(), Vec::<String>::new());
    }

    #[test]
    fn only_candidates_are_picked_where_there_are_some() {
        let mut harness = taught_harness();
        harness.request.item("context.page_item", 1).items("candidates", &[4, 6]);
        assert_eq!(harness.recommend(10), [4]);
    }

    #[test]
    fn more_than_the_limit_is_not_kept_in_part() {
        let mut harness = harness(|s| {
            s.number("most_events", 3.0);
        });
        harness.request.item("context.page_item", 1);
        harness.observe(&visit(1, &[1, 2]));
        assert_eq!(harness.recommend(10).len(), 2);
        harness.observe(&visit(2, &[1, 3]));
        assert!(harness.recommend(10).is_empty());
    }

    /// 3 followed 1 more often, but 2 is a tent like it.
    #[test]
    fn fields_of_items_count_where_they_are_turned_on_and_known() {
        let list = |is_on: bool, category: &str| {
            let mut harness = harness(|s| {
                s.text("current_item", "exclude").text("weights", "near=1 same_category=9 price_distance=-1");
                s.flag("item_fields", is_on);
            });
            for (item, category, price) in [(1, category, 90.0), (2, "tents", 80.0), (3, "lamps", 9.0)] {
                harness.item(item).text("item.category", category).number("item.price", price);
            }
            for (session, next) in [(1, 3), (2, 3), (3, 2)] {
                harness.observe(&visit(session, &[1, next]));
            }
            harness.request.item("context.page_item", 1);
            harness.recommend(10)
        };
        assert_eq!(list(true, "tents"), [2, 3]);
        assert_eq!(list(false, "tents"), [3, 2]);
    }

    /// Item n is held by n people of its own, and by one more who looks at each twenty times.
    #[test]
    fn what_fewer_than_three_people_had_is_never_answered() {
        let held = |harness: &mut Harness<SessionKnn>| {
            let mut observe = |session: u32, person: u32, item: u32| {
                let row = |row| Observation { person: Some(person), ..row };
                let rows: Vec<Observation> = visit(session.into(), &[0, item]).into_iter().map(row).collect();
                harness.observe(&rows);
            };
            for n in 1..=6_u32 {
                (0..n).for_each(|person| observe(100 * n + person, 100 * n + person, n));
                (0..20).for_each(|again| observe(1_000 * n + again, 99, n));
            }
            harness.request.item("context.page_item", 0);
            BTreeSet::from_iter(harness.recommend(100))
        };
        assert_eq!(held(&mut harness(|_| {})), BTreeSet::from_iter(0..=6), "without a floor all would come");
        let mut shipped = counting_harness();
        assert_eq!(held(&mut shipped), BTreeSet::from_iter([0, 2, 3, 4, 5, 6]));
        shipped.forget(&[200, 300]);
        assert_eq!(BTreeSet::from_iter(shipped.recommend(100)), BTreeSet::from_iter([0, 3, 4, 5, 6]));
    }

    /// Three people went from 1 to 2, and three others to 3, one of them a thousand times since.
    #[test]
    fn a_thousand_visits_of_one_person_are_those_of_one_person() {
        let mut harness = counting_harness();
        let mut observe = |session: u64, person: u32, next: u32| {
            let row = |row| Observation { person: Some(person), ..row };
            harness.observe(&visit(session, &[1, next]).into_iter().map(row).collect::<Vec<_>>());
        };
        for (session, person, next) in
            [(1, 1, 2), (2, 2, 2), (3, 3, 2), (4, 4, 2), (5, 5, 3), (6, 6, 3), (7, 7, 3)]
        {
            observe(session, person, next);
        }
        (10..1_010).for_each(|session| observe(session, 7, 3));
        harness.request.item("context.page_item", 1);
        let answer = harness.recommend(10);
        let place = |item| answer.iter().position(|found| *found == item).unwrap();
        assert!(place(2) < place(3), "{answer:?}");
    }
}
