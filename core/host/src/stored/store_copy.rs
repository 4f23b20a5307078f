//! A copy of what commands read of a store: for trials and evaluations, which write nothing.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use jardin_contract::{
    Appended, Cached, Erasure, EventLog, Export, FeedEvent, Import, KeyRing, KeySlot, ProfileChange,
    StateStore, Store, StoreError,
};
use jardin_model::{
    Choice, EventKind, Item, ItemChange, ItemIds, ItemIndex, PersonNumber, SessionId, SessionRecord,
    SubjectId, SubjectRecord, Timestamp,
};
use jardin_policy::{Admitted, Stop, SweepPlan};

/// How many events are read at a time.
pub(super) const EVENTS_PER_PAGE: usize = 10_000;

/// A copy of what commands read of a store.
#[derive(Debug, Clone, Default)]
pub(crate) struct StoreCopy {
    pub(crate) ids: Arc<ItemIds>,
    /// In the order of their indices.
    pub(crate) items: Vec<(ItemIndex, Item)>,
    /// In the order of their running numbers.
    pub(crate) events: Vec<FeedEvent>,
    /// Those under whom an event is kept.
    pub(crate) people: BTreeMap<PersonNumber, Arc<SubjectRecord>>,
    pub(crate) stop: Stop,
}

impl StoreCopy {
    pub(super) fn last_sequence(&self) -> u64 {
        self.events.last().map_or(0, |event| event.sequence)
    }

    /// The people of the events, each once.
    pub(super) fn missing_people(&self) -> Vec<PersonNumber> {
        let mut people: Vec<PersonNumber> = self.events.iter().filter_map(|event| event.subject).collect();
        people.sort_unstable();
        people.dedup();
        people
    }

    fn events_after(&self, after: u64, limit: usize) -> Vec<FeedEvent> {
        let first = self.events.partition_point(|event| event.sequence <= after);
        self.events.iter().skip(first).take(limit).cloned().collect()
    }
}

#[expect(clippy::cast_precision_loss, reason = "spans of time in milliseconds stay far below 2^53")]
fn halved(age_ms: i64, half_life_ms: i64) -> f64 {
    0.5_f64.powf(age_ms as f64 / half_life_ms.max(1) as f64)
}

/// What every call that would write is answered.
fn not_written<T>() -> Result<T, StoreError> {
    Err(StoreError::failed("a copy of a store is not written"))
}

#[async_trait]
impl EventLog for StoreCopy {
    async fn append_events(&self, _: Vec<Admitted>, _: Timestamp) -> Result<Vec<Appended>, StoreError> {
        not_written()
    }

    async fn read_feed(&self, after: u64, limit: usize) -> Result<Vec<FeedEvent>, StoreError> {
        Ok(self.events_after(after, limit))
    }
}

#[async_trait]
impl StateStore for StoreCopy {
    fn cached_subject(&self, _: &SubjectId) -> Cached<Arc<SubjectRecord>> {
        Cached::Known(None)
    }

    async fn read_subject(&self, _: &SubjectId) -> Result<Option<Arc<SubjectRecord>>, StoreError> {
        Ok(None)
    }

    async fn subject_by_number(
        &self,
        person: PersonNumber,
    ) -> Result<Option<Arc<SubjectRecord>>, StoreError> {
        Ok(self.people.get(&person).cloned())
    }

    fn cached_session(&self, _: &SessionId) -> Cached<Arc<SessionRecord>> {
        Cached::Known(None)
    }

    async fn read_session(&self, _: &SessionId) -> Result<Option<Arc<SessionRecord>>, StoreError> {
        Ok(None)
    }

    async fn put_profile(
        &self,
        _: &SubjectId,
        _: ProfileChange,
        _: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        not_written()
    }

    async fn put_choice(&self, _: &SubjectId, _: &str, _: Choice) -> Result<Arc<SubjectRecord>, StoreError> {
        not_written()
    }

    async fn put_objection(
        &self,
        _: &SubjectId,
        _: bool,
        _: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        not_written()
    }

    async fn put_restriction(
        &self,
        _: &SubjectId,
        _: bool,
        _: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        not_written()
    }

    async fn export_subject(&self, _: &SubjectId) -> Result<Option<Export>, StoreError> {
        Ok(None)
    }

    async fn erase_subject(&self, _: &SubjectId, _: Timestamp) -> Result<Option<Erasure>, StoreError> {
        not_written()
    }

    async fn find_erasure(&self, _: &str) -> Result<Option<Erasure>, StoreError> {
        Ok(None)
    }

    fn item_ids(&self) -> Arc<ItemIds> {
        Arc::clone(&self.ids)
    }

    async fn read_items(&self) -> Result<Vec<(ItemIndex, Item)>, StoreError> {
        Ok(self.items.clone())
    }

    async fn change_items(&self, _: Vec<ItemChange>) -> Result<Vec<ItemIndex>, StoreError> {
        not_written()
    }

    async fn read_stop(&self) -> Result<Stop, StoreError> {
        Ok(self.stop.clone())
    }

    async fn put_stop(&self, _: &Stop) -> Result<(), StoreError> {
        not_written()
    }

    async fn sweep_expired(&self, _: &SweepPlan) -> Result<u64, StoreError> {
        not_written()
    }

    async fn purge_items(&self, _: &[ItemIndex]) -> Result<Vec<u64>, StoreError> {
        not_written()
    }

    async fn people_per_item(
        &self,
        kinds: &[EventKind],
        half_life_ms: i64,
        now: Timestamp,
        counts: &(dyn for<'a> Fn(&'a SubjectRecord) -> bool + Sync),
    ) -> Result<Vec<(ItemIndex, u32, f64)>, StoreError> {
        let mut totals: BTreeMap<ItemIndex, (u32, f64)> = BTreeMap::new();
        for record in self.people.values().filter(|record| counts(record)) {
            let mut newest: BTreeMap<ItemIndex, Timestamp> = BTreeMap::new();
            // oldest first, so that the newest stays
            for event in record.events.iter().filter(|e| kinds.contains(&e.kind) && e.at <= now) {
                newest.extend(event.lines.iter().map(|line| (line.item, event.at)));
            }
            for (item, at) in newest {
                let total = totals.entry(item).or_default();
                total.0 += 1;
                total.1 += halved(now.ms_since(at), half_life_ms);
            }
        }
        Ok(totals.into_iter().map(|(item, (people, weight))| (item, people, weight)).collect())
    }

    fn latest_durable(&self) -> Option<Timestamp> {
        None
    }

    /// Secrets stay where they are; what is pseudonymous in a trial is so under this one.
    fn derive_secret(&self, _: &str) -> [u8; 32] {
        [7; 32]
    }
}

impl KeyRing for StoreCopy {
    fn create_keys(&self, _: usize) -> Result<Vec<KeySlot>, StoreError> {
        not_written()
    }

    fn seal_text(&self, _: KeySlot, _: &[u8], _: &[u8]) -> Result<Vec<u8>, StoreError> {
        not_written()
    }

    fn open_text(&self, _: KeySlot, _: &[u8], _: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(None)
    }

    fn destroy_keys(&self, _: &[KeySlot]) -> Result<(), StoreError> {
        not_written()
    }
}

#[async_trait]
impl Store for StoreCopy {
    async fn begin_import(&self) -> Result<Box<dyn Import + '_>, StoreError> {
        not_written()
    }
}
