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
    fn field_keys(&self, item: ItemIndex, field: &str) -> Vec<FieldKey>;
    /// What an item's field must hold to have `value`; `None` where no item has it.
    fn key_of(&self, value: &PlainValue) -> Option<FieldKey>;
}

impl PageFields for View {
    fn field_keys(&self, item: ItemIndex, field: &str) -> Vec<FieldKey> {
        match self.item(item).get(field) {
            Access::Value(cell) => keys_of(cell),
            Access::Absent | Access::Denied => Vec::new(),
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

/// The values of a cell.
pub(crate) fn keys_of(cell: Cell<'_>) -> Vec<FieldKey> {
    match cell {
        Cell::Absent => Vec::new(),
        Cell::Number(n) => vec![FieldKey::Number(number_bits(n))],
        Cell::Flag(flag) => vec![FieldKey::Flag(flag)],
        Cell::Text(symbol, _) => vec![FieldKey::Text(symbol)],
        Cell::Texts(symbols) => symbols.iter().copied().map(FieldKey::Text).collect(),
        Cell::Date(date) => vec![FieldKey::Date(date)],
        Cell::Time(time) => vec![FieldKey::Time(time)],
    }
}

/// Zero and minus zero are one number.
fn number_bits(n: f64) -> u64 {
    if n == 0.0 { 0.0_f64.to_bits() } else { n.to_bits() }
}
