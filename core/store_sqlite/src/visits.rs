//! Visits: found by a keyed digest, read, made and seen again. Of a visit's id nothing else is kept. What was decided for
//! a visit stands among the answers of people, under its own number.

use std::sync::Arc;

use jardin_contract::StoreError;
use jardin_model::{Choice, SessionRecord, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::{
    choices::{insert_of_visit, read_of_visit},
    people::{new_number, person_number, read_history},
    store::Shared,
};

/// What is kept under a visit, and not what is kept under a person.
const OF_VISIT: &str = "SELECT sequence, kind, at, lines FROM events WHERE session = ?1 AND subject IS NULL ORDER BY at, sequence";

/// A visit's number, and when it was last seen.
fn find_visit(sql: &Connection, shared: &Shared, id: &str) -> Result<Option<(i64, i64)>, StoreError> {
    let digest = shared.id_digest("session", id);
    let find = sql.prepare_cached("SELECT number, last_seen FROM visits WHERE digest = ?1");
    find.and_then(|mut s| s.query_row([digest.as_slice()], |r| Ok((r.get(0)?, r.get(1)?))).optional())
        .map_err(StoreError::failed)
}

/// A visit's number.
pub(crate) fn find_number(sql: &Connection, shared: &Shared, id: &str) -> Result<Option<i64>, StoreError> {
    Ok(find_visit(sql, shared, id)?.map(|(number, _)| number))
}

/// The visit of that external id, made now where there is none; `seen` makes it last seen later, never
/// earlier.
pub(crate) fn find_or_make(
    sql: &Connection,
    shared: &Shared,
    id: &str,
    seen: Timestamp,
) -> Result<i64, StoreError> {
    let (number, write) = match find_visit(sql, shared, id)? {
        Some((number, last_seen)) if seen.ms() <= last_seen => return Ok(number),
        Some((number, _)) => (number, "UPDATE visits SET last_seen = ?3 WHERE number = ?1 AND digest = ?2"),
        None => (new_number()?, "INSERT INTO visits VALUES (?1, ?2, ?3)"),
    };
    let digest = shared.id_digest("session", id);
    let done = sql.prepare_cached(write);
    done.and_then(|mut s| s.execute(params![number, digest.as_slice(), seen.ms()]))
        .map_err(StoreError::failed)?;
    Ok(number)
}

/// Adds what was decided for a visit, and gives its record.
pub(crate) fn add_choice(
    sql: &Connection,
    shared: &Shared,
    id: &str,
    name: &str,
    choice: &Choice,
) -> Result<Arc<SessionRecord>, StoreError> {
    let number = find_or_make(sql, shared, id, choice.at)?;
    insert_of_visit(sql, number, name, choice)?;
    let visit = read_visit(sql, shared, id)?;
    visit.map(Arc::new).ok_or_else(|| StoreError::failed("a visit is not where it was put"))
}

/// The record of a visit.
pub(crate) fn read_visit(
    sql: &Connection,
    shared: &Shared,
    id: &str,
) -> Result<Option<SessionRecord>, StoreError> {
    let Some((number, last_seen)) = find_visit(sql, shared, id)? else {
        return Ok(None);
    };
    Ok(Some(SessionRecord {
        person: person_number(number),
        events: read_history(sql, OF_VISIT, number).map_err(StoreError::failed)?,
        choices: read_of_visit(sql, number).map_err(StoreError::failed)?,
        last_seen: Timestamp::from_ms(last_seen),
    }))
}
