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
        // what never holds
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
