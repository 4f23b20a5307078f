//! JSON Lines: an event or an item a line.

use std::{
    borrow::Cow,
    io::{BufRead, Read},
};

use jardin_model::{JsonError, read_json};
use serde_json::Value;

use crate::{
    Batch, ImportError, ReadOptions, Sink, Summary, batch::EVENTS, head::FileHead, lines::Lines, shape::Shape,
};

/// An event or an item a line, in the shapes of the HTTP API.
pub(crate) struct JsonLines;

impl Shape for JsonLines {
    fn shape_name(&self) -> &'static str {
        "json-lines"
    }

    fn recognise_head(&self, head: &FileHead<'_>) -> Option<&'static str> {
        matches!(head.first_byte(), Some(b'{' | b'['))
            .then_some("JSON Lines of our own, an item or event a line")
    }

    fn read(
        &self,
        content: &mut dyn BufRead,
        _options: &ReadOptions,
        sink: &mut Sink<'_>,
    ) -> Result<Summary, ImportError> {
        json_lines(content, sink)
    }
}

/// Reads a file of JSON Lines. A line with `item_id` or `fields` and no `type` is an item, any other an event as `POST
/// /v1/events` takes it; an event keeps its own `event_id`. The items of a batch count before its events.
///
/// # Errors
/// [`ImportError::Broken`] where the bytes break off, [`ImportError::Refused`] where a batch is refused.
pub fn json_lines(content: impl Read, sink: &mut Sink<'_>) -> Result<Summary, ImportError> {
    let mut summary = Summary::default();
    let mut batch = Batch::default();
    let mut lines = Lines::new(content);
    while let Some(line) = lines.next()? {
        match line.text {
            Some(text) if summary.rows == 0 && is_json_list(text) => {
                summary.rows += 1;
                summary.note(line.number, JSON_LIST);
                break;
            }
            Some(text) => take_line(text, line.number, &mut batch, &mut summary),
            None => {
                summary.rows += 1;
                summary.note(line.number, "the line is longer than 1 MiB");
            }
        }
        if batch.events.len() >= EVENTS || batch.items.len() >= EVENTS {
            batch.hand_over(sink)?;
        }
    }
    batch.hand_over(sink)?;
    Ok(summary)
}

fn take_line(line: &[u8], number: u64, batch: &mut Batch, summary: &mut Summary) {
    let text = line.trim_ascii();
    if text.is_empty() {
        return;
    }
    summary.rows += 1;
    match read_row(text) {
        Ok(map) if is_item(&map) => {
            summary.items += 1;
            batch.items.push(Value::Object(map));
            batch.item_lines.push(number);
        }
        Ok(map) => {
            summary.events += 1;
            batch.events.push(Value::Object(map));
            batch.lines.push(number);
        }
        Err(what) => summary.note(number, what),
    }
}

/// What is said of a file that is one JSON list: nothing of it is read.
pub const JSON_LIST: &str =
    "the file is one JSON list: write one object a line, without brackets around them and commas between";

/// True of the first filled line of a file that is one JSON list.
#[must_use]
pub fn is_json_list(line: &[u8]) -> bool {
    line.trim_ascii().starts_with(b"[")
}

/// Reads one line as an object.
///
/// # Errors
/// What is wrong with it, and what to write where that is clear.
pub fn read_row(line: &[u8]) -> Result<serde_json::Map<String, Value>, Cow<'static, str>> {
    match read_json(line) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err("the line is not an object in braces".into()),
        Err(error) => Err(what_to_write(line, error)),
    }
}

/// An event says its type; what says an id or fields and no type is meant as an item.
fn is_item(map: &serde_json::Map<String, Value>) -> bool {
    !map.contains_key("type") && (map.contains_key("fields") || map.contains_key("item_id"))
}

/// What is wrong with a line that is no JSON, and what to write where that is clear.
fn what_to_write(text: &[u8], error: JsonError) -> Cow<'static, str> {
    match text {
        [object @ .., b','] if read_json(object).is_ok() => {
            "a comma stands behind the object: write one object a line, without commas between".into()
        }
        _ => format!("{}, at column {}; write one whole object on one line", error.what, error.column).into(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read_line(text: &[u8]) -> (Summary, Batch) {
        let mut all = Batch::default();
        let summary = json_lines(text, &mut |batch| {
            all.items.extend(batch.items);
            all.events.extend(batch.events);
            all.lines.extend(batch.lines);
            all.item_lines.extend(batch.item_lines);
            Ok(())
        });
        (summary.unwrap(), all)
    }

    #[test]
    fn items_and_events_are_told_apart_and_bad_lines_named() {
        let text =
            "\u{feff}{\"item_id\":\"a\",\"fields\":{}}\r\n\n{\"type\":\"view_item\"}\n[1]\n{\"type\":\n";
        let (summary, batch) = read_line(text.as_bytes());
        assert_eq!((summary.rows, summary.items, summary.events, summary.bad), (4, 1, 1, 2));
        assert_eq!(summary.bad_rows.iter().map(|b| b.line).collect::<Vec<_>>(), [4, 5]);
        assert_eq!(batch.lines, [3]);
    }

    #[test]
    fn says_what_to_write_where_that_is_clear() {
        for (line, said) in [
            (&br#"{"item_id":"a","fields":{}},"#[..], "a comma stands behind"),
            (br#"{"item_id":"a","item_id":"b"}"#, "the same key twice, at column 29"),
            (br#"{"item_id":"a""#, "ends too early, at column 14"),
            (b"7", "not an object"),
        ] {
            let (summary, _) = read_line(line);
            let what = &summary.bad_rows.first().unwrap().what;
            assert!(what.contains(said), "{what}");
        }
    }

    #[test]
    fn a_file_that_is_one_list_is_told_once() {
        for text in
            ["[\n  {\n    \"item_id\": \"a\"\n  }\n]\n", "\n[{\"item_id\":\"a\",\"fields\":{}}]", "[{\n"]
        {
            let (summary, batch) = read_line(text.as_bytes());
            assert_eq!((summary.rows, summary.bad, batch.items.len()), (1, 1, 0), "{text}");
            assert_eq!(summary.bad_rows[0].what, JSON_LIST, "{text}");
        }
    }

    #[test]
    fn what_says_no_type_is_meant_as_an_item() {
        let (summary, batch) = read_line(b"{\"fields\":{}}\n{\"item_id\":\"a\",\"price\":1}\n");
        assert_eq!((summary.items, summary.events, batch.item_lines), (2, 0, vec![1, 2]));
    }

    #[test]
    fn bytes_that_are_no_text_are_a_bad_line() {
        let (summary, _) = read_line(b"{\"a\":\"\xff\"}\n{\"type\":\"search\"}");
        assert_eq!((summary.bad, summary.events), (1, 1));
    }

    #[test]
    fn a_line_without_end_does_not_fill_the_memory() {
        let mut text = vec![b'x'; 3 << 20];
        text.extend(b"\n{\"type\":\"search\"}\n");
        let (summary, _) = read_line(&text);
        assert_eq!((summary.rows, summary.bad, summary.events), (2, 1, 1));
    }

    #[test]
    fn braces_without_end_are_a_bad_line() {
        let (summary, _) = read_line(&[b'['; 100_000]);
        assert_eq!((summary.bad, summary.events), (1, 0));
    }

    proptest! {
        #[test]
        fn every_row_is_an_item_an_event_or_bad(bytes in proptest::collection::vec(any::<u8>(), 0..300), at in 0_usize..50) {
            let mut text = b"{\"type\":\"search\"}\n{\"item_id\":\"a\",\"fields\":{\"n\":1}}\n".to_vec();
            text.splice(at..at, bytes);
            let (summary, batch) = read_line(&text);
            prop_assert_eq!(summary.rows, summary.items + summary.events + summary.bad);
            prop_assert_eq!((batch.items.len() as u64, batch.events.len() as u64), (summary.items, summary.events));
        }
    }
}
