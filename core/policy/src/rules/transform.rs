//! In which form a field is granted.

use std::{collections::BTreeMap, fmt, sync::Arc};

use jardin_model::FieldType;

use super::{Age, FieldId};

/// Ascending finite borders between classes of a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Edges(Vec<f64>);

impl Edges {
    /// Borders; `None` unless there is at least one and they rise.
    #[must_use]
    pub fn new(borders: Vec<f64>) -> Option<Self> {
        let rise = borders.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
        (!borders.is_empty() && borders.iter().all(|b| b.is_finite()) && rise).then_some(Self(borders))
    }

    /// The borders.
    #[must_use]
    pub fn borders(&self) -> &[f64] {
        &self.0
    }
}

/// In which form a field is granted.
#[derive(Debug, Clone, PartialEq)]
pub enum Transform {
    /// As it is.
    Exact,
    /// The year of a date.
    Year,
    /// The age of a birth date in bands of `years`: `30-39`.
    AgeBand {
        /// The width of a band, 5 to 50.
        years: i16,
        /// Where the first band ends: `under {from}`.
        from: i16,
        /// Where the last band begins: `{to} and over`.
        to: i16,
    },
    /// The first characters of a text, counted after NFC.
    FirstCharacters {
        /// How many.
        n: usize,
    },
    /// A number or amount to the nearest multiple.
    Round {
        /// Of what.
        to: f64,
    },
    /// A number or amount as a class: `25-50`.
    Bucket {
        /// Between the classes.
        edges: Edges,
    },
    /// A choice by a total map.
    Generalise {
        /// From each choice to what is told.
        map: BTreeMap<Arc<str>, Arc<str>>,
    },
    /// The most frequent values of an item field in a history or list of items.
    Top {
        /// How many.
        k: usize,
        /// Which item field.
        of: FieldId,
    },
    /// The median of a numeric item field in a history, to an edge.
    Typical {
        /// Which item field.
        of: FieldId,
        /// What it is rounded to.
        edges: Edges,
    },
    /// How many events a history has, as a class.
    Count {
        /// Between the classes.
        edges: Edges,
    },
    /// Present or not.
    YesOrNo,
    /// A keyed digest that changes with the period and differs between strategies.
    Pseudonym {
        /// How often it changes.
        changes_every: Age,
    },
    /// The learning feed; only under `may_learn_from`.
    Sessions,
}

impl Transform {
    /// The words of a policy for every form.
    pub const WORDS: [&str; 13] = [
        "exact",
        "year",
        "age band",
        "first characters",
        "round",
        "bucket",
        "generalise",
        "top",
        "typical",
        "count",
        "yes or no",
        "pseudonym",
        "sessions",
    ];

    /// The words of a policy for it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Year => "year",
            Self::AgeBand { .. } => "age band",
            Self::FirstCharacters { .. } => "first characters",
            Self::Round { .. } => "round",
            Self::Bucket { .. } => "bucket",
            Self::Generalise { .. } => "generalise",
            Self::Top { .. } => "top",
            Self::Typical { .. } => "typical",
            Self::Count { .. } => "count",
            Self::YesOrNo => "yes or no",
            Self::Pseudonym { .. } => "pseudonym",
            Self::Sessions => "sessions",
        }
    }

    /// What a field of type `kind` becomes; `None` where it does not apply.
    #[must_use]
    pub const fn gives(&self, kind: FieldType) -> Option<FieldType> {
        match (self, kind) {
            (Self::Exact, kind) => Some(kind),
            (Self::Year, FieldType::Date) | (Self::Round { .. }, FieldType::Number | FieldType::Money) => {
                Some(FieldType::Number)
            }
            (Self::Typical { .. }, FieldType::Events) => Some(FieldType::Number),
            (Self::AgeBand { .. }, FieldType::Date)
            | (Self::Bucket { .. }, FieldType::Number | FieldType::Money) => Some(FieldType::Choice),
            (Self::Generalise { .. }, FieldType::Choice) | (Self::Count { .. }, FieldType::Events) => {
                Some(FieldType::Choice)
            }
            (Self::FirstCharacters { .. }, FieldType::Text) => Some(FieldType::Text),
            (Self::Top { .. }, FieldType::Events | FieldType::Items) => Some(FieldType::Texts),
            (Self::YesOrNo, _) => Some(FieldType::Flag),
            (Self::Pseudonym { .. }, FieldType::Id) => Some(FieldType::Id),
            (Self::Sessions, FieldType::Events) => Some(FieldType::Events),
            _ => None,
        }
    }
}

impl fmt::Display for Transform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AgeBand { years, .. } => write!(f, "age band of {years} years"),
            Self::FirstCharacters { n } => write!(f, "first {n} characters"),
            Self::Round { to } => write!(f, "rounded to {to}"),
            Self::Top { k, .. } => write!(f, "top {k}"),
            Self::Pseudonym { changes_every } => write!(f, "pseudonym that changes every {changes_every}"),
            other => f.write_str(other.word()),
        }
    }
}
