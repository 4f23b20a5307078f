//! Every expression has the types that the policy and jardin.toml give it, and what can never work is told with
//! both types and with what to write.

use std::sync::Arc;

use jardin_contract::{Param, Params};
use jardin_model::Date;

use crate::shop::{check, check_with, table};

fn settings() -> Params {
    let words = Param::List(vec![Param::Text("tents".into())].into());
    let nested = table(&[("tents", words.clone())]);
    table(&[
        ("floor", Param::Number(0.15)),
        ("steps", Param::Integer(4)),
        ("gifts", Param::Flag(true)),
        ("area", Param::Text("corsica".into())),
        ("since", Param::Date(Date::constant(2026, 1, 31))),
        ("words", words),
        ("goes_with", Param::Table(Arc::clone(&nested.0))),
        ("share", Param::Integer(15)),
    ])
}

/// The codes, messages and helps that a condition of `adjust` meets.
fn said_of_condition(condition: &str) -> Vec<String> {
    said_of(&format!(
        "fn adjust(item, subject, session, context, params) {{ if {condition} {{ item.boost(2, \"x\"); }} }}"
    ))
}

fn said_of(source: &str) -> Vec<String> {
    let report = match check("probe", source, &settings()) {
        Ok((_, report)) => report,
        Err(report) => report,
    };
    let line = |f: &jardin_diagnostics::Finding| {
        format!("{}: {} / {}", f.code.word(), f.message, f.help.clone().unwrap_or_default())
    };
    report.findings.iter().map(line).collect()
}

#[track_caller]
fn assert_said(given: &str, said: &[String], parts: &[&str]) {
    let [said] = said else { panic!("{given}: {said:#?}") };
    for part in parts {
        assert!(said.contains(part), "{given}: `{part}` is not in `{said}`");
    }
}

#[test]
fn a_condition_over_two_types_is_refused_with_both_and_with_what_to_write() {
    let cases: [(&str, &[&str]); 22] = [
        (
            "item.price > \"20\"",
            &["type-mismatch", "`item.price` is a number", "is a text", "`20` without quotes"],
        ),
        ("item.price == \"9.90\"", &["type-mismatch", "never equal", "`9.90` without quotes"]),
        ("10 < item.price < 20", &["type-mismatch", "true or false", "`10 < item.price && item.price"]),
        ("item.price + \"5\" > 40", &["type-mismatch", "cannot be calculated with", "`5` without quotes"]),
        (
            "item.online_since != () && item.online_since > \"2026-01-31\"",
            &["a date", "a text", "params.since"],
        ),
        (
            "item.online_since != () && item.online_since > 2026-01-31",
            &["a date", "a number", "params.since"],
        ),
        ("item.giftable == \"true\"", &["true or false", "a text", "`true` without quotes"]),
        ("!item.brand in [\"Nordfjell\"]", &["type-mismatch", "not the whole test", "`!(item.brand in"]),
        ("context.region == \"corsica\"", &["undeclared-choice", "never `corsica`", "`corse`"]),
        ("(context.region ?? \"\") == params.area", &["undeclared-choice", "never `corsica`", "`outre-mer`"]),
        ("context.region in [\"corsica\"]", &["undeclared-choice", "never `corsica`"]),
        ("item.brand in \"Nordfjell\"", &["text-in-text", "`item.brand == \"Nordfjell\"`"]),
        ("item.tags == \"new\"", &["a list", "a text", "`\"new\" in item.tags`"]),
        ("item.category in params.floor", &["a text", "a number", "never in the other"]),
        ("item.price in [\"9.90\"]", &["never in the other"]),
        ("item.category", &["type-mismatch", "a condition is true or false", "a text"]),
        ("item.category == \"tents\" || item.brand == 3", &["`item.brand` is a text", "`3` is a number"]),
        ("item.price in 0..params.steps", &["whole number", "`x >= a && x <= b`"]),
        ("item.price > params.words", &["a number", "a list"]),
        (
            "item.price > params.nothing",
            &["may-be-absent", "setting `nothing` is not always set", "`nothing = …`"],
        ),
        (
            "item.category == params.nothing",
            &["unknown-setting", "no setting `nothing` is set", "`nothing = …`"],
        ),
        ("(days_since(\"2026-01-31\") ?? 9.0) < 30", &["`days_since` takes a date", "params.since"]),
    ];
    for (condition, parts) in cases {
        assert_said(condition, &said_of_condition(condition), parts);
    }
}

#[test]
fn a_word_is_held_to_what_it_takes() {
    let cases: [(&str, &[&str]); 12] = [
        (
            "fn adjust(item) { item.boost(\"2\", \"x\"); }",
            &["`boost` takes a number", "a text", "`2` without quotes"],
        ),
        (
            "fn adjust(item, params) { item.boost(params.share, \"x\"); }",
            &["out-of-range", "`params.share` is 15"],
        ),
        ("fn arrange(page) { page.diversify(\"category\", 50); }", &["out-of-range", "write 0.5 for 50 %"]),
        (
            "fn arrange(page, params) { page.diversify(\"category\", params.share); }",
            &["is 15", "write 0.15 for 15 %"],
        ),
        ("fn arrange(page, params) { page.limit(params.area); }", &["`limit` takes a number", "a text"]),
        (
            "fn arrange(page, params) { page.limit(params.none); }",
            &["may-be-absent", "`none` is not always set"],
        ),
        ("fn arrange(page) { page.pin(1, 2); }", &["`pin` takes a text or a list", "`\"2\"`"]),
        (
            "fn arrange(page) { page.slot(1, \"price\", \"20\"); }",
            &["`item.price` is a number", "`20` without quotes"],
        ),
        (
            "fn arrange(page) { page.at_least(2, \"tags\", 3, 6); }",
            &["`item.tags` is a text", "`3` is a number"],
        ),
        (
            "fn candidates(sources) { sources.catalogue(9, #{ price: \"<20\" }) }",
            &["`item.price` is a number"],
        ),
        (
            "fn adjust(item) { switch item.price { \"a\" => item.boost(2), _ => () } }",
            &["a number", "a text"],
        ),
        (
            "fn adjust(item, context) { switch context.region { \"corsica\" => item.boost(2), _ => () } }",
            &["undeclared-choice", "never `corsica`"],
        ),
    ];
    for (source, parts) in cases {
        assert_said(source, &said_of(source), parts);
    }
}

#[test]
fn what_can_work_is_not_refused() {
    let conditions = [
        "item.price > 20 && item.price <= 30.5",
        "(item.stock ?? 0) / 7 > 10",
        "item.online_since != () && item.online_since > params.since",
        "(days_since(item.online_since) ?? 999) < 30",
        "context.region == \"corse\" || context.region == ()",
        "subject.birth_date == \"60-69\"",
        "item.category in params.words || item.category in (params.goes_with[item.category] ?? [])",
        "item.category in [\"a\", \"b\"] && !(item.brand in [\"c\"])",
        "\"new\" in (item.tags ?? []) && \"ten\" in item.category",
        "(item.tags ?? []).len() in 1..4",
        "params.gifts && item.giftable == true",
        "params.other ?? false",
        "item.category + \"-\" + item.category == \"a-a\"",
        "(if params.gifts { item.price } else { 3 }) > 2",
        "item.price > (params.limit ?? 20)",
        "(context.page_item.price ?? item.price) * 1.2 > item.price",
        "item.checked_at != () && (days_since(item.checked_at) ?? 1.0) > 3",
    ];
    for condition in conditions {
        assert_eq!(said_of_condition(condition), Vec::<String>::new(), "{condition}");
    }
}

#[test]
fn a_setting_has_the_types_that_the_campaigns_give_it_as_well() {
    let [base, winter] = [table(&[]), table(&[("top", Param::Integer(3))])];
    let said = |source: &str| {
        let checked = check_with("probe", source, &base, std::slice::from_ref(&winter));
        checked.err().map(|report| report.findings[0].message.clone())
    };
    // only a campaign sets it: outside of it there is none
    let unguarded = said("fn arrange(page, params) { page.limit(params.top); }").unwrap();
    assert!(unguarded.contains("`top` is not always set"), "{unguarded}");
    assert_eq!(said("fn arrange(page, params) { page.limit(params.top ?? 6); }"), None);
    assert_eq!(said("fn arrange(page, params) { if params.top != () { page.limit(params.top); } }"), None);
    let text =
        said("fn adjust(item, params) { if item.category == (params.top ?? 1) { item.drop(\"x\"); } }");
    assert!(text.unwrap().contains("is a number"));
}

#[test]
fn the_settings_that_a_script_reads_are_known_unless_it_computes_a_name() {
    let read = |source: &str| {
        let (script, _) = check("probe", source, &settings()).map_err(|r| r.rendered()).unwrap();
        script.settings().map(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    let named = read(
        "fn adjust(item, params) { if item.price > params.floor && params[\"gifts\"] { item.boost(2); } }",
    );
    assert_eq!(named, Some(vec!["floor".to_owned(), "gifts".to_owned()]));
    let computed = read("fn adjust(item, params) { if params[item.category] == 3 { item.boost(2); } }");
    assert_eq!(computed, None);
}
