//! Values as strategies see them, and the three answers to a read.

use std::sync::Arc;

use jardin_model::{Cell, Date, EventKind, ItemIndex, Row, Timestamp};

use super::GrantedColumn;

/// One product of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViewEvent {
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: Timestamp,
    /// With which product.
    pub item: ItemIndex,
    /// How many.
    pub quantity: u32,
}

/// A granted value.
#[derive(Debug, Clone, PartialEq)]
pub enum ViewValue {
    /// An id, text or choice.
    Text(Arc<str>),
    /// Texts.
    Texts(Arc<[Arc<str>]>),
    /// A number, or money in whole units of the currency.
    Number(f64),
    /// A flag.
    Flag(bool),
    /// A day.
    Date(Date),
    /// An instant.
    Time(Timestamp),
    /// A product, read through [`super::View::item`].
    Item(ItemIndex),
    /// Products, read through [`super::View::item`].
    Items(Arc<[ItemIndex]>),
    /// A history, newest first.
    Events(Arc<[ViewEvent]>),
}

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
