//! JSON Lines: an event or an item a line.

use std::io::{BufRead as _, BufReader, Read};

use serde_json::Value;

use crate::{Batch, ImportError, Sink, Summary, batch::EVENTS};

/// The longest line, in bytes.
const LONGEST: u64 = 1 << 20;

/// Reads a file of JSON Lines. A line with `item_id` and `fields` is an item, any other an event as `POST /v1/events` takes it; an event
/// keeps its own `event_id`.
///
/// # Errors
/// [`ImportError::Broken`] where the bytes break off, [`ImportError::Refused`] where a batch is refused.
pub fn json_lines(content: impl Read, sink: &mut Sink<'_>) -> Result<Summary, ImportError> {
    let mut summary = Summary::default();
    let mut batch = Batch::default();
    let mut reader = BufReader::new(content);
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        let read = reader.by_ref().take(LONGEST).read_until(b'\n', &mut line);
        if read.map_err(|source| ImportError::Broken { line: number, source })? == 0 {
            break;
        }
        number += 1;
        if line.len() as u64 == LONGEST && line.last() != Some(&b'\n') {
            summary.note(number, "the line is longer than 1 MiB");
            skip_rest(&mut reader, number)?;
            continue;
        }
        take(&line, number, &mut batch, &mut summary);
        if batch.events.len() >= EVENTS || batch.items.len() >= EVENTS {
            hand_over(&mut batch, sink)?;
        }
    }
    hand_over(&mut batch, sink)?;
    Ok(summary)
}

fn skip_rest(reader: &mut BufReader<impl Read>, line: u64) -> Result<(), ImportError> {
    loop {
        let buffer = reader.fill_buf().map_err(|source| ImportError::Broken { line, source })?;
        let end = buffer.iter().position(|b| *b == b'\n');
        let (length, done) = (end.map_or(buffer.len(), |at| at + 1), end.is_some() || buffer.is_empty());
        reader.consume(length);
        if done {
            return Ok(());
        }
    }
}

fn take(line: &[u8], number: u64, batch: &mut Batch, summary: &mut Summary) {
    let text = line
        .strip_prefix("\u{feff}".as_bytes())
        .filter(|_| number == 1)
        .unwrap_or(line)
        .trim_ascii();
    if text.is_empty() {
        return;
    }
    summary.rows += 1;
    match serde_json::from_slice::<Value>(text) {
        Ok(Value::Object(map)) if map.contains_key("fields") && map.contains_key("item_id") => {
            summary.items += 1;
            batch.items.push(Value::Object(map));
        }
        Ok(Value::Object(map)) => {
            summary.events += 1;
            batch.events.push(Value::Object(map));
            batch.lines.push(number);
        }
        Ok(_) => summary.note(number, "the line is no object in braces"),
        Err(_) => summary.note(number, "the line is not valid JSON"),
    }
}

fn hand_over(batch: &mut Batch, sink: &mut Sink<'_>) -> Result<(), ImportError> {
    if batch.events.is_empty() && batch.items.is_empty() {
        return Ok(());
    }
    sink(std::mem::take(batch)).map_err(|what| ImportError::Refused { what })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> (Summary, Batch) {
        let mut all = Batch::default();
        let summary = json_lines(text, &mut |batch| {
            all.items.extend(batch.items);
            all.events.extend(batch.events);
            all.lines.extend(batch.lines);
            Ok(())
        });
        (summary.unwrap(), all)
    }

    #[test]
    fn items_and_events_are_told_apart_and_bad_lines_named() {
        let text = "\u{feff}{\"item_id\":\"a\",\"fields\":{}}\r\n\n{\"type\":\"view_item\"}\n[1]\n{\"type\":\n";
        let (summary, batch) = read(text.as_bytes());
        assert_eq!((summary.rows, summary.items, summary.events, summary.bad), (4, 1, 1, 2));
        assert_eq!(summary.bad_rows.iter().map(|b| b.line).collect::<Vec<_>>(), [4, 5]);
        assert_eq!(batch.lines, [3]);
    }

    #[test]
    fn bytes_that_are_no_text_are_a_bad_line() {
        let (summary, _) = read(b"{\"a\":\"\xff\"}\n{\"type\":\"search\"}");
        assert_eq!((summary.bad, summary.events), (1, 1));
    }

    #[test]
    fn a_line_without_end_does_not_fill_the_memory() {
        let mut text = vec![b'x'; 3 << 20];
        text.extend(b"\n{\"type\":\"search\"}\n");
        let (summary, _) = read(&text);
        assert_eq!((summary.bad, summary.events), (1, 1));
    }
}
