//! Functions of plain values, as lowered rules call them.

type OfANumber = (&'static str, fn(f64) -> f64);

/// Functions of one number; each gives a decimal one.
pub const OF_A_NUMBER: [OfANumber; 5] = [
    ("abs", f64::abs),
    ("floor", f64::floor),
    ("ceil", f64::ceil),
    ("round", f64::round),
    ("sqrt", f64::sqrt),
];

/// A function of plain values.
#[derive(Debug, Clone, Copy)]
pub enum Native {
    /// Of one number.
    Number(fn(f64) -> f64),
    /// The smaller or larger of two numbers.
    Smaller,
    /// As it says.
    Larger,
    /// How many elements or characters.
    Len,
    /// Whether there are none.
    IsEmpty,
    /// `x in list`, written as a call.
    Contains,
    /// Whether a text begins so.
    StartsWith,
    /// Whether a text ends so.
    EndsWith,
    /// In capitals.
    Upper,
    /// In small letters.
    Lower,
    /// Days from a date to now.
    DaysSince,
    /// Days from now to a date.
    DaysUntil,
    /// `a..b`, and `a..=b` where it is true.
    Range(bool),
}

impl Native {
    /// The function of that name.
    pub fn of(name: &str) -> Option<Self> {
        let of_a_number = OF_A_NUMBER.iter().find(|(n, _)| *n == name).map(|(_, f)| Self::Number(*f));
        of_a_number.or(match name {
            "min" => Some(Self::Smaller),
            "max" => Some(Self::Larger),
            "len" => Some(Self::Len),
            "is_empty" => Some(Self::IsEmpty),
            "contains" => Some(Self::Contains),
            "starts_with" => Some(Self::StartsWith),
            "ends_with" => Some(Self::EndsWith),
            "to_upper" => Some(Self::Upper),
            "to_lower" => Some(Self::Lower),
            "days_since" => Some(Self::DaysSince),
            "days_until" => Some(Self::DaysUntil),
            ".." => Some(Self::Range(false)),
            "..=" => Some(Self::Range(true)),
            _ => None,
        })
    }
}
