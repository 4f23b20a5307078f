//! Changing a denied field of a person changes no byte of any output.
//!
//! A field is denied for an answer when no strategy in the placement's chain, in its `may_ask` closure or the
//! fallback is granted it or learns from it, and it is neither `age_from` nor the source of a derived field.
//! Two hosts with one clock and one seed are told the same people, who differ in such fields only; every
//! answer, header, log, count, learned state and health must be equal.

pub(crate) mod engines;
mod pairs;
mod servers;

use std::{collections::BTreeSet, path::Path};

use jardin_model::{FieldPath, FieldType};
use jardin_policy::{Policy, StrategyName, rules::FieldRule};
use serde_json::{Value, json};

/// The strategies that an answer for a placement may touch.
fn closure(policy: &Policy, chain: &[&str], finish: &str) -> BTreeSet<StrategyName> {
    let mut open: Vec<StrategyName> =
        chain.iter().chain([&finish]).filter_map(|n| StrategyName::new(n)).collect();
    open.push(policy.rules().fallback.clone());
    let mut closed = BTreeSet::new();
    while let Some(name) = open.pop() {
        if closed.insert(name.clone()) {
            open.extend(policy.strategy(name.as_str()).map(|r| r.may_ask.clone()).unwrap_or_default());
        }
    }
    closed
}

/// The fields of a person and a visit, given or observed, that are denied for such an answer.
fn denied<'a>(policy: &'a Policy, strategies: &BTreeSet<StrategyName>) -> Vec<&'a FieldRule> {
    let valid = policy.rules();
    let mut touched: BTreeSet<FieldPath> = BTreeSet::new();
    for rule in strategies.iter().filter_map(|n| policy.strategy(n.as_str())) {
        let ids = rule.may_read.iter().map(|g| g.field).chain(rule.may_learn_from.iter().map(|l| l.field));
        touched.extend(ids.filter_map(|id| valid.field(id)).map(|f| f.path.clone()));
    }
    let sources = valid.fields.iter().filter_map(|f| f.derived.as_ref()).filter_map(|d| valid.field(d.from));
    touched.extend(sources.map(|f| f.path.clone()));
    touched.extend(
        valid
            .children
            .iter()
            .filter_map(|c| c.age_from)
            .filter_map(|id| valid.field(id))
            .map(|f| f.path.clone()),
    );
    let given =
        |f: &&FieldRule| f.path.namespace.is_personal() && f.derived.is_none() && &*f.path.name != "id";
    valid.fields.iter().filter(given).filter(|f| !touched.contains(&f.path)).collect()
}

fn value(kind: FieldType, choices: &[std::sync::Arc<str>], seed: u64) -> Value {
    match kind {
        FieldType::Date => json!(format!("19{:02}-0{}-1{}", 40 + seed % 50, 1 + seed % 9, seed % 9)),
        FieldType::Number => json!(seed % 1000),
        FieldType::Money => json!(format!("{}.50", seed % 1000)),
        FieldType::Flag => json!(seed.is_multiple_of(2)),
        FieldType::Choice => json!(*choices[usize::try_from(seed).unwrap() % choices.len()]),
        FieldType::Texts => json!([format!("t{seed}"), format!("u{}", seed / 7)]),
        FieldType::Time => json!(format!("20{:02}-0{}-11T10:00:00Z", 10 + seed % 15, 1 + seed % 9)),
        _ => json!(format!("v{seed}")),
    }
}

/// One new store, copied for each host: ids and pseudonyms begin with a secret of the store.
fn new_store(folder: &Path) -> std::path::PathBuf {
    let data = folder.join("new-data");
    drop(jardin_store_sqlite::SqliteStore::open(&data, jardin_store_sqlite::Options::default()).unwrap());
    data
}

/// A text without the counts of how long round trips took: the steady clock is the machine's, and no clock of
/// a test makes it stand still. How many there were is compared.
fn without_durations(text: &str) -> String {
    let parts: Vec<&str> = text.split(',').filter(|part| !part.contains("round-trips-within-")).collect();
    parts.join(",")
}
