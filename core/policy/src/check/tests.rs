//! `[[test]]`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_diagnostics::{
    Span, TomlTable, TomlValue,
    codes::{INVALID_VALUE, UNKNOWN_KEY},
};
use jardin_model::{FieldPath, Namespace};

use super::{
    Names,
    given::{fits, plain_or_list, value},
    stop::read_stop,
};
use crate::{
    codes::{UNKNOWN_CONSENT, UNKNOWN_FIELD, UNKNOWN_STRATEGY},
    day::day,
    rules::{Expect, FieldId, Given, InlineTest, NeverRule, StrategyName, StrategyRule},
};

type Strategies = BTreeMap<StrategyName, Arc<StrategyRule>>;

pub(super) fn read_tests(
    root: &TomlTable<'_>,
    names: &Names<'_>,
    strategies: &Strategies,
    never: &NeverRule,
) -> Vec<InlineTest> {
    let nodes = root.get("test").and_then(|n| n.list()).unwrap_or_default();
    let tests: Vec<InlineTest> =
        nodes.into_iter().filter_map(|node| read_test(node, names, strategies, never)).collect();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for test in tests.iter().filter(|test| !known.insert(&test.name)) {
        let help = "give it a name of its own, so that a failure names one test".to_owned();
        let message = format!("two tests are called \"{}\"", test.name);
        names.sink.add(INVALID_VALUE, test.span, message, Some(help));
    }
    tests
}

fn read_test(
    node: TomlValue<'_>,
    names: &Names<'_>,
    strategies: &Strategies,
    never: &NeverRule,
) -> Option<InlineTest> {
    let table = node.table("[[test]]")?;
    let title = table.require("name", "\"…\"");
    let ask = table.require("ask", "\"for-you\"").and_then(|n| read_asked_strategy(n, names, strategies));
    let given = table
        .get("given")
        .and_then(|n| n.table("`given`"))
        .map(|t| read_given(&t, names, strategies))
        .unwrap_or_default();
    let expect = table
        .require("expect", "{ runs = \"…\" }")
        .and_then(|n| n.table("`expect`"))
        .map(|t| read_expectation(&t, names, strategies, &never.fields));
    let of_nothing = table
        .get("expect")
        .filter(|n| n.is_table() && n.table("`expect`").is_some_and(|t| t.entries().is_empty()));
    table.end();
    if let Some(node) = of_nothing {
        node.finding(
            INVALID_VALUE,
            "this test expects nothing and so proves nothing",
            Some("write such as `expect = { runs = \"…\" }`".to_owned()),
        );
    }
    let title = title?;
    Some(InlineTest { name: title.text()?.into(), ask: ask?, given, expect: expect?, span: title.span })
}

fn read_asked_strategy(
    node: TomlValue<'_>,
    names: &Names<'_>,
    strategies: &Strategies,
) -> Option<StrategyName> {
    let text = node.text()?;
    let found = strategies.get_key_value(text).map(|(name, _)| name.clone());
    if found.is_none() {
        names.sink.add_unknown(
            UNKNOWN_STRATEGY,
            node.span,
            "strategy",
            text,
            strategies.keys().map(StrategyName::as_str),
        );
    }
    found
}

fn read_given(table: &TomlTable<'_>, names: &Names<'_>, strategies: &Strategies) -> Given {
    let mut given = Given::default();
    for (text, span) in table.get("consent").and_then(|n| n.texts()).unwrap_or_default() {
        match names.consents.iter().find(|c| ***c == *text) {
            Some(name) => given.consent.push(Arc::clone(name)),
            None => names.sink.add_unknown(
                UNKNOWN_CONSENT,
                span,
                "consent",
                text,
                names.consents.iter().map(|c| &**c),
            ),
        }
    }
    given.consent_on = table.get("consent_on").and_then(day);
    given.consent_text = table.text("consent_text");
    given.objected = table.flag("objected").unwrap_or(false);
    given.restricted = table.flag("restricted").unwrap_or(false);
    given.today = table.get("today").and_then(day);
    given.stop = read_stop(table, strategies, None, names.sink);
    read_signals(table, &mut given);
    for (key, namespace) in
        [("subject", Namespace::Subject), ("session", Namespace::Session), ("context", Namespace::Context)]
    {
        let Some(fields) = table.get(key).and_then(|n| n.table(format!("`{key}`"))) else {
            continue;
        };
        for entry in fields.entries() {
            let path = FieldPath::new(namespace, entry.key);
            if let Some(id) = names.field(&path.to_string(), entry.span) {
                let value = value(entry.node, names)
                    .filter(|v| names.rule(id).is_some_and(|rule| fits(v, rule, entry.node)));
                given.fields.extend(value.map(|value| (id, value)));
            }
        }
    }
    // the table is read to its end by its owner, which knows every key by now
    for entry in table.entries().iter().filter(|e| !GIVEN.contains(&e.key)) {
        names.sink.add_unknown(UNKNOWN_KEY, entry.span, "key in `given`", entry.key, GIVEN.into_iter());
    }
    given
}

const GIVEN: [&str; 11] = [
    "consent",
    "consent_on",
    "consent_text",
    "objected",
    "restricted",
    "stop",
    "signals",
    "today",
    "subject",
    "session",
    "context",
];

fn read_signals(table: &TomlTable<'_>, given: &mut Given) {
    let Some(of) = table.get("signals").and_then(|n| n.table("`signals`")) else {
        return;
    };
    given.signals.gpc = of.flag("gpc").unwrap_or(false);
    let tcf = of.get("tcf_publisher_purposes").and_then(|n| n.list());
    given.signals.tcf_publisher_purposes = tcf.map(|list| {
        list.iter().filter_map(|n| n.integer(1, 24)).filter_map(|n| u8::try_from(n).ok()).collect()
    });
    let mode = of
        .get("consent_mode")
        .and_then(|n| n.table("`consent_mode`"))
        .map(|t| t.entries())
        .unwrap_or_default();
    given.signals.consent_mode =
        mode.into_iter().filter_map(|e| Some((Arc::from(e.key), e.node.flag()?))).collect();
    of.end();
}

fn read_expectation(
    table: &TomlTable<'_>,
    names: &Names<'_>,
    strategies: &Strategies,
    never: &BTreeSet<FieldPath>,
) -> Expect {
    let mut expect = Expect {
        runs: table.get("runs").and_then(|n| read_asked_strategy(n, names, strategies)),
        sees_nothing_about_the_person: table.flag("sees_nothing_about_the_person").unwrap_or(false),
        stores: read_names(table, "stores"),
        teaches: read_names(table, "teaches"),
        ..Expect::default()
    };
    let sees = table.get("sees").and_then(|n| n.table("`sees`")).map(|t| t.entries()).unwrap_or_default();
    for entry in sees {
        if let (Some(id), Some(value)) =
            (expected_field(entry.key, entry.span, names), plain_or_list(entry.node))
        {
            expect.sees.push((id, value));
        }
    }
    let hides = table.get("hides");
    if let Some(node) = hides.filter(|n| n.is_list() && n.list().is_some_and(|list| list.is_empty())) {
        let help = "name what must not be granted, such as `hides = [\"session.basket\"]`".to_owned();
        node.finding(INVALID_VALUE, "an empty `hides` proves nothing", Some(help));
    }
    for (text, span) in hides.and_then(|n| n.texts()).unwrap_or_default() {
        // a field under [never] cannot be declared, and hiding it is the point
        match text.parse::<FieldPath>() {
            Ok(path) if names.by_path.contains_key(&path) || never.contains(&path) => expect.hides.push(path),
            Ok(path) if names.unread.contains(&path) => {}
            Ok(path) => {
                let known = names.by_path.keys().chain(never).map(ToString::to_string);
                names.sink.add_unknown(UNKNOWN_FIELD, span, "field", &path.to_string(), known);
            }
            Err(error) => names.sink.add(INVALID_VALUE, span, error.to_string(), None),
        }
    }
    for entry in table.entries().iter().filter(|e| !EXPECT.contains(&e.key)) {
        names.sink.add_unknown(UNKNOWN_KEY, entry.span, "key in `expect`", entry.key, EXPECT.into_iter());
    }
    expect
}

const EXPECT: [&str; 6] = ["runs", "sees", "hides", "stores", "teaches", "sees_nothing_about_the_person"];

fn read_names(table: &TomlTable<'_>, key: &'static str) -> Option<Vec<Arc<str>>> {
    let texts = table.get(key).and_then(|n| n.texts())?;
    Some(texts.into_iter().map(|(text, _)| Arc::from(text)).collect())
}

fn expected_field(text: &str, span: Span, names: &Names<'_>) -> Option<FieldId> {
    names.field(text, span)
}
