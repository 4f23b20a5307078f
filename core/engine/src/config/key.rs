//! Keys and their roles: who may call what.

use std::sync::Arc;

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Send events.
    Ingest,
    /// Change and read the catalogue.
    Catalogue,
    /// Ask for recommendations.
    Serve,
    /// Change, export and erase people.
    Subjects,
    /// See placements, strategies and previews.
    Merchant,
    /// See the policy and the audit, and stop.
    Compliance,
    /// See health and metrics.
    Operations,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 7] = [
        Self::Ingest,
        Self::Catalogue,
        Self::Serve,
        Self::Subjects,
        Self::Merchant,
        Self::Compliance,
        Self::Operations,
    ];

    /// The word for it in server.toml.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Catalogue => "catalogue",
            Self::Serve => "serve",
            Self::Subjects => "subjects",
            Self::Merchant => "merchant",
            Self::Compliance => "compliance",
            Self::Operations => "operations",
        }
    }
}

/// A key by its digest; the key itself stands in no file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// What it is called, in logs as well.
    pub name: Arc<str>,
    /// The sha256 of its text.
    pub sha256: [u8; 32],
    /// What it may do.
    pub roles: Vec<Role>,
}
