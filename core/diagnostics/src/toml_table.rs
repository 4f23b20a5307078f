//! Tables of TOML that know which keys they were asked for, so that what is left over is unknown.

use std::{borrow::Cow, cell::RefCell, collections::BTreeSet, sync::Arc};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    codes::{MISSING_KEY, SYNTAX, UNKNOWN_KEY},
    sink::FindingSink,
    span::Span,
    suggestion::did_you_mean,
    toml_help::{help_for_syntax, line_of_open_list},
    toml_value::TomlValue,
};

/// A table that remembers what it was asked for.
#[derive(Debug)]
pub struct TomlTable<'a> {
    table: &'a DeTable<'a>,
    /// Where it stands.
    pub span: Span,
    /// What it is, for messages: `[purposes.improve]`.
    pub name: String,
    sink: &'a FindingSink,
    known: RefCell<BTreeSet<&'static str>>,
    /// Keys that it must have and has not, each with what to write: told once it is read, unless one was misspelt.
    lacking: RefCell<Vec<(&'static str, String)>>,
}

/// An entry of a table whose keys the author chooses.
#[derive(Debug, Clone, Copy)]
pub struct TomlEntry<'a> {
    /// The key.
    pub key: &'a str,
    /// Where the key stands.
    pub span: Span,
    /// The value.
    pub node: TomlValue<'a>,
}

/// How many mistakes of writing are told one by one: more of them are as a rule one mistake that was followed
/// by the rest.
const MAX_SYNTAX: usize = 100;

/// Of how many it is found out whether they follow from another.
const MAX_EXAMINED: usize = 400;

/// Parses a text and hands its root to `read`. Syntax errors are findings, and a text with one is not read
/// further.
pub fn read_toml<T>(
    source: &str,
    sink: &FindingSink,
    read: impl FnOnce(TomlTable<'_>, &FindingSink) -> Option<T>,
) -> Option<T> {
    let (root, errors) = DeTable::parse_recoverable(source);
    let own = own_mistakes(source, errors.iter().take(MAX_EXAMINED).map(SyntaxError::of_parser));
    for error in own.iter().take(MAX_SYNTAX) {
        let help = help_for_syntax(source, error.span, &error.message);
        sink.add(SYNTAX, error.span, error.message.clone(), Some(help));
    }
    let next = own.get(MAX_SYNTAX).map(|error| error.span);
    let beyond = || errors.get(MAX_EXAMINED).map(|error| SyntaxError::of_parser(error).span);
    if let Some(next) = next.or_else(beyond) {
        let count = own.len().saturating_sub(MAX_SYNTAX) + errors.len().saturating_sub(MAX_EXAMINED);
        sink.add(SYNTAX, next, format!("{count} more mistakes of writing from here on"), None);
    }
    if !errors.is_empty() {
        return None;
    }
    read(TomlTable::new(root.get_ref(), root.span().into(), "the file".to_owned(), sink), sink)
}

/// What the parser did not understand.
struct SyntaxError {
    message: String,
    span: Span,
}

impl SyntaxError {
    fn of_parser(error: &toml::de::Error) -> Self {
        let message = error.message().lines().next().unwrap_or("invalid TOML");
        // whatever begins like `inf`, `nan` or a number is one to the parser
        let message =
            if message.starts_with("invalid float") { "this is not a number" } else { message }.to_owned();
        Self { message, span: error.span().map_or_else(Span::default, Span::from) }
    }
}

/// The errors that are mistakes of their own: what stands under a table that stands twice stands twice itself, and
/// behind a list that is not closed nothing is read as it is meant.
fn own_mistakes(source: &str, errors: impl Iterator<Item = SyntaxError>) -> Vec<SyntaxError> {
    let mut own: Vec<SyntaxError> = Vec::new();
    let mut twice: Option<usize> = None;
    for error in errors {
        if error.message.starts_with("duplicate key") {
            let header = header_before(source, error.span.start);
            if header.is_some() && twice == header {
                continue;
            }
            twice = header.filter(|start| is_within_line(source, *start, error.span.start));
        }
        // of one line one mistake is told, and a missing comma rather than what follows from it
        if let Some(last) =
            own.last_mut().filter(|last| is_within_line(source, last.span.start, error.span.start))
        {
            if error.message.starts_with("missing comma") {
                *last = error;
            }
            continue;
        }
        let is_lost = line_of_open_list(source, error.span, &error.message).is_some();
        own.push(error);
        if is_lost {
            break;
        }
    }
    own
}

/// Where the `[…]` begins under which a place stands.
fn header_before(source: &str, at: usize) -> Option<usize> {
    let before = source.get(..at)?;
    let start = before.rfind("\n[").map(|i| i + 1);
    start.or_else(|| before.starts_with('[').then_some(0))
}

fn is_within_line(source: &str, start: usize, at: usize) -> bool {
    source.get(start.min(at)..start.max(at)).is_some_and(|between| !between.contains('\n'))
}

impl<'a> TomlTable<'a> {
    pub(crate) fn new(table: &'a DeTable<'a>, span: Span, name: String, sink: &'a FindingSink) -> Self {
        Self { table, span, name, sink, known: RefCell::default(), lacking: RefCell::default() }
    }

    /// Where findings go.
    #[must_use]
    pub const fn sink(&self) -> &'a FindingSink {
        self.sink
    }

    /// The value of a key, where it is written.
    #[must_use]
    pub fn get(&self, key: &'static str) -> Option<TomlValue<'a>> {
        self.known.borrow_mut().insert(key);
        self.table.get(key).map(|value| TomlValue::new(value, self.sink))
    }

    /// The value of a key, whose absence is a finding.
    #[must_use]
    pub fn require(&self, key: &'static str, example: &str) -> Option<TomlValue<'a>> {
        let node = self.get(key);
        if node.is_none() {
            self.lacking.borrow_mut().push((key, format!("write `{key} = {example}`")));
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
    pub fn entries(&self) -> Vec<TomlEntry<'a>> {
        let mut entries: Vec<TomlEntry<'a>> =
            self.table.iter().map(|(k, v)| self.entry(k.get_ref(), k.span().into(), v)).collect();
        entries.sort_by_key(|e| e.span);
        entries
    }

    fn entry(&self, key: &'a str, span: Span, value: &'a Spanned<DeValue<'a>>) -> TomlEntry<'a> {
        TomlEntry { key, span, node: TomlValue::new(value, self.sink) }
    }

    /// Ends the reading: each key that was never asked for is a finding, and one that it lacks is not told again where it
    /// is misspelt.
    pub fn end(self) {
        for key in self.unknown_keys() {
            let meant = self.meant_by(key.get_ref());
            self.lacking.borrow_mut().retain(|(lacking, _)| meant != Some(*lacking));
            self.add_unknown_key(key, meant);
        }
    }

    fn unknown_keys(&self) -> Vec<&'a Spanned<Cow<'a, str>>> {
        let known = self.known.borrow();
        self.table.keys().filter(|key| !known.contains(&**key.get_ref())).collect()
    }

    fn meant_by(&self, key: &str) -> Option<&'static str> {
        did_you_mean(key, self.known.borrow().iter().copied())
    }

    fn add_unknown_key(&self, key: &Spanned<Cow<'_, str>>, meant: Option<&str>) {
        let listed = || self.known.borrow().iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
        let help = meant
            .map_or_else(|| format!("the keys here are {}", listed()), |m| format!("did you mean `{m}`?"));
        let message = format!("unknown key `{}` in {}", key.get_ref(), self.name);
        self.sink.add(UNKNOWN_KEY, key.span().into(), message, Some(help));
    }
}

/// A table that lacks a key may not have been read to its end: where the key is there, misspelt, that is told.
impl Drop for TomlTable<'_> {
    fn drop(&mut self) {
        for (lacking, help) in self.lacking.take() {
            let misspelt =
                self.unknown_keys().into_iter().find(|key| self.meant_by(key.get_ref()) == Some(lacking));
            match misspelt {
                Some(key) => self.add_unknown_key(key, Some(lacking)),
                None => {
                    let message = format!("{} lacks `{lacking}`", self.name);
                    self.sink.add(MISSING_KEY, self.head(), message, Some(help));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str) -> Vec<String> {
        let sink = FindingSink::default();
        read_toml(text, &sink, |root, _| {
            let _asked =
                (root.require("keep", "\"90 days\""), root.require("kind", "\"text\""), root.get("of"));
            root.end();
            Some(())
        });
        sink.report("file", text).findings.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_misspelt_key_is_one_finding() {
        assert_eq!(messages("kep = 1\nkind = 2"), ["unknown key `kep` in the file"]);
    }

    #[test]
    fn one_that_ends_the_reading_is_told_as_it_is_written() {
        let sink = FindingSink::default();
        read_toml("kep = 1", &sink, |root, _| root.require("keep", "1").map(|_| root.end()));
        let report = sink.report("file", "kep = 1");
        let told: Vec<_> = report.findings.iter().map(|f| (f.message.as_str(), f.help.as_deref())).collect();
        assert_eq!(told, [("unknown key `kep` in the file", Some("did you mean `keep`?"))]);
    }

    #[test]
    fn what_is_lacking_is_told_where_nothing_is_misspelt() {
        assert_eq!(messages("kind = 2"), ["the file lacks `keep`"]);
        assert_eq!(messages("kind = 2\nbanana = 3").len(), 2);
        // a known key that reads alike is no misspelling of the one that is lacking
        assert_eq!(messages("keep = 1\nof = 2"), ["the file lacks `kind`"]);
    }
}
