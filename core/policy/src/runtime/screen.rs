//! Marks the products of a catalogue that may never be tied to a person.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use jardin_model::{CHUNK_ROWS, Catalogue, Chunk, ColumnView, Schema, Symbol};

use super::ScreenedCatalogue;
use crate::{
    Policy,
    rules::{PolicyRules, is_listed},
};

impl Policy {
    /// Marks a catalogue. Chunks that `previous` has already marked under the same `[never]` are not looked
    /// at again.
    #[must_use]
    pub fn screen(&self, catalogue: Catalogue, previous: Option<&ScreenedCatalogue>) -> ScreenedCatalogue {
        let previous = previous.filter(|p| p.never_digest == self.never_digest);
        let mut memo = HashMap::new();
        let never = catalogue.chunks().iter().enumerate().map(|(c, chunk)| {
            let known = previous.and_then(|p| p.never.get(c)).filter(|(old, _)| Arc::ptr_eq(old, chunk));
            let marks = known.map_or_else(
                || marks(chunk, &catalogue, self.rules(), &mut memo),
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

fn marks(chunk: &Chunk, catalogue: &Catalogue, rules: &PolicyRules, memo: &mut Memo) -> Arc<[bool]> {
    let mut marks = vec![false; CHUNK_ROWS];
    for (field, listed) in &rules.never.items {
        let name = rules.field(*field).map(|f| &f.path.name);
        let Some(column) = name.and_then(|name| catalogue.schema().position(name)) else {
            continue;
        };
        let mut is_never = |symbol: u32| symbol_is_listed(symbol, column, listed, catalogue, memo);
        match chunk.column(column) {
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
    listed: &BTreeSet<Arc<str>>,
    catalogue: &Catalogue,
    memo: &mut Memo,
) -> bool {
    *memo.entry((column, symbol)).or_insert_with(|| {
        catalogue.dictionary().text(Symbol(symbol)).is_some_and(|text| is_listed(text, listed))
    })
}
