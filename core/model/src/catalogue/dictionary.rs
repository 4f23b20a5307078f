//! Texts by number, so that a rule compares integers.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

/// The number of a text in a [`Dictionary`]; equal texts have equal numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(pub u32);

/// Texts of the catalogue: append-only, so that every state of a catalogue can share one.
#[derive(Debug, Default)]
pub struct Dictionary {
    texts: boxcar::Vec<Arc<str>>,
    symbols: RwLock<HashMap<Arc<str>, Symbol>>,
}

impl Dictionary {
    /// The symbol of a text that has one.
    #[must_use]
    pub fn symbol(&self, text: &str) -> Option<Symbol> {
        self.symbols.read().unwrap_or_else(PoisonError::into_inner).get(text).copied()
    }

    /// The symbol of a text, given now if it has none.
    #[expect(clippy::cast_possible_truncation, reason = "4 billion texts do not fit into memory")]
    pub fn intern_text(&self, text: &Arc<str>) -> Symbol {
        if let Some(symbol) = self.symbol(text) {
            return symbol;
        }
        let mut symbols = self.symbols.write().unwrap_or_else(PoisonError::into_inner);
        *symbols.entry(Arc::clone(text)).or_insert_with(|| Symbol(self.texts.push(Arc::clone(text)) as u32))
    }

    /// The text of a symbol.
    #[must_use]
    pub fn text(&self, symbol: Symbol) -> Option<&Arc<str>> {
        self.texts.get(symbol.0 as usize)
    }

    /// How many texts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.texts.count()
    }

    /// True where there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
