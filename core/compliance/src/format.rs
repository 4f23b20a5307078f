//! The same policy, laid out the same way: order and comments stay, only spaces move.

use toml::de::{DeTable, DeValue};

/// Lays a text out: one kind of line end, no spaces at the end of a line, at most one empty line, the equals
/// signs of neighbouring keys below each other. Lines inside of a text or list of several lines stay as they
/// are. `None` where the text is no TOML.
#[must_use]
pub fn format_policy(source: &str) -> Option<String> {
    let text = source.strip_prefix('\u{feff}').unwrap_or(source).replace("\r\n", "\n");
    let root = DeTable::parse(&text).ok()?;
    let mut inside = Vec::new();
    find_values(root.get_ref(), &text, &mut inside);
    let mut lines: Vec<Line> = Vec::new();
    let mut at = 0;
    for line in text.split('\n') {
        let fixed = inside.iter().any(|(start, end)| *start < at && at <= *end);
        lines.push(Line::read(line, fixed));
        at += line.len() + 1;
    }
    let formatted = write_lines(&lines);
    // what is laid out must still say the same
    is_same(&text, &formatted).then_some(formatted)
}

fn is_same(a: &str, b: &str) -> bool {
    let read =
        |text: &str| DeTable::parse(text).ok().map(|root| canonical_text(&DeValue::Table(root.into_inner())));
    read(a) == read(b)
}

/// A value without its places.
fn canonical_text(value: &DeValue<'_>) -> String {
    match value {
        DeValue::Table(table) => {
            let mut entries: Vec<String> = table
                .iter()
                .map(|(k, v)| format!("{:?}={}", k.get_ref(), canonical_text(v.get_ref())))
                .collect();
            entries.sort();
            format!("{{{}}}", entries.join(","))
        }
        DeValue::Array(list) => {
            format!("[{}]", list.iter().map(|v| canonical_text(v.get_ref())).collect::<Vec<_>>().join(","))
        }
        DeValue::String(text) => format!("{text:?}"),
        DeValue::Integer(n) => n.as_str().to_owned(),
        DeValue::Float(n) => n.as_str().to_owned(),
        DeValue::Boolean(b) => b.to_string(),
        DeValue::Datetime(d) => d.to_string(),
    }
}

/// The places of values that run over several lines.
fn find_values(table: &DeTable<'_>, text: &str, found: &mut Vec<(usize, usize)>) {
    for value in table.values() {
        let span = value.span();
        let is_long = text.get(span.clone()).is_some_and(|t| t.contains('\n'));
        match value.get_ref() {
            DeValue::Table(inner) => find_values(inner, text, found),
            DeValue::Array(list) => {
                if is_long && !list.iter().any(|v| v.get_ref().is_table()) {
                    found.push((span.start, span.end));
                }
                for inner in list.iter().filter_map(|v| v.get_ref().as_table()) {
                    find_values(inner, text, found);
                }
            }
            _ if is_long => found.push((span.start, span.end)),
            _ => {}
        }
    }
}

/// A line: a key with its value, or anything else.
enum Line {
    Pair { key: String, value: String },
    Other(String),
}

impl Line {
    fn read(line: &str, fixed: bool) -> Self {
        if fixed {
            return Self::Other(line.to_owned());
        }
        let plain = line.trim_end();
        match split_line(plain) {
            Some((key, value)) => Self::Pair { key: key.trim().to_owned(), value: value.trim().to_owned() },
            None => Self::Other(plain.to_owned()),
        }
    }
}

/// A key and its value, at the first equals sign outside of quotes.
fn split_line(line: &str) -> Option<(&str, &str)> {
    if line.trim_start().starts_with(['#', '[', '}', ']']) {
        return None;
    }
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), c) if q == c => quote = None,
            (None, '#') => return None,
            (None, '=') => return Some((line.get(..at)?, line.get(at + 1..)?)),
            _ => {}
        }
    }
    None
}

/// Keys longer than this do not push the others aside.
const WIDEST: usize = 32;

fn write_lines(lines: &[Line]) -> String {
    let mut text = String::new();
    let mut rest = lines;
    while let Some((first, tail)) = rest.split_first() {
        if let Line::Other(line) = first {
            let doubled = line.is_empty() && (text.is_empty() || text.ends_with("\n\n"));
            if !doubled {
                text.push_str(line);
                text.push('\n');
            }
            rest = tail;
            continue;
        }
        let count = rest.iter().take_while(|l| matches!(l, Line::Pair { .. })).count();
        let (block, after) = rest.split_at(count);
        align_pairs(block, &mut text);
        rest = after;
    }
    format!("{}\n", text.trim_end())
}

fn align_pairs(block: &[Line], text: &mut String) {
    let length = |line: &Line| {
        if let Line::Pair { key, .. } = line { key.chars().count() } else { 0 }
    };
    let width = block.iter().map(length).filter(|n| *n <= WIDEST).max().unwrap_or(0);
    for line in block {
        if let Line::Pair { key, value } = line {
            let pad = width.saturating_sub(key.chars().count());
            text.push_str(key);
            text.push_str(&" ".repeat(pad));
            text.push_str(" = ");
            text.push_str(value);
            text.push('\n');
        }
    }
}
