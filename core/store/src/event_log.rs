//! Appending events and reading them in their order.

use std::sync::Arc;

use async_trait::async_trait;
use jardin_model::{Event, EventKind, HistoryEvent, HistoryLine, SessionId, SubjectId, Timestamp};
use jardin_policy::{Admitted, Keeper};
use jardin_strategy::{Appended, EventLog, FeedEvent, StoreError};
use rusqlite::{Connection, params};

use crate::{
    Store,
    codec::{Out, lines_bytes, lines_of},
    items::note_ids,
    people::{self, bound, person},
    seal::{digest, seal},
    store::Shared,
    writer::{Place, note_time},
};

#[async_trait]
impl EventLog for Store {
    async fn append(&self, events: Vec<Admitted>, now: Timestamp) -> Result<Vec<Appended>, StoreError> {
        let shared = Arc::clone(&self.shared);
        let caches = Arc::clone(&self.shared);
        let events = Arc::new(events);
        let cached = Arc::clone(&events);
        let work = move |place: &mut Place<'_>| {
            let appended = events
                .iter()
                .map(|admitted| append(place, &shared, admitted, now))
                .collect::<Result<Vec<_>, _>>()?;
            note_ids(&place.sql, &shared).map_err(|e| e.to_string())?;
            note_time(place, now)?;
            Ok(appended)
        };
        self.writer
            .write(work, move |appended: &Vec<Appended>| {
                caches.note_time(now);
                for (admitted, appended) in cached.iter().zip(appended) {
                    if let Appended::Stored(event) = appended {
                        remember(&caches, admitted, event);
                    }
                }
            })
            .await
    }

    async fn feed(&self, after: u64, limit: usize) -> Result<Vec<FeedEvent>, StoreError> {
        self.readers.read(move |sql| feed(sql, after, limit)).await
    }
}

fn append(place: &mut Place<'_>, shared: &Shared, admitted: &Admitted, now: Timestamp) -> Result<Appended, String> {
    let event = admitted.event();
    let text = |e: rusqlite::Error| e.to_string();
    if let Some(id) = &event.id {
        let hash = digest(&shared.digests, &[b"event", id.as_str().as_bytes()]);
        let hash = i64::from_le_bytes(hash.first_chunk::<8>().copied().unwrap_or_default());
        if place.repeats.note(&place.sql, hash, now).map_err(text)? {
            return Ok(Appended::Duplicate);
        }
    }
    let lines: Box<[HistoryLine]> = event
        .lines
        .iter()
        .map(|l| HistoryLine {
            item: shared.ids.index_or_assign(&l.item),
            quantity: l.quantity,
        })
        .collect();
    let session = event
        .session
        .as_ref()
        .map(|id| people::visit(&place.sql, shared, id.as_str(), event.occurred_at))
        .transpose()?;
    let (subject, sealed) = match (admitted.keeper(), &event.subject) {
        (Keeper::Subject, Some(id)) => {
            let row = people::find_or_make(place, shared, id, event.occurred_at.min(now))?;
            let sealed = sealed_bytes(event)
                .map(|bytes| seal(&row.key, &bound(row.number, "event"), &bytes))
                .transpose()?;
            (Some(row.number), sealed)
        }
        _ => (None, None),
    };
    let insert = "INSERT INTO events (subject, session, kind, at, lines, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let values = params![
        subject,
        session,
        event.kind.code(),
        event.occurred_at.ms(),
        lines_bytes(&lines),
        sealed
    ];
    let sequence = place
        .sql
        .prepare_cached(insert)
        .and_then(|mut s| s.insert(values))
        .map_err(text)?
        .cast_unsigned();
    Ok(Appended::Stored(FeedEvent {
        sequence,
        subject: subject.map(person),
        session: session.map(person),
        kind: event.kind,
        at: event.occurred_at,
        lines,
    }))
}

/// What of an event is text: the visit's own name, the answer that led to it, and declared fields.
fn sealed_bytes(event: &Event) -> Option<Vec<u8>> {
    let fields = !event.fields.is_empty() || event.lines.iter().any(|l| !l.fields.is_empty());
    if event.session.is_none() && event.recommendation.is_none() && !fields {
        return None;
    }
    let mut out = Out::default();
    out.text(event.session.as_ref().map_or("", SessionId::as_str));
    out.text(event.recommendation.as_ref().map_or("", |r| r.as_str()));
    out.fields(&event.fields);
    event.lines.iter().for_each(|l| out.fields(&l.fields));
    Some(out.0)
}

/// Shows an event to the histories that are in memory.
fn remember(shared: &Shared, admitted: &Admitted, stored: &FeedEvent) {
    let event = admitted.event();
    let entry = HistoryEvent {
        sequence: stored.sequence,
        kind: stored.kind,
        at: stored.at,
        lines: stored.lines.clone(),
    };
    if let (Keeper::Subject, Some(id)) = (admitted.keeper(), &event.subject) {
        subject_did(shared, id, entry);
    } else if let Some(id) = &event.session {
        session_did(shared, id, entry);
    }
}

fn subject_did(shared: &Shared, id: &SubjectId, entry: HistoryEvent) {
    if matches!(shared.subjects.get(id), jardin_strategy::Cached::Known(None)) {
        // she was unknown until now: the next request reads her
        shared.subjects.forget(id);
    }
    shared.subjects.change(id, |record| {
        record.last_seen = record.last_seen.max(entry.at);
        insert(&mut record.events, entry);
    });
}

fn session_did(shared: &Shared, id: &SessionId, entry: HistoryEvent) {
    if matches!(shared.sessions.get(id), jardin_strategy::Cached::Known(None)) {
        shared.sessions.forget(id);
    }
    shared.sessions.change(id, |record| {
        record.last_seen = record.last_seen.max(entry.at);
        insert(&mut record.events, entry);
    });
}

fn insert(events: &mut Vec<HistoryEvent>, entry: HistoryEvent) {
    let place = events.partition_point(|e| (e.at, e.sequence) <= (entry.at, entry.sequence));
    events.insert(place, entry);
}

fn feed(sql: &Connection, after: u64, limit: usize) -> rusqlite::Result<Vec<FeedEvent>> {
    let select = "SELECT sequence, subject, session, kind, at, lines FROM events WHERE sequence > ?1 ORDER BY sequence LIMIT ?2";
    let mut statement = sql.prepare_cached(select)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![after.cast_signed(), limit], |row| {
        Ok((
            row.get::<_, u8>(3)?,
            FeedEvent {
                sequence: row.get::<_, i64>(0)?.cast_unsigned(),
                subject: row.get::<_, Option<i64>>(1)?.map(person),
                session: row.get::<_, Option<i64>>(2)?.map(person),
                kind: EventKind::Search,
                at: Timestamp::from_ms(row.get(4)?),
                lines: row.get_ref(5)?.as_blob().map(lines_of).unwrap_or_default(),
            },
        ))
    })?;
    let mut events = Vec::new();
    for row in rows {
        let (code, event) = row?;
        if let Some(kind) = EventKind::from_code(code) {
            events.push(FeedEvent { kind, ..event });
        }
    }
    Ok(events)
}
