//! Changing a denied field of a person changes no byte of any answer.
//!
//! A field is denied for an answer when no strategy in the placement's chain, in its `may_ask` closure or the fallback is granted it or
//! learns from it, and it is neither `age_from` nor the source of a derived field. Two servers with one clock and one seed are told the same
//! people, who differ in such fields only; every answer, header and metric must be equal.

use std::collections::BTreeSet;

use jardin_model::{FieldPath, FieldType, Namespace};
use jardin_policy::{Policy, StrategyName, valid::FieldRule};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};

use crate::support::{Answer, Server, copy_folder, example, program};

const CLOCK: &str = "2026-11-20T10:00:00Z";

fn shop_policy() -> Policy {
    let text = std::fs::read_to_string(example("shop").join("policy.toml")).unwrap();
    Policy::load("policy.toml", &text).unwrap_or_else(|r| panic!("{}", r.rendered())).0
}

/// The strategies that an answer for a placement may touch.
fn closure(policy: &Policy, chain: &[&str], finish: &str) -> BTreeSet<StrategyName> {
    let mut open: Vec<StrategyName> = chain.iter().chain([&finish]).filter_map(|n| StrategyName::new(n)).collect();
    open.push(policy.valid().fallback.clone());
    let mut closed = BTreeSet::new();
    while let Some(name) = open.pop() {
        if closed.insert(name.clone()) {
            open.extend(policy.strategy(name.as_str()).map(|r| r.may_ask.clone()).unwrap_or_default());
        }
    }
    closed
}

/// The subject fields, plain and stored, that are denied for such an answer.
fn denied<'a>(policy: &'a Policy, strategies: &BTreeSet<StrategyName>) -> Vec<&'a FieldRule> {
    let valid = policy.valid();
    let mut touched: BTreeSet<FieldPath> = BTreeSet::new();
    for rule in strategies.iter().filter_map(|n| policy.strategy(n.as_str())) {
        let ids = rule
            .may_read
            .iter()
            .map(|g| g.field)
            .chain(rule.may_learn_from.iter().map(|l| l.field));
        touched.extend(ids.filter_map(|id| valid.field(id)).map(|f| f.path.clone()));
    }
    let sources = valid
        .fields
        .iter()
        .filter_map(|f| f.derived.as_ref())
        .filter_map(|d| valid.field(d.from));
    touched.extend(sources.map(|f| f.path.clone()));
    touched.extend(
        valid
            .children
            .iter()
            .filter_map(|c| c.age_from)
            .filter_map(|id| valid.field(id))
            .map(|f| f.path.clone()),
    );
    let plain = |f: &&FieldRule| f.path.namespace == Namespace::Subject && f.of.is_empty() && f.derived.is_none() && &*f.path.name != "id";
    valid.fields.iter().filter(plain).filter(|f| !touched.contains(&f.path)).collect()
}

fn value(kind: FieldType, choices: &[std::sync::Arc<str>], seed: u64) -> Value {
    match kind {
        FieldType::Date => json!(format!("19{:02}-0{}-1{}", 40 + seed % 50, 1 + seed % 9, seed % 9)),
        FieldType::Number => json!(seed % 1000),
        FieldType::Money => json!(format!("{}.50", seed % 1000)),
        FieldType::Flag => json!(seed.is_multiple_of(2)),
        FieldType::Choice => json!(*choices[usize::try_from(seed).unwrap() % choices.len()]),
        FieldType::Texts => json!([format!("t{seed}"), format!("u{}", seed / 7)]),
        _ => json!(format!("v{seed}")),
    }
}

/// One new store, copied for each server: the ids of answers begin with a secret of the store.
fn new_store(folder: &std::path::Path) -> std::path::PathBuf {
    let data = folder.join("new-data");
    drop(jardin_store::Store::open(&data, jardin_store::Options::default()).unwrap());
    data
}

fn serve(folder: &std::path::Path, store: &std::path::Path, name: &str) -> Server {
    let (shop, data) = (folder.join(format!("{name}-shop")), folder.join(format!("{name}-data")));
    copy_folder(&example("shop"), &shop);
    copy_folder(store, &data);
    assert!(
        program()
            .args(["policy", "pin"])
            .arg(&shop)
            .stdout(std::process::Stdio::null())
            .status()
            .unwrap()
            .success()
    );
    Server::serve_at(&shop, &data, CLOCK, 7)
}

/// What an answer shows, its date aside.
fn shown(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    (
        answer.status,
        answer.headers.iter().filter(|(k, _)| k != "date").cloned().collect(),
        answer.text.clone(),
    )
}

fn both(pair: &[Server; 2], act: impl Fn(&Server) -> Answer) {
    assert_eq!(shown(&act(&pair[0])), shown(&act(&pair[1])));
}

#[test]
fn a_denied_field_changes_no_byte_of_any_answer() {
    let folder = tempfile::tempdir().unwrap();
    let policy = shop_policy();
    let store = new_store(folder.path());
    let pair = [serve(folder.path(), &store, "a"), serve(folder.path(), &store, "b")];
    let items: Vec<Value> = std::fs::read_to_string(example("shop").join("items.jsonl"))
        .unwrap()
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    for server in &pair {
        server.client.post("/v1/items/batch", &json!({"items": items})).expect(200);
    }
    let placements = [("product_page", "complete-the-look"), ("basket", "goes-with-basket")];
    let cases = placements.map(|(place, chain)| (place, denied(&policy, &closure(&policy, &[chain], "house-rules"))));
    assert!(
        cases.iter().all(|(_, denied)| !denied.is_empty()),
        "the shop's policy denies nothing, so that nothing is tested"
    );
    let number = std::cell::Cell::new(0_u64);
    let mut runner = TestRunner::new(Config {
        cases: 200,
        failure_persistence: None,
        ..Config::default()
    });
    let inputs = (
        any::<u64>(),
        any::<u64>(),
        any::<bool>(),
        any::<bool>(),
        0..items.len(),
        0..items.len(),
        0..placements.len(),
    );
    runner
        .run(&inputs, |(a, b, consents, objects, basket, page, place)| {
            number.set(number.get() + 1);
            let (place, denied) = &cases[place];
            let id = format!("p{}", number.get());
            for (server, seed) in pair.iter().zip([a, b]) {
                let fields: serde_json::Map<String, Value> = denied
                    .iter()
                    .map(|f| (f.path.name.to_string(), value(f.kind, &f.choices, seed)))
                    .collect();
                let stored = server
                    .client
                    .put(&format!("/v1/subjects/{id}"), &json!({"fields": fields}))
                    .expect(200);
                assert_eq!(stored["redacted"], json!([]), "the fields are of their types");
            }
            if consents {
                pair.iter().for_each(|s| s.client.consent(&id, "personalisation"));
            }
            let ask = json!({
                "placement": place, "subject_id": id, "objected": objects,
                "session": {"basket": [items[basket]["item_id"]]}, "context": {"page_item": items[page]["item_id"]},
            });
            both(&pair, |s| s.client.recommend(&ask));
            both(&pair, |s| s.client.get("/v1/placements"));
            both(&pair, |s| s.client.get("/v1/strategies"));
            Ok(())
        })
        .unwrap();
    both(&pair, |s| s.client.get("/health/ready"));
}
