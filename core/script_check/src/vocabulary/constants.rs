//! Constant words: the periods of a rotation, and what every event of a history has.

use jardin_contract::Period;

/// How often a rotation may turn, by the word for it.
pub const PERIODS: [(&str, Period); 3] =
    [("hour", Period::Hour), ("day", Period::Day), ("week", Period::Week)];

/// The period of a word.
#[must_use]
pub fn period_of(word: &str) -> Option<Period> {
    PERIODS.iter().find(|(known, _)| *known == word).map(|(_, period)| *period)
}

/// What every event of a history has, whatever was granted of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventField {
    /// The product.
    Item,
    /// What happened.
    Kind,
    /// When.
    At,
    /// How many.
    Quantity,
}

impl EventField {
    /// Every one of them.
    pub const ALL: [Self; 4] = [Self::Item, Self::Kind, Self::At, Self::Quantity];

    /// Its name in a script.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Kind => "kind",
            Self::At => "at",
            Self::Quantity => "quantity",
        }
    }

    /// The field of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}
