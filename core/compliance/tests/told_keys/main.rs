//! Every key that a page must tell is told there: each key of the language stands in one table, with an edit of the full
//! policy that changes it and the pages that must change with it, or with the reason why no page tells it.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that fails says so")]

mod keys;

use std::collections::BTreeMap;

use jardin_compliance::{ReportFor, explain_strategy, write_report, write_schema};
use jardin_policy::Policy;
use keys::{KEYS, Page, Told};
use serde_json::Value;

const FULL: &str = include_str!("../../../policy/tests/policies/full.toml");

/// Every key of the language, a `*` for each name that the author chooses; a text in each language is one value.
fn keys_of(schema: &Value, at: &str, keys: &mut Vec<String>) {
    let below = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
    let is_spoken = schema["minProperties"] == 1;
    let named = &schema["additionalProperties"];
    let ways =
        [schema, &schema["items"]].into_iter().flat_map(|s| s["anyOf"].as_array().into_iter().flatten());
    let tables: Vec<&Value> = ways.filter(|way| way["properties"].is_object()).collect();
    let before = keys.len();
    for table in tables.iter().copied().chain([&schema["items"]]).filter(|t| t["properties"].is_object()) {
        keys_of(table, at, keys);
    }
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        keys_of(inner, &below(name), keys);
    }
    if named.is_object() && !is_spoken {
        keys_of(named, &below("*"), keys);
    }
    if keys.len() == before {
        keys.push(at.to_owned());
    }
}

fn told_by(text: &str, page: Page) -> String {
    let policy = Policy::check("policy.toml", text).unwrap_or_else(|r| panic!("{}", r.rendered())).0;
    let report = |what| write_report(&policy, what, Some("en"));
    let page = match page {
        Page::Art30 => report(ReportFor::Art30),
        Page::Notice => report(ReportFor::Notice),
        Page::Parameters => report(ReportFor::Parameters),
        Page::Dpia => report(ReportFor::Dpia),
        Page::Of(strategy) => explain_strategy(&policy, strategy, Some("en")).unwrap(),
    };
    // every text has its own digest
    page.text().replace(&policy.revision(), &policy.rules().revision)
}

#[test]
fn every_key_is_told_where_it_must_be_or_says_why_not() {
    let mut keys = Vec::new();
    keys_of(&serde_json::from_str(&write_schema()).unwrap(), "", &mut keys);
    // every namespace has the same keys
    for key in &mut keys {
        if let Some((_, rest)) = key.strip_prefix("fields.").and_then(|k| k.split_once('.')) {
            *key = format!("fields.*.{rest}");
        }
        // a test is told by its name and its outcome
        for part in ["test.given", "test.expect"] {
            if key.starts_with(part) {
                part.clone_into(key);
            }
        }
    }
    keys.sort();
    keys.dedup();
    let listed: BTreeMap<&str, &Told> = KEYS.iter().map(|(key, told)| (*key, told)).collect();
    assert_eq!(listed.len(), KEYS.len(), "a key stands once");
    let forgotten: Vec<&String> = keys.iter().filter(|key| !listed.contains_key(key.as_str())).collect();
    let idle: Vec<&&str> = listed.keys().filter(|key| !keys.iter().any(|k| k == **key)).collect();
    assert!(
        forgotten.is_empty() && idle.is_empty(),
        "forgotten: {forgotten:#?}; not of the language: {idle:#?}"
    );
    let mut untold = Vec::new();
    for (key, told) in KEYS {
        let (from, to, pages) = match told {
            Told::By(from, to, pages) => (from, to, pages),
            Told::Nowhere(why) => {
                assert!(!why.is_empty(), "{key}");
                continue;
            }
        };
        assert!(FULL.contains(from), "{key}: `{from}`");
        let edited = FULL.replacen(from, to, 1);
        for page in *pages {
            if told_by(FULL, *page) == told_by(&edited, *page) {
                untold.push(format!("{key} in {page:?}"));
            }
        }
    }
    assert!(untold.is_empty(), "not told: {untold:#?}");
}
