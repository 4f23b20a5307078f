//! Where people, items and switches are kept.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use jardin_model::{
    Choice, EventKind, HistoryEvent, Item, ItemChange, ItemIds, ItemIndex, PersonNumber, RecommendationId,
    SessionId, SessionRecord, SubjectId, SubjectRecord, Timestamp, Value,
};
use jardin_policy::{Groundless, Stop, SweepPlan};

use crate::{ClockMark, ProfileChange, Pseudonym};

/// Which events of a person are meant, oldest first.
pub type ChosenEvents<'f> = dyn for<'a> Fn(&'a SubjectRecord) -> Vec<&'a HistoryEvent> + Sync + 'f;

/// Is shown the record of one person after the other.
pub type ShowPerson<'f> = dyn for<'a> Fn(&'a SubjectRecord) + Sync + 'f;

/// What of a person nothing permits to keep any longer.
pub type FindGroundless<'f> = dyn for<'a> Fn(&'a SubjectRecord) -> Groundless<'a> + Sync + 'f;

/// Why the store could not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Too much is waiting to be written.
    #[error("too much is waiting to be written")]
    Overloaded,
    /// Another process holds the data folder.
    #[error("another process uses the data folder `{folder}`")]
    Locked {
        /// Which folder.
        folder: Arc<str>,
    },
    /// What was refused is obeyed from now on, but no disk holds it: an end of the process would undo it.
    #[error("it is in force, and not durable")]
    InForceNotDurable,
    /// The disk is full: nothing can be written.
    #[error("the disk is full")]
    Full,
    /// The disk or database failed.
    #[error("the store failed: {what}")]
    Failed {
        /// What happened, without values.
        what: Arc<str>,
    },
}

impl StoreError {
    /// A failure in the words of whatever failed, which must hold no value.
    #[must_use]
    pub fn failed(what: impl std::fmt::Display) -> Self {
        let what = what.to_string();
        // the words of SQLite and of the system
        if ["database or disk is full", "No space left on device"].iter().any(|full| what.contains(full)) {
            return Self::Full;
        }
        Self::Failed { what: what.into() }
    }
}

/// What a cache knows.
#[derive(Debug, Clone, PartialEq)]
pub enum Cached<T> {
    /// It is known, or known not to exist.
    Known(Option<T>),
    /// It must be read.
    Missing,
}

/// By what strategies are stopped beside the policy in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StoppedBy {
    /// The switch.
    Switch,
    /// `[stop]` of a policy file that is not in force.
    PolicyFile,
}

/// Whose history is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose<'a> {
    /// What is kept under a person.
    Person(&'a SubjectId),
    /// What is kept under a visit, and under nobody who is known.
    Visit(&'a SessionId),
}

/// For how long a store says of an id that somebody was erased under it, in milliseconds: two hours, twice as long as
/// anything lasts that is made out for a person.
pub const ERASURES_KNOWN_MS: i64 = 2 * 60 * 60 * 1_000;

/// The receipt of an erasure (GDPR Art. 17).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// By which it is found again.
    pub receipt: Arc<str>,
    /// When it was done.
    pub at: Timestamp,
    /// How many events went.
    pub events: u64,
    /// Whose, inside the store; learned state forgets by it.
    pub person: PersonNumber,
}

/// What a stored event says beyond its line in a history.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EventDetails {
    /// The answer that led to it.
    pub recommendation: Option<RecommendationId>,
    /// Declared fields of the event.
    pub fields: BTreeMap<Arc<str>, Value>,
    /// Declared fields of its lines, in their order; empty where no line has any.
    pub lines: Vec<BTreeMap<Arc<str>, Value>>,
}

/// Everything that is stored of a person (GDPR Art. 15 and 20).
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// The record.
    pub record: Arc<SubjectRecord>,
    /// For each event of the record the visit that it names.
    pub sessions: Vec<Option<SessionId>>,
    /// For each event of the record what else it says.
    pub details: Vec<EventDetails>,
}

/// Where people, items and switches are kept. Every change is durable, and seen by every later read, before
/// it returns. A withdrawal, an objection, a restriction and an erasure are seen by every later read even where they
/// cannot be made durable, which [`StoreError::InForceNotDurable`] then says. Serving never writes.
#[async_trait]
pub trait StateStore: Send + Sync {
    /// What the cache knows of a person; never waits.
    fn cached_subject(&self, id: &SubjectId) -> Cached<Arc<SubjectRecord>>;
    /// What is stored of a person.
    async fn read_subject(&self, id: &SubjectId) -> Result<Option<Arc<SubjectRecord>>, StoreError>;
    /// What is stored of a person by her number, for the learning feed.
    async fn subject_by_number(&self, person: PersonNumber)
    -> Result<Option<Arc<SubjectRecord>>, StoreError>;
    /// How the audit names a person: by a digest under a key that goes with their erasure; `None` where nothing is stored of them.
    async fn pseudonym_of(&self, id: &SubjectId) -> Result<Option<Pseudonym>, StoreError>;
    /// What the cache knows of a visit; never waits.
    fn cached_session(&self, id: &SessionId) -> Cached<Arc<SessionRecord>>;
    /// What is stored of a visit.
    async fn read_session(&self, id: &SessionId) -> Result<Option<Arc<SessionRecord>>, StoreError>;

    /// Changes a profile.
    async fn put_profile(
        &self,
        id: &SubjectId,
        change: ProfileChange,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError>;
    /// Adds an answer to a consent question.
    async fn put_choice(
        &self,
        id: &SubjectId,
        consent: &str,
        choice: Choice,
    ) -> Result<Arc<SubjectRecord>, StoreError>;
    /// Sets or lifts an objection.
    async fn put_objection(
        &self,
        id: &SubjectId,
        active: bool,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError>;
    /// Sets or lifts a restriction.
    async fn put_restriction(
        &self,
        id: &SubjectId,
        active: bool,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError>;
    /// Adds what somebody decided for one visit alone; it goes with the visit.
    async fn put_visit_choice(
        &self,
        id: &SessionId,
        name: &str,
        choice: Choice,
    ) -> Result<Arc<SessionRecord>, StoreError>;
    /// Notes that a visit for which something was decided goes on: it has not ended while somebody browses in it, though
    /// nothing of that is kept.
    async fn touch_visit(&self, id: &SessionId, at: Timestamp) -> Result<(), StoreError>;
    /// Takes away what was decided for a visit that has ended; the next one under its id begins without.
    async fn end_visit(&self, id: &SessionId) -> Result<(), StoreError>;
    /// Removes what somebody did from `since` on, of these kinds: their wish, which a restriction does not hold up. Says
    /// which running numbers went.
    async fn forget_history(
        &self,
        whose: Whose<'_>,
        kinds: &[EventKind],
        since: Timestamp,
    ) -> Result<Vec<u64>, StoreError>;
    /// Removes events of somebody by their running numbers; nobody else's go.
    async fn remove_events(&self, whose: Whose<'_>, sequences: &[u64]) -> Result<(), StoreError>;
    /// Everything that is stored of a person.
    async fn export_subject(&self, id: &SubjectId) -> Result<Option<Export>, StoreError>;
    /// Erases a person: her key, her record, her events; `None` where she is unknown.
    async fn erase_subject(&self, id: &SubjectId, now: Timestamp) -> Result<Option<Erasure>, StoreError>;
    /// Remembers of somebody who was just erased that they object to whatever comes under their id, by a keyed digest in the
    /// journal of refusals and nowhere else.
    async fn remember_objection(&self, id: &SubjectId, now: Timestamp) -> Result<(), StoreError>;
    /// When somebody of this id was last erased, as far back as [`ERASURES_KNOWN_MS`] at least; never waits.
    fn last_erasure(&self, id: &SubjectId) -> Option<Timestamp>;
    /// An erasure by its receipt.
    async fn find_erasure(&self, receipt: &str) -> Result<Option<Erasure>, StoreError>;

    /// The index that this store gave each item id, of items and of what events named; shared with every
    /// catalogue, which reads it. It grows as the store gives more, and nobody else gives one.
    fn item_ids(&self) -> Arc<ItemIds>;
    /// Every stored item with its index, in the order of these.
    async fn read_items(&self) -> Result<Vec<(ItemIndex, Item)>, StoreError>;
    /// Changes items, all or none; answers the index of each changed item, in the order of the changes.
    async fn change_items(&self, changes: Vec<ItemChange>) -> Result<Vec<ItemIndex>, StoreError>;

    /// What is stopped beside the policy in force.
    async fn read_stop(&self, by: StoppedBy) -> Result<Stop, StoreError>;
    /// Stops and lets run again.
    async fn put_stop(&self, by: StoppedBy, stop: &Stop) -> Result<(), StoreError>;

    /// Keeps the items as they are now beside them, in place of those that were kept before.
    async fn keep_items(&self) -> Result<(), StoreError>;
    /// The items that were kept; none where none ever were.
    async fn read_kept_items(&self) -> Result<Vec<Item>, StoreError>;

    /// Removes what nobody may keep any longer, in short transactions; restricted people are left alone. Says
    /// how many events went.
    async fn sweep_expired(&self, plan: &SweepPlan) -> Result<u64, StoreError>;
    /// Removes every event that holds one of these items, and takes the items out of profiles; says which
    /// running numbers went. Restricted people are left alone: what is restricted is stored and nothing else
    /// (GDPR Art. 18(2)), and no history shows those items.
    async fn purge_items(&self, items: &[ItemIndex]) -> Result<Vec<u64>, StoreError>;
    /// Removes what nothing permits to keep of people any longer, but a value that was told anew meanwhile; says which
    /// running numbers of events went. Restricted people are left alone.
    async fn erase_groundless(&self, find: &FindGroundless<'_>) -> Result<Vec<u64>, StoreError>;
    /// For each item how many different people have an event with it that counts, each person counting
    /// `2^(-age / half_life_ms)` by their newest one; with the number of people.
    async fn people_per_item(
        &self,
        half_life_ms: i64,
        now: Timestamp,
        counted: &ChosenEvents<'_>,
    ) -> Result<Vec<(ItemIndex, u32, f64)>, StoreError>;

    /// Shows the record of everybody, one after the other, in short transactions.
    async fn look_at_people(&self, show: &ShowPerson<'_>) -> Result<(), StoreError>;

    /// What somebody must look at, in words without values: changes that no disk takes, refusals that are not durable.
    fn store_warnings(&self) -> Vec<String>;
    /// The latest time that is durable, to notice a clock that stepped back.
    fn latest_durable(&self) -> Option<Timestamp>;
    /// Makes this the latest durable time again, where that is later: the clock was ahead when it was noted. What is
    /// stored with a later time stays as it is.
    async fn lower_latest_durable(&self, to: Timestamp) -> Result<(), StoreError>;
    /// The time that was trusted last.
    async fn read_clock_mark(&self) -> Result<Option<ClockMark>, StoreError>;
    /// Makes a trusted time durable, in place of the one before.
    async fn put_clock_mark(&self, mark: ClockMark) -> Result<(), StoreError>;
    /// A secret of this store for a named use, 32 random bytes that never change; for pseudonyms and random
    /// session numbers.
    fn derive_secret(&self, usage: &str) -> [u8; 32];
}
