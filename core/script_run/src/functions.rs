//! What functions of plain values give: one meaning for the interpreter and for compiled rules.

use jardin_script_check::vocabulary::Function;
use rhai::{Dynamic, ImmutableString};

use crate::{
    host::days_since,
    semantics::{self, Fault, number_of},
};

/// What a function gives for these values.
pub(crate) fn call_function(function: Function, given: &[Dynamic]) -> Result<Dynamic, Fault> {
    match given {
        [x] => of_one(function, x),
        [x, y] => of_two(function, x, y),
        _ => Err(Fault::Argument),
    }
}

/// The function of one number; `None` for any other word.
pub(crate) const fn of_a_number(function: Function) -> Option<fn(f64) -> f64> {
    match function {
        Function::Abs => Some(f64::abs),
        Function::Floor => Some(f64::floor),
        Function::Ceil => Some(f64::ceil),
        Function::Round => Some(f64::round),
        Function::Sqrt => Some(f64::sqrt),
        Function::DaysSince
        | Function::DaysUntil
        | Function::Min
        | Function::Max
        | Function::Len
        | Function::IsEmpty
        | Function::Contains
        | Function::StartsWith
        | Function::EndsWith
        | Function::ToUpper
        | Function::ToLower => None,
    }
}

fn of_one(function: Function, x: &Dynamic) -> Result<Dynamic, Fault> {
    match function {
        Function::Abs | Function::Floor | Function::Ceil | Function::Round | Function::Sqrt => {
            let x = number_of(x).ok_or(Fault::Number)?;
            of_a_number(function).map(|f| Dynamic::from_float(f(x))).ok_or(Fault::Argument)
        }
        Function::DaysSince => Ok(days_since(x).map_or(Dynamic::UNIT, Dynamic::from_float)),
        Function::DaysUntil => Ok(days_since(x).map_or(Dynamic::UNIT, |days| Dynamic::from_float(-days))),
        Function::Len => semantics::length_of(x).map(Dynamic::from_int),
        Function::IsEmpty => semantics::length_of(x).map(|n| (n == 0).into()),
        Function::ToUpper => text_of(x).map(|t| t.to_uppercase().into()),
        Function::ToLower => text_of(x).map(|t| t.to_lowercase().into()),
        Function::Min | Function::Max | Function::Contains | Function::StartsWith | Function::EndsWith => {
            Err(Fault::Argument)
        }
    }
}

fn of_two(function: Function, x: &Dynamic, y: &Dynamic) -> Result<Dynamic, Fault> {
    match function {
        Function::Min => semantics::smaller_of(x, y).map(Dynamic::from_float),
        Function::Max => semantics::larger_of(x, y).map(Dynamic::from_float),
        Function::Contains => semantics::contains_value(x, y).map(Into::into),
        Function::StartsWith => Ok(text_of(x)?.starts_with(text_of(y)?.as_str()).into()),
        Function::EndsWith => Ok(text_of(x)?.ends_with(text_of(y)?.as_str()).into()),
        Function::Abs
        | Function::Floor
        | Function::Ceil
        | Function::Round
        | Function::Sqrt
        | Function::DaysSince
        | Function::DaysUntil
        | Function::Len
        | Function::IsEmpty
        | Function::ToUpper
        | Function::ToLower => Err(Fault::Argument),
    }
}

fn text_of(value: &Dynamic) -> Result<ImmutableString, Fault> {
    value.as_immutable_string_ref().map(|t| t.clone()).map_err(|_| Fault::Argument)
}
