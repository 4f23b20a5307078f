//! A person's own data, her consents and her erasure.

use std::{collections::BTreeMap, sync::Arc};

use jardin_engine::{ConsentGiven, ConsentShown, ErasureReceipt, PersonShown, Problem};
use jardin_model::ChoiceStatus;
use serde::Serialize;
use serde_json::{Value, json};

use super::Object;

/// Everything that is stored of a person (GDPR Art. 15 and 20).
#[derive(Serialize)]
pub(crate) struct PersonBody {
    subject_id: String,
    fields: BTreeMap<String, Value>,
    consents: Vec<Value>,
    objection: Value,
    restriction: Value,
    last_seen: String,
    events: Vec<Value>,
}

impl PersonBody {
    pub(crate) fn new(subject_id: String, person: &PersonShown) -> Self {
        let since = |at: Option<jardin_model::Timestamp>| json!({"active": at.is_some(), "since": at.map(|t| t.to_string())});
        Self {
            subject_id,
            fields: person
                .fields
                .iter()
                .map(|(k, v)| {
                    (k.to_string(), json!({"value": v.value, "stored_at": v.stored_at.to_string()}))
                })
                .collect(),
            consents: person.consents.iter().map(shown).collect(),
            objection: since(person.objected),
            restriction: since(person.restricted),
            last_seen: person.last_seen.to_string(),
            events: person.events.iter().map(event).collect(),
        }
    }
}

/// An event in the form in which it came.
fn event(event: &jardin_engine::ExportedEvent) -> Value {
    let items = event.items.iter().map(|line| {
        let said = json!({"item_id": line.item.as_str(), "quantity": line.quantity});
        beside(said, &line.fields)
    });
    let said = json!({
        "type": event.kind.word(),
        "occurred_at": event.occurred_at.to_string(),
        "session_id": event.session.as_ref().map(jardin_model::SessionId::as_str),
        "recommendation_id": event.recommendation.as_ref().map(jardin_model::RecommendationId::as_str),
        "items": items.collect::<Vec<_>>(),
    });
    beside(said, &event.fields)
}

/// Declared fields beside an envelope, whose own words come first.
fn beside(mut envelope: Value, fields: &BTreeMap<Arc<str>, Value>) -> Value {
    if let Some(object) = envelope.as_object_mut() {
        for (name, value) in fields {
            object.entry(&**name).or_insert_with(|| value.clone());
        }
    }
    envelope
}

const fn status(status: ChoiceStatus) -> &'static str {
    match status {
        ChoiceStatus::Granted => "granted",
        ChoiceStatus::Withdrawn => "withdrawn",
    }
}

/// A consent as it is shown.
pub(crate) fn shown(consent: &ConsentShown) -> Value {
    json!({
        "name": &*consent.name,
        "status": status(consent.status),
        "text_version": &*consent.text_version,
        "source": &*consent.source,
        "at": consent.at.to_string(),
        "counts": consent.counts,
    })
}

/// Decodes an answer to a consent question.
pub(crate) fn consent(body: Value) -> Result<ConsentGiven, Problem> {
    let refuse = |what| Problem::Unprocessable { what, names: Vec::new() };
    let mut object = Object::new(body)?;
    let status = match object.text("status", "`status` is `granted` or `withdrawn`")?.as_deref() {
        Some("granted") => ChoiceStatus::Granted,
        Some("withdrawn") => ChoiceStatus::Withdrawn,
        _ => return Err(refuse("`status` is `granted` or `withdrawn`")),
    };
    let text_version = object.text("text_version", "`text_version` is a text")?;
    let source = object.text("source", "`source` is a text")?;
    object.end("the body has an unknown key; known are status, text_version, source")?;
    if status == ChoiceStatus::Granted && text_version.is_none() {
        return Err(refuse("`text_version` is missing: which text of the question was answered?"));
    }
    let short = |text: Option<String>| text.unwrap_or_default().chars().take(64).collect::<String>();
    Ok(ConsentGiven { status, text_version: short(text_version).into(), source: short(source).into() })
}

#[derive(Serialize)]
pub(crate) struct ErasureBody {
    erasure_id: String,
    erased_at: String,
    events: u64,
}

impl From<ErasureReceipt> for ErasureBody {
    fn from(receipt: ErasureReceipt) -> Self {
        Self {
            erasure_id: receipt.receipt.to_string(),
            erased_at: receipt.at.to_string(),
            events: receipt.events,
        }
    }
}
