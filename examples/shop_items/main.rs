//! Writes the catalogue of the demo shop: `cargo run --release --example shop_items >
//! examples/shop/items.jsonl`.
//!
//! The range is written by hand (`range.rs`); the rest follows from it by fixed rules, so that the same bytes
//! come out every time.

mod range;

use std::io::Write as _;

use range::{Brand, KINDS, Kind, Trait, Variant};
use serde_json::{Map, Value, json};

fn main() -> std::io::Result<()> {
    std::io::stdout().lock().write_all(catalogue().as_bytes())
}

/// An item a line, the oldest first: of two that nobody has bought the newer is shown before.
fn catalogue() -> String {
    let mut items: Vec<(String, Value)> = KINDS.iter().flat_map(items_of).collect();
    items.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| id(x).cmp(id(y))));
    items.iter().map(|(_, item)| format!("{item}\n")).collect()
}

fn id(item: &Value) -> &str {
    item.get("item_id").and_then(Value::as_str).unwrap_or_default()
}

/// The items of a kind with the day since which each is on sale.
fn items_of(kind: &Kind) -> Vec<(String, Value)> {
    let mut items = Vec::new();
    for (b, brand) in kind.brands.iter().enumerate() {
        for (v, variant) in kind.variants.iter().enumerate() {
            let id = format!("{}-{}{:02}", kind.code, b + 1, v + 1);
            let fields = fields(kind, brand, variant, v, &id);
            let since = fields.get("online_since").and_then(Value::as_str).unwrap_or_default().to_owned();
            items.push((since, json!({"item_id": id, "fields": fields})));
        }
    }
    items
}

fn fields(
    kind: &Kind,
    brand: &Brand,
    Variant(fr, en, price, weight, tags): &Variant,
    place: usize,
    id: &str,
) -> Map<String, Value> {
    let model = brand.models.get(place % brand.models.len()).copied().unwrap_or_default();
    let luck = luck(id);
    let since = since(kind, luck);
    let price = shop_price(price * brand.price);
    let newest = since.as_str() > "2026-11";
    // last collection's stock of dear things is sold off
    let overstock = luck % 17 == 3 && price > 30.0 && !newest;
    let stock = stock(price, luck, overstock);
    let mut tags: Vec<&str> = tags.to_vec();
    if overstock {
        tags.push("clearance");
    }
    let mut fields = Map::new();
    let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    set("category", kind.category.into());
    set("brand", brand.name.into());
    set("title_fr", format!("{fr} {} {model}", brand.name).into());
    set("title_en", format!("{en} {} {model}", brand.name).into());
    set("tags", tags.into());
    set("price", format!("{price:.2}").into());
    set("in_stock", (stock > 0).into());
    set("stock", stock.into());
    set("weight", ((weight * brand.weight / 5.0).round() * 5.0).into());
    set("margin", margin(kind, overstock, luck).into());
    set("sales_per_day", sales_per_day(price, luck, overstock).into());
    set("collection", if newest { "granite-27" } else { "core" }.into());
    set("online_since", since.into());
    if !kind.seasons.is_empty() {
        set("seasons", kind.seasons.into());
    }
    if !kind.regions.is_empty() {
        set("regions", kind.regions.into());
    }
    for property in kind.traits {
        match property {
            Trait::Consumable => drop(set("consumable", true.into())),
            Trait::Giftable => drop(set("giftable", true.into())),
            Trait::TradePack(pieces) => {
                set("pack", (*pieces).into());
                set("price_b2b", format!("{:.2}", price * 0.82).into());
            }
        }
    }
    fields
}

/// A fixed number for an item: FNV-1a of its id (Fowler, Noll, Vo).
fn luck(id: &str) -> u64 {
    let hash = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    id.bytes().fold(0xcbf2_9ce4_8422_2325, hash) >> 8
}

/// What shops write: 12.90 below 20 euros, whole euros ending in 9 above 100, whole euros between.
fn shop_price(price: f64) -> f64 {
    if price < 20.0 {
        (price * 10.0).round() / 10.0
    } else if price < 100.0 {
        price.round()
    } else {
        (price / 10.0).round() * 10.0 - 1.0
    }
}

/// On sale since: the pharmacy shelf was the first, some things are of November's new collection, the others
/// came over three years.
fn since(kind: &Kind, luck: u64) -> String {
    if kind.category.starts_with("pharmacy") {
        return "2023-01-09".to_owned();
    }
    if luck % 13 == 5 {
        return format!("2026-11-{:02}", 2 + luck % 15);
    }
    format!("{}-{:02}-{:02}", 2023 + luck % 3, 1 + luck / 3 % 12, 1 + luck / 36 % 28)
}

fn stock(price: f64, luck: u64, overstock: bool) -> u64 {
    if luck % 29 == 7 {
        return 0;
    }
    let usual = if price < 30.0 {
        40
    } else if price < 150.0 {
        18
    } else {
        6
    };
    let stock = 2 + usual / 2 + luck % usual;
    if overstock { stock * 4 } else { stock }
}

/// The share of the price that is left; what is sold off leaves less, some of it too little.
#[expect(clippy::cast_precision_loss, reason = "the number is below 9")]
fn margin(kind: &Kind, overstock: bool, luck: u64) -> f64 {
    let spread = (luck % 9) as f64 / 100.0 - 0.04;
    let margin = if overstock { 0.14 + spread } else { kind.margin + spread };
    (margin * 100.0).round() / 100.0
}

fn sales_per_day(price: f64, luck: u64, overstock: bool) -> f64 {
    let base = if price < 30.0 {
        2.4
    } else if price < 150.0 {
        0.9
    } else {
        0.3
    };
    let pace = if overstock {
        0.2
    } else if luck.is_multiple_of(2) {
        1.0
    } else {
        0.6
    };
    (base * pace * 100.0_f64).round() / 100.0
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_committed_file_is_what_is_written_here() {
        let committed = include_str!("../shop/items.jsonl");
        assert!(
            committed == catalogue(),
            "run `cargo run --release --example shop_items > examples/shop/items.jsonl`"
        );
    }

    #[test]
    fn ids_are_unique_and_a_tent_outweighs_a_headlamp() {
        let items: Vec<Value> = catalogue().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        let ids: BTreeSet<&str> = items.iter().map(id).collect();
        assert_eq!(ids.len(), items.len());
        let weights = |category: &str| -> Vec<f64> {
            let of = items.iter().filter(|i| i["fields"]["category"] == category);
            of.map(|i| i["fields"]["weight"].as_f64().unwrap()).collect()
        };
        let heaviest_lamp = weights("lamps").into_iter().fold(0.0, f64::max);
        assert!(weights("tents").into_iter().all(|w| w > heaviest_lamp));
    }

    #[test]
    fn prices_are_those_of_a_shop() {
        // worked by hand: 289 × 1.4 = 404.6 → 399; 39 × 0.75 = 29.25 → 29; 8.9 → 8.9
        assert_eq!([404.6, 29.25, 8.9].map(shop_price), [399.0, 29.0, 8.9]);
    }
}
