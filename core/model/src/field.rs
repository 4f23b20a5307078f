//! The names of fields: `subject.birth_date`.

use std::{fmt, str::FromStr, sync::Arc};

/// Whose data a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Namespace {
    /// The person, stored.
    Subject,
    /// This visit.
    Session,
    /// The page and the clock.
    Context,
    /// The catalogue.
    Item,
    /// What an event carries beyond its envelope.
    Event,
}

impl Namespace {
    /// Every namespace.
    pub const ALL: [Self; 5] = [Self::Subject, Self::Session, Self::Context, Self::Item, Self::Event];

    /// The word for it in a policy.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Session => "session",
            Self::Context => "context",
            Self::Item => "item",
            Self::Event => "event",
        }
    }

    /// The namespace of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|n| n.word() == word)
    }

    /// True for what is about a person or a visit.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::Subject | Self::Session | Self::Event)
    }
}

/// A field by its namespace and name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath {
    /// Whose data it is.
    pub namespace: Namespace,
    /// Its name within the namespace.
    pub name: Arc<str>,
}

impl FieldPath {
    /// A path of its two parts.
    #[must_use]
    pub fn new(namespace: Namespace, name: &str) -> Self {
        Self { namespace, name: name.into() }
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.namespace.word(), self.name)
    }
}

/// Why a text names no field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a field is named by its namespace and name, such as `subject.birth_date`")]
pub struct ParseFieldPathError;

impl FromStr for FieldPath {
    type Err = ParseFieldPathError;

    fn from_str(text: &str) -> Result<Self, ParseFieldPathError> {
        let (space, name) = text.split_once('.').ok_or(ParseFieldPathError)?;
        let namespace = Namespace::from_word(space).ok_or(ParseFieldPathError)?;
        if name.is_empty() || name.contains('.') {
            Err(ParseFieldPathError)
        } else {
            Ok(Self::new(namespace, name))
        }
    }
}
