//! Appending events and reading them in their order.

use async_trait::async_trait;
use jardin_contract::{Appended, EventLog, FeedEvent, StoreError};
use jardin_model::{DAY_MS, Event, HistoryEvent, HistoryLine, Timestamp};
use jardin_policy::Admitted;
use jardin_store_kit::{event_details, insert_by_time, kept_subject, repeat_scope, seen_at};

use crate::{
    MemoryStore,
    state::{State, StoredEvent},
};

/// For how long the id of an event is known to repeat.
const DEDUP_MS: i64 = 7 * DAY_MS;

#[async_trait]
impl EventLog for MemoryStore {
    async fn append_events(
        &self,
        events: Vec<Admitted>,
        now: Timestamp,
    ) -> Result<Vec<Appended>, StoreError> {
        let mut state = self.lock_state();
        state.note_time(now);
        Ok(events.iter().map(|admitted| self.append_one(&mut state, admitted, now)).collect())
    }

    async fn read_feed(&self, after: u64, limit: usize) -> Result<Vec<FeedEvent>, StoreError> {
        if let Some(base) = self.base() {
            return base.read_feed(after, limit).await;
        }
        let state = self.lock_state();
        let behind = after.saturating_add(1)..;
        Ok(state.events.range(behind).take(limit).map(|(_, stored)| stored.event.clone()).collect())
    }
}

impl MemoryStore {
    fn append_one(&self, state: &mut State, admitted: &Admitted, now: Timestamp) -> Appended {
        let event = admitted.event();
        if is_repeat(state, event, now) {
            return Appended::Duplicate;
        }
        let line = |line: &jardin_model::Line| HistoryLine {
            item: self.numbering().index_or_assign(&line.item),
            quantity: line.quantity,
        };
        let entry = HistoryEvent {
            sequence: state.next_number(),
            kind: event.kind,
            at: event.occurred_at,
            lines: event.lines.iter().map(line).collect(),
        };
        let (seen, kept_subject) = (seen_at(event, now), kept_subject(admitted));
        let subject = kept_subject.map(|id| {
            let record = state.find_or_make_subject(id, seen);
            insert_by_time(&mut record.events, entry.clone());
            record.person
        });
        let session = event.session.as_ref().map(|id| {
            let visit = state.find_or_make_session(id, seen);
            if subject.is_none() {
                insert_by_time(&mut visit.events, entry.clone());
            }
            visit.person
        });
        let HistoryEvent { sequence, kind, at, lines } = entry;
        let fed = FeedEvent { sequence, subject, session, kind, at, lines };
        let stored =
            StoredEvent { event: fed.clone(), session: event.session.clone(), details: event_details(event) };
        state.events.insert(sequence, stored);
        Appended::Stored(fed)
    }
}

/// True where an event of that id came from them within seven days; else it has come now.
fn is_repeat(state: &mut State, event: &Event, now: Timestamp) -> bool {
    let Some(id) = &event.id else { return false };
    let (whose, who) = repeat_scope(event);
    let key = (whose, who.to_owned(), id.clone());
    if state.event_ids.get(&key).is_some_and(|came| now.ms_since(*came) < DEDUP_MS) {
        return true;
    }
    state.event_ids.insert(key, now);
    false
}
