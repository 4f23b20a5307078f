//! Brings the tables up to the journal: at each opening, and once a disk that was full has room again.

use std::collections::BTreeMap;

use jardin_contract::{KeySlot, StoreError};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    Refusal, Refused,
    outstanding::{RefusedByOne, erasure_of, withdrawal},
};
use crate::{keys::Keys, people, store::digest_of};

/// What settling needs of the keys and the secret of digests.
pub(crate) struct Settling<'a> {
    pub(crate) digests: &'a jardin_store_kit::Secret,
    pub(crate) keys: &'a Keys,
    /// The slots whose keys must go once the transaction is durable.
    pub(crate) to_destroy: Vec<KeySlot>,
}

/// Writes what people refused into the tables, where these do not hold it. Gives what remains, of people of whom they
/// hold nothing.
pub(crate) fn settle_refusals(
    sql: &Connection,
    settling: &mut Settling<'_>,
    people: &BTreeMap<[u8; 16], RefusedByOne>,
) -> Result<BTreeMap<[u8; 16], RefusedByOne>, StoreError> {
    let mut remaining = BTreeMap::new();
    for (who, refused) in people {
        for erasure in &refused.erasures {
            settling.to_destroy.extend(settle_erasure(sql, erasure)?);
        }
        match people::find_digest(sql, who)? {
            Some(row) => settle_person(sql, settling, row, refused)?,
            None if refused.concerns_unknown() => {
                remaining.insert(*who, refused.clone());
            }
            None => {}
        }
    }
    Ok(remaining)
}

/// Removes the rows of a person who was erased, and notes the receipt. Gives the slot of a key that must go after it.
pub(crate) fn settle_erasure(sql: &Connection, refusal: &Refusal) -> Result<Option<KeySlot>, StoreError> {
    let Refused::Erasure { number, position, .. } = refusal.what else { return Ok(None) };
    let slot = people::find_number(sql, number)?.map(|row| row.slot);
    if slot.is_some() {
        people::remove_rows(sql, number).map_err(StoreError::failed)?;
    }
    if let Some(erasure) = erasure_of(refusal) {
        let values = params![
            &*erasure.receipt,
            refusal.who.as_slice(),
            position,
            erasure.at.ms(),
            erasure.events.cast_signed(),
            number
        ];
        let insert = "INSERT OR IGNORE INTO erasures VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        sql.execute(insert, values).map_err(StoreError::failed)?;
    }
    Ok(slot)
}

fn settle_person(
    sql: &Connection,
    settling: &Settling<'_>,
    mut row: people::Row,
    refused: &RefusedByOne,
) -> Result<(), StoreError> {
    let last = [(people::Since::Objected, refused.objected), (people::Since::Restricted, refused.restricted)];
    for (what, since) in last.into_iter().filter_map(|(what, since)| Some((what, since?))) {
        row.put_since(sql, what, since)?;
    }
    let choices = row.read_choices(sql, settling.keys)?;
    for (name, at) in refused.refused_names(&choices, |name| digest_of(settling.digests, "consent", name)) {
        row.insert_choice(sql, settling.keys, &name, &withdrawal(at))?;
    }
    Ok(())
}

/// Says in the tables how many entries of the journal they go with.
pub(crate) fn note_mark(sql: &Connection, entries: u64) -> Result<(), StoreError> {
    let upsert =
        "INSERT INTO switches VALUES ('refusals', ?1) ON CONFLICT DO UPDATE SET value = excluded.value";
    let done = sql.prepare_cached(upsert).and_then(|mut s| s.execute([entries.to_be_bytes().as_slice()]));
    done.map(drop).map_err(StoreError::failed)
}

/// Refuses a journal that is older than the tables: what they say of refusals since then would be lost with their next
/// copy.
pub(crate) fn check_mark(sql: &Connection, entries: u64) -> Result<(), StoreError> {
    let select = "SELECT value FROM switches WHERE name = 'refusals'";
    let stored: Option<[u8; 8]> =
        sql.query_row(select, [], |row| row.get(0)).optional().map_err(StoreError::failed)?;
    match stored.map(u64::from_be_bytes) {
        Some(mark) if mark > entries => Err(StoreError::failed(format!(
            "the journal `refusals` holds {entries} entries and the store goes with {mark}: put the newest journal back"
        ))),
        _ => Ok(()),
    }
}
