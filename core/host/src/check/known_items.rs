//! The catalogue of a shop folder, as far as rules and paid places name what stands in it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_contract::PlainValue;
use jardin_diagnostics::{Finding, did_you_mean};
use jardin_engine::{Config, Sponsored};
use jardin_script_check::{HeldNumber, NamedValue};
use serde_json::{Map, Value};

use crate::{ShopFolder, SourceText, codes::NO_SUCH_VALUE};

/// How many different texts of one field are kept: a field with more is one of prose.
const MAX_TEXTS: usize = 10_000;

/// How many times the largest number of the catalogue another may be that a product is held to.
const MAX_RATIO: f64 = 10.0;

/// What the products of items.jsonl are called, and which texts and numbers their fields hold.
pub(super) struct KnownItems {
    ids: BTreeSet<String>,
    texts: BTreeMap<String, BTreeSet<String>>,
    numbers: BTreeMap<String, NumberRange>,
    /// The flag that each product lacks which cannot be sold.
    unsold: BTreeMap<String, Arc<str>>,
    /// The paid places for which no product was found, by their order in jardin.toml.
    unfilled: BTreeSet<usize>,
}

impl KnownItems {
    /// Those of a folder; `None` where it has no items.jsonl, or none that can be read.
    pub(super) fn of_folder(folder: &ShopFolder, config: &Config) -> Option<Self> {
        let source = SourceText::read(&folder.items_path()).ok()?;
        let unfilled = (0..config.sponsored.len()).collect();
        let mut known = Self {
            ids: BTreeSet::new(),
            texts: BTreeMap::new(),
            numbers: BTreeMap::new(),
            unsold: BTreeMap::new(),
            unfilled,
        };
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
        let is_missing = |flag: &&Arc<str>| fields.get(&***flag) != Some(&Value::Bool(true));
        if let Some(flag) = config.sellable.iter().find(is_missing) {
            self.unsold.insert(id.clone(), Arc::clone(flag));
        }
        self.ids.insert(id);
        let is_unfilled = |at: &usize| config.sponsored.get(*at).is_some_and(|paid| !fits(paid, &fields));
        self.unfilled.retain(is_unfilled);
        for (field, value) in fields {
            let number = value.as_f64().or_else(|| value.as_str()?.parse().ok());
            if let Some(number) = number.filter(|number: &f64| number.is_finite()) {
                self.numbers.entry(field.clone()).or_insert(NumberRange::EMPTY).add_number(number);
            }
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
        if let Some(flag) = self.unsold.get(&*named.text).filter(|_| is_id && named.is_pinned) {
            let message = format!("`{}` is pinned and is not for sale: it lacks `{flag}`", named.text);
            let help =
                "pin several, of which the first that can be sold is shown: `[\"…\", \"…\"]`".to_owned();
            return Some(Finding { code: NO_SUCH_VALUE, span: named.span, message, help: Some(help) });
        }
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

    /// A number that is far from those which products have in that field: a percentage in the place of a share, cents
    /// in the place of whole amounts. What products have is not told, for a field may be confidential.
    pub(super) fn find_out_of_scale(&self, held: &HeldNumber) -> Option<Finding> {
        let range = self.numbers.get(&*held.field)?;
        let (field, number) = (&held.field, held.number);
        let written = if held.written.parse() == Ok(number) {
            format!("`{number}`")
        } else {
            format!("`{}` is {number} and", held.written)
        };
        let (message, help) = if range.is_share() && number > 1.0 && number <= 100.0 {
            let message =
                format!("{written} is compared with `{field}`, which lies between 0 and 1 for every product");
            (message, Some(format!("write `{}` for {number} %", number / 100.0)))
        } else if number.abs() > MAX_RATIO * range.largest() {
            (
                format!(
                    "{written} is more than ten times what any product of items.jsonl has as its `{field}`"
                ),
                None,
            )
        } else if number < 0.0 && range.least >= 0.0 {
            (format!("{written} is below zero, which no product of items.jsonl has as its `{field}`"), None)
        } else {
            return None;
        };
        Some(Finding { code: NO_SUCH_VALUE, span: held.span, message, help })
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

/// The numbers that products have in one field.
struct NumberRange {
    least: f64,
    most: f64,
    has_fractions: bool,
}

impl NumberRange {
    const EMPTY: Self = Self { least: f64::INFINITY, most: f64::NEG_INFINITY, has_fractions: false };

    fn add_number(&mut self, number: f64) {
        self.least = self.least.min(number);
        self.most = self.most.max(number);
        self.has_fractions |= number.fract() != 0.0;
    }

    /// True of a field of shares: figures that are counted have no fractions.
    fn is_share(&self) -> bool {
        self.has_fractions && self.least >= 0.0 && self.most <= 1.0
    }

    fn largest(&self) -> f64 {
        self.least.abs().max(self.most.abs())
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
