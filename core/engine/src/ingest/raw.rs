//! Events as a shop sends them: the envelope by its names, all else as fields for the policy to judge.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{
    Event, EventId, EventKind, ItemId, Line, Namespace, RecommendationId, SessionId, SubjectId, Timestamp,
    Value,
};
use jardin_policy::Policy;
use serde_json::Value as Json;

use crate::{api::Fields, values};

/// The most products of one event.
const MAX_LINES: usize = 2_000;
/// The most fields of one event or line.
const MAX_FIELDS: usize = 64;
/// The highest quantity.
const MAX_QUANTITY: u64 = 1_000_000;

/// An event of its JSON.
///
/// # Errors
/// A stable word for what is wrong; no value is repeated.
pub(super) fn read_event(json: Json, policy: &Policy) -> Result<Event, &'static str> {
    let Json::Object(mut object) = json else {
        return Err("not-an-object");
    };
    let kind = object.remove("type").ok_or("type-missing")?;
    let kind = kind.as_str().and_then(EventKind::from_word).ok_or("unknown-type")?;
    let at = object.remove("occurred_at").ok_or("occurred-at-missing")?;
    let occurred_at = at.as_str().and_then(|t| Timestamp::parse(t).ok()).ok_or("occurred-at-invalid")?;
    let event = Event {
        id: read_id(&mut object, "event_id", |t| EventId::new(t).ok(), "event-id-invalid")?,
        kind,
        occurred_at,
        subject: read_id(&mut object, "subject_id", |t| SubjectId::new(t).ok(), "subject-id-invalid")?,
        session: read_id(&mut object, "session_id", |t| SessionId::new(t).ok(), "session-id-invalid")?,
        recommendation: read_id(
            &mut object,
            "recommendation_id",
            |t| RecommendationId::new(t).ok(),
            "recommendation-id-invalid",
        )?,
        lines: read_lines(object.remove("items"), policy)?,
        fields: read_fields(object, policy)?,
    };
    if event.lines.is_empty() && kind != EventKind::Search {
        return Err("items-missing");
    }
    Ok(event)
}

fn read_id<T>(
    object: &mut Fields,
    key: &str,
    read: impl Fn(&str) -> Option<T>,
    problem: &'static str,
) -> Result<Option<T>, &'static str> {
    match object.remove(key) {
        None | Some(Json::Null) => Ok(None),
        Some(json) => json.as_str().and_then(read).map(Some).ok_or(problem),
    }
}

fn read_lines(json: Option<Json>, policy: &Policy) -> Result<Vec<Line>, &'static str> {
    match json {
        None | Some(Json::Null) => Ok(Vec::new()),
        Some(Json::Array(lines)) if lines.len() > MAX_LINES => Err("too-many-items"),
        Some(Json::Array(lines)) => lines.into_iter().map(|json| read_line(json, policy)).collect(),
        Some(_) => Err("items-invalid"),
    }
}

fn read_line(json: Json, policy: &Policy) -> Result<Line, &'static str> {
    let Json::Object(mut object) = json else {
        return Err("items-invalid");
    };
    let item = read_id(&mut object, "item_id", |t| ItemId::new(t).ok(), "item-id-invalid")?
        .ok_or("item-id-missing")?;
    let quantity = match object.remove("quantity") {
        None | Some(Json::Null) => 1,
        Some(json) => json.as_u64().filter(|n| (1..=MAX_QUANTITY).contains(n)).ok_or("quantity-invalid")?,
    };
    Ok(Line {
        item,
        quantity: u32::try_from(quantity).map_err(|_| "quantity-invalid")?,
        fields: read_fields(object, policy)?,
    })
}

fn read_fields(object: Fields, policy: &Policy) -> Result<BTreeMap<Arc<str>, Value>, &'static str> {
    if object.len() > MAX_FIELDS {
        return Err("too-many-fields");
    }
    let offered = object.into_iter().filter(|(_, json)| !json.is_null()).map(|(name, json)| {
        let kind = policy.rules().declared(Namespace::Event, &name).map(|f| f.kind);
        (Arc::from(name), values::offered_value(&json, kind))
    });
    Ok(offered.collect())
}
