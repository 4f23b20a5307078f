//! Google Analytics 4 as it exports to BigQuery, an event a row
//! (<https://support.google.com/analytics/answer/7029846>).

use std::io::BufRead;

use jardin_model::{EventKind, Timestamp};
use serde_json::{Map, Value};

use super::events::{
    Tracked, needs_items, put_text, read_count, read_events, read_text, unknown_type, write_line,
};
use crate::{
    ImportError, ReadOptions, Sink, Summary, fingerprint::fingerprint, head::FileHead, shape::Shape,
};

/// Events of Google Analytics 4.
pub(crate) struct Ga4;

impl Shape for Ga4 {
    fn shape_name(&self) -> &'static str {
        "ga4"
    }

    fn recognise_head(&self, head: &FileHead<'_>) -> Option<&'static str> {
        let is_export = head.has_keys(&["event_name", "event_timestamp"]);
        is_export.then_some("events of Google Analytics 4 as BigQuery exports them")
    }

    fn read(
        &self,
        content: &mut dyn BufRead,
        options: &ReadOptions,
        sink: &mut Sink<'_>,
    ) -> Result<Summary, ImportError> {
        let item_id = options.map.column_of("item_id").unwrap_or("item_id").to_owned();
        read_events(content, sink, &|object| read_event(object, options, &item_id))
    }
}

fn read_event(object: &Value, options: &ReadOptions, item_id: &str) -> Tracked {
    let Some(name) = object.get("event_name").and_then(Value::as_str) else {
        return Tracked::Bad("`event_name` must be a text".into());
    };
    let kind = options.map.event(name).unwrap_or(if name == "view_search_results" { "search" } else { name });
    if EventKind::from_word(kind).is_none() {
        return unknown_type(name);
    }
    // GA4 writes the answer as a text
    let storage = object.get("privacy_info").and_then(|info| info.get("analytics_storage"));
    if storage.and_then(Value::as_str).is_some_and(|answer| answer.eq_ignore_ascii_case("no")) {
        return Tracked::Aside("an event of a visitor who denied storage for analytics".into());
    }
    let Some(at) = read_count(object.get("event_timestamp")).and_then(|us| i64::try_from(us / 1000).ok())
    else {
        return Tracked::Bad(
            "`event_timestamp` must be microseconds since 1970, for example 1764329696789000".into(),
        );
    };
    let lines = match read_lines(object, item_id) {
        Ok(lines) => lines,
        Err(what) => return Tracked::Bad(what.into()),
    };
    if lines.is_empty() && needs_items(kind) {
        return Tracked::Aside("an event that names no product".into());
    }
    Tracked::Event(write_event(object, kind, Timestamp::from_ms(at), lines))
}

fn write_event(object: &Value, kind: &str, at: Timestamp, lines: Vec<Value>) -> Map<String, Value> {
    let mut event = Map::new();
    let device = read_text(object.get("user_pseudo_id"));
    let visit = read_text(event_param(object, "ga_session_id"));
    event.insert("event_id".to_owned(), format!("ga4/{:016x}", event_fingerprint(object)).into());
    event.insert("type".to_owned(), kind.into());
    event.insert("occurred_at".to_owned(), at.to_string().into());
    put_text(
        &mut event,
        "session_id",
        device.map(|device| format!("{device}.{}", visit.unwrap_or_default())),
    );
    put_text(&mut event, "subject_id", read_text(object.get("user_id")));
    put_text(&mut event, "search_term", read_text(event_param(object, "search_term")));
    put_text(&mut event, "currency", read_text(event_param(object, "currency")));
    put_text(&mut event, "value", read_text(event_param(object, "value")));
    if !lines.is_empty() {
        event.insert("items".to_owned(), lines.into());
    }
    event
}

/// The value of a parameter, in whichever of its four places it stands.
fn event_param<'a>(object: &'a Value, key: &str) -> Option<&'a Value> {
    let params = object.get("event_params")?.as_array()?;
    let value =
        params.iter().find(|param| param.get("key").and_then(Value::as_str) == Some(key))?.get("value")?;
    let places = ["string_value", "int_value", "double_value", "float_value"];
    places.iter().find_map(|place| value.get(*place).filter(|value| !value.is_null()))
}

/// The products of an event; those that were not set when it was sent are none.
fn read_lines(object: &Value, item_id: &str) -> Result<Vec<Value>, &'static str> {
    let items = object.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let line = |item: &Value| match item.get(item_id) {
        None | Some(Value::Null) => None,
        Some(Value::String(id)) if id.is_empty() || id == "(not set)" => None,
        Some(Value::String(id)) => Some(Ok(write_line(id, read_count(item.get("quantity"))))),
        Some(_) => Some(Err("an id of `items` must be a text")),
    };
    items.iter().filter_map(line).collect()
}

/// Of what tells an event from any other: the same row has the same id wherever it stands.
fn event_fingerprint(object: &Value) -> u64 {
    let parts = [
        "user_pseudo_id",
        "event_name",
        "event_timestamp",
        "event_bundle_sequence_id",
        "batch_event_index",
        "batch_page_id",
        "batch_ordering_id",
        "items",
    ];
    let said = parts.iter().map(|part| object.get(*part).map(ToString::to_string).unwrap_or_default() + "\n");
    fingerprint(said.flat_map(String::into_bytes))
}
