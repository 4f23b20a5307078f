//! Why an event is not stored.

/// Why an event is not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// Its time is more than five minutes ahead.
    #[error("it lies more than 5 minutes ahead of the host's clock")]
    Ahead,
    /// It is older than every field that lists it keeps.
    #[error("it is older than the policy keeps events of this type")]
    TooOld,
    /// It is about nothing but products that are never tied to a person, or says so itself.
    #[error("it concerns products that the policy never ties to a person")]
    Never,
    /// It is about nothing but products that count within a visit alone, and no field of a visit lists it.
    #[error("it concerns products that count within a visit alone, and is of no visit that keeps it")]
    Discreet,
    /// Processing is restricted (GDPR Art. 18).
    #[error("processing is restricted for this person")]
    Restricted,
    /// They paused this visit.
    #[error("this visit is paused")]
    Paused,
    /// What would read it is switched off.
    #[error("what uses events of this type is stopped")]
    Stopped,
    /// No purpose that would read it may run for this person.
    #[error("no purpose that may run for this person or visit uses events of this type")]
    NoPurpose,
}

impl Rejection {
    /// The word for it in answers.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ahead => "ahead",
            Self::TooOld => "too-old",
            Self::Never => "never",
            Self::Discreet => "discreet",
            Self::Restricted => "restricted",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
            Self::NoPurpose => "no-purpose",
        }
    }
}
