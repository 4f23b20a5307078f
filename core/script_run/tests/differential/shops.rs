//! Random shops: products, a person, a page and settings.

use jardin_contract::Param;
use jardin_model::{EventKind, Item, ItemId, Namespace, Timestamp, Value};

use super::dice::Dice;
use crate::shop::{Shop, date, item, list, number, table, text, texts};

fn products(dice: &mut Dice, count: usize) -> Vec<Item> {
    (0..count)
        .map(|n| {
            let mut more: Vec<(&str, Value)> = Vec::new();
            for name in ["stock", "margin", "pack", "sales_per_day", "popularity"] {
                if dice.chance(6) {
                    more.push((name, number([0.0, 1.0, 2.0, 0.12, 7.0, 250.0, -3.0, 0.3][dice.below(8)])));
                }
            }
            for (name, values) in
                [("brand", ["Nordfjell", "Altavia", "Cime"]), ("collection", ["granite", "core", "old"])]
            {
                if dice.chance(7) {
                    more.push((name, text(dice.one(&values))));
                }
            }
            for name in ["tags", "seasons"] {
                if dice.chance(7) {
                    let all = ["warm", "new", "old", "winter"];
                    let kept: Vec<&str> = all.iter().copied().filter(|_| dice.chance(4)).collect();
                    more.push((name, texts(&kept)));
                }
            }
            if dice.chance(5) {
                more.push(("giftable", Value::Flag(dice.chance(5))));
            }
            if dice.chance(6) {
                more.push(("online_since", date(2026, 1 + dice.below(12) as i8, 1 + dice.below(28) as i8)));
            }
            if dice.chance(4) {
                let at = 1_700_000_000_000 + dice.below(100_000) as i64 * 1_000_000;
                more.push(("checked_at", Value::Time(Timestamp::from_ms(at))));
            }
            more.push(("in_stock", Value::Flag(dice.chance(7))));
            let category = dice.one(&["tents", "socks", "lamps", "tents/light"]);
            let price = format!("{}.{:02}", dice.below(200), dice.below(100));
            item(&format!("I{n}"), category, &price, &more)
        })
        .collect()
}

pub(super) fn shop(dice: &mut Dice) -> Shop {
    // mostly few products, and now and then more than a block of them
    let count = if dice.chance(1) { 120 + dice.below(40) } else { 1 + dice.below(9) };
    let mut shop = Shop::with(&products(dice, count));
    shop.explain = dice.chance(8);
    let id = |n: usize| ItemId::new(&format!("I{n}")).unwrap();
    if dice.chance(6) {
        shop.sent.push((Namespace::Context, "page_item", Value::Item(id(dice.below(count)))));
    }
    if dice.chance(5) {
        shop.sent.push((Namespace::Context, "region", text("corse")));
    }
    if dice.chance(5) {
        let items: Vec<ItemId> = (0..dice.below(4)).map(|_| id(dice.below(count))).collect();
        shop.sent.push((Namespace::Session, "basket", Value::Items(items.into())));
    }
    if dice.chance(6) {
        let bought = ["I0", "I0", "I0"];
        shop.history = bought[..dice.below(4)].iter().map(|sku| (EventKind::Purchase, *sku)).collect();
    }
    let goes_with = [("tents", list(&["lamps", "socks"])), ("socks", list(&[]))];
    let mixed = Param::List(vec![Param::Text("warm".into()), Param::Integer(3), Param::Flag(true)].into());
    let mut params = vec![
        ("three", Param::Integer(3)),
        ("half", Param::Number(0.5)),
        ("big", Param::Integer(9_007_199_254_740_993)),
        ("minus", Param::Integer(-4)),
        ("zero", Param::Integer(0)),
        ("word", Param::Text("warm".into())),
        ("text", Param::Text("tents".into())),
        ("words", list(&["warm", "Nordfjell", "tents"])),
        ("mixed", mixed),
        ("yes", Param::Flag(dice.chance(5))),
        ("goes_with", Param::Table(table(&goes_with).0)),
        ("rates", Param::Table(table(&[("tents", Param::Number(1.2)), ("socks", Param::Integer(2))]).0)),
        ("since", Param::Date(jardin_model::Date::new(2026, 6, 1).unwrap())),
    ];
    // a setting may be missing, or of another kind than the rule thinks
    if dice.chance(3) {
        let gone = dice.below(params.len());
        params.remove(gone);
    }
    if dice.chance(2) {
        params[0].1 = Param::Text("three".into());
    }
    shop.params = table(&params);
    shop
}
