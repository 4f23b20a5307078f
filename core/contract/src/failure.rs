//! Why a strategy gave nothing. The chain goes on with the next one.

use std::sync::Arc;

/// Why a strategy gave nothing. No value of a field stands in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It read what it was not granted; which name, and whether that is declared, is not told.
    #[error("it read a field that it is not granted")]
    Denied,
    /// It did not end in time.
    #[error("it did not end in time")]
    Late,
    /// It used more than its limits allow.
    #[error("it exceeded its {limit}")]
    Limit {
        /// Which limit.
        limit: &'static str,
    },
    /// Its worker died.
    #[error("its worker died: {how}")]
    Died {
        /// By which signal or exit.
        how: Arc<str>,
    },
    /// What it answered breaks the contract.
    #[error("its answer was refused: {what}")]
    Rejected {
        /// What is wrong with it.
        what: Arc<str>,
    },
    /// It failed by its own fault.
    #[error("it failed: {what}")]
    Error {
        /// What happened, without values.
        what: Arc<str>,
    },
    /// Too much is waiting for it.
    #[error("too much is waiting for it")]
    Overloaded,
    /// It is being started.
    #[error("it is being started")]
    Starting,
    /// It is left out for now, since it died or took too long too often.
    #[error("it died or took too long too often, and rests")]
    Resting,
    /// Its state is new and must be taught again.
    #[error("its state is new and must be taught again")]
    Stale,
}

impl Failure {
    /// The word for it in answers and metrics.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Late => "late",
            Self::Limit { .. } => "limit",
            Self::Died { .. } => "died",
            Self::Rejected { .. } => "rejected",
            Self::Error { .. } => "error",
            Self::Overloaded => "overloaded",
            Self::Starting => "starting",
            Self::Resting => "resting",
            Self::Stale => "stale",
        }
    }
}
