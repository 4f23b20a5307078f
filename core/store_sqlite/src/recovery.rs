//! What is set right when a store is opened: the rows and the keys that an end left without each other.

use std::{collections::BTreeSet, path::Path};

use jardin_contract::{KeyRing as _, KeySlot, StoreError};
use rusqlite::{Connection, OptionalExtension as _, params};

use jardin_store_kit::{Secret, keyed_digest};

use crate::{
    Options,
    keys::Keys,
    people::remove_rows,
    refusals::{Journal, Outstanding, Refusal, Settling, check_mark, settle_refusals},
};

/// Opens the journal of refusals of a store with these tables, which may not know of more than it does. Gives what stands in
/// it too.
pub(crate) fn open_journal(
    folder: &Path,
    options: &Options,
    (keys, tables): (&Keys, &Connection),
) -> Result<(Journal, Vec<Refusal>), StoreError> {
    let secret = keyed_digest(keys.root_secret(), &[b"refusals"]);
    let (journal, refused) =
        Journal::open(&folder.join("refusals"), options.refusals_copy.as_deref(), secret)?;
    check_mark(tables, journal.count_entries())?;
    Ok((journal, refused))
}

/// So many slots are compared with their rows at a time.
const STEP: u64 = 4096;

/// Refuses keys of another store, and gives a new store its own.
pub(crate) fn check_same_store(sql: &Connection, keys: &Keys) -> Result<(), StoreError> {
    let mark = keyed_digest(keys.root_secret(), &[b"store"]);
    let stored: Option<Vec<u8>> = sql
        .query_row("SELECT value FROM switches WHERE name = 'keys'", [], |row| row.get(0))
        .optional()
        .map_err(StoreError::failed)?;
    match stored {
        Some(stored) if stored == mark => Ok(()),
        Some(_) => Err(StoreError::failed("the keys are those of another store")),
        None if keys.end_slot() > 1 => Err(StoreError::failed(
            "the store does not say whose keys it needs, and there are keys of people: it is not whole",
        )),
        None => sql
            .execute("INSERT INTO switches VALUES ('keys', ?1)", [mark.as_slice()])
            .map(drop)
            .map_err(StoreError::failed),
    }
}

/// Rows go before their key does: keys that are noted to be destroyed are destroyed now. A row without a key came
/// back with a copy of an older file: she was erased, and it goes. A row whose slot lies beyond the file
/// means that the keys are older than the rows, and nothing is touched. A key without a row is left alone:
/// its row may stand in a file that somebody has only put aside.
pub(crate) fn finish_interrupted(sql: &mut Connection, keys: &Keys) -> Result<(), StoreError> {
    let end = keys.end_slot();
    let last: Option<i64> =
        sql.query_row("SELECT max(slot) FROM people", [], |row| row.get(0)).map_err(StoreError::failed)?;
    if last.is_some_and(|slot| slot.cast_unsigned() >= end) {
        return Err(StoreError::failed("the file of keys is older than the store"));
    }
    keys.destroy_keys(&scheduled_keys(sql).map_err(StoreError::failed)?)?;
    sql.execute("DELETE FROM doomed", []).map_err(StoreError::failed)?;
    for start in (1..end).step_by(usize::try_from(STEP).map_err(StoreError::failed)?) {
        let range = start..end.min(start + STEP);
        let held: BTreeSet<KeySlot> = keys.held_slots(range.clone())?.into_iter().collect();
        let rows = people_in_slots(sql, &range).map_err(StoreError::failed)?;
        let erased: Vec<i64> =
            rows.into_iter().filter(|(slot, _)| !held.contains(slot)).map(|(_, n)| n).collect();
        if !erased.is_empty() {
            let transaction = sql.transaction().map_err(StoreError::failed)?;
            for number in erased {
                remove_rows(&transaction, number).map_err(StoreError::failed)?;
            }
            transaction.commit().map_err(StoreError::failed)?;
        }
    }
    Ok(())
}

/// Writes into the tables what people refused and these do not hold, as where an older copy of them was put back. On a
/// disk that takes nothing all of it is obeyed from memory.
pub(crate) fn settle_at_opening(
    sql: &mut Connection,
    keys: &Keys,
    digests: &Secret,
    outstanding: &Outstanding,
) -> Result<(), StoreError> {
    let before = outstanding.all();
    let mut settling = Settling { digests, keys, to_destroy: Vec::new() };
    let settled = sql.transaction().map_err(StoreError::failed).and_then(|transaction| {
        let remaining = settle_refusals(&transaction, &mut settling, &before)?;
        transaction.commit().map_err(StoreError::failed)?;
        Ok(remaining)
    });
    if let Ok(remaining) = settled {
        keys.destroy_keys(&settling.to_destroy)?;
        outstanding.note_settled(&before, &remaining, &[]);
    }
    Ok(())
}

fn scheduled_keys(sql: &Connection) -> rusqlite::Result<Vec<KeySlot>> {
    let mut statement = sql.prepare("SELECT slot FROM doomed")?;
    let slots =
        statement.query_map([], |row| row.get::<_, i64>(0).map(|slot| KeySlot(slot.cast_unsigned())))?;
    slots.collect()
}

fn people_in_slots(sql: &Connection, range: &std::ops::Range<u64>) -> rusqlite::Result<Vec<(KeySlot, i64)>> {
    let mut statement =
        sql.prepare_cached("SELECT slot, number FROM people WHERE slot >= ?1 AND slot < ?2 ORDER BY slot")?;
    let rows = statement.query_map(params![range.start.cast_signed(), range.end.cast_signed()], |row| {
        Ok((KeySlot(row.get::<_, i64>(0)?.cast_unsigned()), row.get(1)?))
    })?;
    rows.collect()
}
