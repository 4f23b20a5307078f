//! Where it is recorded who did what to the shop and to people's data.

use std::{fmt, str::FromStr, sync::Arc};

use jardin_model::{PersonNumber, RecommendationId, SubjectId, Timestamp};

/// A person as the audit names them: a keyed digest under the person's own key. Whoever has the key finds their
/// entries; once an erasure has overwritten it nobody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pseudonym(pub [u8; 16]);

/// Why a text is not a pseudonym.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a pseudonym is 32 hexadecimal digits")]
pub struct NotAPseudonym;

impl FromStr for Pseudonym {
    type Err = NotAPseudonym;

    fn from_str(text: &str) -> Result<Self, NotAPseudonym> {
        let is_digits = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let number = u128::from_str_radix(text, 16).ok().filter(|_| is_digits);
        number.map(|number| Self(number.to_be_bytes())).ok_or(NotAPseudonym)
    }
}

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// One act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// When it was done.
    pub at: Timestamp,
    /// What was done, by the name of its route or command, such as `export_subject`.
    pub what: Arc<str>,
    /// By whom: the name of a key, `token`, or `local` for a command of this machine.
    pub by: Arc<str>,
    /// The person whom it concerns; `None` where it concerns nobody, or nobody of whom anything is stored.
    pub person: Option<Pseudonym>,
    /// How it ended, as an HTTP status.
    pub status: u16,
}

/// An answer for which somebody was looked at, and what was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecidedAnswer {
    /// When it was given.
    pub at: Timestamp,
    /// Which answer.
    pub answer: RecommendationId,
    /// For whom; `None` where nothing is stored of anybody by that id. The log writes a pseudonym.
    pub person: Option<(SubjectId, PersonNumber)>,
    /// Where it was shown.
    pub placement: Arc<str>,
    /// Under which policy; it says which fields each strategy was granted.
    pub policy: Arc<str>,
    /// What became of each strategy, such as `for-you ran; deals refused: consent`.
    pub strategies: Box<str>,
}

/// An act as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedAct {
    /// Its number, from 1 without a gap.
    pub number: u64,
    /// What was recorded.
    pub act: Act,
}

/// Which acts are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActQuery {
    /// Those before this number alone.
    pub before: Option<u64>,
    /// Those of this name alone, such as `export_subject`.
    pub what: Option<Arc<str>>,
    /// Those that concern this person alone.
    pub person: Option<Pseudonym>,
    /// At most so many.
    pub limit: usize,
}

impl ActQuery {
    /// The newest acts of all.
    #[must_use]
    pub const fn newest(limit: usize) -> Self {
        Self { before: None, what: None, person: None, limit }
    }

    /// Whether an act is asked for, apart from how many are.
    #[must_use]
    pub fn asks_for(&self, recorded: &RecordedAct) -> bool {
        let RecordedAct { number, act } = recorded;
        self.before.is_none_or(|before| *number < before)
            && self.what.as_ref().is_none_or(|what| *what == act.what)
            && self.person.is_none_or(|person| act.person == Some(person))
    }
}

/// How far a log has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditHead {
    /// The public key of its signatures, 64 hexadecimal digits.
    pub public_key: String,
    /// The newest checkpoint, as it is kept elsewhere; `None` while there is none.
    pub checkpoint: Option<String>,
}

/// Why a log cannot be read, in a phrase.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct UnreadableAudit {
    /// What is wrong.
    pub what: Arc<str>,
}

/// Takes acts down, in their order.
pub trait AuditLog: Send + Sync {
    /// Records an act; it is durable a moment later, and nobody waits for that.
    fn record_act(&self, act: Act);

    /// Records what was decided for an answer, under the person's pseudonym and to the hour. False where there is no room: nothing
    /// of anybody may decide then.
    fn record_decision(&self, decided: DecidedAnswer) -> bool;

    /// The newest acts of a query, newest first, what was recorded so far among them; blocks on the disk.
    ///
    /// # Errors
    /// [`UnreadableAudit`] with what the disk says.
    fn read_acts(&self, query: &ActQuery) -> Result<Vec<RecordedAct>, UnreadableAudit>;

    /// How far the log has come, with a checkpoint of what was recorded so far; blocks on the disk.
    ///
    /// # Errors
    /// [`UnreadableAudit`] with what the disk says.
    fn read_head(&self) -> Result<AuditHead, UnreadableAudit>;

    /// What is wrong with the log, each in a phrase: acts that could not be written.
    fn list_warnings(&self) -> Vec<String>;
}
