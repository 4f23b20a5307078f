//! The fields of a catalogue, as its file shows them.

use std::collections::{BTreeMap, BTreeSet};

use jardin_import::{ColumnMap, Summary};
use serde_json::Value;

use super::proposals::suggest_anything;

/// The most different values of a field that are kept, to be looked through.
const MAX_VALUES: usize = 2_000;

/// The fields without which a product cannot be shown well; others a later feed may lack.
const ALWAYS: [&str; 3] = ["category", "price", "in_stock"];

/// The fields that the rules and lists of a new shop read, or that merchants write their first rules over.
const READ: [&str; 7] = ["brand", "category", "in_stock", "price", "stock", "tags", "title"];

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
    /// It is declared; another one is proposed, so that nothing is stored which nobody reads.
    is_declared: bool,
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
        let fields = fields
            .map(|(name, kind, always)| (name.to_owned(), ItemField { kind, always, is_declared: true }))
            .into();
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
    /// are called so. Of a file whose columns are not the shop's own choice those are declared that are read, or that a
    /// mapping asks for.
    pub(super) fn into_fields(self, summary: &Summary, map: &ColumnMap) -> ItemFields {
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
            // what is proposed as a guard must be there for the guard to see
            let is_guarding = self.kinds_of_product.get(&name).is_some_and(suggest_anything);
            let is_asked_for = READ.contains(&name.as_str()) || map.gives(&name) || is_guarding;
            let is_declared = summary.columns.is_empty() || is_asked_for;
            Some((name, ItemField { kind, always, is_declared }))
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

    /// Each as a line of `[fields.item]`, those that nobody reads yet as comments.
    pub(super) fn lines(&self) -> String {
        let lines = |is_declared: bool, mark: &str| {
            let fields = self.fields.iter().filter(|(_, field)| field.is_declared == is_declared);
            fields.map(|(name, field)| format!("{mark}{}", field.line(name))).collect::<String>()
        };
        let proposed = lines(false, "# ");
        let head = "# Seen in the file and read by nobody yet, so that it is not stored. Take the mark away from what a rule is to read.\n";
        let head = if proposed.is_empty() { "" } else { head };
        format!("{}{head}{proposed}", lines(true, ""))
    }
}

impl ItemField {
    fn line(&self, name: &str) -> String {
        let always = if self.always { ", always = true" } else { "" };
        format!("{name} = {{ type = \"{}\", class = \"none\"{always} }}\n", self.kind)
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
            let fields = seen.into_fields(&Summary::default(), &ColumnMap::default());
            assert_eq!(fields.fields.get(name).map(|field| field.kind), kind, "{name}");
        }
    }

    #[test]
    fn of_a_feed_only_what_is_read_or_asked_for_is_declared() {
        let mut seen = SeenFields::default();
        seen.add_item(&json!({ "fields": { "title": "T", "image": "i", "season": "winter" } }));
        let column = jardin_import::MappedColumn {
            column: "title".to_owned(),
            field: Some("title".to_owned()),
            says: "text".to_owned(),
        };
        let summary = Summary { columns: vec![column], ..Summary::default() };
        let map = ColumnMap::parse("[columns]\ncustom_label_0 = \"season\"\n").unwrap();
        let lines = seen.into_fields(&summary, &map).lines();
        let begin = |beginning: &str| lines.lines().any(|line| line.starts_with(beginning));
        assert!(begin("title = ") && begin("season = ") && begin("# image = "), "{lines}");
    }

    #[test]
    fn what_a_script_cannot_write_is_no_field() {
        assert!(is_name("price_b2b") && !is_name("Price") && !is_name("2nd") && !is_name("a-b"));
    }
}
