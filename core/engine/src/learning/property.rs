//! After any history, what was learned is what a recomputation from scratch gives.

use std::collections::{BTreeMap, BTreeSet};

use jardin_contract::{FeedEvent, Observation};
use jardin_model::{EventKind, HistoryLine, ItemIndex, PersonNumber, Timestamp};
use proptest::prelude::*;

use super::{
    archive::{Archive, LearnableEvent, Owner},
    learned::Learned,
    sessions::make_sessions,
};

const MINUTE: i64 = 60_000;

/// A row without its session's number: sequence, ordinal, item, kind.
type Row = (u64, u32, u32, EventKind);
/// What a session is of: the person, the visit, the event that begins it.
type Group = (Option<u64>, Option<u64>, u64);

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
        |(person, visit, purchase, minute, item)| Happening::Event { person, visit, purchase, minute, item },
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
struct TinyShop {
    archive: Archive,
    events: Vec<FeedEvent>,
    permits: BTreeSet<u64>,
    never: BTreeSet<ItemIndex>,
    learned: Learned,
    dirty: BTreeSet<Owner>,
    pupil: BTreeMap<u64, Vec<Observation>>,
}

impl TinyShop {
    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Event { person, visit, purchase, minute, item } => {
                let event = FeedEvent {
                    sequence: self.events.len() as u64 + 1,
                    subject: (person > 0).then_some(PersonNumber(person)),
                    session: visit.map(PersonNumber),
                    kind: if purchase { EventKind::Purchase } else { EventKind::ViewItem },
                    at: Timestamp::from_ms(minute * MINUTE),
                    lines: Box::new([HistoryLine { item: ItemIndex(item), quantity: 1 }]),
                };
                self.events.push(event.clone());
                self.dirty.insert(self.archive.add_event(event));
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
                self.archive.erase_owner(Owner::Subject(PersonNumber(person)));
                self.dirty.insert(Owner::Subject(PersonNumber(person)));
            }
            Happening::Gone { index } => {
                if let Some(event) = self.events.get_mut(index) {
                    event.lines = Box::new([]);
                    self.dirty.extend(self.archive.remove_events(&[event.sequence].into()));
                }
            }
            Happening::Never { item } => {
                let item = ItemIndex(item);
                if !self.never.insert(item) {
                    self.never.remove(&item);
                }
                self.dirty.extend(self.archive.owners_holding(&[item].into()));
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
            let events: Vec<LearnableEvent> =
                if self.permits(owner) { self.archive.events_of(owner) } else { Vec::new() };
            let tied = |item| !self.never.contains(&item);
            let wanted = make_sessions(owner, &events, &tied, &[3; 32], None);
            let change = self.learned.changes_for(owner, wanted);
            for session in change.forget {
                assert!(self.pupil.remove(&session).is_some(), "only what was learned is forgotten");
                self.learned.mark_forgotten(owner, session);
            }
            for (known, rows) in change.observe {
                let told = self.pupil.entry(rows[0].session).or_default();
                assert_eq!(told.len(), known, "rows go on where they ended");
                told.extend(&rows[known..]);
                self.learned.mark_observed(owner, rows[0].session, &rows);
            }
        }
    }

    /// Everything from scratch, by the words of the rule: for each person the learnable events in the order
    /// of time; a purchase is a session; a visit is a session; of the rest, who is idle for more than 30
    /// minutes begins a new one.
    fn naive(&self) -> BTreeSet<Vec<Row>> {
        let mut groups: BTreeMap<Group, Vec<&FeedEvent>> = BTreeMap::new();
        let mut events: Vec<&FeedEvent> =
            self.events.iter().filter(|e| e.lines.iter().any(|l| !self.never.contains(&l.item))).collect();
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

    fn taught_rows(&self) -> BTreeSet<Vec<Row>> {
        let rows = |rows: &Vec<Observation>| {
            rows.iter().map(|r| (r.sequence, r.ordinal, r.item.0, r.kind)).collect()
        };
        self.pupil.values().map(rows).collect()
    }
}

proptest! {
    #[test]
    fn after_any_history_the_learned_sessions_are_those_of_a_recomputation(happenings in proptest::collection::vec(happening(), 0..120)) {
        let mut world = TinyShop::default();
        for happening in happenings {
            world.happen(happening);
        }
        world.settle();
        prop_assert_eq!(world.taught_rows(), world.naive());
    }
}
