//! Declared fields.

use std::{fmt, sync::Arc};

use jardin_diagnostics::Span;
use jardin_model::{EventKind, FieldPath, FieldType};

use super::{Age, PurposeId};
use crate::transforms::Transform;

/// A declared field by its position in [`super::PolicyRules::fields`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId(pub usize);

/// How closely a field touches a person. Class special (GDPR Art. 9) cannot be declared and so does not exist
/// here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Nobody and no secret.
    None,
    /// A secret of the shop: may be granted, never leaves over HTTP.
    Confidential,
    /// About a person.
    Personal,
    /// About a person, and harmful in the wrong hands.
    HighlyPersonal,
}

impl Class {
    /// The words of a policy for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Confidential => "confidential",
            Self::Personal => "personal",
            Self::HighlyPersonal => "highly personal",
        }
    }

    /// True for what is about a person.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::Personal | Self::HighlyPersonal)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How long a field's value is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Not stored at all, or not about a person.
    NotKept,
    /// Until the visit has ended.
    Session,
    /// Until the account has been idle for too long.
    Account,
    /// For a span of time.
    For(Age),
}

/// A field that is computed from another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Derived {
    /// The field that it is computed from.
    pub from: FieldId,
    /// How.
    pub transform: Transform,
    /// From how long ago at most.
    pub newest: Option<Age>,
}

/// A number that the host counts over people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PopularityRule {
    /// The histories that are counted.
    pub from: Vec<FieldId>,
    /// Only people for whom this purpose may run.
    pub purpose: PurposeId,
    /// Below so many people the number is absent.
    pub at_least_people: u32,
}

/// One declared field.
#[derive(Debug, Clone)]
pub struct FieldRule {
    /// Its name.
    pub path: FieldPath,
    /// What it holds; a derived field holds what its transform gives.
    pub kind: FieldType,
    /// How closely it touches a person.
    pub class: Class,
    /// How long it is kept.
    pub keep: Keep,
    /// Which events a history lists.
    pub of: Vec<EventKind>,
    /// How many events of a history are read, newest first.
    pub at_most: usize,
    /// What a choice may be.
    pub choices: Vec<Arc<str>>,
    /// An item without it is refused.
    pub always: bool,
    /// Filled by the host's clock, refused from a client.
    pub from_clock: bool,
    /// Where it comes from: given, observed, or the shop.
    pub source: Option<Arc<str>>,
    /// Its name in a taxonomy of data categories.
    pub category: Option<Arc<str>>,
    /// How it is computed from another field.
    pub derived: Option<Derived>,
    /// How the host counts it.
    pub popularity: Option<PopularityRule>,
    /// Where it is declared.
    pub span: Span,
}
