//! Tables, and how a connection is set.

use std::{fs::OpenOptions, os::unix::fs::OpenOptionsExt as _, path::Path};

use jardin_contract::StoreError;
use rusqlite::{Connection, OpenFlags};

/// What makes each version of the tables of the one before it; the first makes those of a new store. A table
/// keeps its name on disk, whatever the code calls what it holds: `doomed` are the slots of keys to destroy.
const STEPS: &[&str] = &[VERSION_1, VERSION_2, VERSION_3];

const VERSION_1: &str = "
CREATE TABLE people (
    number INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, slot INTEGER NOT NULL, id BLOB NOT NULL, profile BLOB NOT NULL,
    objected INTEGER, restricted INTEGER, last_seen INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX people_slot ON people (slot);
CREATE TABLE choices (
    person INTEGER NOT NULL, consent TEXT NOT NULL, status INTEGER NOT NULL, text_version TEXT NOT NULL, at INTEGER NOT NULL, source TEXT NOT NULL
) STRICT;
CREATE INDEX choices_person ON choices (person);
CREATE TABLE visits (number INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, last_seen INTEGER NOT NULL) STRICT;
CREATE TABLE events (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, subject INTEGER, session INTEGER, kind INTEGER NOT NULL, at INTEGER NOT NULL,
    lines BLOB NOT NULL, sealed BLOB
) STRICT;
CREATE INDEX events_subject ON events (subject) WHERE subject IS NOT NULL;
CREATE INDEX events_session ON events (session) WHERE session IS NOT NULL;
CREATE TABLE items (number INTEGER PRIMARY KEY, id TEXT NOT NULL, fields BLOB) STRICT;
CREATE TABLE erasures (
    receipt TEXT PRIMARY KEY, digest BLOB NOT NULL, position INTEGER NOT NULL, at INTEGER NOT NULL, events INTEGER NOT NULL, person INTEGER NOT NULL
) STRICT;
CREATE TABLE doomed (slot INTEGER PRIMARY KEY) STRICT;
CREATE TABLE switches (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
";

/// The items as they were before they were replaced last.
const VERSION_2: &str = "CREATE TABLE kept_items (number INTEGER PRIMARY KEY, fields BLOB NOT NULL) STRICT;";

/// Where a consent was asked, sealed; `source` is empty from then on. What is still to be sealed is found by the index.
const VERSION_3: &str = "
ALTER TABLE choices ADD COLUMN sealed BLOB;
CREATE INDEX choices_in_clear ON choices (person) WHERE sealed IS NULL;
";

/// A connection that writes. Makes the tables of a new store, and those of an older version into today's; a file
/// without tables is refused where keys are in use, since what they belong to lies elsewhere.
pub(crate) fn open_writer(path: &Path, keys_in_use: bool) -> Result<Connection, StoreError> {
    // its owner's alone; the log takes the same rights
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path);
    file.map_err(StoreError::failed)?;
    let mut connection = Connection::open(path).map_err(StoreError::failed)?;
    if keys_in_use && version_of(&connection)? == 0 {
        return Err(StoreError::failed(format!(
            "`{}` is empty, and there are keys of people: put it back together with the `store.db-wal` beside it",
            path.display()
        )));
    }
    set_pragmas(&connection).map_err(StoreError::failed)?;
    migrate(&mut connection, STEPS)?;
    Ok(connection)
}

fn set_pragmas(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    // what is sorted stays in memory and makes no file
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // people and visits lie anywhere, so that one page is written often: a long log gathers them, in 40 MB at
    // most while nobody reads long
    connection.pragma_update(None, "wal_autocheckpoint", 10_000)?;
    connection.pragma_update(None, "cache_size", -65_536)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// Takes each step that is missing, each whole or not at all. A file of a later version is not touched.
fn migrate(connection: &mut Connection, steps: &[&str]) -> Result<(), StoreError> {
    let version = version_of(connection)?;
    if version > steps.len() {
        return Err(StoreError::failed(format!(
            "the store is of version {version}; this program reads up to {}",
            steps.len()
        )));
    }
    for (done, step) in steps.iter().enumerate().skip(version) {
        let transaction = connection.transaction().map_err(StoreError::failed)?;
        transaction.execute_batch(step).map_err(StoreError::failed)?;
        let next = i64::try_from(done + 1).map_err(StoreError::failed)?;
        transaction.pragma_update(None, "user_version", next).map_err(StoreError::failed)?;
        transaction.commit().map_err(StoreError::failed)?;
    }
    Ok(())
}

/// The version of the tables; 0 where there are none.
fn version_of(connection: &Connection) -> Result<usize, StoreError> {
    let version: i64 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(StoreError::failed)?;
    usize::try_from(version).map_err(StoreError::failed)
}

/// A connection that only reads.
pub(crate) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(connection: &Connection) -> i64 {
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    }

    #[test]
    fn takes_each_missing_step_whole_and_refuses_a_later_version() {
        let mut sql = Connection::open_in_memory().unwrap();
        let steps = ["CREATE TABLE a (n INTEGER)", "CREATE TABLE b (n INTEGER); INSERT INTO a VALUES (1)"];
        migrate(&mut sql, &steps[..1]).unwrap();
        assert_eq!(version(&sql), 1);
        // a step that fails half way leaves nothing of itself
        assert!(migrate(&mut sql, &[steps[0], "INSERT INTO a VALUES (7); nonsense"]).is_err());
        assert_eq!(version(&sql), 1);
        migrate(&mut sql, &steps).unwrap();
        migrate(&mut sql, &steps).unwrap();
        let rows: Vec<i64> =
            sql.prepare("SELECT n FROM a").unwrap().query_map([], |r| r.get(0)).unwrap().flatten().collect();
        assert_eq!((version(&sql), rows), (2, vec![1]));
        assert!(migrate(&mut sql, &steps[..1]).is_err());
    }

    #[test]
    fn a_store_is_set_to_last_and_to_forget() {
        let folder = tempfile::tempdir().unwrap();
        let sql = open_writer(&folder.path().join("store.db"), false).unwrap();
        let number = |name: &str| sql.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
        let mode: String = sql.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        // FULL is 2 (https://www.sqlite.org/pragma.html#pragma_synchronous)
        assert_eq!((mode.as_str(), number("synchronous"), number("secure_delete")), ("wal", 2, 1));
    }
}
