//! Plain values that item fields are compared with.

use jardin_contract::PlainValue;
use jardin_diagnostics::{TomlValue, codes::INVALID_VALUE};
use jardin_model::FieldType;

/// A value that a field of type `kind` can have, or contain; another one is a finding.
pub(super) fn read_plain(node: TomlValue<'_>, kind: FieldType) -> Option<PlainValue> {
    match kind {
        FieldType::Id | FieldType::Text | FieldType::Texts | FieldType::Choice => {
            node.text().map(|t| PlainValue::Text(t.into()))
        }
        FieldType::Number | FieldType::Money => node.number().map(PlainValue::Number),
        FieldType::Flag => node.flag().map(PlainValue::Flag),
        FieldType::Date | FieldType::Time | FieldType::Item | FieldType::Items | FieldType::Events => {
            node.finding(INVALID_VALUE, format!("a field of type {kind} is not compared"), None);
            None
        }
    }
}
