//! Calls of Segment and RudderStack, whose events of a shop have names of their own
//! (<https://segment.com/docs/connections/spec/ecommerce/v2/>).

use std::io::BufRead;

use jardin_model::{EventKind, Timestamp};
use serde_json::{Map, Value};

use super::events::{
    Tracked, needs_items, put_text, read_count, read_events, read_text, unknown_type, write_line,
};
use crate::{ImportError, ReadOptions, Sink, Summary, head::FileHead, shape::Shape};

/// What their events are here.
const NAMES: [(&str, &str); 12] = [
    ("Product Viewed", "view_item"),
    ("Product List Viewed", "view_item_list"),
    ("Product List Filtered", "view_item_list"),
    ("Product Clicked", "select_item"),
    ("Product Added", "add_to_cart"),
    ("Product Removed", "remove_from_cart"),
    ("Product Added to Wishlist", "add_to_wishlist"),
    ("Checkout Started", "begin_checkout"),
    ("Order Completed", "purchase"),
    ("Order Refunded", "refund"),
    ("Products Searched", "search"),
    ("Product Reviewed", "rate"),
];

/// Calls of Segment and RudderStack.
pub(crate) struct Segment;

impl Shape for Segment {
    fn shape_name(&self) -> &'static str {
        "segment"
    }

    fn recognise_head(&self, head: &FileHead<'_>) -> Option<&'static str> {
        let is_call = head.has_keys(&["type", "messageId"]) || head.has_keys(&["type", "anonymousId"]);
        is_call.then_some("calls of Segment or RudderStack, an event a row")
    }

    fn read(
        &self,
        content: &mut dyn BufRead,
        options: &ReadOptions,
        sink: &mut Sink<'_>,
    ) -> Result<Summary, ImportError> {
        let item_id = options.map.column_of("item_id").unwrap_or("product_id").to_owned();
        read_events(content, sink, &|object| read_call(object, options, &item_id))
    }
}

/// An event of a `track` call. What a call says of a person in its context is not read: it may be of the person before.
fn read_call(object: &Value, options: &ReadOptions, item_id: &str) -> Tracked {
    let word = object.get("type").and_then(Value::as_str).unwrap_or_default();
    if word != "track" {
        return Tracked::Aside("a call that is not `track`".into());
    }
    let Some(name) = object.get("event").and_then(Value::as_str) else {
        return Tracked::Bad("`event` must be a text".into());
    };
    let usual = || NAMES.iter().find(|(theirs, _)| *theirs == name).map(|(_, ours)| *ours);
    let kind = options.map.event(name).or_else(usual).filter(|kind| EventKind::from_word(kind).is_some());
    let Some(kind) = kind else { return unknown_type(name) };
    let at = read_text(object.get("timestamp")).or_else(|| read_text(object.get("originalTimestamp")));
    let Some(at) = at.and_then(|at| Timestamp::parse(&at).ok()) else {
        return Tracked::Bad("`timestamp` must be an instant, for example \"2026-11-20T10:00:00Z\"".into());
    };
    let lines = match read_lines(object.get("properties"), item_id) {
        Ok(lines) => lines,
        Err(what) => return Tracked::Bad(what),
    };
    if lines.is_empty() && needs_items(kind) {
        return Tracked::Bad(format!("the event names no product by `{item_id}`; where another key is the id, say so under [columns] of a --map, for example \"sku\" = \"item_id\"").into());
    }
    Tracked::Event(write_event(object, kind, at, lines))
}

fn write_event(object: &Value, kind: &str, at: Timestamp, lines: Vec<Value>) -> Map<String, Value> {
    let mut event = Map::new();
    let property = |key: &str| object.get("properties").and_then(|all| all.get(key));
    put_text(&mut event, "event_id", read_text(object.get("messageId")));
    event.insert("type".to_owned(), kind.into());
    event.insert("occurred_at".to_owned(), at.to_string().into());
    let visit = object.get("context").and_then(|context| context.get("sessionId"));
    let device = read_text(object.get("anonymousId"));
    let session = match (device, read_text(visit)) {
        (Some(device), Some(visit)) => Some(format!("{device}.{visit}")),
        (device, visit) => device.or(visit),
    };
    put_text(&mut event, "session_id", session);
    put_text(&mut event, "subject_id", read_text(object.get("userId")));
    put_text(&mut event, "search_term", read_text(property("query")));
    put_text(&mut event, "currency", read_text(property("currency")));
    put_text(&mut event, "value", read_text(property("total")).or_else(|| read_text(property("value"))));
    if !lines.is_empty() {
        event.insert("items".to_owned(), lines.into());
    }
    event
}

/// The products of an event: those of its list, or the one that its properties are about.
fn read_lines(
    properties: Option<&Value>,
    item_id: &str,
) -> Result<Vec<Value>, std::borrow::Cow<'static, str>> {
    let Some(properties) = properties else { return Ok(Vec::new()) };
    let listed = properties.get("products").and_then(Value::as_array);
    let products: Vec<&Value> = listed.map_or_else(|| vec![properties], |all| all.iter().collect());
    let line = |product: &&Value| match product.get(item_id) {
        None | Some(Value::Null) => None,
        Some(Value::String(id)) if id.is_empty() => None,
        Some(Value::String(id)) => Some(Ok(write_line(id, read_count(product.get("quantity"))))),
        Some(_) => Some(Err(format!("`{item_id}` must be a text").into())),
    };
    products.iter().filter_map(line).collect()
}
