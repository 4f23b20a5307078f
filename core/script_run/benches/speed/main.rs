//! Three rules three ways: by hand in Rust over the same view, compiled, interpreted. `cargo bench -p
//! jardin-script-run` prints the times of one run and their ratios, what loading costs, and how often a run asks
//! for memory; only the ratios mean something on another machine. `cargo bench -p jardin-script-run -- large
//! compiled 1000` runs one way of one rule alone, for a profiler.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a measurement that meets the unexpected ends there, and prints what it measured"
)]

mod counted;
mod native;
mod rules;
#[path = "../../tests/shop.rs"]
#[expect(dead_code, reason = "the tests use more of the shop")]
mod shop;

use std::{hint::black_box, time::Instant};

use jardin_contract::{Clock as _, Param, Ranking, StrategyRequest, SystemClock};
use jardin_model::{Item, ItemIndex, Namespace};
use jardin_policy::View;
use jardin_script_run::ScriptStrategy;

use shop::{Shop, item, list, number, table, text, texts};

#[global_allocator]
static ALLOCATOR: counted::Counted = counted::Counted;

/// Products of the shop.
const PRODUCTS: usize = 20_000;
/// How much dearer than by hand a compiled rule may be.
const MOST: f64 = 4.0;
/// How much faster than interpreted it must be.
const LEAST: f64 = 50.0;

/// A rule: its name, its text, and the same by hand.
type Rule = (&'static str, &'static str, fn(&View, &[ItemIndex]) -> f64);

const RULES: [Rule; 3] = [
    ("small", rules::SMALL, native::small),
    ("middle", rules::MIDDLE, native::middle),
    ("large", rules::LARGE, native::large),
];

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let shop = stocked();
    if let [name, way, count] = wanted.as_slice() {
        let rule = RULES.iter().find(|r| r.0 == name).unwrap();
        return alone(&shop, rule, way, count.parse().unwrap());
    }
    println!("rule    items   by hand      compiled           interpreted          compiled is   memory");
    for rule in &RULES {
        for count in [200, 1000] {
            row(&shop, rule, count);
        }
    }
    println!();
    for (name, source, _) in &RULES {
        let time = median(200, || f64::from(u8::from(shop.load("probe", source).is_ok())));
        let lines = source.lines().count();
        println!("{name:<6} {lines:>2} lines: checked and compiled in {time:>6.1} µs");
    }
}

fn row(shop: &Shop, (name, source, native): &Rule, count: usize) {
    let candidates = candidates(shop, count);
    let ask = shop.ask("probe");
    let (compiled, interpreted) = (shop.loaded("probe", source), shop.loaded("probe", source).interpreted());
    assert_eq!(shop::how(&compiled, "adjust"), "compiled");
    let by_hand = native(&ask.view, &candidates);
    assert_eq!(by_hand.to_bits(), run(&compiled, &ask, &candidates).to_bits());
    assert_eq!(by_hand.to_bits(), run(&interpreted, &ask, &candidates).to_bits());
    let native_time = median(4000, || native(&ask.view, &candidates));
    let compiled_time = median(4000, || run(&compiled, &ask, &candidates));
    let interpreted_time = median(40, || run(&interpreted, &ask, &candidates));
    let memory = counted::allocations(|| drop(black_box(compiled.run_now(&ask, &candidates))));
    let (dearer, faster) = (compiled_time / native_time, interpreted_time / compiled_time);
    let word = if dearer <= MOST && faster >= LEAST { "" } else { "  MISSED" };
    println!(
        "{name:<7} {count:>5} {native_time:>6.1} µs  {compiled_time:>6.1} µs {dearer:>5.1}×  {interpreted_time:>8.1} µs {:>6.0}×  {faster:>6.0}× faster  {memory:>3} times{word}",
        interpreted_time / native_time
    );
}

fn alone(shop: &Shop, (_, source, native): &Rule, way: &str, count: usize) {
    let (candidates, ask) = (candidates(shop, count), shop.ask("probe"));
    let script = shop.loaded("probe", source);
    let script = if way == "interpreted" { script.interpreted() } else { script };
    let time = median(3_000, || match way {
        "native" => native(&ask.view, &candidates),
        _ => run(&script, &ask, &candidates),
    });
    println!("{time:.1} µs");
}

fn candidates(shop: &Shop, count: usize) -> Vec<ItemIndex> {
    (0..count).map(|i| shop.items[(i * 7919) % PRODUCTS]).collect()
}

/// The sum of the factors of what is kept.
fn run(script: &ScriptStrategy, ask: &StrategyRequest, candidates: &[ItemIndex]) -> f64 {
    match script.run_now(ask, candidates).unwrap() {
        Ranking::Adjusted(adjusted) => adjusted.effects.kept_factors().fold(0.0, |sum, factor| sum + factor),
        Ranking::Picks(_) => panic!("a script gives moves"),
    }
}

fn stocked() -> Shop {
    let categories =
        ["shoes", "bags", "coats", "hats", "jeans", "shirts", "socks", "belts", "watches", "rings"];
    let mut state = 88_172_645_463_325_252_u64;
    let mut next = |n: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % n
    };
    let mut items: Vec<Item> = (0..PRODUCTS)
        .map(|n| {
            let tags: Vec<&str> =
                ["clearance", "evening", "new", "eco"].into_iter().filter(|_| next(4) == 0).collect();
            let mut more = vec![
                ("stock", number(next(12) as f64 - 1.0)),
                ("margin", number(next(60) as f64 / 100.0)),
                ("tags", texts(&tags)),
                ("brand", text(["Nordfjell", "Altavia", "Cime", "Vertige", "Lys"][next(5) as usize])),
            ];
            if next(4) > 0 {
                more.push(("sales_per_day", number(next(40) as f64 / 20.0)));
            }
            if next(4) > 0 {
                more.push(("collection", text(["new", "old", "core"][next(3) as usize])));
            }
            let price = format!("{}.{:02}", next(300), next(100));
            item(&format!("I{n}"), categories[next(10) as usize], &price, &more)
        })
        .collect();
    items.push(item("HERE", "bags", "100.00", &[("brand", text("Altavia"))]));
    let mut shop = Shop::with(&items).on_page("HERE").params(&[
        ("liked", list(&["shoes", "bags", "hats"])),
        ("hidden", list(&["Nordfjell", "Altavia"])),
        ("last_pieces", Param::Integer(3)),
        ("bargains", Param::Flag(true)),
        ("clears", Param::Flag(true)),
        ("least_sales", Param::Number(0.05)),
        ("competitors", Param::Table(table(&[("Altavia", list(&["Nordfjell"]))]).0)),
        ("goes_with", Param::Table(table(&[("bags", list(&["shoes", "belts"]))]).0)),
    ]);
    shop.sent.push((Namespace::Context, "region", text("corse")));
    shop.explain = false;
    shop.time = std::time::Duration::from_secs(3600);
    shop
}

/// The median time of a run in microseconds.
fn median(rounds: usize, mut run: impl FnMut() -> f64) -> f64 {
    let mut times: Vec<f64> = (0..rounds)
        .map(|_| {
            let start: Instant = SystemClock.steady_now();
            black_box(run());
            (SystemClock.steady_now() - start).as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
