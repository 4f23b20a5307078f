//! What a page token opens.

use crate::Role;

/// What a page token opens, for its own person and visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Ask for lists.
    Serve,
    /// Send events.
    Ingest,
    /// Record and read its own person's answers to consent questions, and their objection.
    Consent,
    /// See what is kept of its own person, and switch.
    Garden,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::Serve, Self::Ingest, Self::Consent, Self::Garden];
    /// Their words, in the same order.
    pub const WORDS: [&'static str; 4] = ["serve", "ingest", "consent", "garden"];

    /// The scope of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }

    /// The word for it in requests.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Serve => "serve",
            Self::Ingest => "ingest",
            Self::Consent => "consent",
            Self::Garden => "garden",
        }
    }

    /// Whether a key of these roles may give it away. The choices of one person are asked for by a page that it may
    /// serve or hear of.
    #[must_use]
    pub fn is_given_by(self, roles: &[Role]) -> bool {
        match self {
            Self::Serve => roles.contains(&Role::Serve),
            Self::Ingest => roles.contains(&Role::Ingest),
            Self::Consent | Self::Garden => roles.contains(&Role::Serve) || roles.contains(&Role::Ingest),
        }
    }
}
