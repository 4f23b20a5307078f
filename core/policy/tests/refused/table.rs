//! The broken policies, as tables: each edits one base.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its cases fails")]

use serde::Deserialize;

/// A policy of which nothing is found.
pub const BASE: &str = include_str!("base.toml");

const TABLES: [&str; 6] = [
    include_str!("policy.toml"),
    include_str!("fields.toml"),
    include_str!("purposes.toml"),
    include_str!("strategies.toml"),
    include_str!("children_and_never.toml"),
    include_str!("tests.toml"),
];

/// A broken policy.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Which rule it breaks.
    pub rule: String,
    edits: Vec<Edit>,
    /// What is found: `code: line`, with `«` where it begins.
    pub found: Vec<String>,
}

/// A change of the text; what it looks for stands there once.
#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Edit {
    Replace { replace: String, by: String },
    Add { after: String, add: String },
    Begin { add: String },
}

#[derive(Deserialize)]
struct Table {
    case: Vec<Case>,
}

/// Every case.
pub fn cases() -> Vec<Case> {
    TABLES.iter().flat_map(|table| toml::from_str::<Table>(table).unwrap().case).collect()
}

impl Case {
    /// The base with the edits of the case.
    pub fn text(&self) -> String {
        self.edits.iter().fold(BASE.to_owned(), |text, edit| edit.apply(&text, &self.rule))
    }
}

impl Edit {
    fn apply(&self, text: &str, rule: &str) -> String {
        let (from, to) = match self {
            Self::Replace { replace, by } => (replace.clone(), by.clone()),
            Self::Add { after, add } => (format!("{after}\n"), format!("{after}\n{add}\n")),
            Self::Begin { add } => return format!("{add}{text}"),
        };
        assert_eq!(text.matches(&from).count(), 1, "{rule}: {from}");
        text.replace(&from, &to)
    }
}
