//! A store in memory, for trials: its items and made-up people go with it. What strategies have learned may
//! come from the shop's own store, which is read and never written.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jardin_contract::{
    Appended, Cached, Erasure, EventLog, Export, FeedEvent, ProfileChange, StateStore, StoreError,
};
use jardin_model::{
    Choice, EventKind, HistoryEvent, HistoryLine, Item, ItemChange, ItemId, ItemIds, ItemIndex, PersonNumber,
    SessionId, SessionRecord, SubjectId, SubjectRecord, Timestamp,
};
use jardin_policy::{Admitted, Keeper, Stop, SweepPlan};
use jardin_store_sqlite::Store;

/// Running numbers of a trial's events begin here, beyond those of any store.
const FIRST_SEQUENCE: u64 = 1 << 62;

/// A store in memory.
pub(crate) struct MemoryStore {
    base: Option<Store>,
    ids: Arc<ItemIds>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    items: BTreeMap<ItemId, Item>,
    people: BTreeMap<SubjectId, SubjectRecord>,
    visits: BTreeMap<SessionId, SessionRecord>,
    events: u64,
}

impl MemoryStore {
    /// An empty one.
    pub(crate) fn empty() -> Self {
        Self { base: None, ids: Arc::default(), state: Mutex::default() }
    }

    /// One with the items of a shop's store, where strategies learn what they learned there.
    pub(crate) async fn over_store(base: Store) -> Result<Self, StoreError> {
        let items = base.items().await?;
        let state = State {
            items: items.into_iter().map(|item| (item.id.clone(), item)).collect(),
            ..State::default()
        };
        Ok(Self { ids: base.item_ids(), base: Some(base), state: Mutex::new(state) })
    }

    /// The id of an item.
    pub(crate) fn item_id(&self, item: ItemIndex) -> Option<ItemId> {
        self.ids.id(item).cloned()
    }

    fn lock_state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change_person(
        &self,
        id: &SubjectId,
        now: Timestamp,
        change: impl FnOnce(&mut SubjectRecord),
    ) -> Arc<SubjectRecord> {
        let mut state = self.lock_state();
        let record = person_or_new(&mut state, id, now);
        change(record);
        Arc::new(record.clone())
    }
}

/// The person of that id, made where there is none. Numbers of a store are odd, these are even.
fn person_or_new<'a>(state: &'a mut State, id: &SubjectId, now: Timestamp) -> &'a mut SubjectRecord {
    let number = PersonNumber(2 * (state.people.len() as u64 + 1));
    state.people.entry(id.clone()).or_insert_with(|| SubjectRecord {
        person: number,
        fields: BTreeMap::new(),
        events: Vec::new(),
        choices: BTreeMap::new(),
        objected: None,
        restricted: None,
        last_seen: now,
    })
}

#[async_trait]
impl StateStore for MemoryStore {
    fn cached_subject(&self, id: &SubjectId) -> Cached<Arc<SubjectRecord>> {
        Cached::Known(self.lock_state().people.get(id).cloned().map(Arc::new))
    }

    async fn subject(&self, id: &SubjectId) -> Result<Option<Arc<SubjectRecord>>, StoreError> {
        Ok(self.lock_state().people.get(id).cloned().map(Arc::new))
    }

    async fn subject_by_number(
        &self,
        number: PersonNumber,
    ) -> Result<Option<Arc<SubjectRecord>>, StoreError> {
        let made_up = self.lock_state().people.values().find(|r| r.person == number).cloned();
        match (made_up, &self.base) {
            (Some(record), _) => Ok(Some(Arc::new(record))),
            (None, Some(base)) => base.subject_by_number(number).await,
            (None, None) => Ok(None),
        }
    }

    fn cached_session(&self, id: &SessionId) -> Cached<Arc<SessionRecord>> {
        Cached::Known(self.lock_state().visits.get(id).cloned().map(Arc::new))
    }

    async fn session(&self, id: &SessionId) -> Result<Option<Arc<SessionRecord>>, StoreError> {
        Ok(self.lock_state().visits.get(id).cloned().map(Arc::new))
    }

    async fn put_profile(
        &self,
        id: &SubjectId,
        change: ProfileChange,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        Ok(self.change_person(id, now, |record| change.apply(&mut record.fields, now)))
    }

    async fn put_choice(
        &self,
        id: &SubjectId,
        consent: &str,
        choice: Choice,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        let at = choice.at;
        Ok(self
            .change_person(id, at, |record| record.choices.entry(consent.into()).or_default().push(choice)))
    }

    async fn put_objection(
        &self,
        id: &SubjectId,
        active: bool,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        Ok(self.change_person(id, now, |record| record.objected = active.then_some(now)))
    }

    async fn put_restriction(
        &self,
        id: &SubjectId,
        active: bool,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        Ok(self.change_person(id, now, |record| record.restricted = active.then_some(now)))
    }

    async fn export(&self, _: &SubjectId) -> Result<Option<Export>, StoreError> {
        Ok(None)
    }

    async fn erase(&self, id: &SubjectId, _: Timestamp) -> Result<Option<Erasure>, StoreError> {
        self.lock_state().people.remove(id);
        Ok(None)
    }

    async fn erasure(&self, _: &str) -> Result<Option<Erasure>, StoreError> {
        Ok(None)
    }

    fn item_ids(&self) -> Arc<ItemIds> {
        Arc::clone(&self.ids)
    }

    async fn items(&self) -> Result<Vec<Item>, StoreError> {
        Ok(self.lock_state().items.values().cloned().collect())
    }

    async fn change_items(&self, changes: Vec<ItemChange>) -> Result<(), StoreError> {
        let items = &mut self.lock_state().items;
        for change in changes {
            match change {
                ItemChange::Put(item) => drop(items.insert(item.id.clone(), item)),
                ItemChange::Remove(id) => drop(items.remove(&id)),
            }
        }
        Ok(())
    }

    async fn stop(&self) -> Result<Stop, StoreError> {
        match &self.base {
            Some(base) => base.stop().await,
            None => Ok(Stop::default()),
        }
    }

    async fn put_stop(&self, _: &Stop) -> Result<(), StoreError> {
        Ok(())
    }

    /// Nothing goes: a trial lasts seconds, and the shop's own store is the server's to sweep.
    async fn sweep(&self, _: &SweepPlan) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn purge_items(&self, _: &[ItemIndex]) -> Result<Vec<u64>, StoreError> {
        Ok(Vec::new())
    }

    async fn people_per_item(
        &self,
        kinds: &[EventKind],
        half_life_ms: i64,
        now: Timestamp,
        counts: &(dyn for<'a> Fn(&'a SubjectRecord) -> bool + Sync),
    ) -> Result<Vec<(ItemIndex, u32, f64)>, StoreError> {
        match &self.base {
            Some(base) => base.people_per_item(kinds, half_life_ms, now, counts).await,
            None => Ok(Vec::new()),
        }
    }

    /// Unknown, so that a trial may be made as of a day in the past.
    fn latest_durable(&self) -> Option<Timestamp> {
        None
    }

    fn secret(&self, usage: &str) -> [u8; 32] {
        self.base.as_ref().map_or([7; 32], |base| base.secret(usage))
    }
}

#[async_trait]
impl EventLog for MemoryStore {
    async fn append(&self, events: Vec<Admitted>, now: Timestamp) -> Result<Vec<Appended>, StoreError> {
        Ok(events.iter().map(|admitted| self.append_event(admitted, now)).collect())
    }

    async fn feed(&self, after: u64, limit: usize) -> Result<Vec<FeedEvent>, StoreError> {
        match &self.base {
            Some(base) => base.feed(after, limit).await,
            None => Ok(Vec::new()),
        }
    }
}

impl MemoryStore {
    fn append_event(&self, admitted: &Admitted, now: Timestamp) -> Appended {
        let event = admitted.event();
        let lines: Box<[HistoryLine]> = event
            .lines
            .iter()
            .map(|l| HistoryLine { item: self.ids.index_or_assign(&l.item), quantity: l.quantity })
            .collect();
        let mut state = self.lock_state();
        state.events += 1;
        let stored = HistoryEvent {
            sequence: FIRST_SEQUENCE + state.events,
            kind: event.kind,
            at: event.occurred_at,
            lines,
        };
        let (mut subject, mut session) = (None, None);
        if let Some(id) = &event.session {
            let number = PersonNumber(2 * (state.visits.len() as u64 + 1));
            let visit = state.visits.entry(id.clone()).or_insert_with(|| SessionRecord {
                person: number,
                events: Vec::new(),
                last_seen: now,
            });
            session = Some(visit.person);
            if admitted.keeper() != Keeper::Subject {
                add_by_time(&mut visit.events, &stored);
            }
        }
        if let (Keeper::Subject, Some(id)) = (admitted.keeper(), &event.subject) {
            let record = person_or_new(&mut state, id, now);
            add_by_time(&mut record.events, &stored);
            subject = Some(record.person);
        }
        Appended::Stored(FeedEvent {
            sequence: stored.sequence,
            subject,
            session,
            kind: stored.kind,
            at: stored.at,
            lines: stored.lines,
        })
    }
}

/// Histories are kept by time.
fn add_by_time(events: &mut Vec<HistoryEvent>, event: &HistoryEvent) {
    let place = events.partition_point(|e| (e.at, e.sequence) <= (event.at, event.sequence));
    events.insert(place, event.clone());
}
