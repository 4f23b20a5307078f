//! The JSON Schema for editors against every policy that is shipped, and against misspelt ones.
//! `tests/schema.py` asks a validator of others.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot read its cases fails")]

#[path = "../../policy/tests/refused/table.rs"]
mod table;

use std::{
    fs,
    path::{Path, PathBuf},
};

use jardin_compliance::{reference_page, write_schema};
use serde_json::Value as Schema;
use table::{Case, cases};
use toml::Value;

/// What is wrong with a value, by the part of JSON Schema (draft 2020-12) that the schema uses; another word
/// in it is wrong as well.
fn errors(value: &Value, schema: &Schema, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (word, rule) in schema.as_object().unwrap() {
        match word.as_str() {
            "type" if !is_of(value, rule) => found.push(format!("{at}: {value:?} is no {rule}")),
            "const" | "enum" if !is_one(value, rule) => {
                found.push(format!("{at}: {value:?} is none of {rule}"))
            }
            "minimum" if number(value).is_some_and(|n| n < rule.as_f64().unwrap()) => {
                found.push(format!("{at}: {value:?} < {rule}"))
            }
            "maximum" if number(value).is_some_and(|n| n > rule.as_f64().unwrap()) => {
                found.push(format!("{at}: {value:?} > {rule}"))
            }
            "minItems" if value.as_array().is_some_and(|l| l.is_empty()) => {
                found.push(format!("{at}: nothing listed"))
            }
            "minProperties" if value.as_table().is_some_and(toml::Table::is_empty) => {
                found.push(format!("{at}: nothing in it"))
            }
            "required" => {
                let lacks =
                    |key: &&Schema| value.as_table().is_some_and(|t| !t.contains_key(key.as_str().unwrap()));
                found.extend(
                    rule.as_array().unwrap().iter().filter(lacks).map(|key| format!("{at} lacks {key}")),
                );
            }
            "properties" | "additionalProperties" => found.extend(keys(value, schema, word, at)),
            "items" => {
                let list = value.as_array().into_iter().flatten();
                found.extend(list.flat_map(|one| errors(one, rule, at)));
            }
            "anyOf" if rule.as_array().unwrap().iter().all(|one| !errors(value, one, at).is_empty()) => {
                found.push(format!("{at}: nothing fits {value:?}"));
            }
            "pattern" => found.extend(
                value
                    .as_str()
                    .filter(|t| !fits(t, rule.as_str().unwrap()))
                    .map(|t| format!("{at}: {t} does not fit {rule}")),
            ),
            "type" | "const" | "enum" | "minimum" | "maximum" | "minItems" | "minProperties" | "anyOf"
            | "$schema" | "title" | "description" => {}
            other => found.push(format!("the schema says `{other}`, which this test does not know")),
        }
    }
    found
}

fn keys(value: &Value, schema: &Schema, word: &str, at: &str) -> Vec<String> {
    let entries = value.as_table().into_iter().flatten();
    let of_key =
        |(key, inner): (&String, &Value)| match (&schema["properties"][key], &schema["additionalProperties"])
        {
            (known, _) if known.is_object() => {
                (word == "properties").then(|| errors(inner, known, &format!("{at}.{key}")))
            }
            (_, any) if any.is_object() => {
                (word == "additionalProperties").then(|| errors(inner, any, &format!("{at}.{key}")))
            }
            (_, Schema::Bool(false)) if word == "additionalProperties" => {
                Some(vec![format!("{at}: unknown key {key}")])
            }
            _ => None,
        };
    entries.filter_map(of_key).flatten().collect()
}

fn is_of(value: &Value, rule: &Schema) -> bool {
    if let Some(any) = rule.as_array() {
        return any.iter().any(|one| is_of(value, one));
    }
    match rule.as_str().unwrap() {
        "object" => value.is_table(),
        "array" => value.is_array(),
        "string" => value.is_str(),
        "boolean" => value.is_bool(),
        "integer" => value.is_integer(),
        "number" => value.is_integer() || value.is_float(),
        _ => false,
    }
}

fn is_one(value: &Value, rule: &Schema) -> bool {
    let is = |one: &Schema| {
        one.as_str().map_or(one.as_i64() == value.as_integer(), |text| value.as_str() == Some(text))
    };
    rule.as_array().map_or_else(|| is(rule), |list| list.iter().any(is))
}

#[expect(clippy::cast_precision_loss, reason = "figures of a policy are small")]
fn number(value: &Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|n| n as f64))
}

/// The schema's two patterns, read by hand.
fn fits(text: &str, pattern: &str) -> bool {
    if pattern.starts_with("^[0-9]{4}") {
        return text.get(..10).is_some_and(|day| day.parse::<jardin_model::Date>().is_ok());
    }
    let Some((count, unit)) = text.split_once(' ') else {
        return false;
    };
    let units = ["second", "minute", "hour", "day", "week", "month", "year"];
    count.parse::<u32>().is_ok_and(|n| n > 0) && units.contains(&unit.strip_suffix('s').unwrap_or(unit))
}

fn of_text(text: &str) -> Vec<String> {
    let schema: Schema = serde_json::from_str(&write_schema()).unwrap();
    errors(&Value::Table(text.parse().unwrap()), &schema, "")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn policy_tests() -> PathBuf {
    root().join("core/policy/tests")
}

#[test]
fn every_shipped_policy_is_valid() {
    let shipped = ["examples/shop", "examples/online-retail", "tests/data/example-shop"];
    let shipped = shipped.map(|f| root().join(f).join("policy.toml"));
    let cases = fs::read_dir(policy_tests().join("cases")).unwrap().map(|entry| entry.unwrap().path());
    for path in shipped.into_iter().chain([policy_tests().join("policies/full.toml")]).chain(cases) {
        let found = of_text(&fs::read_to_string(&path).unwrap());
        assert!(found.is_empty(), "{}: {found:#?}", path.display());
    }
}

/// What the check refuses by its letters alone, an editor marks while it is written.
#[test]
fn a_misspelt_key_or_word_is_refused() {
    let full = fs::read_to_string(policy_tests().join("policies/full.toml")).unwrap();
    let edits = [
        ("controller =", "controler ="),
        ("profiling = true", "profilling = true"),
        ("class = \"personal\"", "class = \"personnal\""),
        ("as = \"age band\"", "as = \"age bands\""),
        ("may_read = {", "may_reed = {"),
        ("lasts   = \"180 days\"", "lasts   = \"180 dayz\""),
        ("stop_if   = [\"objection\"", "stop_if   = [\"objections\""),
        ("under       = 18", "under       = \"18\""),
        ("basis     = \"consent\"", "basis     = \"consents\""),
        ("[never]", "[nevers]"),
        ("expect = { runs", "expects = { runs"),
        ("given  = { consent = []", "given  = { consents = []"),
    ];
    for (from, to) in edits {
        assert!(full.contains(from), "{from}");
        assert!(!of_text(&full.replacen(from, to, 1)).is_empty(), "{to} is taken");
    }
}

/// Policies that the check refuses for a key that it does not know.
#[test]
fn what_the_check_calls_an_unknown_key_the_schema_refuses() {
    let unknown = |case: &Case| case.found.iter().any(|place| place.starts_with("unknown-key:"));
    let refused: Vec<Case> = cases().into_iter().filter(unknown).collect();
    assert!(refused.len() >= 3, "{}", refused.len());
    for case in refused {
        assert!(!of_text(&case.text()).is_empty(), "taken: {}", case.rule);
    }
}

#[test]
fn the_page_of_keys_is_what_the_schema_prints() {
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/policy-reference.md"))
            .unwrap();
    assert_eq!(
        page.trim_end(),
        reference_page().trim_end(),
        "print it anew: jardin policy schema --page > docs/policy-reference.md"
    );
    // some rows, read off the language by hand
    for row in [
        "| `basis` | `\"nothing about a person is read\"`, `\"legitimate interests\"`, `\"consent\"`, `\"contract\"`, `\"legal obligation\"`: the last two for what changes no list | yes |",
        "| `lasts` | a span of time such as `\"30 days\"` | yes |",
        "| `profiling_from` | a whole number from 1 to 25: below it nothing profiles |  |",
        "## `[strategies.NAME]`",
    ] {
        assert!(page.contains(row), "{row}");
    }
}
