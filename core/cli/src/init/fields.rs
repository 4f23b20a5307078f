//! The fields of a catalogue, as its file shows them.

use std::collections::{BTreeMap, BTreeSet};

use jardin_import::Summary;
use serde_json::Value;

/// The most different values of a field that are kept, to be looked through.
const MAX_VALUES: usize = 2_000;

/// The fields without which a product cannot be shown well; others a later feed may lack.
const ALWAYS: [&str; 3] = ["category", "price", "in_stock"];

/// The item fields that a policy declares.
#[derive(Debug)]
pub(super) struct ItemFields {
    fields: BTreeMap<String, ItemField>,
    /// The values of the fields that say what kind of product it is.
    pub(super) kinds_of_product: BTreeMap<String, BTreeSet<String>>,
}

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
        let fields = fields.map(|(name, kind, always)| (name.to_owned(), ItemField { kind, always })).into();
        Self { fields, kinds_of_product: BTreeMap::new() }
    }
}

/// What is seen of fields as items go by.
#[derive(Default)]
pub(super) struct SeenFields {
    items: u64,
    fields: BTreeMap<String, SeenField>,
    kinds_of_product: BTreeMap<String, BTreeSet<String>>,
}

/// How many values of a field have each form.
#[derive(Default)]
struct SeenField {
    all: u64,
    flags: u64,
    numbers: u64,
    lists: u64,
    texts: u64,
    amounts: u64,
    days: u64,
    times: u64,
}

impl SeenFields {
    /// Looks at an item.
    pub(super) fn add_item(&mut self, item: &Value) {
        let Some(fields) = item.get("fields").and_then(Value::as_object) else { return };
        self.items += 1;
        for (name, value) in
            fields.iter().filter(|(name, value)| is_name(name) && *name != "sku" && !value.is_null())
        {
            self.fields.entry(name.clone()).or_default().add(value);
            if is_kind_of_product(name) {
                self.add_kind(name, value);
            }
        }
    }

    fn add_kind(&mut self, name: &str, value: &Value) {
        let seen = self.kinds_of_product.entry(name.to_owned()).or_default();
        let texts = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for text in texts.iter().filter_map(Value::as_str) {
            if seen.len() < MAX_VALUES {
                seen.insert(text.to_owned());
            }
        }
    }

    /// The fields whose values have a type in common; amounts are those that the file's reader took for prices, or that
    /// are called so.
    pub(super) fn into_fields(self, summary: &Summary) -> ItemFields {
        let is_price = |name: &str| {
            let of_column = |column: &jardin_import::MappedColumn| {
                column.field.as_deref() == Some(name) && column.says.starts_with("money")
            };
            name.starts_with("price") || summary.columns.iter().any(of_column)
        };
        let items = self.items;
        let field = |(name, seen): (String, SeenField)| {
            let kind = seen.kind(is_price(&name))?;
            let always = seen.all == items && ALWAYS.contains(&name.as_str());
            Some((name, ItemField { kind, always }))
        };
        ItemFields {
            fields: self.fields.into_iter().filter_map(field).collect(),
            kinds_of_product: self.kinds_of_product,
        }
    }

    /// True where no item was seen.
    pub(super) const fn is_empty(&self) -> bool {
        self.items == 0
    }
}

/// A field that says what kind of product it is.
fn is_kind_of_product(name: &str) -> bool {
    name.contains("categor") || matches!(name, "tags" | "kind" | "product_kind" | "department")
}

impl SeenField {
    fn add(&mut self, value: &Value) {
        self.all += 1;
        match value {
            Value::Bool(_) => self.flags += 1,
            Value::Number(_) => self.numbers += 1,
            Value::Array(list) => self.lists += u64::from(list.iter().all(Value::is_string)),
            Value::String(text) => {
                self.texts += 1;
                self.amounts += u64::from(text.parse::<jardin_model::Money>().is_ok());
                self.days += u64::from(text.parse::<jardin_model::Date>().is_ok());
                self.times += u64::from(jardin_model::Timestamp::parse(text).is_ok());
            }
            Value::Null | Value::Object(_) => {}
        }
    }

    /// The type that all values have; `None` where they have none in common.
    fn kind(&self, is_price: bool) -> Option<&'static str> {
        let all = |count: u64| count == self.all;
        Some(match () {
            () if all(self.flags) => "flag",
            () if all(self.numbers) => "number",
            () if all(self.lists) => "texts",
            () if !all(self.texts) => return None,
            () if is_price && all(self.amounts) => "money",
            () if all(self.days) => "date",
            () if all(self.times) => "time",
            () => "text",
        })
    }
}

impl ItemFields {
    /// True where there is a field of that type.
    pub(super) fn has(&self, name: &str, kind: &str) -> bool {
        self.fields.get(name).is_some_and(|field| field.kind == kind)
    }

    /// Each as a line of `[fields.item]`.
    pub(super) fn lines(&self) -> String {
        let line = |(name, field): (&String, &ItemField)| {
            let always = if field.always { ", always = true" } else { "" };
            format!("{name} = {{ type = \"{}\", class = \"none\"{always} }}\n", field.kind)
        };
        self.fields.iter().map(line).collect()
    }
}

/// A name that a policy and a script can write.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
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
            ("available_from", json!(["2026-11-20T00:00:00Z"]), Some("time")),
            ("tags", json!([["a"], []]), Some("texts")),
            ("in_stock", json!([true, false]), Some("flag")),
            ("stock", json!([1, 2.5]), Some("number")),
            ("mixed", json!([1, "a"]), None),
        ];
        for (name, values, kind) in cases {
            let mut seen = SeenFields::default();
            values.as_array().unwrap().iter().for_each(|v| seen.add_item(&json!({ "fields": { name: v } })));
            let fields = seen.into_fields(&Summary::default());
            assert_eq!(fields.fields.get(name).map(|field| field.kind), kind, "{name}");
        }
    }

    #[test]
    fn what_a_script_cannot_write_is_no_field() {
        assert!(is_name("price_b2b") && !is_name("Price") && !is_name("2nd") && !is_name("a-b"));
    }
}
