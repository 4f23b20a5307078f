//! Everything that is stored of a person, as it is exported (GDPR Art. 15 and 20).

use std::{collections::BTreeMap, sync::Arc};

use jardin_engine::{DataMeaning, ExportedEvent, ExportedValue, PersonShown, SwitchShown};
use jardin_model::{RecommendationId, SessionId, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    consents::{CONSENT, consent_body},
    meaning::{MEANING, meaning_body},
};
use crate::field::{Field, Shape, ValueKind};

pub(super) const PERSON: Shape = Shape {
    name: "Person",
    says: "Everything that is stored of a person, and what it means.",
    fields: &[
        Field::required("subject_id", ValueKind::Text, "who"),
        Field::required("fields", ValueKind::Map(&ValueKind::Object(&VALUE)), "the profile by field"),
        Field::required(
            "consents",
            ValueKind::List(&ValueKind::Object(&CONSENT)),
            "every answer to a consent question",
        ),
        Field::required(
            "switches",
            ValueKind::List(&ValueKind::Object(&SWITCH)),
            "what they switched, objected to and had restricted, each time",
        ),
        Field::required("objection", ValueKind::Object(&SINCE), "whether the person objects"),
        Field::required("restriction", ValueKind::Object(&SINCE), "whether processing is restricted"),
        Field::required("last_seen", ValueKind::Time, "when the person was last seen"),
        Field::required("events", ValueKind::List(&ValueKind::Object(&EVENT)), "the oldest first"),
        Field::required("about", ValueKind::Object(&MEANING), "what all of it means"),
    ],
    open: false,
};

const SWITCH: Shape = Shape {
    name: "Switched",
    says: "What somebody switched, objected to or had restricted, once.",
    fields: &[
        Field::required(
            "name",
            ValueKind::Text,
            "`personal_lists`, `learning`, `objection` or `restriction`",
        ),
        Field::required(
            "on",
            ValueKind::Flag,
            "on or off; whether an objection or a restriction was set or lifted",
        ),
        Field::required("at", ValueKind::Time, "when"),
        Field::required("source", ValueKind::Text, "where"),
    ],
    open: false,
};

pub(super) const VALUE: Shape = Shape {
    name: "StoredValue",
    says: "A value of a profile.",
    fields: &[
        Field::required("value", ValueKind::Any, "as the shop sent it"),
        Field::required("stored_at", ValueKind::Time, "when it was stored"),
    ],
    open: false,
};

pub(super) const SINCE: Shape = Shape {
    name: "Since",
    says: "Whether it holds, and since when.",
    fields: &[
        Field::required("active", ValueKind::Flag, "whether it holds"),
        Field::required("since", ValueKind::OrNull(&ValueKind::Time), "since when"),
    ],
    open: false,
};

pub(super) const EVENT: Shape = Shape {
    name: "ExportedEvent",
    says: "An event in the form in which it came, with the fields that were stored.",
    fields: &[
        Field::required("type", ValueKind::Text, "what happened"),
        Field::required("occurred_at", ValueKind::Time, "when"),
        Field::required("session_id", ValueKind::OrNull(&ValueKind::Text), "in which visit"),
        Field::required(
            "recommendation_id",
            ValueKind::OrNull(&ValueKind::Text),
            "the answer that led to it",
        ),
        Field::required("items", ValueKind::List(&ValueKind::Object(&LINE)), "the products"),
    ],
    open: true,
};

const LINE: Shape = Shape {
    name: "ExportedEventItem",
    says: "One product of an event, with the fields that were stored.",
    fields: &[
        Field::required("item_id", ValueKind::Text, "which item"),
        Field::required("quantity", ValueKind::Whole, "how many"),
    ],
    open: true,
};

#[derive(Serialize)]
pub(super) struct PersonBody {
    subject_id: String,
    fields: BTreeMap<String, Value>,
    consents: Vec<Value>,
    switches: Vec<Value>,
    objection: Value,
    restriction: Value,
    last_seen: String,
    events: Vec<Value>,
    about: Value,
}

impl PersonBody {
    pub(super) fn new(subject_id: String, person: &PersonShown, meaning: &DataMeaning) -> Self {
        let fields = person.fields.iter().map(|(name, stored)| (name.to_string(), value_body(stored)));
        Self {
            subject_id,
            fields: fields.collect(),
            consents: person.consents.iter().map(consent_body).collect(),
            switches: person.switches.iter().map(switch_body).collect(),
            objection: since_body(person.objected),
            restriction: since_body(person.restricted),
            last_seen: person.last_seen.to_string(),
            events: person.events.iter().map(event_body).collect(),
            about: meaning_body(meaning),
        }
    }
}

fn switch_body(set: &SwitchShown) -> Value {
    json!({"name": set.name, "on": set.is_on, "at": set.at.to_string(), "source": &*set.source})
}

/// A value of a profile.
pub(super) fn value_body(stored: &ExportedValue) -> Value {
    json!({"value": stored.value, "stored_at": stored.stored_at.to_string()})
}

pub(super) fn since_body(at: Option<Timestamp>) -> Value {
    json!({"active": at.is_some(), "since": at.map(|t| t.to_string())})
}

pub(super) fn event_body(event: &ExportedEvent) -> Value {
    let items = event.items.iter().map(|line| {
        let envelope = json!({"item_id": line.item.as_str(), "quantity": line.quantity});
        add_fields(envelope, &line.fields)
    });
    let envelope = json!({
        "type": event.kind.word(),
        "occurred_at": event.occurred_at.to_string(),
        "session_id": event.session.as_ref().map(SessionId::as_str),
        "recommendation_id": event.recommendation.as_ref().map(RecommendationId::as_str),
        "items": items.collect::<Vec<_>>(),
    });
    add_fields(envelope, &event.fields)
}

/// Declared fields beside an envelope, whose own words come first.
fn add_fields(mut envelope: Value, fields: &BTreeMap<Arc<str>, Value>) -> Value {
    if let Some(object) = envelope.as_object_mut() {
        for (name, value) in fields {
            object.entry(&**name).or_insert_with(|| value.clone());
        }
    }
    envelope
}
