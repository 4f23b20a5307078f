//! Recognising repeated events for seven days: one table a day of arrival, dropped whole. A unique index over
//! millions of random texts would write megabytes of log for a thousand events. On disk the tables are called
//! `repeats_DAY`.

use std::collections::BTreeSet;

use jardin_model::{DAY_MS, Timestamp};
use rusqlite::{Connection, OptionalExtension as _};

/// How many days a repeat is recognised: the tables of that many whole days and of today are kept.
const DAYS: i64 = 7;

/// What the name of a day's table begins with; the day ends it, as the number of days since 1970.
const TABLE: &str = "repeats_";

/// The days whose tables exist.
#[derive(Debug, Default)]
pub(crate) struct Dedup {
    /// `None` until it has been read, and after work that was undone.
    known: Option<Known>,
}

#[derive(Debug)]
struct Known {
    today: i64,
    days: BTreeSet<i64>,
    /// Looks a digest up in every table but today's.
    find: Option<String>,
    note: String,
}

impl Dedup {
    pub(crate) fn forget_uncommitted(&mut self) {
        self.known = None;
    }

    /// Notes an event's digest; true where it was noted within the last seven days.
    pub(crate) fn note_event(
        &mut self,
        sql: &Connection,
        hash: i64,
        now: Timestamp,
    ) -> rusqlite::Result<bool> {
        let today = now.ms().div_euclid(DAY_MS);
        let known = match self.known.take() {
            Some(known) if known.today == today => known,
            other => Known::for_day(sql, other.map(|k| k.days), today)?,
        };
        let known = self.known.insert(known);
        if let Some(find) = &known.find {
            let found = sql.prepare_cached(find)?.query_row([hash], |_| Ok(())).optional()?;
            if found.is_some() {
                return Ok(true);
            }
        }
        let noted = sql.prepare_cached(&known.note)?.execute([hash])?;
        Ok(noted == 0)
    }
}

impl Known {
    /// Makes today's table and drops those that are too old.
    fn for_day(sql: &Connection, days: Option<BTreeSet<i64>>, today: i64) -> rusqlite::Result<Self> {
        let mut days = days.map_or_else(|| stored_days(sql), Ok)?;
        if days.insert(today) {
            let create =
                format!("CREATE TABLE IF NOT EXISTS {TABLE}{today} (hash INTEGER PRIMARY KEY) STRICT");
            sql.execute_batch(&create)?;
        }
        for old in days.iter().filter(|day| **day < today - DAYS) {
            sql.execute_batch(&format!("DROP TABLE IF EXISTS {TABLE}{old}"))?;
        }
        days.retain(|day| *day >= today - DAYS);
        let others = days.iter().filter(|day| **day != today);
        let selects: Vec<String> =
            others.map(|day| format!("SELECT 1 FROM {TABLE}{day} WHERE hash = ?1")).collect();
        Ok(Self {
            today,
            find: (!selects.is_empty()).then(|| selects.join(" UNION ALL ")),
            note: format!("INSERT OR IGNORE INTO {TABLE}{today} VALUES (?1)"),
            days,
        })
    }
}

fn stored_days(sql: &Connection) -> rusqlite::Result<BTreeSet<i64>> {
    let mut statement = sql.prepare("SELECT name FROM sqlite_master WHERE type = 'table'")?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?;
    names
        .filter_map(|name| name.map(|n| n.strip_prefix(TABLE).and_then(|d| d.parse().ok())).transpose())
        .collect()
}
