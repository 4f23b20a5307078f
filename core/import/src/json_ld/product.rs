//! What is said of a product, as cells.

use serde_json::Value;

use crate::products::{Form, KnownColumn};

/// What is read of a product and its offers.
pub(super) const COLUMNS: &[KnownColumn] = &[
    KnownColumn::of_names(&["sku"], "item_id", Form::ItemId),
    KnownColumn::of_names(&["name"], "title", Form::Text),
    KnownColumn::of_names(&["brand"], "brand", Form::Text),
    KnownColumn::of_names(&["category"], "category", Form::Category(None)),
    KnownColumn::of_names(&["url"], "link", Form::Text),
    KnownColumn::of_names(&["image"], "image", Form::Text),
    KnownColumn::of_names(&["gtin"], "gtin", Form::Text),
    KnownColumn::of_names(&["mpn"], "mpn", Form::Text),
    KnownColumn::of_names(&["color"], "color", Form::Text),
    KnownColumn::of_names(&["size"], "size", Form::Text),
    KnownColumn::of_names(&["material"], "material", Form::Text),
    KnownColumn::of_names(&["price"], "price", Form::Money),
    KnownColumn::of_names(&["lowprice"], "price_from", Form::Money),
    KnownColumn::of_names(&["availability"], "availability", Form::Availability),
    KnownColumn::of_names(&["inproductgroupwithid", "productgroupid"], "group", Form::Text),
    KnownColumn { names: &["productid"], field: None, form: Form::Text },
];

/// Words of schema.org whose value is a text, or names itself; each is a column of that name.
const TEXTS: [&str; 12] = [
    "sku",
    "productID",
    "name",
    "brand",
    "url",
    "mpn",
    "color",
    "size",
    "material",
    "inProductGroupWithID",
    "productGroupID",
    "image",
];

const GTINS: [&str; 5] = ["gtin", "gtin13", "gtin14", "gtin12", "gtin8"];

/// Cells by the names of their columns.
#[derive(Default)]
pub(super) struct Placed {
    pub(super) cells: Vec<(&'static str, String)>,
}

impl Placed {
    fn add(&mut self, column: &'static str, text: Option<String>) {
        if let Some(text) = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()) {
            self.cells.push((column, text));
        }
    }
}

/// What is said of a product, by the first who says it.
pub(super) fn add_product(said_by: &[&Value], placed: &mut Placed) {
    let said =
        |word: &str| said_by.iter().find_map(|object| object.get(word).filter(|value| !value.is_null()));
    for word in TEXTS {
        placed.add(word, said(word).and_then(read_text));
    }
    placed.add("gtin", GTINS.iter().find_map(|word| said(word)).and_then(read_text));
    for category in said("category").map(read_list).unwrap_or_default() {
        placed.add("category", read_text(category));
    }
    for offer in said("offers").map(read_list).unwrap_or_default() {
        add_offer(offer, placed);
    }
}

fn add_offer(offer: &Value, placed: &mut Placed) {
    let currency = offer.get("priceCurrency").and_then(Value::as_str).unwrap_or_default();
    for word in ["price", "lowPrice"] {
        let amount = offer.get(word).and_then(read_amount);
        placed.add(word, amount.map(|amount| format!("{amount} {currency}")));
    }
    placed.add("availability", offer.get("availability").and_then(read_text));
}

/// A text, the name or address of an object, or the first of a list.
fn read_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(list) => list.first().and_then(read_text),
        Value::Object(object) => {
            ["name", "url", "@id"].iter().find_map(|word| object.get(*word)).and_then(read_text)
        }
        Value::Bool(_) | Value::Null => None,
    }
}

/// An amount: of a number its digits with so many decimals that its point is one before decimals.
fn read_amount(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) if number.is_f64() => number.as_f64().map(|amount| format!("{amount:.4}")),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

fn read_list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(list) => list.iter().collect(),
        one => vec![one],
    }
}
