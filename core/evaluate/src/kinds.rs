//! What came next, seen from the visit: something new, something seen in it, or its newest item once more.

use crate::{Interval, Question, interval::Mean};

/// What kind of answer would have been right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An item that the visit had not seen.
    New,
    /// An item of the visit, but not its newest.
    Seen,
    /// The newest item of the visit again.
    LastAgain,
}

impl Kind {
    /// Every kind, in the order of [`ByKind`].
    pub const ALL: [Self; 3] = [Self::New, Self::Seen, Self::LastAgain];

    /// The kind of a question; `None` where nothing followed.
    #[must_use]
    pub fn of(question: &Question) -> Option<Self> {
        let next = question.followed.first()?;
        Some(if question.shown.last() == Some(next) {
            Self::LastAgain
        } else if question.shown.contains(next) {
            Self::Seen
        } else {
            Self::New
        })
    }

    /// As it is written in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Seen => "seen",
            Self::LastAgain => "last again",
        }
    }
}

/// HR and MRR of the questions of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Part {
    /// How many questions there are.
    pub questions: usize,
    /// As [`crate::Figures::hr`].
    pub hr: Interval,
    /// As [`crate::Figures::mrr`].
    pub mrr: Interval,
}

/// Figures apart for each kind, in the order of [`Kind::ALL`].
pub type ByKind = [Part; 3];

/// Adds up hits and ranks of each kind.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct KindTally([(Mean, Mean); 3]);

impl KindTally {
    pub(crate) fn add(&mut self, kind: Kind, hit: f64, reciprocal: f64) {
        if let Some((hr, mrr)) = self.0.get_mut(kind as usize) {
            hr.add(hit);
            mrr.add(reciprocal);
        }
    }

    pub(crate) fn parts(&self) -> ByKind {
        self.0.map(|(hr, mrr)| Part { questions: hr.count(), hr: hr.interval(), mrr: mrr.interval() })
    }
}
