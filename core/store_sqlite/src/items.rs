//! Items, and the numbers of their ids.

use jardin_model::{Item, ItemChange, ItemId, ItemIds, ItemIndex};
use rusqlite::{Connection, params};

use jardin_contract::StoreError;

use crate::{
    codec::{In, Out},
    store::{Shared, failed},
};

/// The ids of the store, in the order of their numbers.
pub(crate) fn stored_ids(sql: &Connection) -> Result<ItemIds, StoreError> {
    let mut statement = sql.prepare("SELECT number, id FROM items ORDER BY number").map_err(failed)?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, String>(1)?)));
    let ids = ItemIds::default();
    for row in rows.map_err(failed)? {
        let (number, id) = row.map_err(failed)?;
        let id = ItemId::new(&id).map_err(failed)?;
        // INVARIANT: a row's number is the index of its id, in this process and in every later one
        if ids.index_or_assign(&id).0 != number {
            return Err(failed("the numbers of the items have a gap"));
        }
    }
    Ok(ids)
}

/// Makes every id durable that has a number and no row yet, in the transaction of what refers to it.
pub(crate) fn note_ids(sql: &Connection, shared: &Shared) -> rusqlite::Result<()> {
    let next = "SELECT coalesce(max(number) + 1, 0) FROM items";
    let mut next: u32 = sql.prepare_cached(next)?.query_row([], |row| row.get(0))?;
    if next as usize >= shared.ids.len() {
        return Ok(());
    }
    let mut insert = sql.prepare_cached("INSERT INTO items VALUES (?1, ?2, NULL)")?;
    // one that is being given at this moment is the last one, and nothing refers to it yet
    while let Some(id) = shared.ids.id(ItemIndex(next)) {
        insert.execute(params![next, id.as_str()])?;
        next += 1;
    }
    Ok(())
}

/// Changes items. The number of a removed one stays taken.
pub(crate) fn change(sql: &Connection, shared: &Shared, changes: &[ItemChange]) -> rusqlite::Result<()> {
    let numbered: Vec<_> = changes
        .iter()
        .map(|change| match change {
            ItemChange::Put(item) => (shared.ids.index_or_assign(&item.id), Some(&item.fields)),
            ItemChange::Remove(id) => (shared.ids.index_or_assign(id), None),
        })
        .collect();
    note_ids(sql, shared)?;
    let mut update = sql.prepare_cached("UPDATE items SET fields = ?2 WHERE number = ?1")?;
    for (number, fields) in numbered {
        let bytes = fields.map(|fields| {
            let mut out = Out::default();
            out.fields(fields);
            out.0
        });
        update.execute(params![number.0, bytes])?;
    }
    Ok(())
}

/// A page of the items that are there, in the order of their numbers, and the number of the last that was
/// looked at; none at the end.
pub(crate) fn page(sql: &Connection, after: Option<i64>) -> Result<(Vec<Item>, Option<i64>), StoreError> {
    let select = "SELECT number, id, fields FROM items WHERE number > ?1 ORDER BY number LIMIT 10000";
    let mut statement = sql.prepare_cached(select).map_err(failed)?;
    let mut rows = statement.query([after.unwrap_or(-1)]).map_err(failed)?;
    let (mut items, mut last) = (Vec::new(), None);
    while let Some(row) = rows.next().map_err(failed)? {
        last = Some(row.get(0).map_err(failed)?);
        let Some(fields) = row.get::<_, Option<Vec<u8>>>(2).map_err(failed)? else {
            continue;
        };
        let id = ItemId::new(&row.get::<_, String>(1).map_err(failed)?).map_err(failed)?;
        let fields = In(&fields).fields().ok_or_else(|| failed("an item cannot be read"))?;
        items.push(Item { id, fields });
    }
    Ok((items, last))
}
