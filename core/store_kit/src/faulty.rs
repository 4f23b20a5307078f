//! A store that fails by a script, around any other.

use std::{
    collections::{BTreeMap, VecDeque},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jardin_contract::{
    Appended, Cached, ChosenEvents, ClockMark, Erasure, EventLog, Export, FeedEvent, FindGroundless, Import,
    KeyRing, KeySlot, ProfileChange, Pseudonym, ShowPerson, StateStore, StoppedBy, Store, StoreError, Whose,
};
use jardin_model::{
    Choice, EventKind, Item, ItemChange, ItemIds, ItemIndex, PersonNumber, SessionId, SessionRecord,
    SubjectId, SubjectRecord, Timestamp,
};
use jardin_policy::{Admitted, Stop, SweepPlan};
use tokio::sync::Semaphore;

use crate::Operation;

/// What goes wrong with a call. The store behind is not reached by one that fails.
#[derive(Debug, Clone)]
pub enum Fault {
    /// [`StoreError::Failed`]. A look into a cache finds nothing.
    Fail,
    /// [`StoreError::Overloaded`]. A look into a cache finds nothing.
    Overload,
    /// It waits until the gate is opened, and then happens. What does not wait happens at once.
    Wait(Gate),
}

/// Holds calls back until it is opened, once and for all. Clones are one gate.
#[derive(Debug, Clone)]
pub struct Gate(Arc<Semaphore>);

impl Gate {
    /// A closed gate.
    #[must_use]
    pub fn closed() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }

    /// Lets every call through, those to come included.
    pub fn open(&self) {
        self.0.close();
    }

    async fn pass(&self) {
        // it never has a permit to give: the wait ends when it is closed, which opens the gate
        let _ = self.0.acquire().await;
    }
}

/// What happens to the calls of one operation.
#[derive(Default)]
struct Script {
    calls: usize,
    /// For each of the next calls whether it fails, and how.
    next: VecDeque<Option<Fault>>,
    /// What happens to all calls behind those.
    then: Option<Fault>,
}

/// A store whose calls fail, wait or are refused by a script, and otherwise are those of the store behind it.
pub struct FaultyStore {
    store: Arc<dyn Store>,
    scripts: Mutex<BTreeMap<Operation, Script>>,
}

impl FaultyStore {
    /// Nothing goes wrong until a script says so.
    #[must_use]
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, scripts: Mutex::default() }
    }

    /// Says what happens to the next calls of an operation, one after the other; those behind them go well.
    pub fn script_calls(&self, operation: Operation, next: impl IntoIterator<Item = Option<Fault>>) {
        let mut scripts = self.lock_scripts();
        let script = scripts.entry(operation).or_default();
        script.next = next.into_iter().collect();
        script.then = None;
    }

    /// Says what happens to every call of an operation from now on; `None` ends it.
    pub fn script_all_calls(&self, operation: Operation, fault: Option<Fault>) {
        let mut scripts = self.lock_scripts();
        let script = scripts.entry(operation).or_default();
        script.next.clear();
        script.then = fault;
    }

    /// How many calls of an operation there were, the failed ones included.
    #[must_use]
    pub fn count_calls(&self, operation: Operation) -> usize {
        self.lock_scripts().get(&operation).map_or(0, |script| script.calls)
    }

    fn lock_scripts(&self) -> MutexGuard<'_, BTreeMap<Operation, Script>> {
        self.scripts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_fault(&self, operation: Operation) -> Option<Fault> {
        let mut scripts = self.lock_scripts();
        let script = scripts.entry(operation).or_default();
        script.calls += 1;
        script.next.pop_front().unwrap_or_else(|| script.then.clone())
    }

    /// The store behind, once the script lets the call through.
    async fn pass(&self, operation: Operation) -> Result<&dyn Store, StoreError> {
        match self.take_fault(operation) {
            Some(Fault::Wait(gate)) => gate.pass().await,
            fault => fail_at_once(fault)?,
        }
        Ok(&*self.store)
    }

    /// As [`FaultyStore::pass`], for a call that does not wait.
    fn pass_at_once(&self, operation: Operation) -> Result<&dyn Store, StoreError> {
        fail_at_once(self.take_fault(operation))?;
        Ok(&*self.store)
    }
}

fn fail_at_once(fault: Option<Fault>) -> Result<(), StoreError> {
    match fault {
        Some(Fault::Fail) => Err(StoreError::failed("the script says so")),
        Some(Fault::Overload) => Err(StoreError::Overloaded),
        Some(Fault::Wait(_)) | None => Ok(()),
    }
}

#[async_trait]
impl Store for FaultyStore {
    async fn begin_import(&self) -> Result<Box<dyn Import + '_>, StoreError> {
        self.pass(Operation::Import).await?.begin_import().await
    }

    async fn rotate_master_key(&self) -> Result<(), StoreError> {
        self.pass(Operation::Import).await?.rotate_master_key().await
    }

    async fn back_up(&self, into: &Path) -> Result<(), StoreError> {
        self.pass(Operation::Import).await?.back_up(into).await
    }
}

#[async_trait]
impl EventLog for FaultyStore {
    async fn append_events(
        &self,
        events: Vec<Admitted>,
        now: Timestamp,
    ) -> Result<Vec<Appended>, StoreError> {
        self.pass(Operation::Append).await?.append_events(events, now).await
    }

    async fn read_feed(&self, after: u64, limit: usize) -> Result<Vec<FeedEvent>, StoreError> {
        self.pass(Operation::Feed).await?.read_feed(after, limit).await
    }
}

#[async_trait]
impl StateStore for FaultyStore {
    fn cached_subject(&self, id: &SubjectId) -> Cached<Arc<SubjectRecord>> {
        self.pass_at_once(Operation::LookUp).map_or(Cached::Missing, |store| store.cached_subject(id))
    }

    async fn read_subject(&self, id: &SubjectId) -> Result<Option<Arc<SubjectRecord>>, StoreError> {
        self.pass(Operation::Read).await?.read_subject(id).await
    }

    async fn pseudonym_of(&self, id: &SubjectId) -> Result<Option<Pseudonym>, StoreError> {
        self.pass(Operation::Read).await?.pseudonym_of(id).await
    }

    async fn subject_by_number(
        &self,
        person: PersonNumber,
    ) -> Result<Option<Arc<SubjectRecord>>, StoreError> {
        self.pass(Operation::Read).await?.subject_by_number(person).await
    }

    fn cached_session(&self, id: &SessionId) -> Cached<Arc<SessionRecord>> {
        self.pass_at_once(Operation::LookUp).map_or(Cached::Missing, |store| store.cached_session(id))
    }

    async fn read_session(&self, id: &SessionId) -> Result<Option<Arc<SessionRecord>>, StoreError> {
        self.pass(Operation::Read).await?.read_session(id).await
    }

    async fn put_profile(
        &self,
        id: &SubjectId,
        change: ProfileChange,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        self.pass(Operation::Change).await?.put_profile(id, change, now).await
    }

    async fn put_choice(
        &self,
        id: &SubjectId,
        consent: &str,
        choice: Choice,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        self.pass(Operation::Change).await?.put_choice(id, consent, choice).await
    }

    async fn put_objection(
        &self,
        id: &SubjectId,
        active: bool,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        self.pass(Operation::Change).await?.put_objection(id, active, now).await
    }

    async fn put_restriction(
        &self,
        id: &SubjectId,
        active: bool,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        self.pass(Operation::Change).await?.put_restriction(id, active, now).await
    }

    async fn put_visit_choice(
        &self,
        id: &SessionId,
        name: &str,
        choice: Choice,
    ) -> Result<Arc<SessionRecord>, StoreError> {
        self.pass(Operation::Change).await?.put_visit_choice(id, name, choice).await
    }

    async fn touch_visit(&self, id: &SessionId, at: Timestamp) -> Result<(), StoreError> {
        self.pass(Operation::Change).await?.touch_visit(id, at).await
    }

    async fn end_visit(&self, id: &SessionId) -> Result<(), StoreError> {
        self.pass(Operation::Change).await?.end_visit(id).await
    }

    async fn forget_history(
        &self,
        whose: Whose<'_>,
        kinds: &[EventKind],
        since: Timestamp,
    ) -> Result<Vec<u64>, StoreError> {
        self.pass(Operation::Remove).await?.forget_history(whose, kinds, since).await
    }

    async fn remove_events(&self, whose: Whose<'_>, sequences: &[u64]) -> Result<(), StoreError> {
        self.pass(Operation::Remove).await?.remove_events(whose, sequences).await
    }

    async fn export_subject(&self, id: &SubjectId) -> Result<Option<Export>, StoreError> {
        self.pass(Operation::Read).await?.export_subject(id).await
    }

    async fn erase_subject(&self, id: &SubjectId, now: Timestamp) -> Result<Option<Erasure>, StoreError> {
        self.pass(Operation::Erase).await?.erase_subject(id, now).await
    }

    async fn remember_objection(&self, id: &SubjectId, now: Timestamp) -> Result<(), StoreError> {
        self.pass(Operation::Erase).await?.remember_objection(id, now).await
    }

    fn last_erasure(&self, id: &SubjectId) -> Option<Timestamp> {
        self.store.last_erasure(id)
    }

    async fn find_erasure(&self, receipt: &str) -> Result<Option<Erasure>, StoreError> {
        self.pass(Operation::Read).await?.find_erasure(receipt).await
    }

    fn item_ids(&self) -> Arc<ItemIds> {
        self.store.item_ids()
    }

    async fn read_items(&self) -> Result<Vec<(ItemIndex, Item)>, StoreError> {
        self.pass(Operation::ReadItems).await?.read_items().await
    }

    async fn change_items(&self, changes: Vec<ItemChange>) -> Result<Vec<ItemIndex>, StoreError> {
        self.pass(Operation::ChangeItems).await?.change_items(changes).await
    }

    async fn read_stop(&self, by: StoppedBy) -> Result<Stop, StoreError> {
        self.pass(Operation::Switch).await?.read_stop(by).await
    }

    async fn put_stop(&self, by: StoppedBy, stop: &Stop) -> Result<(), StoreError> {
        self.pass(Operation::Switch).await?.put_stop(by, stop).await
    }

    async fn keep_items(&self) -> Result<(), StoreError> {
        self.pass(Operation::ChangeItems).await?.keep_items().await
    }

    async fn read_kept_items(&self) -> Result<Vec<Item>, StoreError> {
        self.pass(Operation::ReadItems).await?.read_kept_items().await
    }

    async fn sweep_expired(&self, plan: &SweepPlan) -> Result<u64, StoreError> {
        self.pass(Operation::Remove).await?.sweep_expired(plan).await
    }

    async fn purge_items(&self, items: &[ItemIndex]) -> Result<Vec<u64>, StoreError> {
        self.pass(Operation::Remove).await?.purge_items(items).await
    }

    async fn erase_groundless(&self, find: &FindGroundless<'_>) -> Result<Vec<u64>, StoreError> {
        self.pass(Operation::Remove).await?.erase_groundless(find).await
    }

    async fn look_at_people(&self, show: &ShowPerson<'_>) -> Result<(), StoreError> {
        self.pass(Operation::Feed).await?.look_at_people(show).await
    }

    async fn people_per_item(
        &self,
        half_life_ms: i64,
        now: Timestamp,
        counted: &ChosenEvents<'_>,
    ) -> Result<Vec<(ItemIndex, u32, f64)>, StoreError> {
        self.pass(Operation::Feed).await?.people_per_item(half_life_ms, now, counted).await
    }

    fn store_warnings(&self) -> Vec<String> {
        self.store.store_warnings()
    }

    fn latest_durable(&self) -> Option<Timestamp> {
        self.store.latest_durable()
    }

    async fn lower_latest_durable(&self, to: Timestamp) -> Result<(), StoreError> {
        self.pass(Operation::Switch).await?.lower_latest_durable(to).await
    }

    async fn read_clock_mark(&self) -> Result<Option<ClockMark>, StoreError> {
        self.pass(Operation::Switch).await?.read_clock_mark().await
    }

    async fn put_clock_mark(&self, mark: ClockMark) -> Result<(), StoreError> {
        self.pass(Operation::Switch).await?.put_clock_mark(mark).await
    }

    fn derive_secret(&self, usage: &str) -> [u8; 32] {
        self.store.derive_secret(usage)
    }
}

impl KeyRing for FaultyStore {
    fn create_keys(&self, count: usize) -> Result<Vec<KeySlot>, StoreError> {
        self.pass_at_once(Operation::Keys)?.create_keys(count)
    }

    fn seal_text(&self, slot: KeySlot, bound: &[u8], text: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.pass_at_once(Operation::Keys)?.seal_text(slot, bound, text)
    }

    fn open_text(&self, slot: KeySlot, bound: &[u8], sealed: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.pass_at_once(Operation::Keys)?.open_text(slot, bound, sealed)
    }

    fn destroy_keys(&self, slots: &[KeySlot]) -> Result<(), StoreError> {
        self.pass_at_once(Operation::Keys)?.destroy_keys(slots)
    }
}
