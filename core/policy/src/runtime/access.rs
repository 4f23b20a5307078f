//! The three answers to a read.

use jardin_model::{Cell, Row};

use super::GrantedColumn;

/// What a read gives. Denied is not absent: which fields are denied depends on the policy and never on the
/// person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Access<T> {
    /// Not granted, not declared or misspelt: the same for all three.
    Denied,
    /// Granted, and there is nothing.
    Absent,
    /// The value.
    Value(T),
}

/// One product with its granted fields only.
#[derive(Debug, Clone, Copy)]
pub struct ItemView<'a> {
    pub(super) row: Option<Row<'a>>,
    pub(super) columns: &'a [GrantedColumn],
}

impl<'a> ItemView<'a> {
    /// A granted field by its name without the namespace.
    #[must_use]
    pub fn get(&self, name: &str) -> Access<Cell<'a>> {
        match self.columns.iter().find(|c| &*c.name == name) {
            None => Access::Denied,
            Some(column) => self.at(column),
        }
    }

    /// A granted field by its column.
    #[must_use]
    pub fn at(&self, column: &GrantedColumn) -> Access<Cell<'a>> {
        match self.row.map(|row| row.cell(column.column)) {
            None | Some(Cell::Absent) => Access::Absent,
            Some(cell) => Access::Value(cell),
        }
    }
}
