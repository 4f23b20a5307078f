//! Who asks: what is stored of her, from the cache where it stands there.

use std::{sync::Arc, time::Duration};

use jardin_contract::{Cached, Deadline, StateStore};
use jardin_model::{SECOND_MS, SessionId, SessionRecord, SubjectId, SubjectRecord, Timestamp};

use crate::Parts;

/// How far the clock may step back before no consent can be trusted to be fresh.
const STEP_MS: i64 = 5 * SECOND_MS;

/// How long an uncached record is waited for where the request sets no deadline.
const READ: Duration = Duration::from_millis(500);

/// The store did not say who she is. Nothing that depends on her may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// What is stored of a request's person and visit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stored {
    pub(crate) subject: Option<Arc<SubjectRecord>>,
    pub(crate) session: Option<Arc<SessionRecord>>,
}

pub(crate) async fn stored(
    parts: &Parts,
    subject: Option<&SubjectId>,
    session: Option<&SessionId>,
    deadline: Option<Deadline>,
) -> Result<Stored, Unreadable> {
    let until = deadline.unwrap_or_else(|| Deadline::after(&*parts.clock, READ));
    let read = async {
        let subject = match subject {
            Some(id) => subject_record(&*parts.state, id).await?,
            None => None,
        };
        let session = match session {
            Some(id) => session_record(&*parts.state, id).await?,
            None => None,
        };
        Ok(Stored { subject, session })
    };
    tokio::time::timeout_at(until.0.into(), read).await.unwrap_or(Err(Unreadable))
}

async fn subject_record(
    state: &dyn StateStore,
    id: &SubjectId,
) -> Result<Option<Arc<SubjectRecord>>, Unreadable> {
    match state.cached_subject(id) {
        Cached::Known(record) => Ok(record),
        Cached::Missing => state.subject(id).await.map_err(|_| Unreadable),
    }
}

async fn session_record(
    state: &dyn StateStore,
    id: &SessionId,
) -> Result<Option<Arc<SessionRecord>>, Unreadable> {
    match state.cached_session(id) {
        Cached::Known(record) => Ok(record),
        Cached::Missing => state.session(id).await.map_err(|_| Unreadable),
    }
}

/// True where the clock lies so far behind what is durable that a consent could be brought back to life by
/// it.
pub(crate) fn clock_stepped_back(state: &dyn StateStore, now: Timestamp) -> bool {
    state.latest_durable().is_some_and(|latest| latest.ms_since(now) > STEP_MS)
}
