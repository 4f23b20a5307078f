//! What the store holds.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_contract::{ClockMark, Erasure, EventDetails, FeedEvent, StoppedBy};
use jardin_model::{
    EventId, Item, ItemIndex, PersonNumber, SessionId, SessionRecord, SubjectId, SubjectRecord, Timestamp,
};
use jardin_policy::Stop;
use jardin_store_kit::Secret;

/// Everything that an import may have to undo.
#[derive(Default, Clone)]
pub(crate) struct State {
    pub(crate) people: BTreeMap<SubjectId, Arc<SubjectRecord>>,
    /// The id of each person by their number.
    person_ids: BTreeMap<PersonNumber, SubjectId>,
    pub(crate) visits: BTreeMap<SessionId, Arc<SessionRecord>>,
    /// Events by their running number.
    pub(crate) events: BTreeMap<u64, StoredEvent>,
    /// When each id came last, and from whom.
    pub(crate) event_ids: BTreeMap<(&'static [u8], String, EventId), Timestamp>,
    pub(crate) items: BTreeMap<ItemIndex, Item>,
    pub(crate) stops: BTreeMap<StoppedBy, Stop>,
    pub(crate) erasures: BTreeMap<Arc<str>, Erasure>,
    /// When somebody of an id was last erased.
    pub(crate) erased: BTreeMap<SubjectId, Timestamp>,
    pub(crate) clock_mark: Option<ClockMark>,
    /// The items as they were before they were replaced last.
    pub(crate) kept_items: Vec<Item>,
    pub(crate) latest: Option<Timestamp>,
    pub(crate) keys: Vec<Option<Secret>>,
    /// What stood here before the import that has begun.
    pub(crate) before_import: Option<Box<State>>,
    /// How many numbers were given to events, people and visits, receipts included.
    numbers: u64,
}

/// A stored event, and what it says beyond integers where it is kept under a person.
#[derive(Clone)]
pub(crate) struct StoredEvent {
    pub(crate) event: FeedEvent,
    pub(crate) session: Option<SessionId>,
    pub(crate) details: EventDetails,
}

impl State {
    /// Nothing but these items.
    pub(crate) fn of_items(items: Vec<(ItemIndex, Item)>) -> Self {
        Self { items: items.into_iter().collect(), ..Self::default() }
    }

    /// Takes every number up to `last` for given.
    pub(crate) fn give_numbers_after(&mut self, last: u64) {
        self.numbers = self.numbers.max(last);
    }

    /// Adds a person; false where somebody has that number or id already.
    pub(crate) fn put_subject(&mut self, id: SubjectId, record: SubjectRecord) -> bool {
        let is_new = !self.people.contains_key(&id) && !self.person_ids.contains_key(&record.person);
        if is_new {
            self.person_ids.insert(record.person, id.clone());
            self.people.insert(id, Arc::new(record));
        }
        is_new
    }

    pub(crate) fn subject_by_number(&self, person: PersonNumber) -> Option<Arc<SubjectRecord>> {
        self.people.get(self.person_ids.get(&person)?).cloned()
    }

    /// A number that was never given before.
    pub(crate) fn next_number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    pub(crate) fn note_time(&mut self, now: Timestamp) {
        self.latest = self.latest.max(Some(now));
    }

    /// The person of that id, made now where there is none; `seen` makes them last seen later, never earlier.
    pub(crate) fn find_or_make_subject(&mut self, id: &SubjectId, seen: Timestamp) -> &mut SubjectRecord {
        let number = PersonNumber(self.next_number());
        let person_ids = &mut self.person_ids;
        let record = self.people.entry(id.clone()).or_insert_with(|| {
            person_ids.insert(number, id.clone());
            Arc::new(SubjectRecord {
                person: number,
                fields: BTreeMap::new(),
                events: Vec::new(),
                choices: BTreeMap::new(),
                objected: None,
                restricted: None,
                last_seen: seen,
            })
        });
        let record = Arc::make_mut(record);
        record.last_seen = record.last_seen.max(seen);
        record
    }

    /// The visit of that id, as [`State::find_or_make_subject`].
    pub(crate) fn find_or_make_session(&mut self, id: &SessionId, seen: Timestamp) -> &mut SessionRecord {
        let person = PersonNumber(self.next_number());
        let record = self.visits.entry(id.clone()).or_insert_with(|| {
            Arc::new(SessionRecord { person, events: Vec::new(), choices: BTreeMap::new(), last_seen: seen })
        });
        let record = Arc::make_mut(record);
        record.last_seen = record.last_seen.max(seen);
        record
    }

    /// The restricted people, of whom nothing is removed.
    pub(crate) fn restricted_people(&self) -> BTreeSet<PersonNumber> {
        self.people.values().filter(|r| r.restricted.is_some()).map(|r| r.person).collect()
    }

    /// Removes the events for which `goes` holds from the log and from every history; gives their running numbers.
    pub(crate) fn remove_events(&mut self, goes: impl Fn(&FeedEvent) -> bool) -> Vec<u64> {
        let gone: BTreeSet<u64> =
            self.events.values().filter(|e| goes(&e.event)).map(|e| e.event.sequence).collect();
        if gone.is_empty() {
            return Vec::new();
        }
        self.events.retain(|sequence, _| !gone.contains(sequence));
        for record in self.people.values_mut() {
            Arc::make_mut(record).events.retain(|e| !gone.contains(&e.sequence));
        }
        for visit in self.visits.values_mut() {
            Arc::make_mut(visit).events.retain(|e| !gone.contains(&e.sequence));
        }
        gone.into_iter().collect()
    }

    /// Removes a person with everything that is kept under them; gives how many events went.
    pub(crate) fn remove_subject(&mut self, id: &SubjectId) -> Option<(PersonNumber, u64)> {
        let person = self.people.remove(id)?.person;
        self.person_ids.remove(&person);
        let gone = self.remove_events(|event| event.subject == Some(person));
        Some((person, gone.len() as u64))
    }
}
