//! What an import found.

use std::{borrow::Cow, collections::BTreeMap};

use jardin_model::Currency;

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Its line, from 1.
    pub line: u64,
    /// The item that it speaks of, where that can be read.
    pub item: Option<String>,
    /// What is wrong with it and what to write; no value of the row stands in it.
    pub what: Cow<'static, str>,
    /// The field that cannot be read, and what was read; it is for whoever knows the field's class to show.
    pub read: Option<(String, String)>,
}

/// What became of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedColumn {
    /// As the file writes it.
    pub column: String,
    /// The field that it becomes; `None` where it is not read.
    pub field: Option<String>,
    /// The form in which it is read, or why it is not.
    pub says: String,
}

/// The most bad rows that are listed; all are counted.
const LISTED: usize = 1000;

/// What an import found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// How many rows were read, the head aside.
    pub rows: u64,
    /// How many events came of them.
    pub events: u64,
    /// How many different items.
    pub items: u64,
    /// Rows that are neither sale nor item nor event, by why.
    pub set_aside: BTreeMap<Cow<'static, str>, u64>,
    /// Of the sales, rows of nobody known.
    pub without_customer: u64,
    /// How many rows are wrong.
    pub bad: u64,
    /// The first of them.
    pub bad_rows: Vec<BadRow>,
    /// What became of each column, in the order of the file.
    pub columns: Vec<MappedColumn>,
    /// The currency of the prices that were read.
    pub currency: Option<Currency>,
}

impl Summary {
    /// Notes a bad row; whoever takes the batches notes what it refuses here as well.
    pub fn note(&mut self, line: u64, what: impl Into<Cow<'static, str>>) {
        self.note_row(BadRow { line, item: None, what: what.into(), read: None });
    }

    pub(crate) fn note_row(&mut self, row: BadRow) {
        self.bad += 1;
        if self.bad_rows.len() < LISTED {
            self.bad_rows.push(row);
        }
    }

    pub(crate) fn set_aside(&mut self, why: impl Into<Cow<'static, str>>) {
        *self.set_aside.entry(why.into()).or_default() += 1;
    }
}
