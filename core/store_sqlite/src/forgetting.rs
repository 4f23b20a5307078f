//! Removing what one person or visit did, because they wish it.

use std::{fmt::Write as _, sync::Arc};

use jardin_contract::{StoreError, Whose};
use jardin_model::{EventKind, PersonNumber, SessionId, Timestamp};
use rusqlite::{Connection, params};

use crate::{
    SqliteStore,
    people::{self, person_number},
    visits,
    writer::Place,
};

/// Removes what somebody did since a time, of these kinds, and gives the running numbers.
pub(crate) async fn forget_history(
    store: &SqliteStore,
    whose: Whose<'_>,
    kinds: &[EventKind],
    since: Timestamp,
) -> Result<Vec<u64>, StoreError> {
    let which = which_events(whose, kinds);
    let remove = move |sql: &Connection, number| remove_since(sql, &which, number, since);
    change_history(store, whose, remove).await
}

/// Removes events of somebody by their running numbers.
pub(crate) async fn remove_events(
    store: &SqliteStore,
    whose: Whose<'_>,
    sequences: &[u64],
) -> Result<(), StoreError> {
    let delete = format!("DELETE FROM events WHERE {} AND sequence = ?2", owner_of(whose));
    let sequences = sequences.to_vec();
    let remove = move |sql: &Connection, number: i64| {
        let mut delete = sql.prepare(&delete)?;
        for sequence in &sequences {
            delete.execute(params![number, sequence.cast_signed()])?;
        }
        Ok(sequences)
    };
    change_history(store, whose, remove).await.map(drop)
}

/// Notes that a visit goes on.
pub(crate) async fn touch_visit(
    store: &SqliteStore,
    id: &SessionId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let touch = move |sql: &Connection, number: i64| {
        let write = "UPDATE visits SET last_seen = max(last_seen, ?2) WHERE number = ?1";
        sql.execute(write, params![number, at.ms()]).map(|_| Vec::new())
    };
    change_history(store, Whose::Visit(id), touch).await.map(drop)
}

/// Takes away what was decided for a visit.
pub(crate) async fn end_visit(store: &SqliteStore, id: &SessionId) -> Result<(), StoreError> {
    let delete = |sql: &Connection, number: i64| {
        sql.execute("DELETE FROM choices WHERE person = ?1", [number]).map(|_| Vec::new())
    };
    change_history(store, Whose::Visit(id), delete).await.map(drop)
}

/// Removes from one history, and from what is in memory of it.
async fn change_history(
    store: &SqliteStore,
    whose: Whose<'_>,
    remove: impl FnOnce(&Connection, i64) -> rusqlite::Result<Vec<u64>> + Send + 'static,
) -> Result<Vec<u64>, StoreError> {
    let (shared, caches) = (Arc::clone(&store.shared), Arc::clone(&store.shared));
    let (of_person, id) = match whose {
        Whose::Person(id) => (true, id.as_str().to_owned()),
        Whose::Visit(id) => (false, id.as_str().to_owned()),
    };
    let work = move |place: &mut Place<'_>| {
        let number = if of_person {
            people::find_person(&place.sql, &shared, &id)?.map(|row| row.number)
        } else {
            visits::find_number(&place.sql, &shared, &id)?
        };
        let Some(number) = number else { return Ok((None, Vec::new())) };
        let gone = remove(&place.sql, number).map_err(StoreError::failed)?;
        Ok((Some(person_number(number)), gone))
    };
    let after = move |(number, _): &(Option<PersonNumber>, Vec<u64>)| {
        if of_person {
            caches.subjects.forget_people(number.as_slice());
        } else {
            caches.sessions.forget_people(number.as_slice());
        }
    };
    let (_, gone) = store.writer.write(1, work, after).await?;
    if !gone.is_empty() {
        store.writer.truncate_log().await?;
    }
    Ok(gone)
}

const fn owner_of(whose: Whose<'_>) -> &'static str {
    match whose {
        Whose::Person(_) => "subject = ?1",
        Whose::Visit(_) => "session = ?1 AND subject IS NULL",
    }
}

/// Which rows are meant, of number `?1` and since `?2`. Kinds are written as the numbers that they are.
fn which_events(whose: Whose<'_>, kinds: &[EventKind]) -> String {
    let mut which = format!("FROM events WHERE {} AND at >= ?2 AND kind IN (-1", owner_of(whose));
    for kind in kinds {
        // writing into a text does not fail
        let _ = write!(which, ", {}", kind.code());
    }
    which + ")"
}

fn remove_since(sql: &Connection, which: &str, number: i64, since: Timestamp) -> rusqlite::Result<Vec<u64>> {
    let values = params![number, since.ms()];
    let mut select = sql.prepare(&format!("SELECT sequence {which} ORDER BY sequence"))?;
    let rows = select.query_map(values, |row| Ok(row.get::<_, i64>(0)?.cast_unsigned()))?;
    let gone = rows.collect::<rusqlite::Result<Vec<u64>>>()?;
    sql.execute(&format!("DELETE {which}"), values)?;
    Ok(gone)
}
