//! One mistake is told once, with what to write instead.

use jardin_contract::{Param, Params};

use crate::shop::{check, table};

/// How often something is found, and all of it as a merchant reads it.
fn read_report(source: &str, params: &Params) -> (usize, String) {
    match check("probe", source, params) {
        Ok((_, report)) | Err(report) => (report.findings.len(), report.rendered()),
    }
}

#[test]
fn one_mistake_is_told_once_with_what_to_write() {
    let adjust = |body: &str| format!("fn adjust(item, params) {{\n    {body}\n}}");
    let cases = [
        // what no parser understands
        (adjust("if (item.price > 30 { item.boost(2); }"), "write `)` here"),
        (adjust("if item.price > 30 item.boost(2);"), "write `{ … }` around"),
        (adjust("if item.category == \"mats { item.boost(2, \"x\"); }"), "text in this line is not closed"),
        (format!("{}\n}}", adjust("item.boost(2);")), "a `}` more than"),
        (adjust("page.limit(3);"), "`page` is there in `arrange` alone"),
        ("fn arrange(page) { item.drop(\"x\"); }".to_owned(), "`item` is there in `adjust` alone"),
        (
            "fn helper(x) { x + params.n }\nfn adjust(item) { item.boost(helper(1)); }".to_owned(),
            "among the function's parameters",
        ),
        (adjust("if item.category is \"mats\" { item.boost(2); }"), "write `==`"),
        (adjust("if item.price > 20€ { item.boost(2); }"), "the number alone"),
        (adjust("if { item.boost(2); }"), "what must hold after `if`"),
        (
            "fn candidates(sources) { sources.popular_now(9).and(sources.bought_together(9)) }".to_owned(),
            "there are `or`, `mix`",
        ),
        (adjust("if item.category.equals(\"mats\") { item.boost(2); }"), "write `==`"),
        (adjust("if item.price > 20% { item.boost(2); }"), "write `0.2` for 20 %"),
        (adjust("if item.price > 7.5 % {\n        item.boost(2);\n    }"), "write `0.075` for 7.5 %"),
        (adjust("item.boost(150%, \"x\");"), "write `1.5` for 150 %"),
        (adjust("if item.price > 1 000 { item.boost(2); }"), "write `1000`"),
        (adjust("if item.price > 1\u{a0}250\u{a0}000 { item.boost(2); }"), "write `1250000`"),
        (adjust("if item.price > 12'500 { item.boost(2); }"), "write `12500`"),
        (adjust("item.boost(1 000);"), "write `1000`"),
        (adjust("let x: f64 = 2; item.boost(x);"), "write `let x = …`"),
        (adjust("item.drop(\"x\") if item.price > 20;"), "`if … { … }`"),
        // words of other objects and other languages
        (
            "fn adjust(item, page) { page.max_per(\"brand\", 2); }".to_owned(),
            "`page` is there in `arrange` alone",
        ),
        (adjust("item.slot(1, \"brand\", \"x\");"), "in `arrange`"),
        ("fn arrange(page) { page.sort_by(\"price\"); }".to_owned(), "scores"),
        (adjust("if item.price.between(10, 20) { item.boost(2); }"), "x >= a && x <= b"),
        (adjust("if item.category.startsWith(\"t\") { item.boost(2); }"), "starts_with"),
        (adjust("item.hide(\"x\");"), "item.drop"),
        (adjust("item.wobble();"), "there are `boost`, `bury`"),
        (adjust("if today() > 5 { item.boost(2); }"), "days_since(date)"),
        (adjust("if item.score > 1 { item.boost(2); }"), "to double it"),
        ("fn candidates(sources) { sources.popular-now(10) }".to_owned(), "write `sources.popular_now(…)`"),
        // values that a word does not take
        (adjust("item.boost(1,4, \"x\");"), "decimal point: `1.4`"),
        ("fn arrange(page) { page.pin(\"A-1\", 3); }".to_owned(), "write `page.pin("),
        ("fn arrange(page) { page.max_per(3, \"brand\"); }".to_owned(), "write `page.max_per("),
        (
            "fn candidates(sources) { sources.catalogue(9, #{ price: \">= 5\" }) }".to_owned(),
            "compare in `adjust`",
        ),
        (
            adjust("if days_since(\"2026-05-01\") < 30 { item.boost(2); }"),
            "under `[strategies.probe.params]`",
        ),
        ("fn arrange(page) { page.at_least(8, \"brand\", \"x\", 4); }".to_owned(), "a number up to 4"),
        // what never ends or never holds
        (adjust("while true { item.boost(2); }"), "leave it with `break` or `return`"),
        (adjust("loop { item.boost(2); }"), "leave it with `break` or `return`"),
        (
            adjust("if item.price >= 10 <= 20 { item.boost(2); }"),
            "write `item.price >= 10 && item.price <= 20`",
        ),
        (
            adjust("if !item.category in [\"a\", \"b\"] { item.boost(2); }"),
            "write `!(item.category in [\"a\", \"b\"])`",
        ),
        (
            adjust("if 10 <= item.price <= 20 { item.boost(2); }"),
            "write `10 <= item.price && item.price <= 20`",
        ),
        ("fn arrange(page, params) { page.pin(1, params.hero); }".to_owned(), "write `hero = …` under"),
        (adjust("if item.category == params.seson { item.boost(2); }"), "write `params.season`"),
    ];
    let params = table(&[("season", Param::Text("winter".into()))]);
    let wrong = cases.iter().filter_map(|(source, help)| {
        let (count, text) = read_report(source, &params);
        (count != 1 || !text.contains(help))
            .then(|| format!("`{help}` is told once, not {count} times:\n{text}"))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_part_of_a_text_need_not_be_a_value_of_its_field() {
    let (checked, _) = check(
        "probe",
        "fn adjust(item) { if \"tent\" in item.category && item.tags != () && \"new\" in item.tags { item.boost(2); } }",
        &Params::default(),
    )
    .unwrap();
    let named: Vec<&str> = checked.named_values().iter().map(|named| &*named.text).collect();
    assert_eq!(named, ["new"], "a tag is a whole value");
}

#[test]
fn a_percentage_is_underlined_where_it_is_written() {
    let source = "fn adjust(item) {\n    if item.price > 20% {\n        item.boost(2);\n    }\n}";
    let Err(report) = check("probe", source, &Params::default()) else { panic!("`20%` is a number") };
    let underlined: Vec<&str> = report.findings.iter().map(|f| source.get(f.span.range()).unwrap()).collect();
    assert_eq!(underlined, ["20%"]);
}

#[test]
fn a_remainder_and_a_loop_that_is_left_are_no_mistakes() {
    for body in [
        "if item.price % 10 { item.boost(2, 1 2); }",
        "let n = 0; loop { n += 1; if n > 3 { break; } } item.boost(2);",
        "while true { if item.price > 3 { return; } break; }",
    ] {
        let (_, text) = read_report(&format!("fn adjust(item) {{ {body} }}"), &Params::default());
        assert!(!text.contains("percent sign") && !text.contains("never ends"), "{text}");
        assert!(!text.contains("marks between"), "{text}");
    }
}
