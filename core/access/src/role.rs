//! What a caller may do.

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

    /// The role of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

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
