//! What may change the order alone hides nothing, whichever way a script takes: whether a product is left out depends on
//! no such field.

use jardin_contract::{Param, Params};

use crate::shop::{check, table};

/// An `adjust` with helpers, of the body that is given.
fn adjust(body: &str) -> String {
    format!(
        "fn leave_out(item) {{ item.drop(\"out\"); }}
        fn is_dear(item, subject) {{ if item.price > (subject.usual_price ?? 100.0) {{ return true; }} false }}
        fn same(x) {{ x }}
        fn adjust(item, subject, session, context, params) {{
            if params.all == 1 {{ leave_out(item); }}
            same(is_dear(item, subject));
            {body}
        }}"
    )
}

/// The codes of what is found in a script of the strategy whose fields may change the order alone, but one.
fn findings(body: &str) -> Vec<String> {
    let settings = table(&[("all", Param::Integer(0)), ("x", Param::Integer(1))]);
    let found = match check("mover", &adjust(body), &settings) {
        Ok((_, report)) => report.findings,
        Err(report) => report.findings,
    };
    found.into_iter().map(|f| f.code.word().to_owned()).collect()
}

/// Ways to leave a product out by a field that may change the order alone.
const HIDING: [&str; 26] = [
    "if subject.usual_price == 50.0 { item.drop(\"a\"); }",
    "if subject.usual_price == () { item.drop(\"a\"); }",
    "if subject.usual_price == 50.0 { } else { item.drop(\"a\"); }",
    "if subject.usual_price == 50.0 { return; } item.drop(\"a\");",
    "if item.price > (subject.usual_price ?? 9.0) { item.drop(\"a\"); }",
    "if item.price > 9.0 { if subject.usual_price == 50.0 { item.drop(\"a\"); } }",
    "if subject.usual_price == 50.0 { if item.price > 9.0 { item.drop(\"a\"); } }",
    "if item.price > 9.0 && subject.usual_price == 50.0 { item.drop(\"a\"); }",
    "if item.price > 9.0 || subject.usual_price == 50.0 { item.drop(\"a\"); }",
    "if !(subject.usual_price == 50.0) { item.drop(\"a\"); }",
    "if \"60-69\" == subject.birth_date { item.drop(\"a\"); }",
    "let dear = item.price > (subject.usual_price ?? 9.0); if dear { item.drop(\"a\"); }",
    "let n = 0; if subject.usual_price == 50.0 { n = 1; } if n == 1 { item.drop(\"a\"); }",
    "let n = if subject.usual_price == 50.0 { 1 } else { 2 }; if n == 1 { item.drop(\"a\"); }",
    "let n = switch subject.birth_date ?? \"\" { \"60-69\" => 1, _ => 2 }; if n == 1 { item.drop(\"a\"); }",
    "switch subject.birth_date ?? \"\" { \"60-69\" => item.drop(\"a\"), _ => () }",
    "for one in session.basket ?? [] { if one.category == item.category { item.drop(\"a\"); } }",
    "for one in session.basket ?? [] { item.drop(\"a\"); }",
    "let n = 0; for one in session.basket ?? [] { n += 1; } if n > 2 { item.drop(\"a\"); }",
    "if (session.basket ?? []).len() > 2 { item.drop(\"a\"); }",
    "for look in subject.viewed ?? [] { if look.item.sku == item.sku { item.drop(\"a\"); } }",
    "for look in subject.viewed ?? [] { if look.quantity > 1.0 { item.drop(\"a\"); } }",
    "if subject.usual_price == 50.0 { leave_out(item); }",
    "if same(is_dear(item, subject)) { item.drop(\"a\"); }",
    "let x = subject.birth_date ?? { item.drop(\"a\"); \"\" };",
    "while (subject.usual_price ?? 0.0) > 90.0 { item.drop(\"a\"); break; }",
];

/// What may be done: leave out by a field that may hide, by the product or the page, and move by any.
const MOVING: [&str; 10] = [
    "if item.sku in (subject.bought ?? []) { item.drop(\"a\"); return; } if subject.usual_price == 50.0 { item.boost(2); }",
    "if subject.usual_price == 50.0 { item.boost(2); } if item.price > 9.0 { item.drop(\"a\"); }",
    "if item.in_stock == false { item.drop(\"a\"); } if subject.usual_price == 50.0 { return; } item.bury(0.5);",
    "if context.region == \"corse\" { item.drop(\"a\"); }",
    "if params.x == 1 { item.drop(\"a\"); }",
    "item.drop(\"a\");",
    "let n = 0; for one in session.basket ?? [] { if one.category == item.category { n += 1; } } if n > 0 { item.bury(0.1); }",
    "let seen = (session.basket ?? []).len() > 0; if item.price > 9.0 { item.drop(\"a\"); } if seen { item.say(\"new_in\"); }",
    "if params.x == 1 { leave_out(item); }",
    "let usual = subject.usual_price ?? 9.0; if item.price > usual { item.bury(0.5); } else if item.price < 5.0 { item.boost(2); }",
];

#[test]
fn nothing_is_hidden_by_what_may_change_the_order_alone() {
    for body in HIDING {
        let found = findings(body);
        assert!(found.iter().any(|code| code == "hides-by-order"), "{body}\n{found:?}");
    }
}

#[test]
fn whatever_may_hide_hides_and_everything_moves() {
    for body in MOVING {
        let found = findings(body);
        assert!(found.iter().all(|code| code != "hides-by-order"), "{body}\n{found:?}");
    }
}

/// The finding stands at the word that hides, and names the line of the condition and what to write.
#[test]
fn the_finding_names_the_condition_and_what_to_write() {
    let source = "fn adjust(item, subject) {\n    if subject.usual_price == 50.0 {\n        item.drop(\"a\");\n    }\n}";
    let Err(report) = check("mover", source, &Params::default()) else { panic!("it loads") };
    let finding = &report.findings[0];
    assert_eq!(report.place(finding), (3, 14));
    assert_eq!(
        finding.message,
        "line 2 decides whether this product is hidden, by a field that may change the order alone"
    );
    let help = finding.help.as_deref().unwrap_or_default();
    assert!(
        help.starts_with(
            "write `item.bury(0.1, …)`, or grant the field with `may = \"order and hide\"` at policy.toml:"
        ),
        "{help}"
    );
}
