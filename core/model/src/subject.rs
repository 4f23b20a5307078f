//! What is stored about a person or a visit, before any grant.

use std::{collections::BTreeMap, sync::Arc};

use crate::{HistoryEvent, Timestamp, Value};

/// A random number that stands for a person or a visit inside one store; it says nothing about them and dies
/// with their erasure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonNumber(pub u64);

/// A value with the time at which the shop told it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredValue {
    /// The value.
    pub value: Value,
    /// When it was stored.
    pub stored_at: Timestamp,
}

/// What a person answered to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChoiceStatus {
    /// Yes.
    Granted,
    /// Yes, of somebody who counted as a child when they said it: it never counts.
    GrantedAsChild,
    /// No.
    Refused,
    /// No longer.
    Withdrawn,
}

impl ChoiceStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Granted, Self::GrantedAsChild, Self::Refused, Self::Withdrawn];

    /// The word for it: what the person said.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Granted | Self::GrantedAsChild => "granted",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The status of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }

    /// A number that never changes its meaning, for stores.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Withdrawn => 0,
            Self::Granted => 1,
            Self::Refused => 2,
            Self::GrantedAsChild => 3,
        }
    }

    /// The status of that number.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

/// An answer to one consent question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Yes or no.
    pub status: ChoiceStatus,
    /// Which version of the question was asked.
    pub text_version: Arc<str>,
    /// When it was answered.
    pub at: Timestamp,
    /// Where it was asked, such as `banner`.
    pub source: Arc<str>,
}

/// All that a store holds of one person.
#[derive(Debug, Clone, PartialEq)]
pub struct SubjectRecord {
    /// Who, inside the store.
    pub person: PersonNumber,
    /// Profile values by field name.
    pub fields: BTreeMap<Arc<str>, StoredValue>,
    /// Every kept event, oldest first by (at, sequence).
    pub events: Vec<HistoryEvent>,
    /// Each answer to a consent question by the consent's name, oldest first; the last one counts.
    pub choices: BTreeMap<Arc<str>, Vec<Choice>>,
    /// When they objected, if they did (GDPR Art. 21).
    pub objected: Option<Timestamp>,
    /// When processing was restricted, if it was (GDPR Art. 18).
    pub restricted: Option<Timestamp>,
    /// When they were last seen; an account idle for too long ends.
    pub last_seen: Timestamp,
}

impl SubjectRecord {
    /// The record of somebody of whom nothing else is known.
    #[must_use]
    pub const fn new(person: PersonNumber, last_seen: Timestamp) -> Self {
        Self {
            person,
            fields: BTreeMap::new(),
            events: Vec::new(),
            choices: BTreeMap::new(),
            objected: None,
            restricted: None,
            last_seen,
        }
    }
}

/// All that a store holds of one visit.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionRecord {
    /// Which visit, inside the store.
    pub person: PersonNumber,
    /// Every kept event, oldest first by (at, sequence).
    pub events: Vec<HistoryEvent>,
    /// What was decided for this visit alone, by name, oldest first; the last one counts.
    pub choices: BTreeMap<Arc<str>, Vec<Choice>>,
    /// When it was last seen; a visit idle for too long has ended.
    pub last_seen: Timestamp,
}
