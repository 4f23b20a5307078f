//! One request.

use jardin_abi::{Column, Event, FrameReader};

use crate::Cleared;

/// One request: granted fields by their full names, such as `subject.viewed`. A field that was not granted
/// has no column; one that is granted and absent reads as `None` as well, and [`Request::is_granted`] tells
/// the two apart.
#[derive(Debug)]
pub struct Request<'a> {
    columns: &'a [Column<'a>],
    row: usize,
}

impl<'a> Request<'a> {
    pub(crate) const fn new(columns: &'a [Column<'a>], row: usize) -> Self {
        Self { columns, row }
    }

    pub(crate) fn columns(frame: &FrameReader<'a>) -> Vec<Column<'a>> {
        frame.columns().collect()
    }

    fn column(&self, name: &str) -> Option<&'a Column<'a>> {
        self.columns.iter().find(|c| c.name() == name)
    }

    /// How many items are wanted.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.column("limit").and_then(|c| c.word32_at(self.row)).map_or(0, |n| n as usize)
    }

    /// Where pseudo-random choices begin; the same for everybody at one place and time.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.column("seed").and_then(|c| c.word64_at(self.row)).unwrap_or(0)
    }

    /// When the request is answered, in milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub fn time(&self) -> i64 {
        self.column("time").and_then(|c| c.time_at(self.row)).unwrap_or(0)
    }

    /// The candidates, where the host gave some; only these may be picked then.
    #[must_use]
    pub fn candidates(&self) -> Option<Cleared<u32>> {
        self.items("candidates")
    }

    /// True where the field is granted.
    #[must_use]
    pub fn is_granted(&self, name: &str) -> bool {
        self.column(name).is_some()
    }

    /// A number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<f64> {
        self.column(name)?.number_at(self.row)
    }

    /// A flag.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.column(name)?.flag_at(self.row)
    }

    /// A text, choice or id.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.column(name)?.text_at(self.row)
    }

    /// Texts.
    #[must_use]
    pub fn texts(&self, name: &str) -> Option<Vec<&'a str>> {
        Some(self.column(name)?.texts_at(self.row)?.collect())
    }

    /// A day, in days since 1970-01-01.
    #[must_use]
    pub fn date(&self, name: &str) -> Option<i32> {
        self.column(name)?.date_at(self.row)
    }

    /// The index of an item.
    #[must_use]
    pub fn item(&self, name: &str) -> Option<u32> {
        self.column(name)?.word32_at(self.row)
    }

    /// The indices of items.
    #[must_use]
    pub fn items(&self, name: &str) -> Option<Cleared<u32>> {
        Some(self.column(name)?.words32_at(self.row)?.collect())
    }

    /// A history, newest first.
    #[must_use]
    pub fn events(&self, name: &str) -> Option<Cleared<Event>> {
        Some(self.column(name)?.events_at(self.row)?.collect())
    }
}
