//! The catalogue of a shop folder, as far as rules and paid places name what stands in it.

use std::collections::{BTreeMap, BTreeSet};

use jardin_contract::PlainValue;
use jardin_diagnostics::{Finding, did_you_mean};
use jardin_engine::{Config, Sponsored};
use jardin_script_check::NamedValue;
use serde_json::{Map, Value};

use crate::{ShopFolder, SourceText, codes::NO_SUCH_VALUE};

/// How many different texts of one field are kept: a field with more is one of prose.
const MAX_TEXTS: usize = 10_000;

/// What the products of items.jsonl are called, and which texts their fields hold.
pub(super) struct KnownItems {
    ids: BTreeSet<String>,
    texts: BTreeMap<String, BTreeSet<String>>,
    /// The paid places for which no product was found, by their order in jardin.toml.
    unfilled: BTreeSet<usize>,
}

impl KnownItems {
    /// Those of a folder; `None` where it has no items.jsonl, or none that can be read.
    pub(super) fn of_folder(folder: &ShopFolder, config: &Config) -> Option<Self> {
        let source = SourceText::read(&folder.items_path()).ok()?;
        let unfilled = (0..config.sponsored.len()).collect();
        let mut known = Self { ids: BTreeSet::new(), texts: BTreeMap::new(), unfilled };
        for line in source.text.lines() {
            if let Ok(Value::Object(item)) = serde_json::from_str(line) {
                known.add_item(item, config);
            }
        }
        (!known.ids.is_empty()).then_some(known)
    }

    fn add_item(&mut self, mut item: Map<String, Value>, config: &Config) {
        let (Some(Value::String(id)), Some(Value::Object(fields))) =
            (item.remove("item_id"), item.remove("fields"))
        else {
            return;
        };
        self.ids.insert(id);
        let is_unfilled = |at: &usize| config.sponsored.get(*at).is_some_and(|paid| !fits(paid, &fields));
        self.unfilled.retain(is_unfilled);
        for (field, value) in fields {
            let values = value.as_array().map_or(std::slice::from_ref(&value), Vec::as_slice);
            if values.iter().any(Value::is_string) {
                add_texts(self.texts.entry(field).or_default(), values);
            }
        }
    }

    /// A text that no product has in that field.
    pub(super) fn find_unknown(&self, named: &NamedValue) -> Option<Finding> {
        let is_id = &*named.field == "sku";
        let known = if is_id { &self.ids } else { self.texts.get(&*named.field)? };
        if known.is_empty() || known.len() >= MAX_TEXTS || known.contains(&*named.text) {
            return None;
        }
        let message = if is_id {
            format!("no product of items.jsonl is called `{}`", named.text)
        } else {
            format!("no product of items.jsonl has `{}` as its `{}`", named.text, named.field)
        };
        let near = did_you_mean(&named.text, known.iter().map(String::as_str));
        let help = near.map(|near| format!("did you mean `{near}`?"));
        Some(Finding { code: NO_SUCH_VALUE, span: named.span, message, help })
    }

    /// Paid places for which the shop has no product.
    pub(super) fn find_unfilled(&self, config: &Config) -> Vec<Finding> {
        let unfilled = self.unfilled.iter().filter_map(|at| config.sponsored.get(*at));
        let finding = |paid: &Sponsored| Finding {
            code: NO_SUCH_VALUE,
            span: paid.span,
            message: format!("no product of items.jsonl fits what `{}` pays for", paid.advertiser),
            help: Some("write under `item` what its products have, as the catalogue writes it".to_owned()),
        };
        unfilled.map(finding).collect()
    }
}

fn add_texts(known: &mut BTreeSet<String>, values: &[Value]) {
    for text in values.iter().filter_map(Value::as_str) {
        if known.len() < MAX_TEXTS && !known.contains(text) {
            known.insert(text.to_owned());
        }
    }
}

fn fits(paid: &Sponsored, row: &Map<String, Value>) -> bool {
    paid.item.iter().all(|(field, wanted)| row.get(&**field).is_some_and(|value| holds(value, wanted)))
}

fn holds(value: &Value, wanted: &PlainValue) -> bool {
    match (value, wanted) {
        (Value::Array(values), wanted) => values.iter().any(|value| holds(value, wanted)),
        (Value::String(text), PlainValue::Text(wanted)) => *text == **wanted,
        #[expect(clippy::float_cmp, reason = "the same decimal text gives the same number")]
        (Value::String(text), PlainValue::Number(wanted)) => text.parse::<f64>().is_ok_and(|n| n == *wanted),
        (Value::Number(n), PlainValue::Number(wanted)) => n.as_f64() == Some(*wanted),
        (Value::Bool(flag), PlainValue::Flag(wanted)) => flag == wanted,
        _ => false,
    }
}
