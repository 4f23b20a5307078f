//! Rows of a catalogue become items: which column is which field, in which form, and what cannot be read.

mod availability;
mod cell_fault;
mod columns;
mod form;
mod item_rows;
mod price_styles;

pub(crate) use cell_fault::CellFault;
pub(crate) use columns::{KnownColumn, column_key};
pub(crate) use form::Form;
pub(crate) use item_rows::ItemRows;

/// One product as a file has it.
#[derive(Debug, Default)]
pub(crate) struct Record {
    /// The line on which it begins, from 1.
    pub(crate) line: u64,
    /// Its filled cells, each with the number of its column; a column may come more than once.
    pub(crate) cells: Vec<(usize, String)>,
}
