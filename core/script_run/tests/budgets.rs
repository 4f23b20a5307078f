//! Scripts that would take too much: each ends by its budget, soon after its deadline.

use std::time::Duration;

use jardin_contract::{Clock as _, Failure, SystemClock};

use crate::shop::{Shop, item};

fn shop(items: usize) -> Shop {
    let items: Vec<_> = (0..items).map(|n| item(&format!("I{n}"), "tents", "10", &[])).collect();
    Shop::with(&items)
}

const ENDLESS: [&str; 7] = [
    "let on = true; while on { }",
    "let on = true; while on { let x = 1; }",
    "let on = true; do { let x = 1; } while on;",
    "let t = \"a\"; for i in 0..1000000000 { t = `${i}`; }",
    "let on = true; while on { for i in [1, 2, 3] { for j in [1, 2, 3] { let x = [i, j, [i, j]] == [j, i, [j, i]]; } } }",
    "let t = `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa${1}`; let on = true; while on { let x = t.to_upper() in t.to_lower(); }",
    "let l = [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]; let on = true; while on { let x = l; let y = -1 in x; }",
];

#[test]
fn steps_are_limited() {
    let shop = shop(2);
    for body in ENDLESS {
        let failure = shop.run(&format!("fn adjust(item) {{ {body} }}")).unwrap_err();
        assert_eq!(failure, Failure::Limit { limit: "steps" }, "{body}");
    }
}

#[test]
fn steps_grow_with_the_candidates() {
    // some 60 rounds of 12 steps for each candidate: far below 1,000 an item, far above 20,000 in all
    let source = "fn adjust(item) { for i in 0..60 { let x = i + 1; } item.boost(2); }";
    let adjusted = shop(100).run(source).unwrap();
    assert!(adjusted.effects.iter().all(|e| e.factor == 2.0));
}

#[test]
fn every_entry_has_a_budget() {
    let shop = shop(1);
    assert_eq!(
        shop.run("fn arrange(page) { let on = true; while on { } }"),
        Err(Failure::Limit { limit: "steps" })
    );
    let script =
        shop.loaded("probe", "fn candidates(sources) { for i in 0..1000000000 { } sources.popular_now(1) }");
    let sources = crate::shop::wait(jardin_contract::Strategy::sources(&script, &shop.ask("probe")));
    assert_eq!(sources, Err(Failure::Limit { limit: "steps" }));
}

/// The deadline is that of the wall clock, so that a busy machine may need a second try.
#[test]
fn runs_end_within_25_ms_of_their_deadline() {
    let mut shop = shop(1000);
    shop.time = Duration::from_millis(20);
    for body in ENDLESS {
        let source = format!("fn adjust(item) {{ {body} }}");
        let script = shop.loaded("probe", &source);
        let ends_soon = || {
            let start = SystemClock.steady_now();
            let ask = shop.ask("probe");
            let asked = crate::shop::wait(jardin_contract::Strategy::recommend(&script, &ask, &shop.items));
            // a step may take 20 ns, so that the steps can end first
            assert!(matches!(asked, Err(Failure::Late | Failure::Limit { .. })), "{body}");
            SystemClock.steady_now() - start < Duration::from_millis(20 + 25)
        };
        assert!((0..20).any(|_| ends_soon()), "{body}");
    }
}

#[test]
fn a_passed_deadline_is_no_run() {
    let mut shop = shop(1);
    shop.time = Duration::ZERO;
    assert_eq!(shop.run("fn adjust(item) { item.boost(2); }"), Err(Failure::Late));
}

#[test]
fn calls_and_sizes_are_limited() {
    let shop = shop(1);
    let run = |source: &str| shop.run(source).map(|_| source.to_owned()).unwrap_err();
    let limit = |limit| Failure::Limit { limit };
    assert_eq!(run("fn f(n) { f(n + 1); 1 } fn adjust(item) { f(1); }"), limit("call depth"));
    assert_eq!(
        run("fn adjust(item) { let t = \"a\"; let on = true; while on { t = t + t; } }"),
        limit("size of values")
    );
    assert_eq!(
        run("fn adjust(item) { let t = \"a\"; let on = true; while on { t += t; } }"),
        limit("size of values")
    );
    assert_eq!(
        run("fn adjust(item) { let t = \"a\"; let on = true; while on { t = `${t}${t}`; } }"),
        limit("size of values")
    );
    assert_eq!(
        run("fn adjust(item) { let a = [1]; let on = true; while on { a = [a, a]; } }"),
        limit("size of values")
    );
    assert_eq!(
        run("fn adjust(item) { let m = #{}; let on = true; while on { m = #{ a: m, b: m }; } }"),
        limit("size of values")
    );
    let many: String = (0..40).map(|n| format!("let v{n} = {n};")).collect();
    assert_eq!(run(&format!("fn adjust(item) {{ {many} }}")), limit("variables"));
    let plan = "fn candidates(sources) { let p = sources.popular_now(1); for i in 0..40 { p = p.or(p); } p }";
    let script = shop.loaded("probe", plan);
    let sources = crate::shop::wait(jardin_contract::Strategy::sources(&script, &shop.ask("probe")));
    assert_eq!(sources.unwrap_err().word(), "error");
}

#[test]
fn a_deep_call_within_the_limit_runs() {
    let source =
        "fn f(n) { if n <= 1 { 1 } else { f(n - 1) ?? 1 } } fn adjust(item) { item.boost((f(6) ?? 1) * 2); }";
    assert_eq!(shop(1).run(source).unwrap().effects[0].factor, 2.0);
}
