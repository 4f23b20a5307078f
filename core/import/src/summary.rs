//! What an import found.

use std::{borrow::Cow, collections::BTreeMap};

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Its line, from 1.
    pub line: u64,
    /// What is wrong with it; no value of the row stands in it.
    pub what: Cow<'static, str>,
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
    /// Rows that are no sale, by why.
    pub set_aside: BTreeMap<&'static str, u64>,
    /// Of the sales, rows of nobody known.
    pub without_customer: u64,
    /// How many rows are wrong.
    pub bad: u64,
    /// The first of them.
    pub bad_rows: Vec<BadRow>,
}

impl Summary {
    /// Notes a bad row; whoever takes the batches notes what it refuses here as well.
    pub fn note(&mut self, line: u64, what: impl Into<Cow<'static, str>>) {
        self.bad += 1;
        if self.bad_rows.len() < LISTED {
            self.bad_rows.push(BadRow { line, what: what.into() });
        }
    }

    pub(crate) fn set_aside(&mut self, why: &'static str) {
        *self.set_aside.entry(why).or_default() += 1;
    }
}
