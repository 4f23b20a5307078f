//! What became of what a shop sent: what was taken, refused and dropped.

use std::collections::BTreeMap;

use jardin_engine::{DroppedFields, Receipt, RefusedEntry, SetAside};
use serde::Serialize;
use serde_json::{Value, json};

use crate::field::{Field, Shape, ValueKind};

pub(super) const RECEIPT: Shape = Shape {
    name: "Receipt",
    says: "What became of a batch. What was taken is durable.",
    fields: &[
        Field::required("accepted", ValueKind::Whole, "how many were taken"),
        Field::required("duplicates", ValueKind::Whole, "how many were known already"),
        Field::required("rejected", ValueKind::List(&ValueKind::Object(&REJECTED)), "which were refused"),
        Field::required(
            "redacted",
            ValueKind::List(&ValueKind::Object(&REDACTED)),
            "what was dropped of those that were taken",
        ),
        Field::optional(
            "unknown_items",
            ValueKind::Whole,
            "how many items were named that the catalogue does not have, where there were",
        ),
        Field::optional(
            "set_aside",
            ValueKind::Object(&SET_ASIDE),
            "what a rule of the policy kept out, where it did; no error",
        ),
    ],
    open: false,
};

const SET_ASIDE: Shape = Shape {
    name: "SetAside",
    says: "What the policy kept out of what was sent.",
    fields: &[
        Field::required("count", ValueKind::Whole, "how much in all"),
        Field::required(
            "reasons",
            ValueKind::Map(&ValueKind::Whole),
            "how much by each rule: lines of events for `never` and `discreet`, events for every other",
        )
        .such_as(r#"{"never":1,"no-purpose":2}"#),
    ],
    open: false,
};

const REJECTED: Shape = Shape {
    name: "Rejected",
    says: "One entry that was refused.",
    fields: &[
        Field::required("index", ValueKind::Whole, "which entry, from 0"),
        Field::required("problem", ValueKind::Text, "a fixed word, such as `missing-field`"),
        Field::required("detail", ValueKind::Text, "what is wrong and what is expected, in a sentence"),
        Field::optional("fields", ValueKind::List(&ValueKind::Text), "the declared names that it concerns"),
    ],
    open: false,
};

pub(super) const REDACTED: Shape = Shape {
    name: "Redacted",
    says: "Fields that were dropped of one entry.",
    fields: &[
        Field::optional("index", ValueKind::Whole, "which entry, from 0; not there for a person's profile"),
        Field::required("fields", ValueKind::List(&ValueKind::Text), "as the sender called them"),
        Field::required("rule", ValueKind::Text, "a fixed word, such as `undeclared`"),
        Field::optional(
            "details",
            ValueKind::List(&ValueKind::Text),
            "for each that cannot be read the form that is expected",
        ),
    ],
    open: false,
};

#[derive(Serialize)]
pub(super) struct ReceiptBody {
    accepted: usize,
    duplicates: usize,
    rejected: Vec<Value>,
    redacted: Vec<Value>,
    #[serde(skip_serializing_if = "is_none_at_all")]
    unknown_items: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    set_aside: Option<SetAsideBody>,
}

#[derive(Serialize)]
struct SetAsideBody {
    count: usize,
    reasons: BTreeMap<&'static str, usize>,
}

impl From<&Receipt> for ReceiptBody {
    fn from(receipt: &Receipt) -> Self {
        Self {
            accepted: receipt.accepted,
            duplicates: receipt.duplicates,
            rejected: receipt.rejected.iter().map(rejected_entry).collect(),
            redacted: receipt.redacted.iter().map(redacted_entry).collect(),
            unknown_items: receipt.unknown_items,
            set_aside: set_aside_body(&receipt.set_aside),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a field over by reference")]
const fn is_none_at_all(count: &usize) -> bool {
    *count == 0
}

fn set_aside_body(set_aside: &SetAside) -> Option<SetAsideBody> {
    let count = set_aside.count();
    (count > 0).then(|| SetAsideBody { count, reasons: set_aside.by_rule().collect() })
}

fn rejected_entry(refused: &RefusedEntry) -> Value {
    let RefusedEntry { index, problem, detail, names } = refused;
    let entry = json!({"index": index, "problem": problem, "detail": detail});
    if names.is_empty() { entry } else { with_entry(entry, "fields", name_list(names)) }
}

fn with_entry(mut object: Value, key: &str, value: Value) -> Value {
    object.as_object_mut().map(|map| map.insert(key.to_owned(), value));
    object
}

/// What was dropped, with its index in the batch.
pub(super) fn redacted_entry(dropped: &DroppedFields) -> Value {
    let DroppedFields { index, fields, rule, details } = dropped;
    let entry = json!({"index": index, "fields": name_list(fields), "rule": rule});
    if details.is_empty() { entry } else { with_entry(entry, "details", json!(details)) }
}

fn name_list(names: &[std::sync::Arc<str>]) -> Value {
    names.iter().map(|name| Value::from(&**name)).collect()
}
