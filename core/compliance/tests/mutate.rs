//! Every key of the language is widened by an edit, or says why it cannot widen.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails says so")]

use std::{fs, path::Path};

use jardin_compliance::{mutate_policy, write_schema};

const FULL: &str = include_str!("../../policy/tests/policies/full.toml");

/// The policies that are shipped.
fn shipped() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let files = ["examples/shop", "examples/online-retail", "tests/data/example-shop"];
    let read = |folder: &str| {
        (folder.to_owned(), fs::read_to_string(root.join(folder).join("policy.toml")).unwrap())
    };
    files.map(read).into_iter().chain([("full.toml".to_owned(), FULL.to_owned())]).collect()
}

/// Keys that no edit of can widen, each with why.
const CANNOT_WIDEN: [(&str, &str); 45] = [
    ("language", "another version is refused"),
    ("policy.controller", "a party: told as such and no wider reach"),
    ("policy.contact", "a text"),
    ("policy.record.recipients.name", "a party: another one is told as such and no wider reach"),
    ("policy.record.recipients.role", "as above"),
    ("policy.record.recipients.country", "as above"),
    ("policy.record.recipients.safeguard", "as above"),
    ("policy.record.recipients.contract", "as above"),
    ("policy.record.recipients.for", "as above"),
    ("policy.record.transfers.name", "as above"),
    ("policy.record.transfers.role", "as above"),
    ("policy.record.transfers.country", "as above"),
    ("policy.record.transfers.safeguard", "as above"),
    ("policy.record.transfers.contract", "as above"),
    ("policy.record.transfers.for", "as above"),
    ("never.says", "a text"),
    ("policy.revision", "a name of the text itself"),
    ("vendors.*.name", "a name"),
    ("fields.*.*.type", "the forms that fit it decide what is told; another type is told by the diff"),
    ("fields.*.*.source", "said in the reports alone"),
    ("fields.*.*.category", "said in the reports alone"),
    ("fields.*.*.always", "about products: refuses more or fewer of them"),
    ("fields.*.*.years", "derived fields are made of histories, which have no age"),
    ("fields.*.*.n", "as above: a form of texts"),
    ("fields.*.*.map", "as above: a form of choices"),
    ("fields.*.*.to", "as above: a form of numbers"),
    ("fields.*.*.changes_every", "as above: a form of ids"),
    ("reasons.*", "a text for shoppers: what is told of what is done, which stays the same"),
    ("policy.approved.by", "taken away with the whole approval"),
    ("policy.approved.on", "as above"),
    ("policy.approvers.name", "who may approve is for those who approve now"),
    ("policy.approvers.key", "as above"),
    ("policy.dpo_advice.says", "taken away with the whole advice"),
    ("policy.dpo_advice.reference", "as above"),
    ("policy.dpo_advice.on", "as above"),
    ("stop.everything", "an act and no rule: tests run as if nothing were stopped"),
    ("stop.strategies", "as above"),
    ("test.given.stop.everything", "a test is not the policy"),
    ("test.given.stop.strategies", "as above"),
    ("test.given.signals.gpc", "taken away with all signals"),
    ("test.given.signals.tcf_publisher_purposes", "as above"),
    ("test.given.signals.consent_mode", "as above"),
    ("test.name", "a name"),
    ("test.ask", "another question is another test, which the diff tells by its words"),
    ("strategies.*.may_learn_from.*.as", "`sessions` is the only word"),
];

/// Every key of the language, a `*` for each name that the author chooses.
fn keys_of(schema: &serde_json::Value, at: &str, keys: &mut Vec<String>) {
    let below = |name: &str| {
        if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
    };
    let mut is_leaf = true;
    for one in schema["anyOf"].as_array().into_iter().flatten().filter(|s| s["properties"].is_object()) {
        is_leaf = false;
        keys_of(one, at, keys);
    }
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        is_leaf = false;
        keys_of(inner, &below(name), keys);
    }
    if schema["additionalProperties"]["type"] == "object"
        || schema["additionalProperties"]["anyOf"].is_array()
    {
        is_leaf = false;
        keys_of(&schema["additionalProperties"], &below("*"), keys);
    }
    for one in
        schema["items"]["anyOf"].as_array().into_iter().flatten().filter(|s| s["properties"].is_object())
    {
        is_leaf = false;
        keys_of(one, at, keys);
    }
    if schema["items"]["type"] == "object" {
        is_leaf = false;
        keys_of(&schema["items"], at, keys);
    }
    if is_leaf {
        keys.push(at.to_owned());
    }
}

/// True where an edit is of this key, or of what stands above it. A name may hold one point, as
/// `subject.bought` does.
fn is_of(edit: &[&str], key: &[&str]) -> bool {
    match (edit, key) {
        ([], []) | ([_], []) | ([_, _], []) => true,
        ([e, edit @ ..], ["*", key @ ..]) => {
            is_of(edit, key) || edit.split_first().is_some_and(|(_, rest)| e.len() > 1 && is_of(rest, key))
        }
        ([e, edit @ ..], [k, key @ ..]) => e == k && is_of(edit, key),
        _ => false,
    }
}

#[test]
fn every_key_of_the_language_is_widened_or_cannot_widen() {
    let mut keys = Vec::new();
    keys_of(&serde_json::from_str(&write_schema()).unwrap(), "", &mut keys);
    // every namespace has the same keys
    for key in &mut keys {
        if let Some((_, rest)) = key.strip_prefix("fields.").and_then(|k| k.split_once('.')) {
            *key = format!("fields.*.{rest}");
        }
    }
    keys.sort();
    keys.dedup();
    assert!(keys.len() > 90, "{}", keys.len());
    let mut edited: Vec<String> = Vec::new();
    let stricter = (
        "stricter".to_owned(),
        FULL.replace("everything = false", "everything = true")
            .replace("unknown_age = \"adult\"", "unknown_age = \"child\""),
    );
    let two_ages = (
        "two-ages".to_owned(),
        FULL.replace(
            "under       = 18",
            "consent_from = 14\nprofiling_from = 18\nby = { front = { shop = 15, schools = 18 } }",
        )
        .replace(", unless = \"clicked\"", ""),
    );
    for (file, text) in shipped().into_iter().chain([stricter, two_ages]) {
        edited.extend(mutate_policy(&file, &text).unwrap().mutants.into_iter().map(|m| m.key));
    }
    let split = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
    let edited: Vec<Vec<String>> = edited.iter().map(|e| split(e)).collect();
    let is_edited = |key: &str| {
        let key = key.split('.').collect::<Vec<_>>();
        edited.iter().any(|e| is_of(&e.iter().map(String::as_str).collect::<Vec<_>>(), &key))
    };
    let cannot: Vec<&str> = CANNOT_WIDEN.iter().map(|(key, _)| *key).collect();
    let forgotten: Vec<&String> =
        keys.iter().filter(|k| !cannot.contains(&k.as_str()) && !is_edited(k)).collect();
    assert!(forgotten.is_empty(), "no edit widens {forgotten:#?}");
    let idle: Vec<&&str> = cannot.iter().filter(|c| !keys.iter().any(|k| k == *c)).collect();
    assert!(idle.is_empty(), "not of the language: {idle:#?}");
}
