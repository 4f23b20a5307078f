//! `[[test]]`.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{FieldPath, Namespace};

use super::{Names, unknown};
use crate::{
    codes::Code,
    document::{Node, Table},
    tests_inline::{Expect, Given, GivenField, GivenItem, InlineTest, Plain},
    valid::{FieldId, StrategyName, StrategyRule},
};

type Strategies = BTreeMap<StrategyName, Arc<StrategyRule>>;

pub(super) fn read(root: &Table<'_>, names: &Names<'_>, strategies: &Strategies) -> Vec<InlineTest> {
    let tests = root.get("test").and_then(|n| n.list()).unwrap_or_default();
    tests.into_iter().filter_map(|node| test(node, names, strategies)).collect()
}

fn test(node: Node<'_>, names: &Names<'_>, strategies: &Strategies) -> Option<InlineTest> {
    let table = node.table("[[test]]")?;
    let title = table.require("name", "\"…\"");
    let ask = table.require("ask", "\"for-you\"").and_then(|n| strategy(n, names, strategies));
    let given = table
        .get("given")
        .and_then(|n| n.table("`given`"))
        .map(|t| given(&t, names))
        .unwrap_or_default();
    let expect = table
        .require("expect", "{ runs = \"…\" }")
        .and_then(|n| n.table("`expect`"))
        .map(|t| expect(&t, names, strategies));
    table.end();
    let title = title?;
    Some(InlineTest {
        name: title.text()?.into(),
        ask: ask?,
        given,
        expect: expect?,
        span: title.span,
    })
}

fn strategy(node: Node<'_>, names: &Names<'_>, strategies: &Strategies) -> Option<StrategyName> {
    let text = node.text()?;
    let found = strategies.get_key_value(text).map(|(name, _)| name.clone());
    if found.is_none() {
        unknown(
            names.sink,
            Code::UnknownStrategy,
            node.span,
            "strategy",
            text,
            strategies.keys().map(StrategyName::as_str),
        );
    }
    found
}

fn given(table: &Table<'_>, names: &Names<'_>) -> Given {
    let mut given = Given::default();
    for (text, span) in table.get("consent").and_then(|n| n.texts()).unwrap_or_default() {
        match names.consents.iter().find(|c| ***c == *text) {
            Some(name) => given.consent.push(Arc::clone(name)),
            None => unknown(
                names.sink,
                Code::UnknownConsent,
                span,
                "consent",
                text,
                names.consents.iter().map(|c| &**c),
            ),
        }
    }
    given.consent_on = table.get("consent_on").and_then(|n| n.date());
    given.consent_text = table.text("consent_text");
    given.objected = table.flag("objected").unwrap_or(false);
    given.restricted = table.flag("restricted").unwrap_or(false);
    given.today = table.get("today").and_then(|n| n.date());
    signals(table, &mut given);
    for (key, namespace) in [
        ("subject", Namespace::Subject),
        ("session", Namespace::Session),
        ("context", Namespace::Context),
    ] {
        let Some(fields) = table.get(key).and_then(|n| n.table(format!("`{key}`"))) else {
            continue;
        };
        for entry in fields.entries() {
            let path = FieldPath::new(namespace, entry.key);
            if let Some(id) = names.field(&path.to_string(), entry.span) {
                given.fields.extend(value(entry.node, names).map(|value| (id, value)));
            }
        }
    }
    // the table is read to its end by its owner, which knows every key by now
    for entry in table.entries().iter().filter(|e| !GIVEN.contains(&e.key)) {
        unknown(
            names.sink,
            Code::UnknownKey,
            entry.span,
            "key in `given`",
            entry.key,
            GIVEN.into_iter(),
        );
    }
    given
}

const GIVEN: [&str; 10] = [
    "consent",
    "consent_on",
    "consent_text",
    "objected",
    "restricted",
    "signals",
    "today",
    "subject",
    "session",
    "context",
];

fn signals(table: &Table<'_>, given: &mut Given) {
    let Some(of) = table.get("signals").and_then(|n| n.table("`signals`")) else {
        return;
    };
    given.signals.gpc = of.flag("gpc").unwrap_or(false);
    let tcf = of.get("tcf_publisher_purposes").and_then(|n| n.list());
    given.signals.tcf_publisher_purposes = tcf.map(|list| {
        list.iter()
            .filter_map(|n| n.integer(1, 24))
            .filter_map(|n| u8::try_from(n).ok())
            .collect()
    });
    let mode = of
        .get("consent_mode")
        .and_then(|n| n.table("`consent_mode`"))
        .map(|t| t.entries())
        .unwrap_or_default();
    given.signals.consent_mode = mode.into_iter().filter_map(|e| Some((Arc::from(e.key), e.node.flag()?))).collect();
    of.end();
}

/// A given value: plain, a list of texts, an item, or a history.
fn value(node: Node<'_>, names: &Names<'_>) -> Option<GivenField> {
    if node.is_table() {
        return item(node, names).map(|i| GivenField::Items(vec![i], true));
    }
    if !node.is_list() {
        return plain(node).map(GivenField::Plain);
    }
    let list = node.list()?;
    if list.iter().any(Node::is_table) {
        return Some(GivenField::Items(list.into_iter().filter_map(|n| item(n, names)).collect(), false));
    }
    Some(GivenField::List(list.into_iter().filter_map(plain).collect()))
}

fn plain(node: Node<'_>) -> Option<Plain> {
    let found = node
        .if_text()
        .map(|t| Plain::Text(t.into()))
        .or_else(|| node.if_number().map(Plain::Number))
        .or_else(|| node.if_datetime().map(|(date, _)| Plain::Date(date)))
        .or_else(|| node.if_flag().map(Plain::Flag));
    if found.is_none() {
        node.finding(Code::WrongType, "expected a text, number, date, true or false", None);
    }
    found
}

fn item(node: Node<'_>, names: &Names<'_>) -> Option<GivenItem> {
    let mut item = GivenItem::default();
    for entry in node.table("an item")?.entries() {
        match entry.key {
            "on" => item.on = entry.node.date(),
            "quantity" => item.quantity = entry.node.integer(1, 1_000_000).and_then(|n| u32::try_from(n).ok()),
            name => {
                let known = names.by_path.get(&FieldPath::new(Namespace::Item, name)).copied();
                match known {
                    Some(id) => item.fields.extend(plain_or_list(entry.node).map(|v| (id, v))),
                    None => {
                        let fields = names.fields.iter().filter(|f| f.path.namespace == Namespace::Item);
                        let all = fields.map(|f| &*f.path.name).chain(["on", "quantity"]);
                        unknown(names.sink, Code::UnknownField, entry.span, "item field", name, all);
                    }
                }
            }
        }
    }
    Some(item)
}

fn plain_or_list(node: Node<'_>) -> Option<Vec<Plain>> {
    if node.is_list() {
        Some(node.list()?.into_iter().filter_map(plain).collect())
    } else {
        Some(vec![plain(node)?])
    }
}

fn expect(table: &Table<'_>, names: &Names<'_>, strategies: &Strategies) -> Expect {
    let mut expect = Expect {
        runs: table.get("runs").and_then(|n| strategy(n, names, strategies)),
        sees_nothing_about_the_person: table.flag("sees_nothing_about_the_person").unwrap_or(false),
        stores: list(table, "stores"),
        teaches: list(table, "teaches"),
        ..Expect::default()
    };
    let sees = table
        .get("sees")
        .and_then(|n| n.table("`sees`"))
        .map(|t| t.entries())
        .unwrap_or_default();
    for entry in sees {
        if let (Some(id), Some(value)) = (expected_field(entry.key, entry.span, names), plain_or_list(entry.node)) {
            expect.sees.push((id, value));
        }
    }
    for (text, span) in table.get("hides").and_then(|n| n.texts()).unwrap_or_default() {
        // a field under [never] cannot be declared, and hiding it is the point
        match text.parse::<FieldPath>() {
            Ok(path) => expect.hides.push(path),
            Err(error) => names.sink.add(Code::InvalidValue, span, error.to_string(), None),
        }
    }
    for entry in table.entries().iter().filter(|e| !EXPECT.contains(&e.key)) {
        unknown(
            names.sink,
            Code::UnknownKey,
            entry.span,
            "key in `expect`",
            entry.key,
            EXPECT.into_iter(),
        );
    }
    expect
}

const EXPECT: [&str; 6] = ["runs", "sees", "hides", "stores", "teaches", "sees_nothing_about_the_person"];

fn list(table: &Table<'_>, key: &'static str) -> Option<Vec<Arc<str>>> {
    let texts = table.get(key).and_then(|n| n.texts())?;
    Some(texts.into_iter().map(|(text, _)| Arc::from(text)).collect())
}

fn expected_field(text: &str, span: crate::text::Span, names: &Names<'_>) -> Option<FieldId> {
    names.field(text, span)
}
