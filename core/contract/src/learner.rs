//! The contract of strategies that learn.

use std::sync::Arc;

use async_trait::async_trait;
use jardin_model::{EventKind, ItemIndex};

use crate::{Failure, Strategy};

/// One event of a learnable session. No time finer than an hour stands in it, and no person but as a number that is
/// random for each strategy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Observation {
    /// Which session: a number that is random for each strategy.
    pub session: u64,
    /// The order of sessions: the store's running number of the session's first event.
    pub sequence: u64,
    /// The place within the session, from 0, by time and then by the store's running number.
    pub ordinal: u32,
    /// The item.
    pub item: ItemIndex,
    /// What happened.
    pub kind: EventKind,
    /// When: hours since 1970-01-01 UTC.
    pub hour: u32,
    /// Whose session, where the policy lets people be counted and it is somebody's: a number that no two of those who
    /// are learned from share, another one whenever the strategy is taught anew, and never `u32::MAX`.
    pub person: Option<u32>,
}

/// The learning side of a strategy. State is a function of the set of sessions that were observed and not
/// forgotten, in the order of their sequence: however they came, the answers are the same bits.
#[async_trait]
pub trait Learner: Send + Sync {
    /// Changes whenever the state is new and empty, as after the start of a worker; everything must be
    /// observed again then.
    fn generation(&self) -> u64;

    /// Learns. A session that is observed again has grown: its rows go on where they ended.
    ///
    /// # Errors
    /// [`Failure::Stale`] where `generation` is not the present one, otherwise what went wrong; nothing
    /// counts as learned then.
    async fn observe(&self, generation: u64, rows: &[Observation]) -> Result<(), Failure>;

    /// Forgets whole sessions, exactly: every later answer is that of a strategy which never saw them.
    ///
    /// # Errors
    /// As [`Learner::observe`].
    async fn forget(&self, generation: u64, sessions: &[u64]) -> Result<(), Failure>;

    /// A strategy of the same file and settings that knows nothing yet and works at low priority: taught what this
    /// one may know, it must give the same answers. `None` where nobody compares them.
    fn start_twin(&self) -> Option<Arc<dyn Strategy>> {
        None
    }

    /// It answered from what it was told to forget: what it holds goes, and it answers nothing from now on.
    async fn stop_trusting(&self) {}
}
