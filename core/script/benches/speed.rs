//! One rule three ways: by hand in Rust over the same view, compiled, interpreted. `cargo bench -p jardin-script` prints the times of one
//! run and their ratios; only the ratios mean something on another machine.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that meets the unexpected ends there, and prints what it measured"
)]

#[path = "../tests/shop.rs"]
#[expect(dead_code, reason = "the tests use more of the shop")]
mod shop;

use std::{hint::black_box, time::Instant};

use jardin_model::{CHUNK_ROWS, ColumnView, Item, ItemIndex, Namespace, Symbol};
use jardin_policy::View;
use jardin_strategy::{Clock as _, Param, Ranking, SystemClock};

use shop::{Shop, item, list, number, text, texts};

const RULE: &str = r#"fn adjust(item, subject, context, params) {
    if item.stock == () || item.stock <= 0 { item.drop("sold out"); return; }
    if item.category in params.liked { item.boost(1.2, "liked"); }
    if params.bargains && item.price < 30 { item.boost(1.15, "cheap"); }
    if (item.margin ?? 0.0) > 0.35 { item.boost(1.1, "margin"); }
    if "clearance" in item.tags { item.bury(0.7, "clearance"); }
    if context.region == "corse" && item.price > 200 { item.bury(0.9, "dear to ship"); }
    if "evening" in item.tags { item.boost(1.05, "evening"); }
}"#;

fn main() {
    for count in [200, 1000] {
        let shop = stocked(20_000);
        let candidates: Vec<ItemIndex> = (0..count).map(|i| shop.items[(i * 7919) % 20_000]).collect();
        let ask = shop.ask("probe");
        let (compiled, interpreted) = (shop.loaded("probe", RULE), shop.loaded("probe", RULE).interpreted());
        let rule = |script: &jardin_script::ScriptStrategy| match script.run_now(&ask, &candidates).unwrap() {
            Ranking::Adjusted(adjusted) => adjusted
                .effects
                .iter()
                .map(|e| if e.dropped.is_some() { 0.0 } else { e.factor })
                .sum::<f64>(),
            Ranking::Picks(_) => panic!("a script gives moves"),
        };
        let by_hand = native(&ask.view, &candidates);
        assert_eq!(by_hand.to_bits(), rule(&compiled).to_bits());
        assert_eq!(by_hand.to_bits(), rule(&interpreted).to_bits());
        let native_time = median(2000, || native(&ask.view, &candidates));
        let compiled_time = median(2000, || rule(&compiled));
        let interpreted_time = median(60, || rule(&interpreted));
        println!("{count} items");
        for (name, time) in [
            ("native Rust", native_time),
            ("compiled", compiled_time),
            ("interpreted", interpreted_time),
        ] {
            println!("  {name:<12} {:>9.1} µs  {:>6.1}×", time, time / native_time);
        }
    }
}

fn stocked(count: usize) -> Shop {
    let categories = [
        "shoes", "bags", "coats", "hats", "jeans", "shirts", "socks", "belts", "watches", "rings",
    ];
    let mut state = 88_172_645_463_325_252_u64;
    let mut next = |n: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % n
    };
    let items: Vec<Item> = (0..count)
        .map(|n| {
            let tags: Vec<&str> = ["clearance", "evening", "new", "eco"]
                .into_iter()
                .filter(|_| next(4) == 0)
                .collect();
            let more = [
                ("stock", number(next(12) as f64 - 1.0)),
                ("margin", number(next(60) as f64 / 100.0)),
                ("tags", texts(&tags)),
            ];
            item(
                &format!("I{n}"),
                categories[next(10) as usize],
                &format!("{}.{:02}", next(300), next(100)),
                &more,
            )
        })
        .collect();
    let mut shop = Shop::with(&items).params(&[("liked", list(&["shoes", "bags", "hats"])), ("bargains", Param::Flag(true))]);
    shop.sent.push((Namespace::Context, "region", text("corse")));
    shop.explain = false;
    shop
}

/// The rule as a programmer would write it against the view.
fn native(view: &View, candidates: &[ItemIndex]) -> f64 {
    let column = |name: &str| view.column(name).unwrap();
    let chunks = |name: &str| -> Vec<ColumnView<'_>> { (0..5).map(|c| view.chunk(column(name), c).unwrap()).collect() };
    let (stock, price, margin) = (chunks("stock"), chunks("price"), chunks("margin"));
    let (category, tags) = (chunks("category"), chunks("tags"));
    let numbers = |all: &[ColumnView<'_>], c: usize, r: usize| match all[c] {
        ColumnView::Numbers(n) => n[r],
        _ => panic!("numbers"),
    };
    let liked: Vec<u32> = ["shoes", "bags", "hats"]
        .iter()
        .filter_map(|t| view.symbol(t))
        .map(|s| s.0)
        .collect();
    let (clearance, evening) = (view.symbol("clearance"), view.symbol("evening"));
    let far = matches!(view.get(Namespace::Context, "region"), jardin_policy::Access::Value(jardin_policy::ViewValue::Text(t)) if &**t == "corse");
    let mut sum = 0.0;
    for item in candidates {
        let (c, r) = (item.0 as usize / CHUNK_ROWS, item.0 as usize % CHUNK_ROWS);
        let on_hand = numbers(&stock, c, r);
        if on_hand.is_nan() || on_hand <= 0.0 {
            continue;
        }
        let mut factor = 1.0_f64;
        let cost = numbers(&price, c, r);
        if matches!(category[c], ColumnView::Symbols(all) if liked.contains(&all[r])) {
            factor *= 1.2;
        }
        if cost < 30.0 {
            factor *= 1.15;
        }
        if numbers(&margin, c, r) > 0.35 {
            factor *= 1.1;
        }
        let has = |tag: Option<Symbol>| match tags[c] {
            ColumnView::SymbolLists(all) => all[r].as_deref().is_some_and(|list| tag.is_some_and(|t| list.contains(&t))),
            _ => false,
        };
        if has(clearance) {
            factor *= 0.7;
        }
        if far && cost > 200.0 {
            factor *= 0.9;
        }
        if has(evening) {
            factor *= 1.05;
        }
        sum += factor.clamp(0.05, 20.0);
    }
    sum
}

/// The median time of a run in microseconds.
fn median(rounds: usize, mut run: impl FnMut() -> f64) -> f64 {
    let mut times: Vec<f64> = (0..rounds)
        .map(|_| {
            let start: Instant = SystemClock.instant();
            black_box(run());
            (SystemClock.instant() - start).as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
