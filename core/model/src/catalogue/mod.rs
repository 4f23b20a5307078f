//! The catalogue: columns in chunks of [`CHUNK_ROWS`] rows behind `Arc`, so that an update copies the columns of one
//! chunk that it changes, and readers never wait.

mod chunk;
mod column;
mod dictionary;
mod ids;

use std::sync::Arc;

pub use chunk::{CHUNK_ROWS, Chunk};
pub use column::{Cell, ColumnKind, ColumnSpec, ColumnView, Schema};
pub use dictionary::{Dictionary, Symbol};
pub use ids::{ItemIds, ItemNumbering};

use crate::{Item, ItemChange, ItemId, ItemIndex, Value};

/// One state of the catalogue. Cheap to clone; a change makes a new one and leaves this as it is.
#[derive(Debug, Clone)]
pub struct Catalogue {
    schema: Arc<Schema>,
    ids: Arc<ItemIds>,
    dictionary: Arc<Dictionary>,
    chunks: Vec<Arc<Chunk>>,
}

impl Catalogue {
    /// A catalogue without items, whose indices are read from `ids`.
    #[must_use]
    pub fn new(schema: Arc<Schema>, ids: Arc<ItemIds>) -> Self {
        Self { schema, ids, dictionary: Arc::default(), chunks: Vec::new() }
    }

    /// A catalogue of items that no store keeps, numbered in their order.
    #[must_use]
    pub fn of_items(schema: Arc<Schema>, items: impl IntoIterator<Item = Item>) -> Self {
        let numbering = ItemNumbering::default();
        let changes = numbering.number_changes(items.into_iter().map(ItemChange::Put).collect());
        Self::new(schema, Arc::clone(numbering.ids())).with_changes(&changes)
    }

    /// The columns.
    #[must_use]
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// Which index each item id has.
    #[must_use]
    pub fn ids(&self) -> &Arc<ItemIds> {
        &self.ids
    }

    /// The texts behind the [`Symbol`]s of all columns.
    #[must_use]
    pub fn dictionary(&self) -> &Arc<Dictionary> {
        &self.dictionary
    }

    /// The chunks; row `r` of chunk `c` is item index `c * CHUNK_ROWS + r`.
    #[must_use]
    pub fn chunks(&self) -> &[Arc<Chunk>] {
        &self.chunks
    }

    /// The state after `changes`, in their order, each with the index that the store gave its item. Of
    /// each touched chunk the columns that change are copied, once. A field that the schema lacks is left out; a value of another type is absent.
    #[must_use]
    pub fn with_changes(&self, changes: &[(ItemIndex, ItemChange)]) -> Self {
        let mut next = self.clone();
        for (index, change) in changes {
            match change {
                ItemChange::Put(item) => next.put_item(*index, |name| item.fields.get(name)),
                ItemChange::Remove(_) => next.remove_item(*index),
            }
        }
        next
    }

    fn put_item<'a>(&mut self, index: ItemIndex, field: impl Fn(&str) -> Option<&'a Value>) {
        let (chunk, row) = chunk_row(index);
        while self.chunks.len() <= chunk {
            self.chunks.push(Arc::new(Chunk::empty_chunk(&self.schema)));
        }
        if let Some(chunk) = self.chunks.get_mut(chunk) {
            Arc::make_mut(chunk).put_row(row, &self.schema, &self.dictionary, field);
        }
    }

    fn remove_item(&mut self, index: ItemIndex) {
        let (chunk, row) = chunk_row(index);
        if let Some(chunk) = self.chunks.get_mut(chunk) {
            Arc::make_mut(chunk).remove_row(row);
        }
    }

    /// The state in which number column `column` holds what `value` gives for each live item, absent where it
    /// gives `None`.
    #[must_use]
    pub fn with_numbers(&self, column: usize, value: impl Fn(ItemIndex) -> Option<f64>) -> Self {
        let mut next = self.clone();
        for (c, chunk) in next.chunks.iter_mut().enumerate() {
            Arc::make_mut(chunk).set_numbers(column, |row| value(index_at(c, row)));
        }
        next
    }

    /// The row of an item; `None` where it is unknown or was removed.
    #[must_use]
    pub fn row(&self, index: ItemIndex) -> Option<Row<'_>> {
        let (chunk, row) = chunk_row(index);
        let chunk = self.chunks.get(chunk)?;
        chunk.is_live(row).then_some(Row { catalogue: self, chunk, row, index })
    }

    /// The live item of that id.
    #[must_use]
    pub fn find_row(&self, id: &ItemId) -> Option<Row<'_>> {
        self.row(self.ids.index(id)?)
    }

    /// Every live item in the order of its index.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.chunks.iter().enumerate().flat_map(move |(c, chunk)| {
            chunk.live_rows().map(move |row| Row { catalogue: self, chunk, row, index: index_at(c, row) })
        })
    }

    /// How many items are live.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|c| c.live_rows().count()).sum()
    }

    /// True where no item is live.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chunks.iter().all(|c| c.live_rows().next().is_none())
    }
}

const fn chunk_row(index: ItemIndex) -> (usize, usize) {
    (index.0 as usize / CHUNK_ROWS, index.0 as usize % CHUNK_ROWS)
}

#[expect(clippy::cast_possible_truncation, reason = "an index is a u32 by construction, so the product fits")]
const fn index_at(chunk: usize, row: usize) -> ItemIndex {
    ItemIndex((chunk * CHUNK_ROWS + row) as u32)
}

/// One live item of a catalogue, borrowed.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    catalogue: &'a Catalogue,
    chunk: &'a Chunk,
    row: usize,
    index: ItemIndex,
}

impl<'a> Row<'a> {
    /// Its index.
    #[must_use]
    pub const fn index(&self) -> ItemIndex {
        self.index
    }

    /// What column `column` of the schema holds for it.
    #[must_use]
    pub fn cell(&self, column: usize) -> Cell<'a> {
        self.chunk.cell(column, self.row, &self.catalogue.dictionary)
    }

    /// What the column of that name holds for it; absent where the schema has no such column.
    #[must_use]
    pub fn field(&self, name: &str) -> Cell<'a> {
        self.catalogue.schema.position(name).map_or(Cell::Absent, |column| self.cell(column))
    }
}
