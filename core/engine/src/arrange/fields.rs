//! What a page's rules read of an item: granted fields, through the view of the strategy whose rules they
//! are.

use jardin_contract::PlainValue;
use jardin_model::{Cell, Date, ItemIndex, Symbol, Timestamp};
use jardin_policy::{Access, View};

/// One value that items can share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum FieldKey {
    /// A number by its bits.
    Number(u64),
    Flag(bool),
    Text(Symbol),
    Date(Date),
    Time(Timestamp),
}

/// What rules read of items.
pub(crate) trait PageFields {
    /// The values of a field: none where it is absent, several for a texts field.
    fn field_keys(&self, item: ItemIndex, field: &str) -> FieldKeys<'_>;
    /// What an item's field must hold to have `value`; `None` where no item has it.
    fn key_of(&self, value: &PlainValue) -> Option<FieldKey>;
}

impl PageFields for View {
    fn field_keys(&self, item: ItemIndex, field: &str) -> FieldKeys<'_> {
        match self.item(item).get(field) {
            Access::Value(cell) => keys_of(cell),
            Access::Absent | Access::Denied => FieldKeys::One(None),
        }
    }

    fn key_of(&self, value: &PlainValue) -> Option<FieldKey> {
        match value {
            PlainValue::Text(text) => self.symbol(text).map(FieldKey::Text),
            PlainValue::Number(n) => Some(FieldKey::Number(number_bits(*n))),
            PlainValue::Flag(flag) => Some(FieldKey::Flag(*flag)),
        }
    }
}

/// The values of a field of one item.
#[derive(Debug, Clone)]
pub(crate) enum FieldKeys<'a> {
    One(Option<FieldKey>),
    Texts(std::slice::Iter<'a, Symbol>),
}

impl Iterator for FieldKeys<'_> {
    type Item = FieldKey;

    fn next(&mut self) -> Option<FieldKey> {
        match self {
            Self::One(key) => key.take(),
            Self::Texts(symbols) => symbols.next().copied().map(FieldKey::Text),
        }
    }
}

/// The values of a cell.
pub(crate) fn keys_of(cell: Cell<'_>) -> FieldKeys<'_> {
    FieldKeys::One(match cell {
        Cell::Texts(symbols) => return FieldKeys::Texts(symbols.iter()),
        Cell::Absent => None,
        Cell::Number(n) => Some(FieldKey::Number(number_bits(n))),
        Cell::Flag(flag) => Some(FieldKey::Flag(flag)),
        Cell::Text(symbol, _) => Some(FieldKey::Text(symbol)),
        Cell::Date(date) => Some(FieldKey::Date(date)),
        Cell::Time(time) => Some(FieldKey::Time(time)),
    })
}

/// Zero and minus zero are one number.
fn number_bits(n: f64) -> u64 {
    if n == 0.0 { 0.0_f64.to_bits() } else { n.to_bits() }
}
