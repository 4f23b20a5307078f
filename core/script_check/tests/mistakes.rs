//! What a merchant is told about a mistake.

use jardin_contract::{Param, Params};

use crate::shop::{check, refusal, table};

fn report(source: &str) -> String {
    let checked = check("probe", source, &Params::default());
    checked.err().map_or_else(|| "loads".to_owned(), |r| r.rendered())
}

#[test]
fn each_mistake_is_told_with_its_place_and_its_help() {
    let mistakes = [
        ("a misspelt field", "fn adjust(item) {\n    if item.categry == \"tents\" { item.boost(2); }\n}"),
        (
            "a denied field",
            "fn adjust(item, subject) {\n    if subject.postcode == \"38\" { item.boost(2); }\n}",
        ),
        (
            "an undeclared field",
            "fn adjust(item, subject) {\n    if subject.shoe_size == 38 { item.boost(2); }\n}",
        ),
        (
            "a missing semicolon",
            "fn adjust(item) {\n    item.boost(2, \"why\") // note\n    item.say(\"new_in\");\n}",
        ),
        ("bury for boost", "fn adjust(item) {\n    item.bury(1.2, \"nice\");\n}"),
        ("boost for bury", "fn adjust(item) {\n    item.boost(0.5, \"not nice\");\n}"),
        ("a factor out of every range", "fn adjust(item) {\n    item.boost(50);\n}"),
        ("a whole object", "fn adjust(item) {\n    let all = [item];\n}"),
        (
            "a dynamic index",
            "fn adjust(item, subject, params) {\n    if subject[params.field] == 1 { item.boost(2); }\n}",
        ),
        ("a closure", "fn adjust(item) {\n    [1, 2].map(|x| x + 1);\n}"),
        ("an unguarded field", "fn adjust(item) {\n    if item.margin < 0.12 { item.drop(\"low\"); }\n}"),
        (
            "an unguarded field of the page",
            "fn adjust(item, context) {\n    if item.price > context.page_item.price { item.bury(0.5); }\n}",
        ),
        ("an unknown source", "fn candidates(sources) {\n    sources.populr_now(100)\n}"),
        ("a computed note", "fn adjust(item) {\n    item.boost(2, `for ${item.brand}`);\n}"),
        ("a computed code", "fn adjust(item) {\n    item.say(item.category);\n}"),
        ("an undeclared reason", "fn adjust(item) {\n    item.say(\"good_deel\");\n}"),
        (
            "data passed to a source",
            "fn candidates(sources, context) {\n    sources.catalogue(9, #{ category: context.page_item.category })\n}",
        ),
        ("a wrong parameter", "fn adjust(itm) {\n}"),
        ("a misspelt function", "fn ajust(item) {\n    item.boost(2);\n}"),
        ("a misspelt method", "fn adjust(item) {\n    item.bost(2);\n}"),
        ("a method as a function", "fn adjust(item) {\n    boost(item, 2);\n}"),
        ("single quotes", "fn adjust(item) {\n    if item.category == 'x' { item.boost(2); }\n}"),
        ("a reserved word", "fn adjust(item) {\n    if item.new { item.boost(2); }\n}"),
        ("an undeclared variable", "fn adjust(item) {\n    if context.hour == 3 { item.boost(2); }\n}"),
        ("a constant beside the functions", "const FLOOR = 0.1;\nfn adjust(item) {\n    item.boost(2);\n}"),
        (
            "a number among cases",
            "fn adjust(item) {\n    switch item.stock { 1 => item.boost(2), _ => () }\n}",
        ),
        ("an assignment to a field", "fn adjust(item) {\n    item.price = 3;\n}"),
        (
            "a single ampersand",
            "fn adjust(item) {\n    if item.category == \"a\" & item.brand == \"b\" { item.boost(2); }\n}",
        ),
    ];
    for (name, source) in mistakes {
        insta::assert_snapshot!(name.replace(' ', "_"), report(source));
    }
}

#[test]
fn denied_and_undeclared_are_told_alike() {
    let said = |field: &str| {
        refusal(&format!("fn adjust(item, subject) {{ if subject.{field} == 1 {{ item.boost(2); }} }}"))
    };
    // granted to others, declared under [never], and unknown to everybody
    let denied = said("postcode").replace("postcode", "NAME");
    assert_eq!(denied, said("email").replace("email", "NAME"));
    assert_eq!(denied, said("zzzzzz").replace("zzzzzz", "NAME"));
    // a name that is near a denied one is not told of it
    assert!(!said("postcod").contains("postcode`"), "{}", said("postcod"));
}

#[test]
fn every_mistake_is_told_at_once() {
    let said =
        refusal("fn adjust(item, subject) { item.categry; subject.email; item.bury(2); item.say(\"x\"); }");
    assert_eq!(said.lines().count(), 4, "{said}");
}

#[test]
fn a_misspelt_setting_is_told_with_the_one_that_is_meant() {
    let params = table(&[("margin_floor", Param::Number(0.1))]);
    let source = "fn adjust(item, params) { if item.price < (params.margin_flor ?? 0.2) { item.boost(2); } }";
    let (_, report) = check("probe", source, &params).unwrap();
    assert_eq!(report.findings[0].message, "no setting `margin_flor`; did you mean `margin_floor`?");
    let unguarded = source.replace("(params.margin_flor ?? 0.2)", "params.margin_flor");
    let codes = check("probe", &unguarded, &params).unwrap_err();
    assert_eq!(
        codes.findings.iter().map(|f| f.code.word()).collect::<Vec<_>>(),
        ["may-be-absent", "unknown-setting"]
    );
}

#[test]
fn every_strategy_of_the_script_is_told() {
    let said = check("nobody", "fn adjust(item) {}", &Params::default()).unwrap_err();
    assert_eq!(said.findings[0].message, "the policy has no strategy `nobody`");
}
