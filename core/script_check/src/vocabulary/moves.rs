//! What moves a candidate.

use std::ops::RangeInclusive;

use super::signature::words;

const BOOST: RangeInclusive<f64> = 1.0..=10.0;
const BURY: RangeInclusive<f64> = 0.1..=1.0;

words! {
    /// What moves a candidate.
    Move on Item {
        Boost = "boost"(factor: Takes::Factor(BOOST), note true: Takes::Note) | "item.boost(1.2, \"why\")"
            | "Moves the item up: a factor of 1 to 10, and a constant note for the shop.";
        Bury = "bury"(factor: Takes::Factor(BURY), note true: Takes::Note) | "item.bury(0.8, \"why\")"
            | "Moves the item down: a factor of 0.1 to 1, and a constant note for the shop.";
        Drop = "drop"(note true: Takes::Note) | "item.drop(\"why\")"
            | "Leaves the item out, with a constant note for the shop.";
        Say = "say"(code: Takes::Reason) | "item.say(\"code\")"
            | "Tells the shopper a declared reason, by its constant code.";
    }
}

impl Move {
    /// What its factor may be; `None` for a word without one.
    #[must_use]
    pub const fn factors(self) -> Option<RangeInclusive<f64>> {
        match self {
            Self::Boost => Some(BOOST),
            Self::Bury => Some(BURY),
            Self::Drop | Self::Say => None,
        }
    }

    /// The word that does the opposite, for which it may be mistaken.
    pub(crate) const fn opposite(self) -> Option<Self> {
        match self {
            Self::Boost => Some(Self::Bury),
            Self::Bury => Some(Self::Boost),
            Self::Drop | Self::Say => None,
        }
    }
}
