//! Instants, and the shop's time zone, whose midnight makes a birthday.

use std::fmt;

use jiff::{ToSpan, civil::Date, tz::TimeZone};

/// Milliseconds in a second.
pub const SECOND_MS: i64 = 1_000;
/// Milliseconds in a minute.
pub const MINUTE_MS: i64 = 60 * SECOND_MS;
/// Milliseconds in an hour.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Milliseconds in a day of 86,400 seconds.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// An instant, in milliseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Why a text is neither an instant nor a time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not RFC 3339, or outside the years 1 to 9999.
    #[error("an instant is written as in RFC 3339, such as \"2026-11-20T10:00:00Z\"")]
    Instant,
    /// Not a name of the IANA time zone database.
    #[error("a time zone is a name of the IANA database, such as \"Europe/Paris\"")]
    Zone,
}

impl Timestamp {
    /// From milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// In milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Reads an instant as RFC 3339 writes it; an offset is required.
    ///
    /// # Errors
    /// [`TimeError::Instant`].
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let instant: jiff::Timestamp = text.parse().map_err(|_| TimeError::Instant)?;
        Ok(Self(instant.as_millisecond()))
    }

    /// This instant moved by milliseconds, stopping at the ends of the range.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this instant, negative when it is later.
    #[must_use]
    pub const fn ms_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(instant) => write!(f, "{instant}"),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

/// A time zone of the IANA database; the rules are compiled in, no file is read.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

impl Zone {
    /// Looks a zone up by its name.
    ///
    /// # Errors
    /// [`TimeError::Zone`] where the database has no such name.
    pub fn from_name(name: &str) -> Result<Self, TimeError> {
        jiff::tz::TimeZoneDatabase::bundled().get(name).map(Self).map_err(|_| TimeError::Zone)
    }

    /// Coordinated universal time.
    #[must_use]
    pub const fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    fn in_zone(&self, at: Timestamp) -> Option<jiff::ZonedDateTime> {
        jiff::Timestamp::from_millisecond(at.ms())
            .ok()
            .map(|instant| instant.to_zoned_datetime(self.0.clone()))
    }

    /// The calendar day there; `None` outside the calendar's range.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> Option<Date> {
        self.in_zone(at).map(|z| z.date())
    }

    /// The hour of the day there, 0 to 23; `None` outside the calendar's range.
    #[must_use]
    pub fn hour(&self, at: Timestamp) -> Option<i8> {
        self.in_zone(at).map(|z| z.hour())
    }

    /// The instant of a civil time there, seconds after midnight of `day`; a time that a clock change skips
    /// moves forward.
    #[must_use]
    pub fn instant(&self, day: Date, seconds: i64) -> Option<Timestamp> {
        let civil = day.at(0, 0, 0, 0).checked_add(seconds.seconds()).ok()?;
        civil.to_zoned_datetime(self.0.clone()).ok().map(|z| Timestamp(z.timestamp().as_millisecond()))
    }

    /// `at` less a number of calendar months there; a day that the month lacks becomes its last.
    #[must_use]
    pub fn months_before(&self, at: Timestamp, months: i32) -> Option<Timestamp> {
        let earlier = self.in_zone(at)?.checked_sub(months.months()).ok()?;
        Some(Timestamp(earlier.timestamp().as_millisecond()))
    }

    /// Whole years from `birth` to the day of `at`; someone born on 29 February turns older on 1 March of
    /// other years.
    #[must_use]
    pub fn age(&self, birth: Date, at: Timestamp) -> Option<i16> {
        Some(Self::age_on(birth, self.day(at)?))
    }

    /// As [`Zone::age`], on a day.
    #[must_use]
    pub fn age_on(birth: Date, today: Date) -> i16 {
        let had_birthday = (today.month(), today.day()) >= (birth.month(), birth.day());
        today.year() - birth.year() - i16::from(!had_birthday)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birthday_begins_at_midnight_of_the_zone() {
        let paris = Zone::from_name("Europe/Paris").unwrap();
        let birth = jiff::civil::date(2008, 11, 21);
        let before = Timestamp::parse("2026-11-20T22:59:59Z").unwrap();
        let after = Timestamp::parse("2026-11-20T23:00:00Z").unwrap();
        assert_eq!((paris.age(birth, before), paris.age(birth, after)), (Some(17), Some(18)));
    }

    #[test]
    fn a_leapling_is_older_from_the_first_of_march() {
        let birth = jiff::civil::date(2008, 2, 29);
        let at = |text: &str| Zone::utc().age(birth, Timestamp::parse(text).unwrap());
        assert_eq!((at("2026-02-28T12:00:00Z"), at("2026-03-01T00:00:00Z")), (Some(17), Some(18)));
    }

    #[test]
    fn months_are_the_calendars() {
        let at = Timestamp::parse("2026-03-31T12:00:00Z").unwrap();
        assert_eq!(Zone::utc().months_before(at, 1).unwrap().to_string(), "2026-02-28T12:00:00Z");
    }
}
