//! Reading TOML with every finding collected: tables know which keys they were asked for, so that what is
//! left over is unknown.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    sync::Arc,
};

use jardin_model::Date;
use toml::de::{DeTable, DeValue};

use crate::{
    codes::Code,
    finding::{Finding, Report},
    text::{Span, did_you_mean},
};

/// Collects findings while a text is read.
#[derive(Debug, Default)]
pub struct Sink {
    findings: RefCell<Vec<Finding>>,
    /// How many names were compared for suggestions.
    compared: Cell<usize>,
}

/// How many names are compared for suggestions, so that a text with many misspelt names among many is refused
/// as fast as any other.
const MOST_COMPARED: usize = 200_000;

impl Sink {
    /// Adds a finding.
    pub fn add(&self, code: Code, span: Span, message: impl Into<String>, help: Option<String>) {
        self.findings.borrow_mut().push(Finding { code, span, message: message.into(), help });
    }

    /// True while a misspelt name may still be compared with `count` known ones.
    pub(crate) fn may_compare(&self, count: usize) -> bool {
        let compared = self.compared.get().saturating_add(count);
        self.compared.set(compared);
        compared <= MOST_COMPARED
    }

    /// The report of a text.
    #[must_use]
    pub fn report(self, file: &str, source: &str) -> Report {
        let mut report = Report::new(file, source);
        report.findings = self.findings.into_inner();
        report.sort();
        report
    }
}

/// A value with its place.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    value: &'a DeValue<'a>,
    /// Where it stands.
    pub span: Span,
    sink: &'a Sink,
}

/// A table that remembers what it was asked for.
#[derive(Debug)]
pub struct Table<'a> {
    table: &'a DeTable<'a>,
    /// Where it stands.
    pub span: Span,
    /// What it is, for messages: `[purposes.improve]`.
    pub name: String,
    sink: &'a Sink,
    known: RefCell<BTreeSet<&'static str>>,
}

/// An entry of a table whose keys the author chooses.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The key.
    pub key: &'a str,
    /// Where the key stands.
    pub span: Span,
    /// The value.
    pub node: Node<'a>,
}

/// How many mistakes of writing are told one by one: more of them are as a rule one mistake that was followed
/// by the rest.
const MOST_SYNTAX: usize = 100;

/// Parses a text and hands its root to `read`. Syntax errors are findings, and a text with one is not read
/// further.
pub fn read<T>(source: &str, sink: &Sink, read: impl FnOnce(Table<'_>, &Sink) -> Option<T>) -> Option<T> {
    let (root, errors) = DeTable::parse_recoverable(source);
    for error in errors.iter().take(MOST_SYNTAX) {
        let message = error.message().lines().next().unwrap_or("invalid TOML").to_owned();
        let span = error.span().map_or_else(Span::default, Span::from);
        sink.add(
            Code::Syntax,
            span,
            message,
            Some("write it as toml.io describes; a text stands in quotes".to_owned()),
        );
    }
    if let Some(next) = errors.get(MOST_SYNTAX) {
        let message = format!("{} more mistakes of writing from here on", errors.len() - MOST_SYNTAX);
        sink.add(Code::Syntax, next.span().map_or_else(Span::default, Span::from), message, None);
    }
    if !errors.is_empty() {
        return None;
    }
    let table = Table {
        table: root.get_ref(),
        span: root.span().into(),
        name: "the file".to_owned(),
        sink,
        known: RefCell::default(),
    };
    read(table, sink)
}

impl<'a> Node<'a> {
    /// Adds a finding at this value.
    pub fn finding(&self, code: Code, message: impl Into<String>, help: Option<String>) {
        self.sink.add(code, self.span, message, help);
    }

    fn wrong(&self, wanted: &str) {
        self.finding(Code::WrongType, format!("expected {wanted}, found {}", article(self.value)), None);
    }

    /// A text.
    #[must_use]
    pub fn text(&self) -> Option<&'a str> {
        let text = self.value.as_str();
        if text.is_none() {
            self.wrong("a text in quotes");
        }
        text
    }

    /// A text, if it is one; says nothing otherwise.
    #[must_use]
    pub fn if_text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    /// True where it is a table.
    #[must_use]
    pub fn is_table(&self) -> bool {
        self.value.is_table()
    }

    /// True where it is a list.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.value.is_array()
    }

    /// Yes or no.
    #[must_use]
    pub fn flag(&self) -> Option<bool> {
        let flag = self.value.as_bool();
        if flag.is_none() {
            self.wrong("true or false");
        }
        flag
    }

    /// Yes or no, if it is one; says nothing otherwise.
    #[must_use]
    pub fn if_flag(&self) -> Option<bool> {
        self.value.as_bool()
    }

    /// A whole number between two.
    #[must_use]
    pub fn integer(&self, least: i64, most: i64) -> Option<i64> {
        let Some(n) = self.if_integer() else {
            self.wrong("a whole number");
            return None;
        };
        if (least..=most).contains(&n) {
            Some(n)
        } else {
            self.finding(Code::InvalidValue, format!("`{n}` is not between {least} and {most}"), None);
            None
        }
    }

    /// A whole number, if it is one; says nothing otherwise.
    #[must_use]
    pub fn if_integer(&self) -> Option<i64> {
        let integer = self.value.as_integer()?;
        i64::from_str_radix(&integer.as_str().replace('_', ""), integer.radix()).ok()
    }

    /// A finite number with or without a decimal point.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        let number = self.if_number();
        if number.is_none() {
            self.wrong("a number");
        }
        number
    }

    /// A finite number, if it is one; says nothing otherwise.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "figures of a configuration are small")]
    pub fn if_number(&self) -> Option<f64> {
        let float = || self.value.as_float().and_then(|f| f.as_str().replace('_', "").parse::<f64>().ok());
        self.if_integer().map(|n| n as f64).or_else(float).filter(|n| n.is_finite())
    }

    /// A day.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        let date = self.if_datetime().filter(|(_, seconds)| seconds.is_none()).map(|(date, _)| date);
        if date.is_none() {
            self.wrong("a day such as 2026-11-20, without quotes");
        }
        date
    }

    /// A day with the seconds since its midnight where a time is written; says nothing where it is neither.
    #[must_use]
    pub fn if_datetime(&self) -> Option<(Date, Option<i64>)> {
        let written = self.value.as_datetime()?;
        let day = written.date.filter(|_| written.offset.is_none())?;
        let date = Date::new(
            i16::try_from(day.year).ok()?,
            i8::try_from(day.month).ok()?,
            i8::try_from(day.day).ok()?,
        )
        .ok()?;
        let seconds = written
            .time
            .map(|t| i64::from(t.hour) * 3600 + i64::from(t.minute) * 60 + i64::from(t.second.unwrap_or(0)));
        Some((date, seconds))
    }

    /// A list.
    #[must_use]
    pub fn list(&self) -> Option<Vec<Node<'a>>> {
        let Some(list) = self.value.as_array() else {
            self.wrong("a list in square brackets");
            return None;
        };
        Some(
            list.iter()
                .map(|v| Node { value: v.get_ref(), span: v.span().into(), sink: self.sink })
                .collect(),
        )
    }

    /// A list of texts; those that are none are findings and left out.
    #[must_use]
    pub fn texts(&self) -> Option<Vec<(&'a str, Span)>> {
        Some(self.list()?.iter().filter_map(|node| node.text().map(|text| (text, node.span))).collect())
    }

    /// A table, called `name` in messages.
    #[must_use]
    pub fn table(&self, name: impl Into<String>) -> Option<Table<'a>> {
        let Some(table) = self.value.as_table() else {
            self.wrong("a table");
            return None;
        };
        Some(Table { table, span: self.span, name: name.into(), sink: self.sink, known: RefCell::default() })
    }
}

fn article(value: &DeValue<'_>) -> String {
    match value.type_str() {
        "integer" => "a whole number".to_owned(),
        "array" => "a list".to_owned(),
        "string" => "a text".to_owned(),
        "boolean" => "true or false".to_owned(),
        other => format!("a {other}"),
    }
}

impl<'a> Table<'a> {
    /// Where findings go.
    #[must_use]
    pub const fn sink(&self) -> &'a Sink {
        self.sink
    }

    /// The value of a key, where it is written.
    #[must_use]
    pub fn get(&self, key: &'static str) -> Option<Node<'a>> {
        self.known.borrow_mut().insert(key);
        self.table.get(key).map(|v| Node { value: v.get_ref(), span: v.span().into(), sink: self.sink })
    }

    /// The value of a key, whose absence is a finding.
    #[must_use]
    pub fn require(&self, key: &'static str, example: &str) -> Option<Node<'a>> {
        let node = self.get(key);
        if node.is_none() {
            let head = self.head();
            self.sink.add(
                Code::MissingKey,
                head,
                format!("{} lacks `{key}`", self.name),
                Some(format!("write `{key} = {example}`")),
            );
        }
        node
    }

    /// Where the table begins: its first key, for messages about the whole.
    #[must_use]
    pub fn head(&self) -> Span {
        let first = self.table.keys().map(|k| Span::from(k.span())).min();
        if self.span.end > self.span.start { self.span } else { first.unwrap_or(self.span) }
    }

    /// A text.
    #[must_use]
    pub fn text(&self, key: &'static str) -> Option<Arc<str>> {
        self.get(key)?.text().map(Arc::from)
    }

    /// Yes or no.
    #[must_use]
    pub fn flag(&self, key: &'static str) -> Option<bool> {
        self.get(key)?.flag()
    }

    /// Every entry in the order of the text, for tables whose keys the author chooses.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry<'a>> {
        let mut entries: Vec<Entry<'a>> =
            self.table.iter().map(|(k, v)| self.entry(k.get_ref(), k.span().into(), v)).collect();
        entries.sort_by_key(|e| e.span);
        entries
    }

    fn entry(&self, key: &'a str, span: Span, v: &'a toml::Spanned<DeValue<'a>>) -> Entry<'a> {
        Entry { key, span, node: Node { value: v.get_ref(), span: v.span().into(), sink: self.sink } }
    }

    /// Ends the reading: each key that was never asked for is a finding.
    pub fn end(self) {
        let known = self.known.into_inner();
        for (key, _) in self.table.iter().filter(|(k, _)| !known.contains(&**k.get_ref())) {
            let meant = did_you_mean(key.get_ref(), known.iter().copied());
            let listed = || known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
            let help = meant.map_or_else(
                || format!("the keys here are {}", listed()),
                |m| format!("did you mean `{m}`?"),
            );
            self.sink.add(
                Code::UnknownKey,
                key.span().into(),
                format!("unknown key `{}` in {}", key.get_ref(), self.name),
                Some(help),
            );
        }
    }
}
