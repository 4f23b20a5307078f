//! Marks the products of a catalogue that may never be tied to a person.

use std::{collections::HashMap, sync::Arc};

use jardin_model::{CHUNK_ROWS, Catalogue, Chunk, ColumnView, Schema, Symbol};

use super::ScreenedCatalogue;
use crate::{
    Policy,
    rules::{NeverValues, PolicyRules, is_listed},
};

impl Policy {
    /// Marks a catalogue. Chunks that `previous` has already marked under the same `[never]` are not looked
    /// at again while nothing changes in the columns on which that rests.
    #[must_use]
    pub fn screen(&self, catalogue: Catalogue, previous: Option<&ScreenedCatalogue>) -> ScreenedCatalogue {
        let previous = previous.filter(|p| p.never_digest == self.never_digest);
        let columns = never_columns(self.rules(), catalogue.schema());
        let is_same =
            |old: &Chunk, new: &Chunk| columns.iter().all(|(column, _)| new.shares_column(old, *column));
        let mut memo = HashMap::new();
        let never = catalogue.chunks().iter().enumerate().map(|(c, chunk)| {
            let known = previous.and_then(|p| p.never.get(c)).filter(|(old, _)| is_same(old, chunk));
            let marks = known.map_or_else(
                || mark_rows(chunk, &catalogue, &columns, &mut memo),
                |(_, marks)| Arc::clone(marks),
            );
            (Arc::clone(chunk), marks)
        });
        let never = never.collect();
        ScreenedCatalogue { never, catalogue, never_digest: self.never_digest }
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

type Memo = HashMap<(usize, u32), bool>;

/// The columns in which `[never]` lists values, each with these.
type NeverColumns<'a> = Vec<(usize, &'a NeverValues)>;

fn never_columns<'a>(rules: &'a PolicyRules, schema: &Schema) -> NeverColumns<'a> {
    let listed = rules.never.items.iter();
    let columns = listed.filter_map(|(field, listed)| {
        let name = &rules.field(*field)?.path.name;
        Some((schema.position(name)?, listed))
    });
    columns.collect()
}

fn mark_rows(
    chunk: &Chunk,
    catalogue: &Catalogue,
    columns: &NeverColumns<'_>,
    memo: &mut Memo,
) -> Arc<[bool]> {
    let mut marks = vec![false; CHUNK_ROWS];
    for (column, listed) in columns {
        let mut is_never = |symbol: u32| symbol_is_listed(symbol, *column, listed, catalogue, memo);
        match chunk.column(*column) {
            Some(ColumnView::Symbols(symbols)) => {
                for (mark, symbol) in marks.iter_mut().zip(symbols) {
                    *mark |= is_never(*symbol);
                }
            }
            Some(ColumnView::SymbolLists(lists)) => {
                for (mark, list) in marks.iter_mut().zip(lists) {
                    *mark |= list.iter().flatten().any(|symbol| is_never(symbol.0));
                }
            }
            _ => {}
        }
    }
    marks.into()
}

fn symbol_is_listed(
    symbol: u32,
    column: usize,
    listed: &NeverValues,
    catalogue: &Catalogue,
    memo: &mut Memo,
) -> bool {
    *memo.entry((column, symbol)).or_insert_with(|| {
        catalogue.dictionary().text(Symbol(symbol)).is_some_and(|text| is_listed(text, listed))
    })
}
