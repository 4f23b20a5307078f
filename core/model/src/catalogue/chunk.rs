//! A run of rows, of which a change copies the columns that it touches.

use std::sync::Arc;

use super::{
    Cell, ColumnView, Dictionary, Schema,
    column::{Column, put_cell, put_number},
};
use crate::Value;

/// Rows in a chunk: of how many items a change of one copies a column.
pub const CHUNK_ROWS: usize = 4096;

/// [`CHUNK_ROWS`] rows of every column. A clone shares each column until it changes a cell of it.
#[derive(Debug, Clone)]
pub struct Chunk {
    live: Arc<Vec<bool>>,
    columns: Vec<Column>,
}

impl Chunk {
    pub(super) fn empty_chunk(schema: &Schema) -> Self {
        let columns = schema.columns().iter().map(|c| Column::empty_column(c.kind, CHUNK_ROWS)).collect();
        Self { live: Arc::new(vec![false; CHUNK_ROWS]), columns }
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
        put_cell(&mut self.live, row, live);
    }

    pub(super) fn set_numbers(&mut self, column: usize, value: impl Fn(usize) -> Option<f64>) {
        let live: Vec<usize> = self.live_rows().collect();
        if let Some(Column::Number(cells)) = self.columns.get_mut(column) {
            for row in live {
                put_number(cells, row, value(row).filter(|n| n.is_finite()).unwrap_or(f64::NAN));
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

    /// True where both chunks hold in the same memory which rows are live, so that none differs.
    #[must_use]
    pub fn shares_live_rows(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.live, &other.live)
    }

    /// True where a column is the same memory in both chunks, so that no cell of it differs.
    #[must_use]
    pub fn shares_column(&self, other: &Self, column: usize) -> bool {
        let columns = self.columns.get(column).zip(other.columns.get(column));
        columns.is_some_and(|(one, other)| one.is_shared_with(other))
    }

    /// A whole column of this chunk; rows that are not live hold anything.
    #[must_use]
    pub fn column(&self, column: usize) -> Option<ColumnView<'_>> {
        self.columns.get(column).map(Column::as_view)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Catalogue, ColumnKind, ColumnSpec};
    use super::*;
    use crate::{Item, ItemChange, ItemId, ItemIndex};

    const KINDS: [ColumnKind; 6] = [
        ColumnKind::Number,
        ColumnKind::Flag,
        ColumnKind::Text,
        ColumnKind::Texts,
        ColumnKind::Date,
        ColumnKind::Time,
    ];

    /// The values of an item in their columns; of the third kind of number there is none.
    fn values(n: i64) -> [Option<Value>; 6] {
        let texts = [format!("text {n}").as_str().into()];
        [
            (n != 3).then_some(Value::Number(n as f64)),
            Some(Value::Flag(n % 2 == 0)),
            Some(Value::Text(format!("text {n}").as_str().into())),
            Some(Value::Texts(texts.into())),
            format!("2026-01-0{n}").parse().ok().map(Value::Date),
            Some(Value::Time(crate::Timestamp::from_ms(n))),
        ]
    }

    fn item(values: [Option<Value>; 6]) -> Item {
        let fields = values.into_iter().enumerate();
        let fields = fields.filter_map(|(n, value)| Some((format!("column {n}").as_str().into(), value?)));
        Item { id: ItemId::new("a").unwrap(), fields: fields.collect() }
    }

    #[test]
    fn a_change_copies_the_columns_that_it_changes_and_shares_the_others() {
        let spec = |(n, kind)| ColumnSpec { name: format!("column {n}").as_str().into(), kind };
        let schema = Schema::new(KINDS.into_iter().enumerate().map(spec).collect());
        for first in [1, 3] {
            let before = Catalogue::of_items(Arc::new(schema.clone()), [item(values(first))]);
            for changed in 0..=KINDS.len() {
                let mut now = values(first);
                if changed < KINDS.len() {
                    now[changed] = values(2)[changed].clone();
                }
                let after = before.with_changes(&[(ItemIndex(0), ItemChange::Put(item(now.clone())))]);
                let [old, new] = [&before, &after].map(|state| &state.chunks()[0]);
                let shared: Vec<bool> =
                    (0..KINDS.len()).map(|column| new.shares_column(old, column)).collect();
                let expected: Vec<bool> = (0..KINDS.len()).map(|column| column != changed).collect();
                assert_eq!(shared, expected, "column {changed} of item {first}");
                assert!(new.shares_live_rows(old));
                // the earlier state is as it was, and the later one as if it had been made anew
                let anew = |values| Catalogue::of_items(Arc::new(schema.clone()), [item(values)]);
                assert_eq!(cells(&before), cells(&anew(values(first))));
                assert_eq!(cells(&after), cells(&anew(now)));
            }
            let gone = before.with_changes(&[(ItemIndex(0), ItemChange::Remove(ItemId::new("a").unwrap()))]);
            assert!(!gone.chunks()[0].shares_live_rows(&before.chunks()[0]));
        }
    }

    fn cells(catalogue: &Catalogue) -> Vec<String> {
        let row = catalogue.row(ItemIndex(0)).unwrap();
        // symbols are numbered as texts come; what they stand for counts
        let cell = |column| match row.cell(column) {
            Cell::Text(_, text) => format!("{text}"),
            Cell::Texts(all) => {
                format!("{:?}", all.iter().map(|s| catalogue.dictionary().text(*s)).collect::<Vec<_>>())
            }
            other => format!("{other:?}"),
        };
        (0..KINDS.len()).map(cell).collect()
    }
}
