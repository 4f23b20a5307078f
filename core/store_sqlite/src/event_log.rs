//! Appending events and reading them in their order.

use std::sync::Arc;

use async_trait::async_trait;
use jardin_contract::{Appended, EventDetails, EventLog, FeedEvent, KeyRing as _, StoreError};
use jardin_model::{Event, EventKind, HistoryEvent, HistoryLine, Timestamp};
use jardin_policy::Admitted;
use jardin_store_kit::{
    decode_lines, encode_details, encode_lines, event_details, insert_by_time, kept_subject, keyed_digest,
    repeat_scope, seen_at,
};
use rusqlite::{Connection, params};

use crate::{
    SqliteStore,
    items::note_ids,
    people::{self, person_number, seal_binding},
    store::Shared,
    visits,
    writer::{Place, note_time},
};

/// So many events are read at a time: a long reader would hold up the checkpoint.
const PAGE: usize = 10_000;

#[async_trait]
impl EventLog for SqliteStore {
    async fn append_events(
        &self,
        events: Vec<Admitted>,
        now: Timestamp,
    ) -> Result<Vec<Appended>, StoreError> {
        let (shared, caches) = (Arc::clone(&self.shared), Arc::clone(&self.shared));
        let count = events.len();
        let events = Arc::new(events);
        let cached = Arc::clone(&events);
        let work = move |place: &mut Place<'_>| {
            let append = |admitted| append_one(place, &shared, admitted, now);
            let appended = events.iter().map(append).collect::<Result<Vec<_>, _>>()?;
            note_ids(&place.sql, &shared).map_err(StoreError::failed)?;
            note_time(place, now)?;
            Ok(appended)
        };
        let after = move |appended: &Vec<Appended>| {
            caches.note_time(now);
            for (admitted, appended) in cached.iter().zip(appended) {
                if let Appended::Stored(event) = appended {
                    show_in_caches(&caches, admitted, event, now);
                }
            }
        };
        self.writer.write_events(count, work, after).await
    }

    async fn read_feed(&self, after: u64, limit: usize) -> Result<Vec<FeedEvent>, StoreError> {
        let mut events = Vec::new();
        let mut last = after;
        while events.len() < limit {
            let wanted = PAGE.min(limit - events.len());
            let (page, end) = self
                .readers
                .read(move |sql| feed_page(sql, last, wanted).map_err(StoreError::failed))
                .await?;
            events.extend(page);
            match end {
                Some(end) => last = end,
                None => break,
            }
        }
        Ok(events)
    }
}

fn append_one(
    place: &mut Place<'_>,
    shared: &Shared,
    admitted: &Admitted,
    now: Timestamp,
) -> Result<Appended, StoreError> {
    let event = admitted.event();
    if is_repeat(place, shared, event, now)? {
        return Ok(Appended::Duplicate);
    }
    let seen = seen_at(event, now);
    let session =
        event.session.as_ref().map(|id| visits::find_or_make(&place.sql, shared, id.as_str(), seen));
    let session = session.transpose()?;
    let (subject, sealed) = match kept_subject(admitted) {
        Some(id) => {
            let row = people::find_or_make(place, shared, id, seen)?;
            let said = encode_texts(event)
                .map(|said| place.keys.seal_text(row.slot, &seal_binding(row.number, "event"), &said));
            (Some(row.number), said.transpose()?)
        }
        None => (None, None),
    };
    let lines = number_lines(shared, event);
    let (kind, at) = (event.kind.code(), event.occurred_at.ms());
    let values = params![subject, session, kind, at, encode_lines(&lines), sealed];
    let insert =
        "INSERT INTO events (subject, session, kind, at, lines, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let sequence =
        place.sql.prepare_cached(insert).and_then(|mut s| s.insert(values)).map_err(StoreError::failed)?;
    Ok(Appended::Stored(FeedEvent {
        sequence: sequence.cast_unsigned(),
        subject: subject.map(person_number),
        session: session.map(person_number),
        kind: event.kind,
        at: event.occurred_at,
        lines,
    }))
}

fn is_repeat(
    place: &mut Place<'_>,
    shared: &Shared,
    event: &Event,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(id) = &event.id else { return Ok(false) };
    let (whose, who) = repeat_scope(event);
    let hash = keyed_digest(&shared.digests, &[b"event", whose, who.as_bytes(), id.as_str().as_bytes()]);
    let hash = i64::from_le_bytes(hash.first_chunk::<8>().copied().unwrap_or_default());
    place.dedup.note_event(&place.sql, hash, now).map_err(StoreError::failed)
}

fn number_lines(shared: &Shared, event: &Event) -> Box<[HistoryLine]> {
    let lines = event.lines.iter().map(|line| HistoryLine {
        item: shared.numbering.index_or_assign(&line.item),
        quantity: line.quantity,
    });
    lines.collect()
}

/// What of an event is text: the visit's own name, the answer that led to it, and declared fields.
fn encode_texts(event: &Event) -> Option<Vec<u8>> {
    let details = event_details(event);
    let says_something = event.session.is_some() || details != EventDetails::default();
    says_something.then(|| encode_details(event.session.as_ref(), &details))
}

/// Shows an event to the histories that are in memory.
fn show_in_caches(shared: &Shared, admitted: &Admitted, stored: &FeedEvent, now: Timestamp) {
    let entry = HistoryEvent {
        sequence: stored.sequence,
        kind: stored.kind,
        at: stored.at,
        lines: stored.lines.clone(),
    };
    let seen = seen_at(admitted.event(), now);
    let mut of_visit = Some(entry);
    if let Some(id) = kept_subject(admitted) {
        let entry = of_visit.take();
        shared.subjects.change_record(id, |record| {
            record.last_seen = record.last_seen.max(seen);
            entry.into_iter().for_each(|entry| insert_by_time(&mut record.events, entry));
        });
    }
    if let Some(id) = &admitted.event().session {
        shared.sessions.change_record(id, |record| {
            record.last_seen = record.last_seen.max(seen);
            of_visit.into_iter().for_each(|entry| insert_by_time(&mut record.events, entry));
        });
    }
}

/// A page of events, and the number of the last row that was looked at; none at the end.
fn feed_page(sql: &Connection, after: u64, limit: usize) -> rusqlite::Result<(Vec<FeedEvent>, Option<u64>)> {
    let select = "SELECT sequence, subject, session, kind, at, lines FROM events WHERE sequence > ?1 ORDER BY sequence LIMIT ?2";
    let mut statement = sql.prepare_cached(select)?;
    let mut rows = statement.query(params![after.cast_signed(), i64::try_from(limit).unwrap_or(i64::MAX)])?;
    let (mut events, mut last) = (Vec::new(), None);
    while let Some(row) = rows.next()? {
        let sequence = row.get::<_, i64>(0)?.cast_unsigned();
        last = Some(sequence);
        if let Some(kind) = EventKind::from_code(row.get(3)?) {
            events.push(FeedEvent {
                sequence,
                subject: row.get::<_, Option<i64>>(1)?.map(person_number),
                session: row.get::<_, Option<i64>>(2)?.map(person_number),
                kind,
                at: Timestamp::from_ms(row.get(4)?),
                lines: decode_lines(row.get_ref(5)?.as_blob()?),
            });
        }
    }
    Ok((events, last))
}
