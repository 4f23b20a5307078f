//! Marks the products of a catalogue by whom they may be tied to.

use std::{collections::HashMap, sync::Arc};

use jardin_model::{CHUNK_ROWS, Catalogue, Chunk, ColumnView, Schema, Symbol};

use super::{ScreenedCatalogue, screened_catalogue::Tie};
use crate::{
    Policy,
    rules::{ListedItems, ListedValues, PolicyRules, is_listed},
};

impl Policy {
    /// Marks a catalogue. Chunks that `previous` has already marked under the same `[never]` and `[discreet]` are not
    /// looked at again while nothing changes in the columns on which that rests.
    #[must_use]
    pub fn screen(&self, catalogue: Catalogue, previous: Option<&ScreenedCatalogue>) -> ScreenedCatalogue {
        let previous = previous.filter(|p| p.listed_digest == self.listed_digest);
        let columns = listed_columns(self.rules(), catalogue.schema());
        let is_same = |old: &Chunk, new: &Chunk| columns.iter().all(|c| new.shares_column(old, c.column));
        let mut memo = HashMap::new();
        let ties = catalogue.chunks().iter().enumerate().map(|(c, chunk)| {
            let known = previous.and_then(|p| p.ties.get(c)).filter(|(old, _)| is_same(old, chunk));
            let marks = known.map_or_else(
                || mark_rows(chunk, &catalogue, &columns, &mut memo),
                |(_, marks)| Arc::clone(marks),
            );
            (Arc::clone(chunk), marks)
        });
        let ties = ties.collect();
        ScreenedCatalogue { ties, catalogue, listed_digest: self.listed_digest }
    }

    /// A catalogue without items and with this policy's columns.
    #[must_use]
    pub fn empty_catalogue(&self) -> ScreenedCatalogue {
        self.screen(Catalogue::new(self.schema(), Arc::default()), None)
    }

    /// The columns that the declared item fields make.
    #[must_use]
    pub fn schema(&self) -> Arc<Schema> {
        Arc::clone(&self.rules().schema)
    }
}

type Memo = HashMap<(usize, Tie, u32), bool>;

/// A column in which values are listed, and to whom a product that has one may be tied.
struct ListedColumn<'a> {
    column: usize,
    listed: &'a ListedValues,
    tie: Tie,
}

fn listed_columns<'a>(rules: &'a PolicyRules, schema: &Schema) -> Vec<ListedColumn<'a>> {
    let columns_of = |items: &'a ListedItems, tie| {
        let columns = items.iter().filter_map(move |(field, listed)| {
            let name = &rules.field(*field)?.path.name;
            Some(ListedColumn { column: schema.position(name)?, listed, tie })
        });
        columns.collect::<Vec<_>>()
    };
    let mut columns = columns_of(&rules.never.items, Tie::Nobody);
    columns.extend(columns_of(&rules.discreet, Tie::Visit));
    columns
}

fn mark_rows(
    chunk: &Chunk,
    catalogue: &Catalogue,
    columns: &[ListedColumn<'_>],
    memo: &mut Memo,
) -> Arc<[Tie]> {
    let mut marks = vec![Tie::Person; CHUNK_ROWS];
    for listed in columns {
        let mut has_one = |symbol: u32| symbol_is_listed(symbol, listed, catalogue, memo);
        match chunk.column(listed.column) {
            Some(ColumnView::Symbols(symbols)) => {
                for (mark, symbol) in marks.iter_mut().zip(symbols) {
                    if has_one(*symbol) {
                        *mark = listed.tie.min(*mark);
                    }
                }
            }
            Some(ColumnView::SymbolLists(lists)) => {
                for (mark, list) in marks.iter_mut().zip(lists) {
                    if list.iter().flatten().any(|symbol| has_one(symbol.0)) {
                        *mark = listed.tie.min(*mark);
                    }
                }
            }
            _ => {}
        }
    }
    marks.into()
}

fn symbol_is_listed(symbol: u32, column: &ListedColumn<'_>, catalogue: &Catalogue, memo: &mut Memo) -> bool {
    *memo.entry((column.column, column.tie, symbol)).or_insert_with(|| {
        catalogue.dictionary().text(Symbol(symbol)).is_some_and(|text| is_listed(text, column.listed))
    })
}
