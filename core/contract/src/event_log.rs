//! Where events are kept.

use async_trait::async_trait;
use jardin_model::{EventKind, HistoryLine, PersonNumber, Timestamp};
use jardin_policy::Admitted;

use crate::StoreError;

/// A stored event as the learning feed reads it: integers only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEvent {
    /// The store's running number.
    pub sequence: u64,
    /// The person, where it is kept under her.
    pub subject: Option<PersonNumber>,
    /// The visit, where the event names one.
    pub session: Option<PersonNumber>,
    /// What happened.
    pub kind: EventKind,
    /// When it happened.
    pub at: Timestamp,
    /// The products concerned.
    pub lines: Box<[HistoryLine]>,
}

/// What became of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Appended {
    /// It is durable.
    Stored(FeedEvent),
    /// An event of its id came within seven days.
    Duplicate,
}

/// Where events are kept. An event is acknowledged when it is durable; order is promised for one person only.
#[async_trait]
pub trait EventLog: Send + Sync {
    /// Stores events and, once they are durable and every cached history shows them, says what became of
    /// each, in their order.
    ///
    /// # Errors
    /// [`StoreError::Overloaded`] where too much is waiting; nothing was stored then.
    async fn append_events(&self, events: Vec<Admitted>, now: Timestamp)
    -> Result<Vec<Appended>, StoreError>;

    /// Up to `limit` stored events after a running number, in its order. Reads in short transactions.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn read_feed(&self, after: u64, limit: usize) -> Result<Vec<FeedEvent>, StoreError>;
}
