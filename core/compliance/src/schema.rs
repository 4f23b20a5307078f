//! The language as a JSON Schema, for editors that complete and check while one writes.

use jardin_model::{EventKind, FieldType};
use jardin_policy::{FigureKind, LANGUAGE_VERSION, TRANSFORMS};
use serde_json::{Map, Value, json};

/// The schema (draft 2020-12). An editor finds it by the line `#:schema ./policy.schema.json` at the head of
/// a policy.
#[must_use]
pub fn write_schema() -> String {
    let top = json!({
        "language": described("the version of the language", json!({ "const": LANGUAGE_VERSION })),
        "policy": policy(),
        "vendors": named(closed(&[("name", text()), ("role", words(&["supplier", "processor"])), ("contract", text())], &["name", "role"])),
        "fields": fields(),
        "groups": named(texts()),
        "consents": named(consent()),
        "purposes": named(purpose()),
        "never": closed(&[("fields", texts()), ("items", named(texts()))], &[]),
        "children": children(),
        "defaults": closed(&[("limits", limits())], &[]),
        "strategies": named(strategy()),
        "stop": closed(&[("everything", flag()), ("strategies", texts())], &[]),
        "audit": audit(),
        "reasons": named(spoken()),
        "test": json!({ "type": "array", "items": test() }),
    });
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "jardin privacy policy",
        "type": "object",
        "properties": top,
        "required": ["language", "policy", "fields", "purposes", "strategies"],
        "additionalProperties": false,
    });
    format!("{schema:#}\n")
}

fn described(what: &str, mut schema: Value) -> Value {
    if let Some(map) = schema.as_object_mut() {
        map.insert("description".to_owned(), json!(what));
    }
    schema
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn texts() -> Value {
    json!({ "type": "array", "items": { "type": "string" } })
}

fn flag() -> Value {
    json!({ "type": "boolean" })
}

/// A day, which TOML writes without quotes; editors hand it on as they like.
fn day() -> Value {
    json!({ "description": "a day, such as 2026-11-20, without quotes" })
}

fn count() -> Value {
    json!({ "type": "integer", "minimum": 1 })
}

fn span() -> Value {
    json!({ "type": "string", "pattern": "^[1-9][0-9]* (second|minute|hour|day|week|month|year)s?$" })
}

fn words(list: &[&str]) -> Value {
    json!({ "enum": list })
}

/// One text in each language.
fn spoken() -> Value {
    json!({ "type": "object", "additionalProperties": { "type": "string" }, "minProperties": 1 })
}

/// A table whose keys the author chooses.
fn named(of: Value) -> Value {
    json!({ "type": "object", "additionalProperties": of })
}

/// A table with these keys and no other.
fn closed(keys: &[(&str, Value)], required: &[&str]) -> Value {
    let properties: Map<String, Value> = keys.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn policy() -> Value {
    let record = closed(
        &[("people", texts()), ("recipients", texts()), ("transfers", texts()), ("authority", text())],
        &[],
    );
    closed(
        &[
            ("controller", described("who answers for the data", text())),
            ("contact", described("where shoppers write", text())),
            ("dpo", text()),
            ("languages", texts()),
            ("record", record),
            (
                "revision",
                described(
                    "begins with its date",
                    json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}" }),
                ),
            ),
            ("approved", closed(&[("by", text()), ("on", day()), ("review_by", day())], &["by", "on"])),
            ("dpo_advice", closed(&[("says", text()), ("reference", text()), ("on", day())], &["says"])),
            ("dpia", described("its reference, or \"not needed: why\"", text())),
            ("ends_after_idle", closed(&[("session", span()), ("account", span())], &[])),
            ("time_zone", described("whose midnight makes a birthday", text())),
            ("fallback", described("ends every chain; reads nothing about a person", text())),
        ],
        &["controller", "contact", "languages", "revision", "time_zone", "fallback"],
    )
}

fn field() -> Value {
    let types: Vec<&str> = FieldType::ALL.iter().map(|t| t.word()).collect();
    let kinds: Vec<&str> = EventKind::ALL.iter().map(|k| k.word()).collect();
    let of = json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "enum": kinds } }] });
    let mut keys = vec![
        ("type", words(&types)),
        ("class", words(&["none", "confidential", "personal", "highly personal"])),
        ("keep", json!({ "anyOf": [span(), { "enum": ["session", "account"] }] })),
        ("source", words(&["given", "observed", "shop"])),
        ("category", text()),
        ("choices", texts()),
        ("at_most", count()),
        ("always", flag()),
        ("from", json!({ "type": ["string", "integer"] })),
        ("derived_from", texts()),
        ("purpose", text()),
        ("at_least_people", count()),
    ];
    keys.extend(form().into_iter().filter(|(k, _)| !matches!(*k, "of" | "from" | "because")));
    keys.push(("of", of));
    closed(&keys, &[])
}

fn fields() -> Value {
    let spaces = ["subject", "session", "context", "item", "event"].map(|space| (space, named(field())));
    closed(&spaces, &[])
}

/// The figures of every form; a key that two of them have with other ranges may be any number.
fn form() -> Vec<(&'static str, Value)> {
    let every: Vec<&str> = TRANSFORMS.iter().map(|kind| kind.word).collect();
    let mut keys = vec![("as", words(&every)), ("newest", span()), ("because", text())];
    for figure in TRANSFORMS.iter().flat_map(|kind| kind.figures) {
        let allowed = figure_schema(figure.kind);
        match keys.iter_mut().find(|(key, _)| *key == figure.key) {
            Some((_, known)) if *known != allowed => *known = json!({ "type": "number" }),
            Some(_) => {}
            None => keys.push((figure.key, allowed)),
        }
    }
    keys
}

fn figure_schema(kind: FigureKind) -> Value {
    match kind {
        FigureKind::Whole { least, most, .. } => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        FigureKind::Above0 => json!({ "type": "number" }),
        FigureKind::Borders => json!({ "type": "array", "items": { "type": "number" }, "minItems": 1 }),
        FigureKind::ItemField => text(),
        FigureKind::Map => named(text()),
        FigureKind::Span => span(),
    }
}

fn consent() -> Value {
    let purposes = json!({ "type": "array", "items": { "type": "integer", "minimum": 1, "maximum": 24 } });
    let signals = closed(
        &[("tcf_publisher_purposes", purposes), ("consent_mode", text()), ("may", words(&["only refuse"]))],
        &["may"],
    );
    closed(&[("texts", texts()), ("lasts", span()), ("signals", signals)], &["texts", "lasts"])
}

fn purpose() -> Value {
    closed(
        &[
            ("says", spoken()),
            ("profiling", flag()),
            ("profiling_because", text()),
            ("basis", words(&["nothing about a person is read", "legitimate interests", "consent"])),
            ("needs", texts()),
            ("interest", spoken()),
            ("balance", text()),
            ("device", words(&["nothing", "consent"])),
            (
                "stop_if",
                json!({ "type": "array", "items": { "enum": ["objection", "global privacy control"] } }),
            ),
        ],
        &["says", "profiling", "basis"],
    )
}

fn children() -> Value {
    let keys = [
        ("under", json!({ "type": "integer", "minimum": 1, "maximum": 25 })),
        ("age_from", text()),
        ("also_if", texts()),
        ("unknown_age", words(&["child", "adult"])),
        ("unknown_because", text()),
    ];
    closed(&keys, &["under", "unknown_age"])
}

fn limits() -> Value {
    closed(&[("time_ms", count()), ("memory_mb", count()), ("results", count())], &[])
}

fn strategy() -> Value {
    let bare = TRANSFORMS.iter().filter(|kind| kind.needs_no_figures()).map(|kind| kind.word);
    let grant = json!({ "anyOf": [words(&bare.collect::<Vec<_>>()), closed(&form(), &["as"])] });
    let learn = closed(&[("as", words(&["sessions"])), ("newest", span())], &["as"]);
    closed(
        &[
            ("plugin", text()),
            ("script", text()),
            ("vendor", text()),
            ("pinned", flag()),
            ("isolation", words(&["sandbox", "process"])),
            ("purpose", text()),
            ("learning_purpose", text()),
            ("may_read", named(grant)),
            ("may_learn_from", named(learn)),
            ("may_ask", texts()),
            ("limits", limits()),
        ],
        &["purpose"],
    )
}

fn audit() -> Value {
    closed(
        &[
            ("basis", words(&["legitimate interests"])),
            ("balance", text()),
            ("record", words(&["every decision", "refusals"])),
            ("person", words(&["pseudonym"])),
            ("when_full", words(&["fallback"])),
            ("keep", span()),
            ("keep_proofs", span()),
        ],
        &["balance", "keep"],
    )
}

fn test() -> Value {
    let modes = named(flag());
    let signals = closed(
        &[("gpc", flag()), ("tcf_publisher_purposes", json!({ "type": "array" })), ("consent_mode", modes)],
        &[],
    );
    let any = json!({ "type": "object" });
    let given = closed(
        &[
            ("consent", texts()),
            ("consent_on", day()),
            ("consent_text", text()),
            ("objected", flag()),
            ("restricted", flag()),
            ("signals", signals),
            ("today", day()),
            ("subject", any.clone()),
            ("session", any.clone()),
            ("context", any.clone()),
        ],
        &[],
    );
    let expect = closed(
        &[
            ("runs", text()),
            ("sees", any),
            ("hides", texts()),
            ("stores", texts()),
            ("teaches", texts()),
            ("sees_nothing_about_the_person", flag()),
        ],
        &[],
    );
    closed(
        &[("name", text()), ("ask", text()), ("given", given), ("expect", expect)],
        &["name", "ask", "expect"],
    )
}
