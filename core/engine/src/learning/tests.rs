use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_model::{
    Choice, ChoiceStatus, DAY_MS, EventKind, HistoryLine, ItemIndex, PersonNumber, StoredValue, SubjectRecord, Timestamp, Value,
};
use jardin_policy::{Learnable, Policy};
use jardin_strategy::{FeedEvent, Observation};
use proptest::prelude::*;

use super::{
    archive::{Archive, Kept, Owner},
    judge::Judge,
    learned::Learned,
    sessions::sessions,
};

const MINUTE: i64 = 60_000;

fn kept(sequence: u64, visit: Option<u64>, kind: EventKind, minute: i64, items: &[u32]) -> Kept {
    Kept {
        sequence,
        visit: visit.map(PersonNumber),
        kind,
        at: Timestamp::from_ms(minute * MINUTE),
        lines: items
            .iter()
            .map(|i| HistoryLine {
                item: ItemIndex(*i),
                quantity: 1,
            })
            .collect(),
    }
}

/// The items of each session, by the sequence of its first event.
fn made(events: &[Kept], never: &[u32]) -> Vec<(u64, Vec<u32>)> {
    let tied = |item: ItemIndex| !never.contains(&item.0);
    let mut made: Vec<(u64, Vec<u32>)> = sessions(Owner::Subject(PersonNumber(1)), events, &tied, &[3; 32])
        .values()
        .map(|rows| (rows[0].sequence, rows.iter().map(|r| r.item.0).collect()))
        .collect();
    made.sort();
    made
}

#[test]
fn a_session_is_a_visit_else_thirty_minutes_and_a_purchase_is_its_own_basket() {
    use EventKind::{Purchase, ViewItem};
    let events = [
        kept(1, Some(7), ViewItem, 0, &[10]),
        kept(2, None, ViewItem, 1, &[11]),
        kept(3, Some(7), ViewItem, 300, &[12]),
        kept(4, None, ViewItem, 31, &[13]),
        kept(5, None, ViewItem, 62, &[14]),
        kept(6, Some(7), Purchase, 301, &[15, 16]),
        kept(7, Some(7), Purchase, 302, &[15]),
        kept(8, Some(8), ViewItem, 303, &[17]),
    ];
    // 11 and 13 lie exactly 30 minutes apart, 13 and 14 one minute more
    let expected = [
        (1, vec![10, 12]),
        (2, vec![11, 13]),
        (5, vec![14]),
        (6, vec![15, 16]),
        (7, vec![15]),
        (8, vec![17]),
    ];
    assert_eq!(made(&events, &[]), expected);
    let without = [(1, vec![12]), (2, vec![11, 13]), (5, vec![14]), (6, vec![16]), (8, vec![17])];
    let mut without = without.to_vec();
    without[0].0 = 3;
    without.sort();
    assert_eq!(
        made(&events, &[10, 15]),
        without,
        "an item of `never` leaves no row, and an event without rows begins nothing"
    );
}

#[test]
fn rows_go_by_time_and_a_late_event_joins_its_session() {
    let events = [
        kept(5, Some(7), EventKind::ViewItem, 60, &[1]),
        kept(9, Some(7), EventKind::ViewItem, 0, &[2]),
    ];
    let sessions = sessions(Owner::Visit(PersonNumber(7)), &events, &|_| true, &[3; 32]);
    let rows = sessions.values().next().unwrap();
    let seen: Vec<_> = rows.iter().map(|r| (r.sequence, r.ordinal, r.item.0, r.hour)).collect();
    assert_eq!(seen, [(5, 0, 2, 0), (5, 1, 1, 1)]);
}

#[test]
fn numbers_differ_between_strategies_and_people() {
    let number = |owner: u64, secret: u8| {
        let events = [kept(1, Some(7), EventKind::ViewItem, 0, &[1])];
        *sessions(Owner::Subject(PersonNumber(owner)), &events, &|_| true, &[secret; 32])
            .keys()
            .next()
            .unwrap()
    };
    assert_eq!(number(1, 1), number(1, 1));
    assert_eq!(BTreeSet::from([number(1, 1), number(2, 1), number(1, 2)]).len(), 3);
}

fn policy() -> Policy {
    Policy::load("policy.toml", include_str!("../../testdata/policy.toml"))
        .map_err(|r| r.rendered())
        .unwrap()
        .0
}

fn record(choices: &[(i64, ChoiceStatus)]) -> SubjectRecord {
    let choice = |(day, status): &(i64, ChoiceStatus)| Choice {
        status: *status,
        text_version: "2026-10".into(),
        at: Timestamp::from_ms(day * DAY_MS),
        source: "banner".into(),
    };
    SubjectRecord {
        person: PersonNumber(1),
        fields: BTreeMap::new(),
        events: Vec::new(),
        choices: [(Arc::from("improvement"), choices.iter().map(choice).collect())].into(),
        objected: None,
        restricted: None,
        last_seen: Timestamp::from_ms(20_000 * DAY_MS),
    }
}

/// On which of the days a purchase may be learned from, at day 20,000.
fn learnable_days(record: &SubjectRecord, days: &[i64]) -> Vec<i64> {
    let policy = policy();
    let learnable = policy.learners().remove(0);
    let judge = Judge::new(
        &policy,
        &learnable,
        Owner::Subject(PersonNumber(1)),
        Some(record),
        Timestamp::from_ms(20_000 * DAY_MS),
    );
    let may = |day: &i64| judge.may_learn(&kept(1, None, EventKind::Purchase, day * 24 * 60, &[1]));
    days.iter().copied().filter(may).collect()
}

#[test]
fn learning_lasts_from_a_consent_to_its_first_end_and_begins_anew() {
    use ChoiceStatus::{Granted, Withdrawn};
    let days = [19_700, 19_850, 19_900, 19_950, 19_999];
    assert_eq!(learnable_days(&record(&[]), &days), [0_i64; 0]);
    assert_eq!(
        learnable_days(&record(&[(19_840, Granted)]), &days),
        [19_850, 19_900, 19_950, 19_999]
    );
    assert_eq!(
        learnable_days(&record(&[(19_840, Granted), (19_920, Withdrawn)]), &days),
        [0_i64; 0]
    );
    let renewed = record(&[(19_840, Granted), (19_920, Withdrawn), (19_930, Granted)]);
    assert_eq!(
        learnable_days(&renewed, &days),
        [19_950, 19_999],
        "what lies before the withdrawal never comes back"
    );
    let in_time = record(&[(19_690, Granted), (19_845, Granted)]);
    assert_eq!(learnable_days(&in_time, &days), days, "renewed before its 180 days were over");
    let too_late = record(&[(19_690, Granted), (19_880, Granted)]);
    assert_eq!(
        learnable_days(&too_late, &days),
        [19_900, 19_950, 19_999],
        "it had expired for ten days"
    );
    assert_eq!(learnable_days(&record(&[(19_690, Granted)]), &days), [0_i64; 0], "expired by now");
}

#[test]
fn objection_restriction_childhood_and_absence_end_learning() {
    let days = [19_850, 19_999];
    let agreed = || record(&[(19_840, ChoiceStatus::Granted)]);
    assert_eq!(
        learnable_days(
            &SubjectRecord {
                objected: Some(Timestamp::from_ms(0)),
                ..agreed()
            },
            &days
        ),
        [0_i64; 0]
    );
    assert_eq!(
        learnable_days(
            &SubjectRecord {
                restricted: Some(Timestamp::from_ms(0)),
                ..agreed()
            },
            &days
        ),
        [0_i64; 0]
    );
    let idle = Timestamp::from_ms((20_000 - 800) * DAY_MS);
    assert_eq!(
        learnable_days(
            &SubjectRecord {
                last_seen: idle,
                ..agreed()
            },
            &days
        ),
        [0_i64; 0]
    );
    // day 19,900 is 2024-06-26: who was born on 2006-06-26 comes of age on it
    let born = Value::Date(jardin_model::Date::new(2006, 6, 26).unwrap());
    let birth = StoredValue {
        value: born,
        stored_at: Timestamp::from_ms(19_840 * DAY_MS),
    };
    let grown = SubjectRecord {
        fields: [(Arc::from("birth_date"), birth)].into(),
        ..agreed()
    };
    assert_eq!(
        learnable_days(&grown, &[19_850, 19_899, 19_901]),
        [19_901],
        "what a child did is never learned from"
    );
}

#[test]
fn kinds_and_ages_that_the_policy_does_not_list_teach_nothing() {
    let policy = policy();
    let learnable: Learnable = policy.learners().remove(0);
    let agreed = record(&[(19_840, ChoiceStatus::Granted)]);
    let now = Timestamp::from_ms(20_000 * DAY_MS);
    let at =
        |owner, kind| Judge::new(&policy, &learnable, owner, Some(&agreed), now).may_learn(&kept(1, None, kind, 19_999 * 24 * 60, &[1]));
    assert!(at(Owner::Subject(PersonNumber(1)), EventKind::Purchase));
    assert!(!at(Owner::Subject(PersonNumber(1)), EventKind::ViewItem));
    assert!(
        !at(Owner::Visit(PersonNumber(1)), EventKind::Purchase),
        "it learns from subjects alone"
    );
}

/// What may happen to a shop.
#[derive(Debug, Clone)]
enum Happening {
    Event {
        person: u64,
        visit: Option<u64>,
        purchase: bool,
        minute: i64,
        item: u32,
    },
    Answer {
        person: u64,
        yes: bool,
    },
    Erase {
        person: u64,
    },
    Gone {
        index: usize,
    },
    Never {
        item: u32,
    },
    Restart,
    /// The strategy is told what is due.
    Settle,
}

fn happening() -> impl Strategy<Value = Happening> {
    let event = (0..4_u64, proptest::option::of(0..3_u64), any::<bool>(), 0..200_i64, 0..6_u32).prop_map(
        |(person, visit, purchase, minute, item)| Happening::Event {
            person,
            visit,
            purchase,
            minute,
            item,
        },
    );
    prop_oneof![
        8 => event,
        2 => (0..4_u64, any::<bool>()).prop_map(|(person, yes)| Happening::Answer { person, yes }),
        1 => (0..4_u64).prop_map(|person| Happening::Erase { person }),
        1 => (0..40_usize).prop_map(|index| Happening::Gone { index }),
        1 => (0..6_u32).prop_map(|item| Happening::Never { item }),
        1 => Just(Happening::Restart),
        4 => Just(Happening::Settle),
    ]
}

/// The least that a shop is: everything that happened, who permits what, and one strategy that learns.
#[derive(Default)]
struct World {
    archive: Archive,
    events: Vec<FeedEvent>,
    permits: BTreeSet<u64>,
    never: BTreeSet<ItemIndex>,
    learned: Learned,
    dirty: BTreeSet<Owner>,
    pupil: BTreeMap<u64, Vec<Observation>>,
}

impl World {
    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Event {
                person,
                visit,
                purchase,
                minute,
                item,
            } => {
                let event = FeedEvent {
                    sequence: self.events.len() as u64 + 1,
                    subject: (person > 0).then_some(PersonNumber(person)),
                    session: visit.map(PersonNumber),
                    kind: if purchase { EventKind::Purchase } else { EventKind::ViewItem },
                    at: Timestamp::from_ms(minute * MINUTE),
                    lines: Box::new([HistoryLine {
                        item: ItemIndex(item),
                        quantity: 1,
                    }]),
                };
                self.events.push(event.clone());
                self.dirty.insert(self.archive.add(event));
            }
            Happening::Answer { person, yes } => {
                if yes {
                    self.permits.insert(person)
                } else {
                    self.permits.remove(&person)
                };
                self.dirty.insert(Owner::Subject(PersonNumber(person)));
            }
            Happening::Erase { person } => {
                self.events
                    .iter_mut()
                    .filter(|e| e.subject == Some(PersonNumber(person)))
                    .for_each(|e| e.lines = Box::new([]));
                self.archive.erase(Owner::Subject(PersonNumber(person)));
                self.dirty.insert(Owner::Subject(PersonNumber(person)));
            }
            Happening::Gone { index } => {
                if let Some(event) = self.events.get_mut(index) {
                    event.lines = Box::new([]);
                    self.dirty.extend(self.archive.remove(&[event.sequence].into()));
                }
            }
            Happening::Never { item } => {
                let item = ItemIndex(item);
                if !self.never.insert(item) {
                    self.never.remove(&item);
                }
                self.dirty.extend(self.archive.holding(&[item].into()));
            }
            Happening::Restart => {
                self.pupil.clear();
                self.learned = Learned::default();
                self.dirty.extend(self.archive.owners());
            }
            Happening::Settle => self.settle(),
        }
    }

    fn permits(&self, owner: Owner) -> bool {
        match owner {
            Owner::Subject(person) => self.permits.contains(&person.0),
            Owner::Visit(_) | Owner::Event(_) => true,
        }
    }

    fn settle(&mut self) {
        for owner in std::mem::take(&mut self.dirty) {
            let events: Vec<Kept> = if self.permits(owner) { self.archive.of(owner) } else { Vec::new() };
            let wanted = sessions(owner, &events, &|item| !self.never.contains(&item), &[3; 32]);
            let change = self.learned.change(owner, wanted);
            for session in change.forget {
                assert!(self.pupil.remove(&session).is_some(), "only what was learned is forgotten");
                self.learned.forgot(owner, session);
            }
            for (known, rows) in change.observe {
                let told = self.pupil.entry(rows[0].session).or_default();
                assert_eq!(told.len(), known, "rows go on where they ended");
                told.extend(&rows[known..]);
                self.learned.observed(owner, rows[0].session, &rows);
            }
        }
    }

    /// Everything from scratch, by the words of the rule: for each person the learnable events in the order of time; a purchase is a session;
    /// a visit is a session; of the rest, who is idle for more than 30 minutes begins a new one.
    fn naive(&self) -> BTreeSet<Vec<(u64, u32, u32, EventKind)>> {
        let mut groups: BTreeMap<(Option<u64>, Option<u64>, u64), Vec<&FeedEvent>> = BTreeMap::new();
        let mut events: Vec<&FeedEvent> = self
            .events
            .iter()
            .filter(|e| e.lines.iter().any(|l| !self.never.contains(&l.item)))
            .collect();
        events.retain(|e| e.subject.is_none_or(|p| self.permits.contains(&p.0)));
        events.sort_by_key(|e| (e.at, e.sequence));
        let mut runs: BTreeMap<u64, (Timestamp, u64)> = BTreeMap::new();
        for event in events {
            let subject = event.subject.map(|p| p.0);
            let own = match (event.kind, event.session, subject) {
                (EventKind::Purchase, ..) | (_, None, None) => (subject, None, event.sequence),
                (_, Some(visit), _) => (subject, Some(visit.0), 0),
                (_, None, Some(person)) => {
                    let begun = runs
                        .get(&person)
                        .filter(|(last, _)| event.at.ms() - last.ms() <= 30 * MINUTE)
                        .map_or(event.sequence, |(_, begun)| *begun);
                    runs.insert(person, (event.at, begun));
                    (subject, None, begun)
                }
            };
            groups.entry(own).or_default().push(event);
        }
        let rows = groups.into_values().map(|events| {
            let first = events.iter().map(|e| e.sequence).min().unwrap();
            let row = |(n, e): (usize, &&FeedEvent)| (first, n as u32, e.lines[0].item.0, e.kind);
            events.iter().enumerate().map(row).collect()
        });
        rows.collect()
    }

    fn taught(&self) -> BTreeSet<Vec<(u64, u32, u32, EventKind)>> {
        let rows = |rows: &Vec<Observation>| rows.iter().map(|r| (r.sequence, r.ordinal, r.item.0, r.kind)).collect();
        self.pupil.values().map(rows).collect()
    }
}

proptest! {
    #[test]
    fn after_any_history_the_learned_sessions_are_those_of_a_recomputation(happenings in proptest::collection::vec(happening(), 0..120)) {
        let mut world = World::default();
        for happening in happenings {
            world.happen(happening);
        }
        world.settle();
        prop_assert_eq!(world.taught(), world.naive());
    }
}
