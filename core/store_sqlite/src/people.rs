//! People: found by a keyed digest, read, made and changed.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{EventKind, HistoryEvent, PersonNumber, StoredValue, SubjectId, SubjectRecord, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};

use jardin_contract::{KeyRing as _, KeySlot, StoreError};

use jardin_store_kit::{decode_lines, decode_profile, encode_profile, random_bytes};

use crate::{SqliteStore, store::Shared, writer::Place};

/// A person's row.
pub(crate) struct Row {
    pub(crate) number: i64,
    pub(crate) slot: KeySlot,
    digest: [u8; 16],
    profile: Vec<u8>,
    objected: Option<i64>,
    restricted: Option<i64>,
    last_seen: i64,
}

/// A number as rows hold it.
pub(crate) const fn person_number(number: i64) -> PersonNumber {
    PersonNumber(number.cast_unsigned())
}

/// What is sealed is bound to its person and to what it is, so that nothing can be moved.
pub(crate) fn seal_binding(number: i64, what: &str) -> Vec<u8> {
    [number.to_le_bytes().as_slice(), what.as_bytes()].concat()
}

fn read_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    Ok(Row {
        number: row.get(0)?,
        slot: KeySlot(row.get::<_, i64>(1)?.cast_unsigned()),
        digest: row.get(2)?,
        profile: row.get(3)?,
        objected: row.get(4)?,
        restricted: row.get(5)?,
        last_seen: row.get(6)?,
    })
}

const SELECT: &str = "SELECT number, slot, digest, profile, objected, restricted, last_seen FROM people";

/// The person of that external id.
pub(crate) fn find_person(sql: &Connection, shared: &Shared, id: &str) -> Result<Option<Row>, StoreError> {
    find_digest(sql, &shared.id_digest("subject", id))
}

/// The person of that keyed digest.
pub(crate) fn find_digest(sql: &Connection, digest: &[u8; 16]) -> Result<Option<Row>, StoreError> {
    let found = sql
        .prepare_cached(&format!("{SELECT} WHERE digest = ?1"))
        .and_then(|mut s| s.query_row([digest.as_slice()], read_row).optional());
    found.map_err(StoreError::failed)
}

/// The person of that number.
pub(crate) fn find_number(sql: &Connection, number: i64) -> Result<Option<Row>, StoreError> {
    let found = sql
        .prepare_cached(&format!("{SELECT} WHERE number = ?1"))
        .and_then(|mut s| s.query_row([number], read_row).optional());
    found.map_err(StoreError::failed)
}

/// The person of that external id, made now where there is none; `seen` makes her last seen later, never
/// earlier.
pub(crate) fn find_or_make(
    place: &mut Place<'_>,
    shared: &Shared,
    id: &SubjectId,
    seen: Timestamp,
) -> Result<Row, StoreError> {
    let Some(mut row) = find_person(&place.sql, shared, id.as_str())? else {
        return make_person(place, shared, id, seen);
    };
    if seen.ms() > row.last_seen {
        row.last_seen = seen.ms();
        let update = "UPDATE people SET last_seen = ?2 WHERE number = ?1";
        let done = place.sql.prepare_cached(update);
        done.and_then(|mut s| s.execute(params![row.number, row.last_seen])).map_err(StoreError::failed)?;
    }
    Ok(row)
}

fn make_person(
    place: &mut Place<'_>,
    shared: &Shared,
    id: &SubjectId,
    seen: Timestamp,
) -> Result<Row, StoreError> {
    let slot = place.keys.create_one()?;
    place.marks.made_keys = true;
    let number = new_number()?;
    let digest = shared.id_digest("subject", id.as_str());
    // what somebody refused of whom the tables held nothing
    let refused = shared.outstanding.of_person(&digest).unwrap_or_default();
    let row = Row {
        number,
        slot,
        digest,
        profile: place.keys.seal_text(
            slot,
            &seal_binding(number, "profile"),
            &encode_profile(&BTreeMap::new()),
        )?,
        objected: refused.objected.flatten().map(Timestamp::ms),
        restricted: refused.restricted.flatten().map(Timestamp::ms),
        last_seen: seen.ms(),
    };
    let sealed_id = place.keys.seal_text(slot, &seal_binding(number, "id"), id.as_str().as_bytes())?;
    let values = params![
        number,
        digest.as_slice(),
        slot.0.cast_signed(),
        sealed_id,
        row.profile,
        row.objected,
        row.restricted,
        row.last_seen
    ];
    let insert = "INSERT INTO people VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    place.sql.prepare_cached(insert).and_then(|mut s| s.execute(values)).map_err(StoreError::failed)?;
    Ok(row)
}

/// The next people's numbers, in their order.
pub(crate) fn numbers_after(
    sql: &Connection,
    after: Option<i64>,
    limit: usize,
) -> rusqlite::Result<Vec<i64>> {
    let Some(first) = number_after(after) else {
        return Ok(Vec::new());
    };
    let mut statement =
        sql.prepare_cached("SELECT number FROM people WHERE number >= ?1 ORDER BY number LIMIT ?2")?;
    let rows =
        statement.query_map(params![first, i64::try_from(limit).unwrap_or(i64::MAX)], |row| row.get(0))?;
    rows.collect()
}

/// The first number behind another one; none behind the last.
pub(crate) const fn number_after(after: Option<i64>) -> Option<i64> {
    match after {
        None => Some(i64::MIN),
        Some(after) => after.checked_add(1),
    }
}

/// A random number.
pub(crate) fn new_number() -> Result<i64, StoreError> {
    Ok(i64::from_le_bytes(random_bytes()?))
}

/// Everything of a person but her key.
pub(crate) fn remove_rows(sql: &Connection, number: i64) -> rusqlite::Result<u64> {
    let events = sql.prepare_cached("DELETE FROM events WHERE subject = ?1")?.execute([number])?;
    sql.prepare_cached("DELETE FROM choices WHERE person = ?1")?.execute([number])?;
    sql.prepare_cached("DELETE FROM people WHERE number = ?1")?.execute([number])?;
    Ok(events as u64)
}

impl Row {
    pub(crate) fn open_profile(
        &self,
        shared: &Shared,
    ) -> Result<BTreeMap<Arc<str>, StoredValue>, StoreError> {
        let opened =
            shared.keys.open_text(self.slot, &seal_binding(self.number, "profile"), &self.profile)?;
        let profile = opened.and_then(|bytes| decode_profile(&bytes));
        profile.ok_or_else(|| StoreError::failed("a profile cannot be opened"))
    }

    pub(crate) fn set_profile(
        &mut self,
        sql: &Connection,
        shared: &Shared,
        profile: &BTreeMap<Arc<str>, StoredValue>,
    ) -> Result<(), StoreError> {
        self.profile = shared.keys.seal_text(
            self.slot,
            &seal_binding(self.number, "profile"),
            &encode_profile(profile),
        )?;
        let done = sql.prepare_cached("UPDATE people SET profile = ?2 WHERE number = ?1");
        done.and_then(|mut s| s.execute(params![self.number, self.profile]))
            .map(drop)
            .map_err(StoreError::failed)
    }

    /// Sets since when she objects or is restricted; the first time counts for as long as it lasts.
    pub(crate) fn set_since(
        &mut self,
        sql: &Connection,
        what: Since,
        active: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let held = match what {
            Since::Objected => self.objected,
            Since::Restricted => self.restricted,
        };
        self.put_since(sql, what, active.then(|| Timestamp::from_ms(held.unwrap_or(now.ms()))))
    }

    /// Sets since when she objects or is restricted, where that is not so already.
    pub(crate) fn put_since(
        &mut self,
        sql: &Connection,
        what: Since,
        since: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let (held, update) = match what {
            Since::Objected => (&mut self.objected, "UPDATE people SET objected = ?2 WHERE number = ?1"),
            Since::Restricted => {
                (&mut self.restricted, "UPDATE people SET restricted = ?2 WHERE number = ?1")
            }
        };
        let since = since.map(Timestamp::ms);
        if *held == since {
            return Ok(());
        }
        *held = since;
        let done = sql.prepare_cached(update);
        done.and_then(|mut s| s.execute(params![self.number, *held])).map(drop).map_err(StoreError::failed)
    }

    pub(crate) const fn is_restricted(&self) -> bool {
        self.restricted.is_some()
    }

    pub(crate) const fn last_seen(&self) -> Timestamp {
        Timestamp::from_ms(self.last_seen)
    }

    /// The record as it is obeyed; `None` where the person was erased and the tables do not hold that yet.
    pub(crate) fn obeyed_record(
        &self,
        sql: &Connection,
        shared: &Shared,
    ) -> Result<Option<SubjectRecord>, StoreError> {
        let refused = shared.outstanding.of_person(&self.digest);
        if refused.is_some_and(|refused| refused.has_erased(self.number)) {
            return Ok(None);
        }
        let record = self.read_record(sql, shared)?;
        Ok(shared.obeyed_record(&self.digest, Some(record)))
    }

    /// The whole record, as the tables hold it.
    pub(crate) fn read_record(&self, sql: &Connection, shared: &Shared) -> Result<SubjectRecord, StoreError> {
        Ok(SubjectRecord {
            person: person_number(self.number),
            fields: self.open_profile(shared)?,
            events: read_history(sql, OF_PERSON, self.number).map_err(StoreError::failed)?,
            choices: self.read_choices(sql, &shared.keys)?,
            objected: self.objected.map(Timestamp::from_ms),
            restricted: self.restricted.map(Timestamp::from_ms),
            last_seen: self.last_seen(),
        })
    }
}

/// What lasts until it is lifted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Since {
    /// An objection (GDPR Art. 21).
    Objected,
    /// A restriction (GDPR Art. 18).
    Restricted,
}

const OF_PERSON: &str =
    "SELECT sequence, kind, at, lines FROM events WHERE subject = ?1 ORDER BY at, sequence";

/// A history, oldest first, of whom `select` says.
pub(crate) fn read_history(
    sql: &Connection,
    select: &str,
    number: i64,
) -> rusqlite::Result<Vec<HistoryEvent>> {
    let mut statement = sql.prepare_cached(select)?;
    let rows = statement.query_map([number], |row| {
        let lines = decode_lines(row.get_ref(3)?.as_blob()?);
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

/// So many people are read at a time.
const PAGE: usize = 100;

impl SqliteStore {
    /// Shows every person's record, in the order of their numbers.
    pub(crate) async fn for_each_person(
        &self,
        mut show: impl FnMut(&SubjectRecord) + Send,
    ) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let shared = Arc::clone(&self.shared);
            let (records, last) = self.readers.read(move |sql| record_page(sql, &shared, after)).await?;
            if last.is_none() {
                return Ok(());
            }
            after = last;
            records.iter().for_each(&mut show);
        }
    }
}

/// The next people by number, and the last who was looked at; none at the end.
fn record_page(
    sql: &Connection,
    shared: &Shared,
    after: Option<i64>,
) -> Result<(Vec<SubjectRecord>, Option<i64>), StoreError> {
    let numbers = numbers_after(sql, after, PAGE).map_err(StoreError::failed)?;
    let mut records = Vec::with_capacity(numbers.len());
    for number in &numbers {
        if let Some(row) = find_number(sql, *number)? {
            records.extend(row.obeyed_record(sql, shared)?);
        }
    }
    Ok((records, numbers.last().copied()))
}
