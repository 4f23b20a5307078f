//! Days as TOML writes them.

use jardin_diagnostics::TomlValue;
use jardin_model::Date;

/// A day with the seconds since its midnight where a time is written; says nothing where it is neither.
#[must_use]
pub fn day_and_seconds(value: TomlValue<'_>) -> Option<(Date, Option<i64>)> {
    let written = value.if_datetime()?;
    let year = i16::try_from(written.year).ok()?;
    let date = Date::new(year, i8::try_from(written.month).ok()?, i8::try_from(written.day).ok()?).ok()?;
    Some((date, written.seconds))
}

/// A day alone.
pub(crate) fn day(value: TomlValue<'_>) -> Option<Date> {
    let date = day_and_seconds(value).filter(|(_, seconds)| seconds.is_none()).map(|(date, _)| date);
    if date.is_none() {
        value.wrong_type("a day such as 2026-11-20, without quotes", None);
    }
    date
}
