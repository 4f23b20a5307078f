//! Events of a file, made ours and handed over.

use std::{borrow::Cow, io::BufRead};

use serde_json::{Map, Value, json};

use crate::{Batch, ImportError, Sink, Summary, batch::EVENTS, json_values::JsonObjects};

/// What becomes of an object of a file.
pub(super) enum Tracked {
    /// It is this event.
    Event(Map<String, Value>),
    /// It is nothing that is kept, and why.
    Aside(Cow<'static, str>),
    /// It is wrong, and in what.
    Bad(Cow<'static, str>),
}

/// An event of a type that has no place here; its name is shown, cut and without control characters.
pub(super) fn unknown_type(name: &str) -> Tracked {
    let name: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
    Tracked::Aside(format!("an event of a type that is not kept: {name}").into())
}

/// Reads the objects of a file, each as an event.
pub(super) fn read_events(
    content: &mut dyn BufRead,
    sink: &mut Sink<'_>,
    read: &dyn Fn(&Value) -> Tracked,
) -> Result<Summary, ImportError> {
    let (mut summary, mut batch) = (Summary::default(), Batch::default());
    let mut objects = JsonObjects::new(content);
    while let Some((line, object)) = objects.next()? {
        summary.rows += 1;
        match object.map_or_else(Tracked::Bad, |object| read(&object)) {
            Tracked::Event(event) => {
                summary.events += 1;
                batch.events.push(Value::Object(event));
                batch.lines.push(line);
            }
            Tracked::Aside(why) => summary.set_aside(why),
            Tracked::Bad(what) => summary.note(line, what),
        }
        if batch.events.len() >= EVENTS {
            batch.hand_over(sink)?;
        }
    }
    batch.hand_over(sink)?;
    Ok(summary)
}

/// The types that name products; a search does not need any.
pub(super) fn needs_items(kind: &str) -> bool {
    kind != "search"
}

/// A line of an event: an id as text, and how many where that is said.
pub(super) fn write_line(id: &str, quantity: Option<u64>) -> Value {
    match quantity {
        Some(quantity) => json!({ "item_id": id, "quantity": quantity }),
        None => json!({ "item_id": id }),
    }
}

/// A text, or the digits of a number.
pub(super) fn read_text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A whole number, as a number or as its digits.
pub(super) fn read_count(value: Option<&Value>) -> Option<u64> {
    match value? {
        Value::String(digits) => digits.trim().parse().ok(),
        other => other.as_u64(),
    }
}

/// Adds a text where there is one.
pub(super) fn put_text(event: &mut Map<String, Value>, key: &str, text: Option<String>) {
    event.extend(text.map(|text| (key.to_owned(), text.into())));
}
