//! Items, and the numbers of their ids.

use jardin_model::{Item, ItemChange, ItemId, ItemIndex, ItemNumbering};
use rusqlite::{Connection, params};

use jardin_contract::StoreError;
use jardin_store_kit::{Decoder, Encoder};

use crate::store::Shared;

/// The numbers that the store gave so far.
pub(crate) fn stored_numbering(sql: &Connection) -> Result<ItemNumbering, StoreError> {
    let mut statement =
        sql.prepare("SELECT number, id FROM items ORDER BY number").map_err(StoreError::failed)?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, String>(1)?)));
    let numbering = ItemNumbering::default();
    for row in rows.map_err(StoreError::failed)? {
        let (number, id) = row.map_err(StoreError::failed)?;
        let id = ItemId::new(&id).map_err(StoreError::failed)?;
        // INVARIANT: a row's number is the index of its id, in this process and in every later one
        if numbering.index_or_assign(&id).0 != number {
            return Err(StoreError::failed("the numbers of the items have a gap"));
        }
    }
    Ok(numbering)
}

/// Makes every id durable that has a number and no row yet, in the transaction of what refers to it.
pub(crate) fn note_ids(sql: &Connection, shared: &Shared) -> rusqlite::Result<()> {
    let next = "SELECT coalesce(max(number) + 1, 0) FROM items";
    let mut next: u32 = sql.prepare_cached(next)?.query_row([], |row| row.get(0))?;
    if next as usize >= shared.numbering.ids().len() {
        return Ok(());
    }
    let mut insert = sql.prepare_cached("INSERT INTO items VALUES (?1, ?2, NULL)")?;
    while let Some(id) = shared.numbering.ids().id(ItemIndex(next)) {
        insert.execute(params![next, id.as_str()])?;
        next += 1;
    }
    Ok(())
}

/// Changes items and gives the number of each. That of a removed one stays taken.
pub(crate) fn change_items(
    sql: &Connection,
    shared: &Shared,
    changes: &[ItemChange],
) -> rusqlite::Result<Vec<ItemIndex>> {
    let numbers: Vec<ItemIndex> =
        changes.iter().map(|change| shared.numbering.index_or_assign(change.id())).collect();
    note_ids(sql, shared)?;
    let mut update = sql.prepare_cached("UPDATE items SET fields = ?2 WHERE number = ?1")?;
    for (number, change) in numbers.iter().zip(changes) {
        let bytes = match change {
            ItemChange::Put(item) => {
                let mut out = Encoder::default();
                out.write_fields(&item.fields);
                Some(out.0)
            }
            ItemChange::Remove(_) => None,
        };
        update.execute(params![number.0, bytes])?;
    }
    Ok(numbers)
}

/// Copies the items that are there.
pub(crate) fn keep_items(sql: &Connection) -> rusqlite::Result<()> {
    sql.execute("DELETE FROM kept_items", [])?;
    sql.execute("INSERT INTO kept_items SELECT number, fields FROM items WHERE fields IS NOT NULL", [])?;
    Ok(())
}

/// The items that were copied, in the order of their numbers.
pub(crate) fn kept_items(sql: &Connection) -> Result<Vec<Item>, StoreError> {
    let select = "SELECT id, kept_items.fields FROM kept_items JOIN items USING (number) ORDER BY number";
    let mut statement = sql.prepare(select).map_err(StoreError::failed)?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)));
    let mut items = Vec::new();
    for row in rows.map_err(StoreError::failed)? {
        let (id, fields) = row.map_err(StoreError::failed)?;
        let fields = Decoder(&fields).read_fields();
        items.push(Item {
            id: ItemId::new(&id).map_err(StoreError::failed)?,
            fields: fields.ok_or_else(|| StoreError::failed("a kept item cannot be read"))?,
        });
    }
    Ok(items)
}

/// Items, and the number of the last row that was looked at; none at the end.
type ItemPage = (Vec<(ItemIndex, Item)>, Option<i64>);

/// A page of the items that are there, in the order of their numbers.
pub(crate) fn item_page(sql: &Connection, after: Option<i64>) -> Result<ItemPage, StoreError> {
    let select = "SELECT number, id, fields FROM items WHERE number > ?1 ORDER BY number LIMIT 10000";
    let mut statement = sql.prepare_cached(select).map_err(StoreError::failed)?;
    let mut rows = statement.query([after.unwrap_or(-1)]).map_err(StoreError::failed)?;
    let (mut items, mut last) = (Vec::new(), None);
    while let Some(row) = rows.next().map_err(StoreError::failed)? {
        let number: u32 = row.get(0).map_err(StoreError::failed)?;
        last = Some(number.into());
        let Some(fields) = row.get::<_, Option<Vec<u8>>>(2).map_err(StoreError::failed)? else {
            continue;
        };
        let id =
            ItemId::new(&row.get::<_, String>(1).map_err(StoreError::failed)?).map_err(StoreError::failed)?;
        let fields =
            Decoder(&fields).read_fields().ok_or_else(|| StoreError::failed("an item cannot be read"))?;
        items.push((ItemIndex(number), Item { id, fields }));
    }
    Ok((items, last))
}
