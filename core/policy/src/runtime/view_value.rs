//! Values as strategies see them.

use std::sync::Arc;

use jardin_model::{Date, EventKind, ItemIndex, Timestamp};

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
