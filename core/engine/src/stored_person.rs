//! Who asks: what is stored of a person and a visit, from the cache where it stands there.

use std::{sync::Arc, time::Duration};

use jardin_contract::{Cached, Clock, Deadline, StateStore};
use jardin_model::{SessionId, SessionRecord, SubjectId, SubjectRecord};

/// How long an uncached record is waited for where the request sets no deadline.
const READ_TIME: Duration = Duration::from_millis(500);

/// The store did not say who asks. Nothing that depends on a person may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// What is stored of a request's person and visit.
#[derive(Debug, Clone, Default)]
pub(crate) struct StoredPerson {
    pub(crate) subject: Option<Arc<SubjectRecord>>,
    pub(crate) session: Option<Arc<SessionRecord>>,
}

/// Reads what is stored, and waits no longer than until the deadline.
pub(crate) async fn read_person(
    state: &dyn StateStore,
    clock: &dyn Clock,
    subject: Option<&SubjectId>,
    session: Option<&SessionId>,
    deadline: Option<Deadline>,
) -> Result<StoredPerson, Unreadable> {
    if let Some(person) = cached_person(state, subject, session) {
        return Ok(person);
    }
    let until = deadline.unwrap_or_else(|| Deadline::after(clock, READ_TIME));
    let read = async {
        let subject = match subject {
            Some(id) => read_subject(state, id).await?,
            None => None,
        };
        let session = match session {
            Some(id) => read_session(state, id).await?,
            None => None,
        };
        Ok(StoredPerson { subject, session })
    };
    tokio::time::timeout_at(until.0.into(), read).await.unwrap_or(Err(Unreadable))
}

/// Both from the cache; `None` where one does not stand there.
fn cached_person(
    state: &dyn StateStore,
    subject: Option<&SubjectId>,
    session: Option<&SessionId>,
) -> Option<StoredPerson> {
    let subject = match subject.map(|id| state.cached_subject(id)) {
        Some(Cached::Known(record)) => record,
        Some(Cached::Missing) => return None,
        None => None,
    };
    let session = match session.map(|id| state.cached_session(id)) {
        Some(Cached::Known(record)) => record,
        Some(Cached::Missing) => return None,
        None => None,
    };
    Some(StoredPerson { subject, session })
}

async fn read_subject(
    state: &dyn StateStore,
    id: &SubjectId,
) -> Result<Option<Arc<SubjectRecord>>, Unreadable> {
    match state.cached_subject(id) {
        Cached::Known(record) => Ok(record),
        Cached::Missing => state.read_subject(id).await.map_err(|_| Unreadable),
    }
}

async fn read_session(
    state: &dyn StateStore,
    id: &SessionId,
) -> Result<Option<Arc<SessionRecord>>, Unreadable> {
    match state.cached_session(id) {
        Cached::Known(record) => Ok(record),
        Cached::Missing => state.read_session(id).await.map_err(|_| Unreadable),
    }
}
