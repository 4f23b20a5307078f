//! People and visits: found by a keyed digest, read, made and changed.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{
    Choice, ChoiceStatus, EventKind, HistoryEvent, PersonNumber, SessionRecord, StoredValue, SubjectId, SubjectRecord, Timestamp,
};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::{
    codec::{lines_of, profile_bytes, profile_of},
    keys::Keys,
    seal::{Secret, open, random, seal},
    store::Shared,
    writer::Place,
};

/// A person's row with her key.
pub(crate) struct Row {
    pub(crate) number: i64,
    pub(crate) slot: u64,
    pub(crate) key: Secret,
    profile: Vec<u8>,
    objected: Option<i64>,
    restricted: Option<i64>,
    last_seen: i64,
}

/// A number as rows hold it.
pub(crate) const fn person(number: i64) -> PersonNumber {
    PersonNumber(number.cast_unsigned())
}

/// What is sealed is bound to its person and to what it is, so that nothing can be moved.
pub(crate) fn bound(number: i64, what: &str) -> Vec<u8> {
    [number.to_le_bytes().as_slice(), what.as_bytes()].concat()
}

type Columns = (i64, i64, Vec<u8>, Option<i64>, Option<i64>, i64);

fn columns(row: &rusqlite::Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
}

fn with_key((number, slot, profile, objected, restricted, last_seen): Columns, keys: &Keys) -> Option<Row> {
    let slot = u64::try_from(slot).ok()?;
    // a person whose key is gone is gone, even where an end came before her rows went
    Some(Row {
        key: keys.get(slot)?,
        number,
        slot,
        profile,
        objected,
        restricted,
        last_seen,
    })
}

const SELECT: &str = "SELECT number, slot, profile, objected, restricted, last_seen FROM people";

/// The person of that external id.
pub(crate) fn find(sql: &Connection, shared: &Shared, id: &str) -> rusqlite::Result<Option<Row>> {
    let digest = shared.digest("subject", id);
    let found = sql
        .prepare_cached(&format!("{SELECT} WHERE digest = ?1"))?
        .query_row([digest.as_slice()], columns)
        .optional()?;
    Ok(found.and_then(|row| with_key(row, &shared.keys)))
}

/// The person of that number.
pub(crate) fn find_number(sql: &Connection, shared: &Shared, number: i64) -> rusqlite::Result<Option<Row>> {
    let found = sql
        .prepare_cached(&format!("{SELECT} WHERE number = ?1"))?
        .query_row([number], columns)
        .optional()?;
    Ok(found.and_then(|row| with_key(row, &shared.keys)))
}

/// The person of that external id, made now where there is none; `last_seen` becomes the later of the two.
pub(crate) fn find_or_make(place: &mut Place<'_>, shared: &Shared, id: &SubjectId, now: Timestamp) -> Result<Row, String> {
    let text = |e: rusqlite::Error| e.to_string();
    if let Some(mut row) = find(&place.sql, shared, id.as_str()).map_err(text)? {
        row.last_seen = row.last_seen.max(now.ms());
        let update = "UPDATE people SET last_seen = ?2 WHERE number = ?1";
        place
            .sql
            .prepare_cached(update)
            .and_then(|mut s| s.execute(params![row.number, row.last_seen]))
            .map_err(text)?;
        return Ok(row);
    }
    let digest = shared.digest("subject", id.as_str());
    // rows of a person whose key was destroyed just before an end
    let half: Option<i64> = place
        .sql
        .query_row("SELECT number FROM people WHERE digest = ?1", [digest.as_slice()], |r| r.get(0))
        .optional()
        .map_err(text)?;
    if let Some(number) = half {
        remove_rows(&place.sql, number).map_err(text)?;
    }
    let (slot, key) = place.keys.create().map_err(|e| e.to_string())?;
    *place.made_keys = true;
    let number = new_number()?;
    let sealed_id = seal(&key, &bound(number, "id"), id.as_str().as_bytes())?;
    let profile = seal(&key, &bound(number, "profile"), &profile_bytes(&BTreeMap::new()))?;
    let slot_column = i64::try_from(slot).map_err(|e| e.to_string())?;
    let insert = "INSERT INTO people VALUES (?1, ?2, ?3, ?4, ?5, NULL, NULL, ?6)";
    let values = params![number, digest.as_slice(), slot_column, sealed_id, profile, now.ms()];
    place.sql.prepare_cached(insert).and_then(|mut s| s.execute(values)).map_err(text)?;
    Ok(Row {
        number,
        slot,
        key,
        profile,
        objected: None,
        restricted: None,
        last_seen: now.ms(),
    })
}

/// A random number that is not 0.
pub(crate) fn new_number() -> Result<i64, String> {
    Ok(i64::from_le_bytes(random()?) | 1)
}

/// The visit of that external id, made now where there is none.
pub(crate) fn visit(sql: &Connection, shared: &Shared, id: &str, seen: Timestamp) -> Result<i64, String> {
    let digest = shared.digest("session", id);
    let text = |e: rusqlite::Error| e.to_string();
    let find = "SELECT number FROM visits WHERE digest = ?1";
    let found: Option<i64> = sql
        .prepare_cached(find)
        .and_then(|mut s| s.query_row([digest.as_slice()], |r| r.get(0)).optional())
        .map_err(text)?;
    if let Some(number) = found {
        let update = "UPDATE visits SET last_seen = max(last_seen, ?2) WHERE number = ?1";
        sql.prepare_cached(update)
            .and_then(|mut s| s.execute(params![number, seen.ms()]))
            .map_err(text)?;
        return Ok(number);
    }
    let number = new_number()?;
    let insert = "INSERT INTO visits VALUES (?1, ?2, ?3)";
    sql.prepare_cached(insert)
        .and_then(|mut s| s.execute(params![number, digest.as_slice(), seen.ms()]))
        .map_err(text)?;
    Ok(number)
}

/// Everything of a person but her key.
pub(crate) fn remove_rows(sql: &Connection, number: i64) -> rusqlite::Result<u64> {
    let events = sql.prepare_cached("DELETE FROM events WHERE subject = ?1")?.execute([number])?;
    sql.prepare_cached("DELETE FROM choices WHERE person = ?1")?.execute([number])?;
    sql.prepare_cached("DELETE FROM people WHERE number = ?1")?.execute([number])?;
    Ok(events as u64)
}

impl Row {
    pub(crate) fn profile(&self) -> BTreeMap<Arc<str>, StoredValue> {
        let opened = open(&self.key, &bound(self.number, "profile"), &self.profile);
        opened.and_then(|bytes| profile_of(&bytes)).unwrap_or_default()
    }

    pub(crate) fn set_profile(&mut self, sql: &Connection, profile: &BTreeMap<Arc<str>, StoredValue>) -> Result<(), String> {
        self.profile = seal(&self.key, &bound(self.number, "profile"), &profile_bytes(profile))?;
        let update = "UPDATE people SET profile = ?2 WHERE number = ?1";
        let done = sql
            .prepare_cached(update)
            .and_then(|mut s| s.execute(params![self.number, self.profile]));
        done.map(drop).map_err(|e| e.to_string())
    }

    /// The whole record; with `events` also what she did.
    pub(crate) fn record(&self, sql: &Connection, events: bool) -> rusqlite::Result<SubjectRecord> {
        Ok(SubjectRecord {
            person: person(self.number),
            fields: self.profile(),
            events: if events {
                history(sql, "subject", self.number)?
            } else {
                Vec::new()
            },
            choices: choices(sql, self.number)?,
            objected: self.objected.map(Timestamp::from_ms),
            restricted: self.restricted.map(Timestamp::from_ms),
            last_seen: Timestamp::from_ms(self.last_seen),
        })
    }
}

/// The record of a visit.
pub(crate) fn session(sql: &Connection, shared: &Shared, id: &str) -> rusqlite::Result<Option<SessionRecord>> {
    let digest = shared.digest("session", id);
    let find = "SELECT number, last_seen FROM visits WHERE digest = ?1";
    let found: Option<(i64, i64)> = sql
        .prepare_cached(find)?
        .query_row([digest.as_slice()], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let Some((number, last_seen)) = found else { return Ok(None) };
    let events = history(sql, "session", number)?;
    Ok(Some(SessionRecord {
        person: person(number),
        events,
        last_seen: Timestamp::from_ms(last_seen),
    }))
}

/// A history, oldest first. Of a visit only what is kept under it, not what is kept under a person.
fn history(sql: &Connection, keeper: &str, number: i64) -> rusqlite::Result<Vec<HistoryEvent>> {
    let of_nobody = if keeper == "session" { "AND subject IS NULL" } else { "" };
    let select = format!("SELECT sequence, kind, at, lines FROM events WHERE {keeper} = ?1 {of_nobody} ORDER BY at, sequence");
    let mut statement = sql.prepare_cached(&select)?;
    let rows = statement.query_map([number], |row| {
        let lines = row.get_ref(3)?.as_blob().map(lines_of).unwrap_or_default();
        Ok((row.get::<_, i64>(0)?, row.get::<_, u8>(1)?, row.get::<_, i64>(2)?, lines))
    })?;
    let mut events = Vec::new();
    for row in rows {
        let (sequence, code, at, lines) = row?;
        if let Some(kind) = EventKind::from_code(code) {
            events.push(HistoryEvent {
                sequence: sequence.cast_unsigned(),
                kind,
                at: Timestamp::from_ms(at),
                lines,
            });
        }
    }
    Ok(events)
}

fn choices(sql: &Connection, number: i64) -> rusqlite::Result<BTreeMap<Arc<str>, Vec<Choice>>> {
    let select = "SELECT consent, status, text_version, at, source FROM choices WHERE person = ?1 ORDER BY at, rowid";
    let mut statement = sql.prepare_cached(select)?;
    let rows = statement.query_map([number], |row| {
        let status = if row.get::<_, i64>(1)? == 1 {
            ChoiceStatus::Granted
        } else {
            ChoiceStatus::Withdrawn
        };
        let text = |at: usize| row.get::<_, String>(at).map(Arc::<str>::from);
        Ok((
            text(0)?,
            Choice {
                status,
                text_version: text(2)?,
                at: Timestamp::from_ms(row.get(3)?),
                source: text(4)?,
            },
        ))
    })?;
    let mut choices: BTreeMap<Arc<str>, Vec<Choice>> = BTreeMap::new();
    for row in rows {
        let (name, choice) = row?;
        choices.entry(name).or_default().push(choice);
    }
    Ok(choices)
}
