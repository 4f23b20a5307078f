//! A store in memory, as simple as can be.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use jardin_contract::{
    Appended, Cached, Erasure, EventLog, Export, FeedEvent, ProfileChange, StateStore, StoreError,
};
use jardin_model::{
    Choice, EventId, EventKind, HistoryEvent, HistoryLine, Item, ItemChange, ItemIds, ItemIndex,
    ItemNumbering, PersonNumber, SessionId, SessionRecord, SubjectId, SubjectRecord, Timestamp,
};
use jardin_policy::{Admitted, Keeper, Stop, SweepPlan};

#[derive(Default)]
struct State {
    people: BTreeMap<SubjectId, Arc<SubjectRecord>>,
    visits: BTreeMap<SessionId, Arc<SessionRecord>>,
    events: BTreeMap<u64, FeedEvent>,
    seen: BTreeSet<EventId>,
    items: BTreeMap<ItemIndex, Item>,
    stop: Stop,
    erasures: BTreeMap<Arc<str>, Erasure>,
    latest: Option<Timestamp>,
    next: u64,
}

/// Event log and state store at once.
#[derive(Default)]
pub(crate) struct Memory {
    state: Mutex<State>,
    numbering: ItemNumbering,
    /// Reads that were not answered from the cache.
    pub(crate) reads: AtomicUsize,
    /// Nothing is cached.
    pub(crate) uncached: AtomicBool,
    /// Every read fails.
    pub(crate) broken: AtomicBool,
}

impl Memory {
    fn number(state: &mut State) -> u64 {
        state.next += 1;
        state.next
    }

    fn person(state: &mut State, id: &SubjectId, at: Timestamp) -> SubjectRecord {
        if let Some(record) = state.people.get(id) {
            let mut record = (**record).clone();
            record.last_seen = record.last_seen.max(at);
            return record;
        }
        SubjectRecord {
            person: PersonNumber(Self::number(state) * 1_000),
            fields: BTreeMap::new(),
            events: Vec::new(),
            choices: BTreeMap::new(),
            objected: None,
            restricted: None,
            last_seen: at,
        }
    }

    fn change(
        &self,
        id: &SubjectId,
        at: Timestamp,
        change: impl FnOnce(&mut SubjectRecord),
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        let state = &mut *self.state.lock().unwrap();
        let mut record = Self::person(state, id, at);
        change(&mut record);
        let record = Arc::new(record);
        state.people.insert(id.clone(), Arc::clone(&record));
        state.latest = state.latest.max(Some(at));
        Ok(record)
    }

    fn readable(&self) -> Result<(), StoreError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        if self.broken.load(Ordering::Relaxed) {
            return Err(StoreError::Failed { what: "a test".into() });
        }
        Ok(())
    }

    fn store(&self, state: &mut State, admitted: &Admitted) -> Appended {
        let event = admitted.event();
        if event.id.as_ref().is_some_and(|id| !state.seen.insert(id.clone())) {
            return Appended::Duplicate;
        }
        let sequence = Self::number(state);
        let lines: Box<[HistoryLine]> = event
            .lines
            .iter()
            .map(|l| HistoryLine { item: self.numbering.index_or_assign(&l.item), quantity: l.quantity })
            .collect();
        let stored = HistoryEvent { sequence, kind: event.kind, at: event.occurred_at, lines: lines.clone() };
        let session = event.session.as_ref().map(|id| {
            let number = state.visits.get(id).map(|v| v.person);
            let person = number.unwrap_or_else(|| PersonNumber(Self::number(state) * 1_000));
            let visit = state.visits.entry(id.clone()).or_insert_with(|| {
                Arc::new(SessionRecord { person, events: Vec::new(), last_seen: event.occurred_at })
            });
            let visit = Arc::make_mut(visit);
            visit.last_seen = visit.last_seen.max(event.occurred_at);
            if admitted.keeper() == Keeper::Session {
                visit.events.push(stored.clone());
                visit.events.sort_by_key(|e| (e.at, e.sequence));
            }
            visit.person
        });
        let subject = event.subject.as_ref().filter(|_| admitted.keeper() == Keeper::Subject).map(|id| {
            let mut record = Self::person(state, id, event.occurred_at);
            record.events.push(stored);
            record.events.sort_by_key(|e| (e.at, e.sequence));
            let person = record.person;
            state.people.insert(id.clone(), Arc::new(record));
            person
        });
        let event = FeedEvent { sequence, subject, session, kind: event.kind, at: event.occurred_at, lines };
        state.events.insert(sequence, event.clone());
        Appended::Stored(event)
    }

    fn remove(state: &mut State, gone: impl Fn(&FeedEvent) -> bool) -> Vec<u64> {
        let sequences: Vec<u64> = state.events.values().filter(|e| gone(e)).map(|e| e.sequence).collect();
        state.events.retain(|s, _| !sequences.contains(s));
        for record in state.people.values_mut() {
            Arc::make_mut(record).events.retain(|e| !sequences.contains(&e.sequence));
        }
        for visit in state.visits.values_mut() {
            Arc::make_mut(visit).events.retain(|e| !sequences.contains(&e.sequence));
        }
        sequences
    }

    /// A person answers a question.
    pub(crate) fn answer(
        &self,
        id: &SubjectId,
        consent: &str,
        choice: Choice,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        self.change(id, choice.at, |record| record.choices.entry(consent.into()).or_default().push(choice))
    }

    /// Every stored event.
    pub(crate) fn all_events(&self) -> Vec<FeedEvent> {
        self.state.lock().unwrap().events.values().cloned().collect()
    }
}

#[async_trait]
impl EventLog for Memory {
    async fn append(&self, events: Vec<Admitted>, now: Timestamp) -> Result<Vec<Appended>, StoreError> {
        let state = &mut *self.state.lock().unwrap();
        state.latest = state.latest.max(Some(now));
        Ok(events.iter().map(|e| self.store(state, e)).collect())
    }

    async fn feed(&self, after: u64, limit: usize) -> Result<Vec<FeedEvent>, StoreError> {
        let state = self.state.lock().unwrap();
        Ok(state.events.range(after + 1..).take(limit).map(|(_, e)| e.clone()).collect())
    }
}

#[async_trait]
impl StateStore for Memory {
    fn cached_subject(&self, id: &SubjectId) -> Cached<Arc<SubjectRecord>> {
        if self.uncached.load(Ordering::Relaxed) {
            return Cached::Missing;
        }
        Cached::Known(self.state.lock().unwrap().people.get(id).cloned())
    }

    async fn subject(&self, id: &SubjectId) -> Result<Option<Arc<SubjectRecord>>, StoreError> {
        self.readable()?;
        Ok(self.state.lock().unwrap().people.get(id).cloned())
    }

    async fn subject_by_number(
        &self,
        person: PersonNumber,
    ) -> Result<Option<Arc<SubjectRecord>>, StoreError> {
        Ok(self.state.lock().unwrap().people.values().find(|r| r.person == person).cloned())
    }

    fn cached_session(&self, id: &SessionId) -> Cached<Arc<SessionRecord>> {
        if self.uncached.load(Ordering::Relaxed) {
            return Cached::Missing;
        }
        Cached::Known(self.state.lock().unwrap().visits.get(id).cloned())
    }

    async fn session(&self, id: &SessionId) -> Result<Option<Arc<SessionRecord>>, StoreError> {
        self.readable()?;
        Ok(self.state.lock().unwrap().visits.get(id).cloned())
    }

    async fn put_profile(
        &self,
        id: &SubjectId,
        change: ProfileChange,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        self.change(id, now, |record| change.apply(&mut record.fields, now))
    }

    async fn put_choice(
        &self,
        id: &SubjectId,
        consent: &str,
        choice: Choice,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        self.answer(id, consent, choice)
    }

    async fn put_objection(
        &self,
        id: &SubjectId,
        active: bool,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        self.change(id, now, |record| record.objected = active.then_some(now))
    }

    async fn put_restriction(
        &self,
        id: &SubjectId,
        active: bool,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        self.change(id, now, |record| record.restricted = active.then_some(now))
    }

    async fn export(&self, id: &SubjectId) -> Result<Option<Export>, StoreError> {
        let state = self.state.lock().unwrap();
        let visit = |event: &HistoryEvent| {
            let number = state.events.get(&event.sequence)?.session?;
            state.visits.iter().find(|(_, v)| v.person == number).map(|(id, _)| id.clone())
        };
        Ok(state.people.get(id).map(|record| Export {
            record: Arc::clone(record),
            sessions: record.events.iter().map(visit).collect(),
            details: record.events.iter().map(|_| jardin_contract::EventDetails::default()).collect(),
        }))
    }

    async fn erase(&self, id: &SubjectId, now: Timestamp) -> Result<Option<Erasure>, StoreError> {
        let state = &mut *self.state.lock().unwrap();
        let Some(record) = state.people.remove(id) else {
            return Ok(None);
        };
        let gone = Self::remove(state, |e| e.subject == Some(record.person));
        let erasure = Erasure {
            receipt: format!("receipt-{}", Self::number(state)).into(),
            at: now,
            events: gone.len() as u64,
            person: record.person,
        };
        state.erasures.insert(Arc::clone(&erasure.receipt), erasure.clone());
        Ok(Some(erasure))
    }

    async fn erasure(&self, receipt: &str) -> Result<Option<Erasure>, StoreError> {
        Ok(self.state.lock().unwrap().erasures.get(receipt).cloned())
    }

    fn item_ids(&self) -> Arc<ItemIds> {
        Arc::clone(self.numbering.ids())
    }

    async fn items(&self) -> Result<Vec<(ItemIndex, Item)>, StoreError> {
        Ok(self.state.lock().unwrap().items.iter().map(|(index, item)| (*index, item.clone())).collect())
    }

    async fn change_items(&self, changes: Vec<ItemChange>) -> Result<Vec<ItemIndex>, StoreError> {
        let state = &mut *self.state.lock().unwrap();
        let mut indices = Vec::with_capacity(changes.len());
        for (index, change) in self.numbering.number_changes(changes) {
            match change {
                ItemChange::Put(item) => drop(state.items.insert(index, item)),
                ItemChange::Remove(_) => drop(state.items.remove(&index)),
            }
            indices.push(index);
        }
        Ok(indices)
    }

    async fn stop(&self) -> Result<Stop, StoreError> {
        Ok(self.state.lock().unwrap().stop.clone())
    }

    async fn put_stop(&self, stop: &Stop) -> Result<(), StoreError> {
        self.state.lock().unwrap().stop = stop.clone();
        Ok(())
    }

    async fn sweep(&self, plan: &SweepPlan) -> Result<u64, StoreError> {
        let state = &mut *self.state.lock().unwrap();
        let restricted: Vec<PersonNumber> =
            state.people.values().filter(|r| r.restricted.is_some()).map(|r| r.person).collect();
        let gone = Self::remove(state, |e| {
            let old = plan
                .events
                .iter()
                .any(|s| s.of_subject == e.subject.is_some() && s.kind == e.kind && e.at <= s.until);
            old && !e.subject.is_some_and(|p| restricted.contains(&p))
        });
        Ok(gone.len() as u64)
    }

    async fn purge_items(&self, items: &[ItemIndex]) -> Result<Vec<u64>, StoreError> {
        let state = &mut *self.state.lock().unwrap();
        Ok(Self::remove(state, |e| e.lines.iter().any(|l| items.contains(&l.item))))
    }

    async fn people_per_item(
        &self,
        kinds: &[EventKind],
        half_life_ms: i64,
        now: Timestamp,
        counts: &(dyn for<'a> Fn(&'a SubjectRecord) -> bool + Sync),
    ) -> Result<Vec<(ItemIndex, u32, f64)>, StoreError> {
        let state = self.state.lock().unwrap();
        let mut newest: BTreeMap<(ItemIndex, PersonNumber), Timestamp> = BTreeMap::new();
        for record in state.people.values().filter(|r| counts(r)) {
            for event in record.events.iter().filter(|e| kinds.contains(&e.kind)) {
                for line in &event.lines {
                    let at = newest.entry((line.item, record.person)).or_insert(event.at);
                    *at = (*at).max(event.at);
                }
            }
        }
        let mut items: BTreeMap<ItemIndex, (u32, f64)> = BTreeMap::new();
        for ((item, _), at) in newest {
            let entry = items.entry(item).or_default();
            entry.0 += 1;
            entry.1 += 2_f64.powf(-(now.ms_since(at) as f64) / half_life_ms as f64);
        }
        Ok(items.into_iter().map(|(item, (people, weight))| (item, people, weight)).collect())
    }

    fn latest_durable(&self) -> Option<Timestamp> {
        self.state.lock().unwrap().latest
    }

    fn secret(&self, usage: &str) -> [u8; 32] {
        let mut secret = [7; 32];
        for (byte, letter) in secret.iter_mut().zip(usage.bytes()) {
            *byte ^= letter;
        }
        secret
    }
}
