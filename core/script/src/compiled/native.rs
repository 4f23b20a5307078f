//! Functions of plain values, as compiled rules call them. Each means what `semantics` says.

use rhai::{Dynamic, ImmutableString};

use crate::{
    host::days_since,
    semantics::{self, Fault, OF_A_NUMBER},
};

/// A function of plain values.
#[derive(Debug, Clone, Copy)]
pub(super) enum Native {
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
    pub(super) fn of(name: &str) -> Option<Self> {
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

    /// What it gives for these values.
    pub(super) fn call(self, given: &[Dynamic]) -> Result<Dynamic, Fault> {
        match (self, given) {
            (Self::Number(f), [x]) => {
                semantics::number(x).map(|x| Dynamic::from_float(f(x))).ok_or(Fault::Number)
            }
            (Self::Smaller, [a, b]) => semantics::smaller(a, b).map(Dynamic::from_float),
            (Self::Larger, [a, b]) => semantics::larger(a, b).map(Dynamic::from_float),
            (Self::Len, [x]) => semantics::len(x).map(Dynamic::from_int),
            (Self::IsEmpty, [x]) => semantics::len(x).map(|n| (n == 0).into()),
            (Self::Contains, [list, x]) => semantics::contains(list, x).map(Into::into),
            (Self::StartsWith, [a, b]) => texts(a, b).map(|(a, b)| a.starts_with(b.as_str()).into()),
            (Self::EndsWith, [a, b]) => texts(a, b).map(|(a, b)| a.ends_with(b.as_str()).into()),
            (Self::Upper, [x]) => text(x).map(|t| t.to_uppercase().into()),
            (Self::Lower, [x]) => text(x).map(|t| t.to_lowercase().into()),
            (Self::DaysSince, [x]) => Ok(days_since(x).map_or(Dynamic::UNIT, Dynamic::from_float)),
            (Self::DaysUntil, [x]) => Ok(days_since(x).map_or(Dynamic::UNIT, |d| Dynamic::from_float(-d))),
            (Self::Range(with_last), [a, b]) => match (a.as_int(), b.as_int()) {
                (Ok(a), Ok(b)) if with_last => Ok(Dynamic::from(a..=b)),
                (Ok(a), Ok(b)) => Ok(Dynamic::from(a..b)),
                _ => Err(Fault::Argument),
            },
            _ => Err(Fault::Argument),
        }
    }
}

fn text(value: &Dynamic) -> Result<ImmutableString, Fault> {
    value.as_immutable_string_ref().map(|t| t.clone()).map_err(|_| Fault::Argument)
}

fn texts(a: &Dynamic, b: &Dynamic) -> Result<(ImmutableString, ImmutableString), Fault> {
    Ok((text(a)?, text(b)?))
}
