//! Recognising repeated events for seven days: one table a day of arrival, dropped whole. A unique index over millions of random texts would
//! write megabytes of log for a thousand events.

use std::collections::BTreeSet;

use jardin_model::{DAY_MS, Timestamp};
use rusqlite::{Connection, OptionalExtension as _};

/// How many days a repeat is recognised.
const DAYS: i64 = 7;

/// The days whose tables exist.
#[derive(Debug, Default)]
pub(crate) struct Repeats {
    /// `None` until it has been read, and after a commit that failed.
    days: Option<BTreeSet<i64>>,
}

impl Repeats {
    pub(crate) fn forget_uncommitted(&mut self) {
        self.days = None;
    }

    /// Notes an event's digest; true where it was noted within the last seven days.
    pub(crate) fn note(&mut self, sql: &Connection, hash: i64, now: Timestamp) -> rusqlite::Result<bool> {
        let today = now.ms().div_euclid(DAY_MS);
        let days = self.days(sql, today)?;
        for day in days.iter().filter(|d| **d != today && **d > today - DAYS) {
            let known = sql
                .prepare_cached(&format!("SELECT 1 FROM repeats_{day} WHERE hash = ?1"))?
                .query_row([hash], |_| Ok(()))
                .optional()?;
            if known.is_some() {
                return Ok(true);
            }
        }
        let noted = sql
            .prepare_cached(&format!("INSERT OR IGNORE INTO repeats_{today} VALUES (?1)"))?
            .execute([hash])?;
        Ok(noted == 0)
    }

    /// The days whose tables exist, today's among them; those that are too old are dropped.
    fn days(&mut self, sql: &Connection, today: i64) -> rusqlite::Result<&BTreeSet<i64>> {
        let mut days = match self.days.take() {
            Some(days) => days,
            None => stored_days(sql)?,
        };
        if days.insert(today) {
            sql.execute_batch(&format!(
                "CREATE TABLE IF NOT EXISTS repeats_{today} (hash INTEGER PRIMARY KEY) STRICT"
            ))?;
        }
        for old in days.iter().filter(|d| **d <= today - DAYS) {
            sql.execute_batch(&format!("DROP TABLE IF EXISTS repeats_{old}"))?;
        }
        days.retain(|d| *d > today - DAYS);
        Ok(self.days.insert(days))
    }
}

fn stored_days(sql: &Connection) -> rusqlite::Result<BTreeSet<i64>> {
    let mut statement = sql.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'repeats\\_%' ESCAPE '\\'")?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?;
    names
        .filter_map(|name| name.map(|n| n.strip_prefix("repeats_").and_then(|d| d.parse().ok())).transpose())
        .collect()
}
