//! People, items and switches.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use jardin_contract::{
    Cached, ChosenEvents, ClockMark, Erasure, Export, FindGroundless, ProfileChange, Pseudonym, ShowPerson,
    StateStore, StoppedBy, StoreError, Whose,
};
use jardin_model::{
    Choice, EventKind, Item, ItemChange, ItemIds, ItemIndex, PersonNumber, SessionId, SessionRecord,
    SubjectId, SubjectRecord, Timestamp,
};
use jardin_policy::{Stop, SweepPlan};
use jardin_store_kit::{PeopleCount, keyed_digest};

use crate::{MemoryStore, state::State};

impl MemoryStore {
    /// Changes a person, made now where they are unknown, and gives the record as it is afterwards.
    fn change_subject(
        &self,
        id: &SubjectId,
        seen: Timestamp,
        change: impl FnOnce(&mut SubjectRecord),
    ) -> Arc<SubjectRecord> {
        let mut state = self.lock_state();
        let record = state.find_or_make_subject(id, seen);
        change(record);
        Arc::new(record.clone())
    }

    /// As [`MemoryStore::change_subject`], by a clock whose time is kept.
    fn change_subject_at(
        &self,
        id: &SubjectId,
        now: Timestamp,
        change: impl FnOnce(&mut SubjectRecord),
    ) -> Arc<SubjectRecord> {
        self.lock_state().note_time(now);
        self.change_subject(id, now, change)
    }
}

fn add_choice(choices: &mut BTreeMap<Arc<str>, Vec<Choice>>, name: &str, choice: Choice) {
    let answers = choices.entry(name.into()).or_default();
    answers.insert(answers.partition_point(|answer| answer.at <= choice.at), choice);
}

/// The first time counts for as long as it lasts.
fn set_since(since: &mut Option<Timestamp>, active: bool, now: Timestamp) {
    *since = active.then(|| since.unwrap_or(now));
}

#[async_trait]
impl StateStore for MemoryStore {
    fn cached_subject(&self, id: &SubjectId) -> Cached<Arc<SubjectRecord>> {
        Cached::Known(self.lock_state().people.get(id).cloned())
    }

    async fn read_subject(&self, id: &SubjectId) -> Result<Option<Arc<SubjectRecord>>, StoreError> {
        Ok(self.lock_state().people.get(id).cloned())
    }

    async fn pseudonym_of(&self, id: &SubjectId) -> Result<Option<Pseudonym>, StoreError> {
        // a number is random, and nobody's after an erasure
        let record = self.read_subject(id).await?;
        let secret = self.derive_secret("audit");
        let digest = |record: Arc<SubjectRecord>| keyed_digest(&secret, &[&record.person.0.to_le_bytes()]);
        Ok(record.and_then(|record| digest(record).first_chunk().copied()).map(Pseudonym))
    }

    async fn subject_by_number(
        &self,
        person: PersonNumber,
    ) -> Result<Option<Arc<SubjectRecord>>, StoreError> {
        match self.base() {
            Some(base) => base.subject_by_number(person).await,
            None => Ok(self.lock_state().subject_by_number(person)),
        }
    }

    fn cached_session(&self, id: &SessionId) -> Cached<Arc<SessionRecord>> {
        Cached::Known(self.lock_state().visits.get(id).cloned())
    }

    async fn read_session(&self, id: &SessionId) -> Result<Option<Arc<SessionRecord>>, StoreError> {
        Ok(self.lock_state().visits.get(id).cloned())
    }

    async fn put_profile(
        &self,
        id: &SubjectId,
        change: ProfileChange,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        Ok(self.change_subject_at(id, now, |record| change.apply_to(&mut record.fields, now)))
    }

    async fn put_choice(
        &self,
        id: &SubjectId,
        consent: &str,
        choice: Choice,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        // the time of an answer is what somebody says, and no clock
        Ok(self.change_subject(id, choice.at, |record| {
            add_choice(&mut record.choices, consent, choice);
        }))
    }

    async fn put_objection(
        &self,
        id: &SubjectId,
        active: bool,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        Ok(self.change_subject_at(id, now, |record| set_since(&mut record.objected, active, now)))
    }

    async fn put_restriction(
        &self,
        id: &SubjectId,
        active: bool,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        Ok(self.change_subject_at(id, now, |record| set_since(&mut record.restricted, active, now)))
    }

    async fn put_visit_choice(
        &self,
        id: &SessionId,
        name: &str,
        choice: Choice,
    ) -> Result<Arc<SessionRecord>, StoreError> {
        let mut state = self.lock_state();
        let record = state.find_or_make_session(id, choice.at);
        add_choice(&mut record.choices, name, choice);
        Ok(Arc::new(record.clone()))
    }

    async fn touch_visit(&self, id: &SessionId, at: Timestamp) -> Result<(), StoreError> {
        if let Some(visit) = self.lock_state().visits.get_mut(id) {
            let visit = Arc::make_mut(visit);
            visit.last_seen = visit.last_seen.max(at);
        }
        Ok(())
    }

    async fn end_visit(&self, id: &SessionId) -> Result<(), StoreError> {
        if let Some(visit) = self.lock_state().visits.get_mut(id) {
            Arc::make_mut(visit).choices.clear();
        }
        Ok(())
    }

    async fn forget_history(
        &self,
        whose: Whose<'_>,
        kinds: &[EventKind],
        since: Timestamp,
    ) -> Result<Vec<u64>, StoreError> {
        Ok(self.lock_state().forget_history(whose, kinds, since))
    }

    async fn remove_events(&self, whose: Whose<'_>, sequences: &[u64]) -> Result<(), StoreError> {
        self.lock_state().remove_events_of(whose, |event| sequences.contains(&event.sequence));
        Ok(())
    }

    async fn export_subject(&self, id: &SubjectId) -> Result<Option<Export>, StoreError> {
        let state = self.lock_state();
        let Some(record) = state.people.get(id).cloned() else { return Ok(None) };
        let stored = record.events.iter().filter_map(|event| state.events.get(&event.sequence));
        let (sessions, details) = stored.map(|e| (e.session.clone(), e.details.clone())).unzip();
        Ok(Some(Export { record, sessions, details }))
    }

    async fn erase_subject(&self, id: &SubjectId, now: Timestamp) -> Result<Option<Erasure>, StoreError> {
        Ok(self.lock_state().erase_subject(id, now))
    }

    async fn remember_objection(&self, id: &SubjectId, now: Timestamp) -> Result<(), StoreError> {
        self.change_subject(id, now, |record| record.objected = Some(now));
        Ok(())
    }

    fn last_erasure(&self, id: &SubjectId) -> Option<Timestamp> {
        self.lock_state().erased.get(id).copied()
    }

    async fn find_erasure(&self, receipt: &str) -> Result<Option<Erasure>, StoreError> {
        Ok(self.lock_state().erasures.get(receipt).cloned())
    }

    fn item_ids(&self) -> Arc<ItemIds> {
        Arc::clone(self.numbering().ids())
    }

    async fn read_items(&self) -> Result<Vec<(ItemIndex, Item)>, StoreError> {
        Ok(self.lock_state().items.iter().map(|(index, item)| (*index, item.clone())).collect())
    }

    async fn change_items(&self, changes: Vec<ItemChange>) -> Result<Vec<ItemIndex>, StoreError> {
        let State { items, .. } = &mut *self.lock_state();
        let mut indices = Vec::with_capacity(changes.len());
        for (index, change) in self.numbering().number_changes(changes) {
            match change {
                ItemChange::Put(item) => drop(items.insert(index, item)),
                ItemChange::Remove(_) => drop(items.remove(&index)),
            }
            indices.push(index);
        }
        Ok(indices)
    }

    async fn read_stop(&self, by: StoppedBy) -> Result<Stop, StoreError> {
        match self.base() {
            Some(base) => base.read_stop(by).await,
            None => Ok(self.lock_state().stops.get(&by).cloned().unwrap_or_default()),
        }
    }

    async fn put_stop(&self, by: StoppedBy, stop: &Stop) -> Result<(), StoreError> {
        self.lock_state().stops.insert(by, stop.clone());
        Ok(())
    }

    async fn keep_items(&self) -> Result<(), StoreError> {
        let items = self.read_items().await?;
        self.lock_state().kept_items = items.into_iter().map(|(_, item)| item).collect();
        Ok(())
    }

    async fn read_kept_items(&self) -> Result<Vec<Item>, StoreError> {
        Ok(self.lock_state().kept_items.clone())
    }

    async fn sweep_expired(&self, plan: &SweepPlan) -> Result<u64, StoreError> {
        Ok(self.lock_state().sweep_by(plan))
    }

    async fn purge_items(&self, items: &[ItemIndex]) -> Result<Vec<u64>, StoreError> {
        let ids = self.item_ids();
        let named = items.iter().filter_map(|item| ids.id(*item).cloned()).collect();
        Ok(self.lock_state().purge_items(items, &named))
    }

    async fn erase_groundless(&self, find: &FindGroundless<'_>) -> Result<Vec<u64>, StoreError> {
        Ok(self.lock_state().erase_groundless(find))
    }

    async fn people_per_item(
        &self,
        half_life_ms: i64,
        now: Timestamp,
        counted: &ChosenEvents<'_>,
    ) -> Result<Vec<(ItemIndex, u32, f64)>, StoreError> {
        if let Some(base) = self.base() {
            return base.people_per_item(half_life_ms, now, counted).await;
        }
        let mut count = PeopleCount::new(half_life_ms, now);
        self.lock_state().people.values().for_each(|r| count.add_person(&counted(r)));
        Ok(count.into_totals())
    }

    async fn look_at_people(&self, show: &ShowPerson<'_>) -> Result<(), StoreError> {
        if let Some(base) = self.base() {
            return base.look_at_people(show).await;
        }
        self.lock_state().people.values().for_each(|record| show(record));
        Ok(())
    }

    fn store_warnings(&self) -> Vec<String> {
        Vec::new()
    }

    fn latest_durable(&self) -> Option<Timestamp> {
        self.lock_state().latest
    }

    async fn lower_latest_durable(&self, to: Timestamp) -> Result<(), StoreError> {
        let mut state = self.lock_state();
        state.latest = state.latest.map(|latest| latest.min(to));
        Ok(())
    }

    async fn read_clock_mark(&self) -> Result<Option<ClockMark>, StoreError> {
        Ok(self.lock_state().clock_mark)
    }

    async fn put_clock_mark(&self, mark: ClockMark) -> Result<(), StoreError> {
        self.lock_state().clock_mark = Some(mark);
        Ok(())
    }

    fn derive_secret(&self, usage: &str) -> [u8; 32] {
        // the same each time, so that a test that is run again sees the same
        self.base()
            .map_or_else(|| keyed_digest(&[7; 32], &[usage.as_bytes()]), |base| base.derive_secret(usage))
    }
}
