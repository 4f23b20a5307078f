//! Spans of time as a policy writes them: `90 days`, `24 months`.

use std::fmt;

use jardin_diagnostics::{TomlValue, codes::INVALID_VALUE};
use jardin_model::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Timestamp, Zone};

/// The oldest that a person is taken to be, in years.
pub(crate) const OLDEST_AGE: i16 = 150;

/// A span of time back from now. Days are 86,400 seconds; months and years are the calendar's in the policy's
/// time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Age {
    /// A number of milliseconds.
    Ms(i64),
    /// A number of calendar months.
    Months(i32),
}

impl Age {
    /// Reads `30 seconds`, `30 minutes`, `6 hours`, `90 days`, `2 weeks`, `24 months`, `5 years`; the
    /// singular as well.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (count, unit) = text.split_once(' ')?;
        if !count.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let count: i32 = count.parse().ok().filter(|n| *n > 0)?;
        let ms = |unit: i64| i64::from(count).checked_mul(unit).map(Self::Ms);
        match unit.strip_suffix('s').unwrap_or(unit) {
            "second" => ms(SECOND_MS),
            "minute" => ms(MINUTE_MS),
            "hour" => ms(HOUR_MS),
            "day" => ms(DAY_MS),
            "week" => ms(7 * DAY_MS),
            "month" => Some(Self::Months(count)),
            "year" => count.checked_mul(12).map(Self::Months),
            _ => None,
        }
        .filter(|age| age.approximate_days() <= 366.0 * 200.0)
    }

    /// Reads a span of time such as `90 days`; a finding where it is none.
    pub(crate) fn read(value: TomlValue<'_>) -> Option<Self> {
        let help = || {
            Some(
                "write a whole number and a unit: `30 minutes`, `90 days`, `24 months`, `5 years`".to_owned(),
            )
        };
        let Some(text) = value.if_text() else {
            value.wrong_type("a span of time in quotes", help());
            return None;
        };
        let age = Self::parse(text);
        if age.is_none() {
            value.finding(INVALID_VALUE, format!("`{text}` is not a span of time"), help());
        }
        age
    }

    /// The instant that lies this long before `now`; what happened at or before it is too old. Beyond the
    /// calendar's range nothing is.
    #[must_use]
    pub fn before(self, now: Timestamp, zone: &Zone) -> Timestamp {
        match self {
            Self::Ms(ms) => now.plus_ms(-ms),
            Self::Months(months) => zone.months_before(now, months).unwrap_or(Timestamp::from_ms(i64::MIN)),
        }
    }

    /// True where `at` lies after [`Age::before`] that `now`. The calendar is asked only where it may decide.
    #[must_use]
    pub(crate) fn is_within(self, at: Timestamp, now: Timestamp, zone: &Zone) -> bool {
        let certain = match self {
            // no month has fewer days, and no zone's clocks were ever moved by two
            Self::Months(months) => now.plus_ms(-(i64::from(months) * 28 - 2) * DAY_MS),
            Self::Ms(_) => Timestamp::from_ms(i64::MAX),
        };
        at > certain || at > self.before(now, zone)
    }

    /// The instant that lies this long after another; beyond the calendar's range the last one.
    #[must_use]
    pub fn after(self, at: Timestamp, zone: &Zone) -> Timestamp {
        match self {
            Self::Ms(ms) => at.plus_ms(ms),
            Self::Months(months) => zone.months_before(at, -months).unwrap_or(Timestamp::from_ms(i64::MAX)),
        }
    }

    /// Its length in days, a month taken as 30.44; for comparing two, never for deciding.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a comparison of spans, not a decision")]
    pub fn approximate_days(self) -> f64 {
        match self {
            Self::Ms(ms) => ms as f64 / DAY_MS as f64,
            Self::Months(months) => f64::from(months) * 30.436_875,
        }
    }
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match *self {
            Self::Months(m) if m % 12 == 0 && m >= 60 => (i64::from(m / 12), "year"),
            Self::Months(m) => (i64::from(m), "month"),
            Self::Ms(ms) if ms % DAY_MS == 0 => (ms / DAY_MS, "day"),
            Self::Ms(ms) if ms % HOUR_MS == 0 => (ms / HOUR_MS, "hour"),
            Self::Ms(ms) if ms % MINUTE_MS == 0 => (ms / MINUTE_MS, "minute"),
            Self::Ms(ms) => (ms / SECOND_MS, "second"),
        };
        write!(f, "{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_within_an_age_lies_after_its_beginning() {
        // clocks that change twice a year, and a zone that left out the 30th of December 2011
        for zone in ["Europe/Paris", "Pacific/Apia"].map(|name| Zone::from_name(name).unwrap()) {
            for now in [
                "2011-12-31T12:00:00Z",
                "2012-03-01T00:30:00Z",
                "2026-03-29T01:30:00Z",
                "2026-11-20T10:00:00Z",
            ] {
                let now = Timestamp::parse(now).unwrap();
                for age in
                    [Age::Months(1), Age::Months(2), Age::Months(13), Age::Months(24), Age::Ms(90 * DAY_MS)]
                {
                    let begin = age.before(now, &zone);
                    for days in -40..40 {
                        for ms in [-1, 0, 1] {
                            let at = begin.plus_ms(days * DAY_MS + ms);
                            assert_eq!(age.is_within(at, now, &zone), at > begin, "{age:?} {now} {at}");
                        }
                    }
                }
            }
        }
        let ever = Age::Months(1).is_within(
            Timestamp::from_ms(i64::MIN + 1),
            Timestamp::from_ms(i64::MIN),
            &Zone::utc(),
        );
        assert!(ever, "beyond the calendar nothing is too old");
    }
}
