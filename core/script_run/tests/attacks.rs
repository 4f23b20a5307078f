//! What a script might try in order to leave something behind, or to tell a value: each ends without one.

use jardin_contract::{Failure, Param, Strategy as _};
use jardin_model::Namespace;

use crate::shop::{Shop, item, text, wait};

#[test]
fn nothing_reaches_the_next_request() {
    let shop = Shop::with(&[item("A", "tents", "10", &[]), item("B", "tents", "20", &[])]);
    // what a script keeps in variables is gone with the call: each candidate finds 1
    let source =
        "fn adjust(item, params) { let n = 1; let l = params.words; n += 1; if n == 2 { item.boost(n); } }";
    let shop = shop.params(&[("words", Param::List(Vec::new().into()))]);
    let script = shop.loaded("probe", source);
    for _ in 0..3 {
        let ranking = wait(script.recommend(&shop.ask("probe"), &shop.items)).unwrap();
        let jardin_contract::Ranking::Adjusted(adjusted) = ranking else { panic!("moves") };
        assert!(adjusted.effects.iter().all(|e| e.factor == 2.0 && e.notes.len() == 1));
    }
}

#[test]
fn a_view_of_another_strategy_is_refused() {
    let shop = Shop::with(&[item("A", "tents", "10", &[])]);
    let script = shop.loaded("probe", "fn adjust(item) { if item.margin == () { item.boost(2); } }");
    // a narrower view, as after a change of the policy: the granted field is denied now
    let asked = wait(script.recommend(&shop.ask("popular-now"), &shop.items));
    assert_eq!(asked, Err(Failure::Denied));
    assert_eq!(script.health().counters["denied"], 1);
}

#[test]
fn an_error_tells_no_value() {
    let shop = Shop::with(&[item("A", "tents", "10", &[("brand", text("CANARY"))])]).sent(
        Namespace::Context,
        "region",
        text("corse"),
    );
    let mut failed = 0;
    for body in [
        "let x = [1]; item.boost(x[context.region]);",
        "let x = #{}; item.boost(x[item.brand]);",
        "let x = item.brand ?? \"\"; item.boost(x);",
        "let x = [1]; item.boost(x[77]);",
        "let x = \"CANARY\"; if x { }",
    ] {
        let source = format!("fn adjust(item, context) {{ {body} }}");
        // what types show is refused before it runs
        if shop.load("probe", &source).is_err() {
            continue;
        }
        failed += 1;
        let failure = shop.run(&source).unwrap_err();
        assert_eq!(failure.word(), "error", "{body}");
        let shown = format!("{failure} {failure:?}");
        assert!(!shown.contains("CANARY") && !shown.contains("corse") && !shown.contains("77"), "{shown}");
    }
    assert!(failed >= 2, "{failed} of them fail while they run");
}
