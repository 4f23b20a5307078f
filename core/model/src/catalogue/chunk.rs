//! A run of rows that is copied as one when it changes.

use super::{Cell, ColumnView, Dictionary, Schema, column::Column};
use crate::Value;

/// Rows in a chunk: what one change of an item copies.
pub const CHUNK_ROWS: usize = 4096;

/// [`CHUNK_ROWS`] rows of every column.
#[derive(Debug, Clone)]
pub struct Chunk {
    live: Vec<bool>,
    columns: Vec<Column>,
}

impl Chunk {
    pub(super) fn empty_chunk(schema: &Schema) -> Self {
        let columns = schema.columns().iter().map(|c| Column::empty_column(c.kind, CHUNK_ROWS)).collect();
        Self { live: vec![false; CHUNK_ROWS], columns }
    }

    pub(super) fn put_row<'a>(
        &mut self,
        row: usize,
        schema: &Schema,
        dictionary: &Dictionary,
        field: impl Fn(&str) -> Option<&'a Value>,
    ) {
        for (spec, column) in schema.columns().iter().zip(&mut self.columns) {
            column.set_cell(row, field(&spec.name), dictionary);
        }
        self.set_live(row, true);
    }

    pub(super) fn remove_row(&mut self, row: usize) {
        self.set_live(row, false);
    }

    fn set_live(&mut self, row: usize, live: bool) {
        if let Some(cell) = self.live.get_mut(row) {
            *cell = live;
        }
    }

    pub(super) fn set_numbers(&mut self, column: usize, value: impl Fn(usize) -> Option<f64>) {
        let live: Vec<usize> = self.live_rows().collect();
        if let Some(Column::Number(cells)) = self.columns.get_mut(column) {
            for row in live {
                if let Some(cell) = cells.get_mut(row) {
                    *cell = value(row).filter(|n| n.is_finite()).unwrap_or(f64::NAN);
                }
            }
        }
    }

    /// True where the row is an item that is neither unknown nor removed.
    #[must_use]
    pub fn is_live(&self, row: usize) -> bool {
        self.live.get(row).copied().unwrap_or(false)
    }

    /// The live rows, in their order.
    pub fn live_rows(&self) -> impl Iterator<Item = usize> + '_ {
        self.live.iter().enumerate().filter_map(|(row, live)| live.then_some(row))
    }

    pub(super) fn cell<'a>(&'a self, column: usize, row: usize, dictionary: &'a Dictionary) -> Cell<'a> {
        self.columns.get(column).map_or(Cell::Absent, |c| c.cell(row, dictionary))
    }

    /// A whole column of this chunk; rows that are not live hold anything.
    #[must_use]
    pub fn column(&self, column: usize) -> Option<ColumnView<'_>> {
        self.columns.get(column).map(Column::as_view)
    }
}
