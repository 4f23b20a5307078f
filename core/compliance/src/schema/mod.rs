//! The language as a JSON Schema, for editors that complete and check while one writes.

mod asked;
mod restraint;

use jardin_model::{EventKind, FieldType};
use jardin_policy::{FigureKind, LANGUAGE_VERSION, TRANSFORMS, rules::PartyRole};
use serde_json::{Map, Value, json};

use asked::{consent_schema, purpose_schema};
use restraint::restraint_schema;

/// The schema (draft 2020-12). An editor finds it by the line `#:schema ./policy.schema.json` at the head of
/// a policy.
#[must_use]
pub fn write_schema() -> String {
    let top = json!({
        "language": described("the version of the language", json!({ "const": LANGUAGE_VERSION })),
        "policy": policy_schema(),
        "vendors": named_schema(closed_schema(&[("name", text_schema()), ("role", words_schema(&["supplier", "processor"])), ("contract", described("its reference; a processor needs one", text_schema()))], &["name", "role"])),
        "fields": fields_schema(),
        "groups": named_schema(texts_schema()),
        "consents": named_schema(consent_schema()),
        "purposes": named_schema(purpose_schema()),
        "never": closed_schema(
            &[
                ("fields", texts_schema()),
                ("items", named_schema(texts_schema())),
                ("separators", texts_schema()),
                ("says", described("what people are told of it", spoken_schema())),
            ],
            &[],
        ),
        "discreet": described("what is done with such products counts within that visit alone", closed_schema(&[("items", named_schema(texts_schema()))], &[])),
        "restraint": described("what holds lists back from somebody", restraint_schema()),
        "children": children_schema(),
        "defaults": closed_schema(&[("limits", limits_schema())], &[]),
        "strategies": named_schema(strategy_schema()),
        "stop": closed_schema(&[("everything", flag_schema()), ("strategies", texts_schema())], &[]),
        "audit": audit_schema(),
        "reasons": named_schema(spoken_schema()),
        "test": json!({ "type": "array", "items": test_schema() }),
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

fn text_schema() -> Value {
    json!({ "type": "string" })
}

fn texts_schema() -> Value {
    json!({ "type": "array", "items": { "type": "string" } })
}

fn flag_schema() -> Value {
    json!({ "type": "boolean" })
}

/// A day, which TOML writes without quotes; editors hand it on as they like.
fn day_schema() -> Value {
    json!({ "description": "a day, such as 2026-11-20, without quotes" })
}

fn count_schema() -> Value {
    json!({ "type": "integer", "minimum": 1 })
}

fn up_to(most: u32) -> Value {
    json!({ "type": "integer", "minimum": 1, "maximum": most })
}

/// Texts, one at least.
fn some_texts_schema() -> Value {
    json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 })
}

fn span_schema() -> Value {
    json!({ "type": "string", "pattern": "^[1-9][0-9]* (second|minute|hour|day|week|month|year)s?$" })
}

fn words_schema(list: &[&str]) -> Value {
    json!({ "enum": list })
}

/// One text in each language.
fn spoken_schema() -> Value {
    json!({ "type": "object", "additionalProperties": { "type": "string" }, "minProperties": 1 })
}

/// A table whose keys the author chooses.
fn named_schema(of: Value) -> Value {
    json!({ "type": "object", "additionalProperties": of })
}

/// A table with these keys and no other.
fn closed_schema(keys: &[(&str, Value)], required: &[&str]) -> Value {
    let properties: Map<String, Value> = keys.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// Names, or tables that say more of somebody.
fn parties_schema() -> Value {
    let roles: Vec<&str> = PartyRole::ALL.iter().map(|role| role.word()).collect();
    let party = closed_schema(
        &[
            ("name", text_schema()),
            ("role", words_schema(&roles)),
            ("country", text_schema()),
            ("safeguard", described("what protects it there (GDPR Art. 46)", text_schema())),
            ("contract", described("its reference; a processor needs one", text_schema())),
            ("for", described("what it receives data for", text_schema())),
        ],
        &["name"],
    );
    json!({ "type": "array", "items": { "anyOf": [text_schema(), party] } })
}

fn policy_schema() -> Value {
    let record = closed_schema(
        &[
            ("people", texts_schema()),
            ("recipients", described("who receives data; left out, it is not stated", parties_schema())),
            (
                "transfers",
                described("who receives it outside the EEA; left out, it is not stated", parties_schema()),
            ),
            ("authority", text_schema()),
        ],
        &[],
    );
    closed_schema(
        &[
            ("controller", described("who answers for the data", text_schema())),
            ("contact", described("where shoppers write", text_schema())),
            ("dpo", text_schema()),
            ("languages", some_texts_schema()),
            ("record", record),
            (
                "revision",
                described(
                    "begins with its date",
                    json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}" }),
                ),
            ),
            (
                "approved",
                closed_schema(
                    &[("by", text_schema()), ("on", day_schema()), ("review_by", day_schema())],
                    &["by", "on"],
                ),
            ),
            (
                "approvers",
                described(
                    "whose signed approval counts",
                    json!({
                        "type": "array",
                        "items": closed_schema(
                            &[
                                ("name", text_schema()),
                                ("key", described("their public key", text_schema())),
                            ],
                            &["name", "key"],
                        ),
                    }),
                ),
            ),
            (
                "dpo_advice",
                closed_schema(
                    &[("says", text_schema()), ("reference", text_schema()), ("on", day_schema())],
                    &["says"],
                ),
            ),
            ("dpia", described("its reference, or \"not needed: why\"", text_schema())),
            (
                "ends_after_idle",
                closed_schema(&[("session", span_schema()), ("account", span_schema())], &[]),
            ),
            ("time_zone", described("whose midnight makes a birthday", text_schema())),
            ("fallback", described("ends every chain; reads nothing about a person", text_schema())),
        ],
        &["controller", "contact", "languages", "revision", "time_zone", "fallback"],
    )
}

fn field_schema() -> Value {
    let types: Vec<&str> = FieldType::ALL.iter().map(|t| t.word()).collect();
    let kinds: Vec<&str> = EventKind::ALL.iter().map(|k| k.word()).collect();
    let of = json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "enum": kinds } }] });
    let mut keys = vec![
        (
            "type",
            described("every field has one but what is made of another, by `from`", words_schema(&types)),
        ),
        (
            "class",
            described(
                "every field has one but what is made of another",
                words_schema(&["none", "confidential", "personal", "highly personal"]),
            ),
        ),
        ("keep", json!({ "anyOf": [span_schema(), { "enum": ["session", "account"] }] })),
        ("source", words_schema(&["given", "observed", "shop"])),
        ("category", text_schema()),
        ("choices", texts_schema()),
        ("at_most", count_schema()),
        ("always", flag_schema()),
        ("from", json!({ "type": ["string", "integer"] })),
        ("derived_from", texts_schema()),
        ("purpose", text_schema()),
        ("at_least_people", count_schema()),
    ];
    keys.extend(form_schema().into_iter().filter(|(k, _)| !matches!(*k, "of" | "from" | "because" | "may")));
    keys.push(("of", of));
    closed_schema(&keys, &[])
}

fn fields_schema() -> Value {
    let spaces =
        ["subject", "session", "context", "item", "event"].map(|space| (space, named_schema(field_schema())));
    closed_schema(&spaces, &[])
}

/// The figures of every form; a key that two of them have with other ranges may be any number.
fn form_schema() -> Vec<(&'static str, Value)> {
    let every: Vec<&str> = TRANSFORMS.iter().map(|kind| kind.word).collect();
    let mut keys = vec![("as", words_schema(&every)), ("newest", span_schema()), ("because", text_schema())];
    keys.push((
        "may",
        described(
            "what a field of a person may do to a list; `order` without it",
            words_schema(&["order", "order and hide"]),
        ),
    ));
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
        FigureKind::ItemField => text_schema(),
        FigureKind::Map => named_schema(text_schema()),
        FigureKind::Span => span_schema(),
    }
}

fn children_schema() -> Value {
    let age = || json!({ "type": "integer", "minimum": 1, "maximum": 25 });
    let by_country =
        described("ages of consent by one field, such as `country`", named_schema(named_schema(age())));
    let keys = [
        ("under", described("`consent_from` and `profiling_from` in one", age())),
        ("consent_from", described("below it no answer counts", age())),
        ("profiling_from", described("below it nothing profiles", age())),
        ("by", by_country),
        ("age_from", text_schema()),
        ("also_if", texts_schema()),
        ("unknown_age", words_schema(&["child", "adult"])),
        ("unknown_because", text_schema()),
    ];
    closed_schema(&keys, &["unknown_age"])
}

fn limits_schema() -> Value {
    closed_schema(&[("time_ms", up_to(10_000)), ("memory_mb", up_to(1 << 20)), ("results", up_to(1000))], &[])
}

fn strategy_schema() -> Value {
    let bare = TRANSFORMS.iter().filter(|kind| kind.needs_no_figures()).map(|kind| kind.word);
    let grant =
        json!({ "anyOf": [words_schema(&bare.collect::<Vec<_>>()), closed_schema(&form_schema(), &["as"])] });
    closed_schema(
        &[
            ("plugin", described("either this or `script`", text_schema())),
            ("script", described("either this or `plugin`", text_schema())),
            ("vendor", text_schema()),
            ("pinned", flag_schema()),
            ("isolation", words_schema(&["sandbox", "process"])),
            ("purpose", text_schema()),
            ("learning_purpose", text_schema()),
            ("may_read", named_schema(grant)),
            ("may_learn_from", learning_schema()),
            ("may_ask", texts_schema()),
            ("limits", limits_schema()),
        ],
        &["purpose"],
    )
}

fn learning_schema() -> Value {
    let history = closed_schema(&[("as", words_schema(&["sessions"])), ("newest", span_schema())], &["as"]);
    let count = |says| described(says, json!({ "type": "integer", "minimum": 1, "maximum": 1_000_000_000 }));
    let keys = json!({
        "at_least_people": count("what fewer people did is not shown; 3 where nothing stands here"),
        "a_person_counts": count("how often one person counts at most; 1 where nothing stands here"),
    });
    json!({ "type": "object", "properties": keys, "additionalProperties": history })
}

fn audit_schema() -> Value {
    closed_schema(
        &[
            ("basis", words_schema(&["legitimate interests"])),
            ("balance", text_schema()),
            ("record", words_schema(&["every decision", "refusals"])),
            ("person", words_schema(&["pseudonym"])),
            ("when_full", words_schema(&["fallback"])),
            ("keep", span_schema()),
            ("keep_proofs", span_schema()),
        ],
        &["balance", "keep"],
    )
}

fn test_schema() -> Value {
    let modes = named_schema(flag_schema());
    let signals = closed_schema(
        &[
            ("gpc", flag_schema()),
            ("tcf_publisher_purposes", json!({ "type": "array" })),
            ("consent_mode", modes),
        ],
        &[],
    );
    let any = json!({ "type": "object" });
    let given = closed_schema(
        &[
            ("consent", texts_schema()),
            ("consent_on", day_schema()),
            ("consent_text", text_schema()),
            ("objected", flag_schema()),
            ("restricted", flag_schema()),
            ("stop", closed_schema(&[("everything", flag_schema()), ("strategies", texts_schema())], &[])),
            ("signals", signals),
            ("today", day_schema()),
            ("subject", any.clone()),
            ("session", any.clone()),
            ("context", any.clone()),
        ],
        &[],
    );
    let expect = closed_schema(
        &[
            ("runs", text_schema()),
            ("sees", any),
            ("hides", some_texts_schema()),
            ("stores", texts_schema()),
            ("teaches", texts_schema()),
            ("sees_nothing_about_the_person", flag_schema()),
        ],
        &[],
    );
    closed_schema(
        &[("name", text_schema()), ("ask", text_schema()), ("given", given), ("expect", expect)],
        &["name", "ask", "expect"],
    )
}
