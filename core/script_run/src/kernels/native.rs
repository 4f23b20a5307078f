//! Functions of plain values, as compiled rules call them. Each means what `semantics` says.

use jardin_script_check::lowered::Native;
use rhai::{Dynamic, ImmutableString};

use crate::{
    host::days_since,
    semantics::{self, Fault},
};

/// What a function gives for these values.
pub(super) fn call(native: Native, given: &[Dynamic]) -> Result<Dynamic, Fault> {
    match (native, given) {
        (Native::Number(f), [x]) => {
            semantics::number(x).map(|x| Dynamic::from_float(f(x))).ok_or(Fault::Number)
        }
        (Native::Smaller, [a, b]) => semantics::smaller(a, b).map(Dynamic::from_float),
        (Native::Larger, [a, b]) => semantics::larger(a, b).map(Dynamic::from_float),
        (Native::Len, [x]) => semantics::len(x).map(Dynamic::from_int),
        (Native::IsEmpty, [x]) => semantics::len(x).map(|n| (n == 0).into()),
        (Native::Contains, [list, x]) => semantics::contains(list, x).map(Into::into),
        (Native::StartsWith, [a, b]) => texts(a, b).map(|(a, b)| a.starts_with(b.as_str()).into()),
        (Native::EndsWith, [a, b]) => texts(a, b).map(|(a, b)| a.ends_with(b.as_str()).into()),
        (Native::Upper, [x]) => text(x).map(|t| t.to_uppercase().into()),
        (Native::Lower, [x]) => text(x).map(|t| t.to_lowercase().into()),
        (Native::DaysSince, [x]) => Ok(days_since(x).map_or(Dynamic::UNIT, Dynamic::from_float)),
        (Native::DaysUntil, [x]) => Ok(days_since(x).map_or(Dynamic::UNIT, |d| Dynamic::from_float(-d))),
        (Native::Range(with_last), [a, b]) => match (a.as_int(), b.as_int()) {
            (Ok(a), Ok(b)) if with_last => Ok(Dynamic::from(a..=b)),
            (Ok(a), Ok(b)) => Ok(Dynamic::from(a..b)),
            _ => Err(Fault::Argument),
        },
        _ => Err(Fault::Argument),
    }
}

fn text(value: &Dynamic) -> Result<ImmutableString, Fault> {
    value.as_immutable_string_ref().map(|t| t.clone()).map_err(|_| Fault::Argument)
}

fn texts(a: &Dynamic, b: &Dynamic) -> Result<(ImmutableString, ImmutableString), Fault> {
    Ok((text(a)?, text(b)?))
}
