//! `[filters.*]`: what a request may ask for by name.

use std::sync::Arc;

use jardin_strategy::PlainValue;

/// How a filter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Equal.
    Is,
    /// Not equal, or absent.
    IsNot,
    /// A texts field contains it.
    Has,
    /// Less.
    Below,
    /// Less or equal.
    AtMost,
    /// More.
    Above,
    /// More or equal.
    AtLeast,
}

impl Operator {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::Is,
        Self::IsNot,
        Self::Has,
        Self::Below,
        Self::AtMost,
        Self::Above,
        Self::AtLeast,
    ];

    /// The words of jardin.toml for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Is => "is",
            Self::IsNot => "is not",
            Self::Has => "has",
            Self::Below => "below",
            Self::AtMost => "at most",
            Self::Above => "above",
            Self::AtLeast => "at least",
        }
    }
}

/// One filter. An item whose field is absent passes only [`Operator::IsNot`].
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// Which item field, without the namespace.
    pub field: Arc<str>,
    /// How it is compared.
    pub op: Operator,
    /// With what; a number for a field of type money.
    pub value: PlainValue,
}
