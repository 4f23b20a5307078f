//! What stored data means to the person whom it is about, in their export (GDPR Art. 15(1)).

use std::{collections::BTreeMap, sync::Arc};

use jardin_engine::{DataMeaning, DataUse, PurposeMeaning};
use jardin_policy::rules::Party;
use serde_json::{Value, json};

use crate::field::{Field, Shape, ValueKind};

pub(super) const MEANING: Shape = Shape {
    name: "DataMeaning",
    says: "For what stored data is used, on which ground, for how long it is kept, and who receives it. `null` is what the policy does not state.",
    fields: &[
        Field::required("controller", ValueKind::Text, "who answers for the data"),
        Field::required("contact", ValueKind::Text, "where to reach them"),
        Field::required("authority", ValueKind::OrNull(&ValueKind::Text), "where to complain"),
        Field::required(
            "recipients",
            ValueKind::OrNull(&ValueKind::List(&ValueKind::Object(&PARTY))),
            "who receives data",
        ),
        Field::required(
            "transfers",
            ValueKind::OrNull(&ValueKind::List(&ValueKind::Object(&PARTY))),
            "who receives it outside the EEA",
        ),
        Field::required(
            "purposes",
            ValueKind::Map(&ValueKind::Object(&PURPOSE)),
            "the purposes that use anything of what is stored, by name",
        ),
        Field::required("fields", ValueKind::Map(&ValueKind::Object(&USE)), "what each field is, by name"),
        Field::required("events", ValueKind::Map(&ValueKind::Object(&USE)), "what each type of event is"),
        Field::required(
            "learned",
            ValueKind::Map(&ValueKind::Whole),
            "from how many sessions of theirs each strategy has learned",
        ),
    ],
    open: false,
};

const PARTY: Shape = Shape {
    name: "Recipient",
    says: "Somebody who receives data.",
    fields: &[
        Field::required("name", ValueKind::Text, "who"),
        Field::required("role", ValueKind::OrNull(&ValueKind::Text), "what they are to the controller"),
        Field::required("country", ValueKind::OrNull(&ValueKind::Text), "where they sit"),
        Field::required("safeguard", ValueKind::OrNull(&ValueKind::Text), "what protects the data there"),
        Field::required("for", ValueKind::OrNull(&ValueKind::Text), "what they receive it for"),
    ],
    open: false,
};

const PURPOSE: Shape = Shape {
    name: "PurposeMeaning",
    says: "What a purpose is.",
    fields: &[
        Field::required("says", ValueKind::Text, "in the words that people are told"),
        Field::required("basis", ValueKind::Text, "its legal ground"),
        Field::required("interest", ValueKind::OrNull(&ValueKind::Text), "the interest pursued"),
        Field::required("profiling", ValueKind::Flag, "whether it evaluates the person"),
    ],
    open: false,
};

const USE: Shape = Shape {
    name: "DataUse",
    says: "What a field or a type of event is, and is used for.",
    fields: &[
        Field::required(
            "source",
            ValueKind::OrNull(&ValueKind::Text),
            "where it comes from: `given`, `observed` or `shop`",
        ),
        Field::required("kept", ValueKind::List(&ValueKind::Text), "how long it is kept"),
        Field::required("purposes", ValueKind::List(&ValueKind::Text), "the purposes that use it"),
        Field::required(
            "strategies",
            ValueKind::List(&ValueKind::Text),
            "the strategies that read it or learn from it",
        ),
    ],
    open: false,
};

/// What stored data means, as JSON.
pub(super) fn meaning_body(meaning: &DataMeaning) -> Value {
    let parties =
        |of: &Option<Vec<Party>>| of.as_ref().map(|all| all.iter().map(party_body).collect::<Vec<_>>());
    let purposes: BTreeMap<&str, Value> =
        meaning.purposes.iter().map(|(name, purpose)| (&**name, purpose_body(purpose))).collect();
    let fields: BTreeMap<&str, Value> =
        meaning.fields.iter().map(|(name, used)| (&**name, use_body(used))).collect();
    let events: BTreeMap<&str, Value> =
        meaning.events.iter().map(|(word, used)| (*word, use_body(used))).collect();
    let learned: BTreeMap<&str, usize> =
        meaning.learned.iter().map(|(strategy, count)| (strategy.as_str(), *count)).collect();
    json!({
        "controller": &*meaning.controller,
        "contact": &*meaning.contact,
        "authority": meaning.authority.as_deref(),
        "recipients": parties(&meaning.recipients),
        "transfers": parties(&meaning.transfers),
        "purposes": purposes,
        "fields": fields,
        "events": events,
        "learned": learned,
    })
}

fn party_body(party: &Party) -> Value {
    json!({
        "name": &*party.name,
        "role": party.role.map(|role| role.word()),
        "country": party.country.as_deref(),
        "safeguard": party.safeguard.as_deref(),
        "for": party.purpose.as_deref(),
    })
}

fn purpose_body(purpose: &PurposeMeaning) -> Value {
    json!({
        "says": &*purpose.says,
        "basis": purpose.basis,
        "interest": purpose.interest.as_deref(),
        "profiling": purpose.profiling,
    })
}

fn use_body(used: &DataUse) -> Value {
    let names = |all: &[Arc<str>]| all.iter().map(|name| Value::from(&**name)).collect::<Vec<_>>();
    let strategies: Vec<&str> = used.strategies.iter().map(|name| name.as_str()).collect();
    json!({
        "source": used.source.as_deref(),
        "kept": used.kept,
        "purposes": names(&used.purposes),
        "strategies": strategies,
    })
}
