//! Tables, and how a connection is set.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

/// The version of the tables; a later one migrates from here.
const VERSION: i64 = 1;

const TABLES: &str = "
CREATE TABLE people (
    number INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, slot INTEGER NOT NULL, id BLOB NOT NULL, profile BLOB NOT NULL,
    objected INTEGER, restricted INTEGER, last_seen INTEGER NOT NULL
) STRICT;
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
CREATE TABLE switches (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
";

/// A connection that writes. Creates the tables of a new store.
pub(crate) fn writer(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "cache_size", -65_536)?;
    connection.set_prepared_statement_cache_capacity(64);
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version == 0 {
        connection.execute_batch(&format!("BEGIN; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;"))?;
    } else if version != VERSION {
        // a file of a later version is not touched
        return Err(rusqlite::Error::InvalidQuery);
    }
    Ok(connection)
}

/// A connection that only reads.
pub(crate) fn reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}
