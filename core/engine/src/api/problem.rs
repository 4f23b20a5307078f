//! Why a call was refused.

use std::sync::Arc;

use jardin_contract::StoreError;
use jardin_policy::FieldFault;

/// Why a call was refused. No variant carries a value that was sent: names are declared ones, the rest are
/// fixed words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It cannot be read at all (HTTP 400).
    #[error("{what}")]
    InvalidRequest {
        /// What is wrong, in a fixed phrase.
        what: &'static str,
    },
    /// There is no such thing (HTTP 404).
    #[error("there is no such {what}")]
    NotFound {
        /// What was looked for: `placement`, `item`, `subject` and so on.
        what: &'static str,
        /// The names that exist, where they are no secret.
        known: Vec<Arc<str>>,
    },
    /// It has changed since it was read (HTTP 412).
    #[error("it has changed since it was read")]
    VersionConflict,
    /// It holds too much (HTTP 413).
    #[error("more than {most} {of}")]
    TooLarge {
        /// How many are taken.
        most: usize,
        /// Of what.
        of: &'static str,
    },
    /// It can be read and breaks a rule (HTTP 422).
    #[error("{what}")]
    Unprocessable {
        /// What is wrong, in a fixed phrase.
        what: &'static str,
        /// Declared names that it concerns, such as the fields that an item lacks.
        names: Vec<Arc<str>>,
    },
    /// Fields on which something rests cannot be read, or are missing (HTTP 422). Nothing was changed.
    #[error("{}", list_faults(.0))]
    UnreadableFields(Vec<FieldFault>),
    /// Too much is waiting (HTTP 503).
    #[error("too much is waiting")]
    Overloaded,
    /// What was refused is in force, but an end of the process would undo it (HTTP 503).
    #[error("it is in force, and not durable: the disk takes no changes; send it again once it does")]
    InForceNotDurable,
    /// Nothing can be written (HTTP 503).
    #[error("the disk is full: nothing can be stored")]
    DiskFull,
    /// It cannot be served now (HTTP 503).
    #[error("it cannot be served now")]
    NotReady,
}

impl Problem {
    /// Its stable kebab-case kind, the last part of a problem's `type`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::InvalidRequest { .. } => "invalid-request",
            Self::NotFound { .. } => "not-found",
            Self::VersionConflict => "version-conflict",
            Self::TooLarge { .. } => "too-large",
            Self::Unprocessable { .. } | Self::UnreadableFields(_) => "unprocessable",
            Self::Overloaded => "overloaded",
            Self::InForceNotDurable => "in-force-not-durable",
            Self::DiskFull | Self::NotReady => "not-ready",
        }
    }

    pub(crate) const fn unprocessable(what: &'static str) -> Self {
        Self::Unprocessable { what, names: Vec::new() }
    }

    pub(crate) const fn not_found(what: &'static str) -> Self {
        Self::NotFound { what, known: Vec::new() }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Overloaded => Self::Overloaded,
            StoreError::InForceNotDurable => Self::InForceNotDurable,
            StoreError::Full => Self::DiskFull,
            StoreError::Locked { .. } | StoreError::Failed { .. } => Self::NotReady,
        }
    }
}

/// What is wrong with fields, in one line.
pub(crate) fn list_faults(faults: &[FieldFault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
