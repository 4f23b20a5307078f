//! Plain values that item fields are compared with.

use std::sync::Arc;

use jardin_contract::PlainValue;
use jardin_diagnostics::{TomlValue, codes::INVALID_VALUE, did_you_mean};
use jardin_model::FieldType;
use jardin_policy::rules::FieldRule;

/// A value that a field can have, or contain; another one is a finding.
pub(super) fn read_plain(node: TomlValue<'_>, field: &FieldRule) -> Option<PlainValue> {
    match field.kind {
        FieldType::Choice => read_choice(node, &field.choices).map(|t| PlainValue::Text(t.into())),
        FieldType::Id | FieldType::Text | FieldType::Texts => node.text().map(|t| PlainValue::Text(t.into())),
        FieldType::Number | FieldType::Money => node.number().map(PlainValue::Number),
        FieldType::Flag => node.flag().map(PlainValue::Flag),
        FieldType::Date | FieldType::Time | FieldType::Item | FieldType::Items | FieldType::Events => {
            let message = format!("a field of type {} is not compared", field.kind);
            node.finding(INVALID_VALUE, message, None);
            None
        }
    }
}

fn read_choice<'a>(node: TomlValue<'a>, choices: &[Arc<str>]) -> Option<&'a str> {
    let text = node.text()?;
    let is_declared = choices.iter().any(|choice| **choice == *text);
    if !is_declared {
        let listed = || choices.iter().map(|choice| format!("`{choice}`")).collect::<Vec<_>>().join(", ");
        let help = did_you_mean(text, choices.iter().map(|choice| &**choice))
            .map_or_else(|| format!("it is one of {}", listed()), |meant| format!("did you mean `{meant}`?"));
        node.finding(INVALID_VALUE, format!("`{text}` is not one of the declared choices"), Some(help));
    }
    is_declared.then_some(text)
}
