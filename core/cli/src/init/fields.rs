//! The fields of a catalogue, as its file shows them.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Context as _;
use serde_json::Value;

/// The item fields that a policy declares.
#[derive(Debug)]
pub(super) struct ItemFields(BTreeMap<String, ItemField>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ItemField {
    kind: &'static str,
    /// Every item has it.
    always: bool,
}

impl Default for ItemFields {
    /// What most shops have.
    fn default() -> Self {
        let fields = [
            ("category", "text", true),
            ("title", "text", false),
            ("brand", "text", false),
            ("price", "money", true),
            ("in_stock", "flag", true),
            ("stock", "number", false),
        ];
        Self(fields.map(|(name, kind, always)| (name.to_owned(), ItemField { kind, always })).into())
    }
}

impl ItemFields {
    /// Those of a file, an item a line; lines that are none are for the import to name.
    pub(super) fn of_file(path: &Path) -> anyhow::Result<Self> {
        let text =
            fs::read_to_string(path).with_context(|| format!("`{}` cannot be read", path.display()))?;
        let items: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let rows: Vec<_> = items.iter().filter_map(|item| item.get("fields")?.as_object()).collect();
        anyhow::ensure!(
            !rows.is_empty(),
            "`{}` has no items; write one a line: {{\"item_id\": \"A-1\", \"fields\": {{\"price\": \"9.90\"}}}}",
            path.display()
        );
        let mut values: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for (name, value) in rows.iter().flat_map(|row| row.iter()) {
            if is_name(name) && name != "sku" && !value.is_null() {
                values.entry(name).or_default().push(value);
            }
        }
        let field = |(name, values): (&str, Vec<&Value>)| {
            let kind = kind_of(name, &values)?;
            Some((name.to_owned(), ItemField { kind, always: values.len() == rows.len() }))
        };
        Ok(Self(values.into_iter().filter_map(field).collect()))
    }

    /// True where there is a field of that type.
    pub(super) fn has(&self, name: &str, kind: &str) -> bool {
        self.0.get(name).is_some_and(|field| field.kind == kind)
    }

    /// Each as a line of `[fields.item]`.
    pub(super) fn lines(&self) -> String {
        let line = |(name, field): (&String, &ItemField)| {
            let always = if field.always { ", always = true" } else { "" };
            format!("{name} = {{ type = \"{}\", class = \"none\"{always} }}\n", field.kind)
        };
        self.0.iter().map(line).collect()
    }
}

/// A name that a policy and a script can write.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// The type that all values have; `None` where they have none in common.
fn kind_of(name: &str, values: &[&Value]) -> Option<&'static str> {
    let all = |is: fn(&Value) -> bool| values.iter().all(|value| is(value));
    if all(Value::is_boolean) {
        return Some("flag");
    }
    if all(Value::is_number) {
        return Some("number");
    }
    if all(|v| v.as_array().is_some_and(|list| list.iter().all(Value::is_string))) {
        return Some("texts");
    }
    if !all(Value::is_string) {
        return None;
    }
    let is_amount = |v: &Value| v.as_str().is_some_and(|t| t.parse::<f64>().is_ok());
    let is_day = |v: &Value| v.as_str().is_some_and(|t| t.parse::<jardin_model::Date>().is_ok());
    Some(match name {
        _ if name.starts_with("price") && values.iter().all(|v| is_amount(v)) => "money",
        _ if values.iter().all(|v| is_day(v)) => "date",
        _ => "text",
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_has_the_type_that_all_its_values_have() {
        let cases = [
            ("price", json!(["9.90", "10.00"]), Some("money")),
            ("code", json!(["9.90", "10.00"]), Some("text")),
            ("online_since", json!(["2026-11-20"]), Some("date")),
            ("tags", json!([["a"], []]), Some("texts")),
            ("in_stock", json!([true, false]), Some("flag")),
            ("stock", json!([1, 2.5]), Some("number")),
            ("mixed", json!([1, "a"]), None),
        ];
        for (name, values, kind) in cases {
            let values: Vec<&Value> = values.as_array().unwrap().iter().collect();
            assert_eq!(kind_of(name, &values), kind, "{name}");
        }
    }

    #[test]
    fn what_a_script_cannot_write_is_no_field() {
        assert!(is_name("price_b2b") && !is_name("Price") && !is_name("2nd") && !is_name("a-b"));
    }
}
