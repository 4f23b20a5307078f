//! Answers to consent questions. Where somebody was asked may be told in words of their own, so it is sealed.

use std::{collections::BTreeMap, sync::Arc};

use jardin_contract::{KeyRing as _, StoreError};
use jardin_model::{Choice, ChoiceStatus, Timestamp};
use rusqlite::{Connection, params};

use crate::{
    keys::Keys,
    people::{Row, find_number, seal_binding},
};

impl Row {
    /// Adds an answer.
    pub(crate) fn insert_choice(
        &self,
        sql: &Connection,
        keys: &Keys,
        consent: &str,
        choice: &Choice,
    ) -> Result<(), StoreError> {
        let sealed = seal_source(keys, self, consent, choice.at, &choice.source)?;
        let (status, at) = (choice.status.code(), choice.at.ms());
        let values = params![self.number, consent, status, &*choice.text_version, at, "", sealed];
        let insert = sql.prepare_cached("INSERT INTO choices VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        insert.and_then(|mut s| s.execute(values)).map(drop).map_err(StoreError::failed)
    }

    /// Every answer, by question and then by time.
    pub(crate) fn read_choices(
        &self,
        sql: &Connection,
        keys: &Keys,
    ) -> Result<BTreeMap<Arc<str>, Vec<Choice>>, StoreError> {
        let select = "SELECT consent, status, text_version, at, sealed FROM choices WHERE person = ?1 ORDER BY at, rowid";
        let mut statement = sql.prepare_cached(select).map_err(StoreError::failed)?;
        let rows = statement.query_map([self.number], |found| {
            let (consent, choice) = read_choice(found, "".into())?;
            Ok((consent, choice, found.get::<_, Vec<u8>>(4)?))
        });
        let mut choices: BTreeMap<Arc<str>, Vec<Choice>> = BTreeMap::new();
        for found in rows.map_err(StoreError::failed)? {
            let (consent, choice, sealed) = found.map_err(StoreError::failed)?;
            let source = keys.open_text(self.slot, &source_binding(self, &consent, choice.at), &sealed)?;
            let source = source.and_then(|bytes| String::from_utf8(bytes).ok());
            let source =
                source.ok_or_else(|| StoreError::failed("the source of a consent cannot be opened"))?;
            choices.entry(consent).or_default().push(Choice { source: source.into(), ..choice });
        }
        Ok(choices)
    }
}

/// Adds an answer of a visit. A visit has no key, and the source says no more than which token was used.
pub(crate) fn insert_of_visit(
    sql: &Connection,
    visit: i64,
    name: &str,
    choice: &Choice,
) -> Result<(), StoreError> {
    let (status, at) = (choice.status.code(), choice.at.ms());
    let values = params![visit, name, status, &*choice.text_version, at, &*choice.source];
    let insert = sql.prepare_cached("INSERT INTO choices VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL)");
    insert.and_then(|mut s| s.execute(values)).map(drop).map_err(StoreError::failed)
}

/// Every answer of a visit, by question and then by time.
pub(crate) fn read_of_visit(
    sql: &Connection,
    visit: i64,
) -> rusqlite::Result<BTreeMap<Arc<str>, Vec<Choice>>> {
    let select =
        "SELECT consent, status, text_version, at, source FROM choices WHERE person = ?1 ORDER BY at, rowid";
    let mut statement = sql.prepare_cached(select)?;
    let rows = statement.query_map([visit], |found| read_choice(found, found.get::<_, String>(4)?.into()))?;
    let mut choices: BTreeMap<Arc<str>, Vec<Choice>> = BTreeMap::new();
    for found in rows {
        let (name, choice) = found?;
        choices.entry(name).or_default().push(choice);
    }
    Ok(choices)
}

/// A question and an answer to it.
fn read_choice(found: &rusqlite::Row<'_>, source: Arc<str>) -> rusqlite::Result<(Arc<str>, Choice)> {
    // what cannot be read permits nothing
    let status = ChoiceStatus::from_code(found.get(1)?).unwrap_or(ChoiceStatus::Withdrawn);
    let text = |at: usize| found.get::<_, String>(at).map(Arc::<str>::from);
    Ok((text(0)?, Choice { status, text_version: text(2)?, at: Timestamp::from_ms(found.get(3)?), source }))
}

/// Seals the sources that an earlier version of the tables held in clear.
pub(crate) fn seal_clear_sources(sql: &mut Connection, keys: &Keys) -> Result<(), StoreError> {
    let transaction = sql.transaction().map_err(StoreError::failed)?;
    let clear = read_clear_sources(&transaction).map_err(StoreError::failed)?;
    for (place, number, consent, at, source) in clear {
        let Some(row) = find_number(&transaction, number)? else { continue };
        let sealed = seal_source(keys, &row, &consent, Timestamp::from_ms(at), &source)?;
        let update = "UPDATE choices SET source = '', sealed = ?2 WHERE rowid = ?1";
        transaction.execute(update, params![place, sealed]).map_err(StoreError::failed)?;
    }
    transaction.commit().map_err(StoreError::failed)
}

type ClearSource = (i64, i64, String, i64, String);

fn read_clear_sources(sql: &Connection) -> rusqlite::Result<Vec<ClearSource>> {
    let select = "SELECT rowid, person, consent, at, source FROM choices WHERE sealed IS NULL";
    let mut statement = sql.prepare(select)?;
    let rows = statement.query_map([], |found| {
        Ok((found.get(0)?, found.get(1)?, found.get(2)?, found.get(3)?, found.get(4)?))
    })?;
    rows.collect()
}

fn seal_source(
    keys: &Keys,
    row: &Row,
    consent: &str,
    at: Timestamp,
    source: &str,
) -> Result<Vec<u8>, StoreError> {
    keys.seal_text(row.slot, &source_binding(row, consent, at), source.as_bytes())
}

/// A source is of one answer.
fn source_binding(row: &Row, consent: &str, at: Timestamp) -> Vec<u8> {
    seal_binding(row.number, &format!("source of {consent} at {}", at.ms()))
}
