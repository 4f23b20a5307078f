//! Items, and the numbers of their ids.

use jardin_model::{Item, ItemChange, ItemId, ItemIds};
use rusqlite::{Connection, params};

use crate::{
    codec::{In, Out},
    store::Shared,
};

/// The ids of the store, in the order of their numbers.
pub(crate) fn stored_ids(sql: &Connection) -> rusqlite::Result<ItemIds> {
    let mut statement = sql.prepare("SELECT id FROM items ORDER BY number")?;
    let ids = statement
        .query_map([], |row| row.get::<_, String>(0))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(ItemIds::restored(ids.iter().filter_map(|id| ItemId::new(id).ok())))
}

/// Makes every id durable that has a number and no row yet, in the transaction of what refers to it.
pub(crate) fn note_ids(sql: &Connection, shared: &Shared) -> rusqlite::Result<()> {
    let stored: i64 = sql
        .prepare_cached("SELECT coalesce(max(number) + 1, 0) FROM items")?
        .query_row([], |row| row.get(0))?;
    let known = i64::try_from(shared.ids.len()).unwrap_or(i64::MAX);
    for number in stored..known {
        let index = u32::try_from(number)
            .map(jardin_model::ItemIndex)
            .map_err(|_| rusqlite::Error::InvalidQuery)?;
        if let Some(id) = shared.ids.id(index) {
            sql.prepare_cached("INSERT INTO items VALUES (?1, ?2, NULL)")?
                .execute(params![number, id.as_str()])?;
        }
    }
    Ok(())
}

/// Changes items. The number of a removed one stays taken.
pub(crate) fn change(sql: &Connection, shared: &Shared, changes: &[ItemChange]) -> rusqlite::Result<()> {
    for change in changes {
        let (id, fields) = match change {
            ItemChange::Put(item) => {
                let mut out = Out::default();
                out.fields(&item.fields);
                (&item.id, Some(out.0))
            }
            ItemChange::Remove(id) => (id, None),
        };
        let number = shared.ids.index_or_assign(id).0;
        note_ids(sql, shared)?;
        sql.prepare_cached("UPDATE items SET fields = ?2 WHERE number = ?1")?
            .execute(params![number, fields])?;
    }
    Ok(())
}

/// Every item that is there, in the order of its number.
pub(crate) fn all(sql: &Connection) -> rusqlite::Result<Vec<Item>> {
    let mut statement = sql.prepare("SELECT id, fields FROM items WHERE fields IS NOT NULL ORDER BY number")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    let mut items = Vec::new();
    for row in rows {
        let (id, fields) = row?;
        if let (Ok(id), Some(fields)) = (ItemId::new(&id), In(&fields).fields()) {
            items.push(Item { id, fields });
        }
    }
    Ok(items)
}
