//! Everything that is stored of a person, opened by their key.

use std::{collections::BTreeMap, sync::Arc};

use jardin_contract::{EventDetails, Export, KeyRing as _, StoreError};
use jardin_model::SessionId;
use jardin_store_kit::decode_details;
use rusqlite::Connection;

use crate::{
    people::{self, Row, seal_binding},
    store::Shared,
};

/// Everything of the person of an id; `None` where nothing is stored.
pub(crate) fn read_export(sql: &Connection, shared: &Shared, id: &str) -> Result<Option<Export>, StoreError> {
    let Some(row) = people::find_person(sql, shared, id)? else {
        return Ok(None);
    };
    let Some(record) = row.obeyed_record(sql, shared)?.map(Arc::new) else {
        return Ok(None);
    };
    let mut said = read_texts(sql, shared, &row)?;
    let (sessions, details) =
        record.events.iter().map(|event| said.remove(&event.sequence).unwrap_or_default()).unzip();
    Ok(Some(Export { record, sessions, details }))
}

/// What a person's events say beyond integers, by running number.
fn read_texts(
    sql: &Connection,
    shared: &Shared,
    row: &Row,
) -> Result<BTreeMap<u64, (Option<SessionId>, EventDetails)>, StoreError> {
    let select = "SELECT sequence, sealed FROM events WHERE subject = ?1 AND sealed IS NOT NULL";
    let mut statement = sql.prepare_cached(select).map_err(StoreError::failed)?;
    let rows = statement.query_map([row.number], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, Vec<u8>>(1)?)));
    let mut said = BTreeMap::new();
    for found in rows.map_err(StoreError::failed)? {
        let (sequence, sealed) = found.map_err(StoreError::failed)?;
        let opened = shared.keys.open_text(row.slot, &seal_binding(row.number, "event"), &sealed)?;
        let details = opened.and_then(|bytes| decode_details(&bytes));
        // an export that leaves something out is no export
        let details = details.ok_or_else(|| StoreError::failed("an event cannot be opened"))?;
        said.insert(sequence.cast_unsigned(), details);
    }
    Ok(said)
}
