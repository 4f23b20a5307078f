//! Places in a source text.

use std::ops::Range;

/// A run of bytes in a source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// As a range of bytes.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self { start: range.start, end: range.end }
    }
}

/// The line and column of a byte, both from 1; a column counts characters.
#[must_use]
pub fn line_and_column(source: &str, byte: usize) -> (usize, usize) {
    let before = source.get(..byte.min(source.len())).unwrap_or(source);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
    (before.bytes().filter(|b| *b == b'\n').count() + 1, column)
}

/// Where the lines of a text begin, so that many places in it are found in no time.
#[derive(Debug, Clone)]
pub(crate) struct Lines<'a> {
    source: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(crate) fn of(source: &'a str) -> Self {
        let starts = std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { source, starts }
    }

    /// As [`line_and_column`].
    pub(crate) fn place(&self, byte: usize) -> (usize, usize) {
        let byte = byte.min(self.source.len());
        let line = self.starts.partition_point(|start| *start <= byte);
        let start = line.checked_sub(1).and_then(|i| self.starts.get(i)).copied().unwrap_or(0);
        (line, self.source.get(start..byte).unwrap_or_default().chars().count() + 1)
    }

    /// The whole lines that a run of bytes touches: their text, where it begins, and the number of the first.
    pub(crate) fn around(&self, range: &Range<usize>) -> (&'a str, usize, usize) {
        let (first, _) = self.place(range.start);
        let (last, _) = self.place(range.end);
        let start = self.starts.get(first - 1).copied().unwrap_or(0);
        let end = self.starts.get(last).map_or(self.source.len(), |next| next - 1);
        (self.source.get(start..end).unwrap_or(self.source), start, first)
    }
}
