//! Values of fields that Rhai has no type for.

use std::sync::Arc;

use jardin_model::{DAY_MS, Date, Timestamp, Zone};
use rhai::{Dynamic, ImmutableString};

/// When a request is answered; dates know from it how long ago they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Now {
    instant: Timestamp,
    today: Option<Date>,
}

impl Now {
    /// An instant and its day in the policy's time zone.
    pub(crate) fn new(instant: Timestamp, zone: &Zone) -> Self {
        Self { instant, today: zone.day(instant) }
    }
}

/// A day, as scripts see a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day {
    date: Date,
    now: Now,
}

impl Day {
    /// A day as seen from now.
    pub(crate) const fn new(date: Date, now: Now) -> Self {
        Self { date, now }
    }

    /// A number that orders days.
    pub(crate) fn order_number(self) -> i64 {
        i64::from(self.date.year()) * 10_000 + i64::from(self.date.month()) * 100 + i64::from(self.date.day())
    }

    /// Whole days from it to today, negative where it lies ahead.
    #[expect(clippy::cast_precision_loss, reason = "the calendar has some four million days")]
    pub(crate) fn days_since(self) -> Option<f64> {
        let hours = self.date.duration_until(self.now.today?).as_hours();
        Some((hours / 24) as f64)
    }
}

/// An instant, as scripts see a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    at: Timestamp,
    now: Now,
}

impl Moment {
    /// An instant as seen from now.
    pub(crate) const fn new(at: Timestamp, now: Now) -> Self {
        Self { at, now }
    }

    /// A number that orders instants.
    pub(crate) const fn order_number(self) -> i64 {
        self.at.ms()
    }

    /// Days of 86,400 seconds from it to now, negative where it lies ahead.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of some centuries are exact")]
    pub(crate) fn days_since(self) -> f64 {
        self.now.instant.ms_since(self.at) as f64 / DAY_MS as f64
    }
}

/// How many days ago a date or time was; `()` for anything else.
pub(crate) fn days_since(value: &Dynamic) -> Option<f64> {
    if let Some(day) = value.read_lock::<Day>() {
        return day.days_since();
    }
    value.read_lock::<Moment>().map(|m| m.days_since())
}

/// The texts of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Texts(pub(crate) Arc<[Arc<str>]>);

impl Texts {
    /// True where the text is one of them, compared exactly.
    pub(crate) fn has(&self, text: &str) -> bool {
        self.0.iter().any(|t| **t == *text)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Each of them, in the shop's order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Dynamic> + '_ {
        self.0.iter().map(|t| text_value(t))
    }
}

/// A text as a script sees it.
pub(crate) fn text_value(text: &str) -> Dynamic {
    ImmutableString::from(text).into()
}

impl IntoIterator for Texts {
    type Item = ImmutableString;
    type IntoIter = std::vec::IntoIter<ImmutableString>;

    fn into_iter(self) -> Self::IntoIter {
        let all: Vec<ImmutableString> = self.0.iter().map(|t| ImmutableString::from(&**t)).collect();
        all.into_iter()
    }
}
