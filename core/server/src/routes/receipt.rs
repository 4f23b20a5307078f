//! What became of what a shop sent: what was taken, refused and dropped.

use jardin_engine::{DroppedFields, Receipt, RefusedEntry};
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
    fields: &[Field::required(
        "count",
        ValueKind::Whole,
        "how many lines of events concern products of `[never]`; an event without lines counts as one",
    )],
    open: false,
};

const REJECTED: Shape = Shape {
    name: "Rejected",
    says: "One entry that was refused.",
    fields: &[
        Field::required("index", ValueKind::Whole, "which entry, from 0"),
        Field::required("problem", ValueKind::Text, "a fixed word, such as `missing-field`"),
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
    ],
    open: false,
};

#[derive(Serialize)]
pub(super) struct ReceiptBody {
    accepted: usize,
    duplicates: usize,
    rejected: Vec<Value>,
    redacted: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    set_aside: Option<SetAside>,
}

#[derive(Serialize)]
struct SetAside {
    count: usize,
}

impl From<&Receipt> for ReceiptBody {
    fn from(receipt: &Receipt) -> Self {
        Self {
            accepted: receipt.accepted,
            duplicates: receipt.duplicates,
            rejected: receipt.rejected.iter().map(rejected_entry).collect(),
            redacted: receipt.redacted.iter().map(redacted_entry).collect(),
            set_aside: (receipt.set_aside > 0).then_some(SetAside { count: receipt.set_aside }),
        }
    }
}

fn rejected_entry(refused: &RefusedEntry) -> Value {
    if refused.names.is_empty() {
        json!({"index": refused.index, "problem": refused.problem})
    } else {
        json!({"index": refused.index, "problem": refused.problem, "fields": name_list(&refused.names)})
    }
}

/// What was dropped, with its index in the batch.
pub(super) fn redacted_entry(dropped: &DroppedFields) -> Value {
    json!({"index": dropped.index, "fields": name_list(&dropped.fields), "rule": dropped.rule})
}

fn name_list(names: &[std::sync::Arc<str>]) -> Value {
    names.iter().map(|name| Value::from(&**name)).collect()
}
