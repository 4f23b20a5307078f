//! Tables of TOML that know which keys they were asked for, so that what is left over is unknown.

use std::{cell::RefCell, collections::BTreeSet, sync::Arc};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    codes::{MISSING_KEY, SYNTAX, UNKNOWN_KEY},
    sink::FindingSink,
    span::Span,
    suggestion::did_you_mean,
    toml_help::help_for_syntax,
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

/// Parses a text and hands its root to `read`. Syntax errors are findings, and a text with one is not read
/// further.
pub fn read_toml<T>(
    source: &str,
    sink: &FindingSink,
    read: impl FnOnce(TomlTable<'_>, &FindingSink) -> Option<T>,
) -> Option<T> {
    let (root, errors) = DeTable::parse_recoverable(source);
    for error in errors.iter().take(MAX_SYNTAX) {
        let message = error.message().lines().next().unwrap_or("invalid TOML").to_owned();
        let span = error.span().map_or_else(Span::default, Span::from);
        let help = help_for_syntax(source, span, &message);
        sink.add(SYNTAX, span, message, Some(help));
    }
    if let Some(next) = errors.get(MAX_SYNTAX) {
        let message = format!("{} more mistakes of writing from here on", errors.len() - MAX_SYNTAX);
        sink.add(SYNTAX, next.span().map_or_else(Span::default, Span::from), message, None);
    }
    if !errors.is_empty() {
        return None;
    }
    read(TomlTable::new(root.get_ref(), root.span().into(), "the file".to_owned(), sink), sink)
}

impl<'a> TomlTable<'a> {
    pub(crate) fn new(table: &'a DeTable<'a>, span: Span, name: String, sink: &'a FindingSink) -> Self {
        Self { table, span, name, sink, known: RefCell::default() }
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
            let head = self.head();
            self.sink.add(
                MISSING_KEY,
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
    pub fn entries(&self) -> Vec<TomlEntry<'a>> {
        let mut entries: Vec<TomlEntry<'a>> =
            self.table.iter().map(|(k, v)| self.entry(k.get_ref(), k.span().into(), v)).collect();
        entries.sort_by_key(|e| e.span);
        entries
    }

    fn entry(&self, key: &'a str, span: Span, value: &'a Spanned<DeValue<'a>>) -> TomlEntry<'a> {
        TomlEntry { key, span, node: TomlValue::new(value, self.sink) }
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
                UNKNOWN_KEY,
                key.span().into(),
                format!("unknown key `{}` in {}", key.get_ref(), self.name),
                Some(help),
            );
        }
    }
}
