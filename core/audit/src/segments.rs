//! The files of a log: one a day, named by it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::error::AuditError;

/// The end of the name of a day's file.
const ENDING: &str = ".jsonl";
/// `2026-11-28`
const DAY_LENGTH: usize = 10;

/// One day's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    /// Its day, such as `2026-11-28` (UTC).
    pub(crate) day: String,
    pub(crate) path: PathBuf,
}

impl Segment {
    pub(crate) fn of_day(folder: &Path, day: &str) -> Self {
        Self { day: day.to_owned(), path: folder.join(format!("{day}{ENDING}")) }
    }
}

/// The files of a log, oldest first.
pub(crate) fn list_segments(folder: &Path) -> Result<Vec<Segment>, AuditError> {
    let mut segments = Vec::new();
    for file in fs::read_dir(folder).map_err(AuditError::at(folder))? {
        let name = file.map_err(AuditError::at(folder))?.file_name();
        let day = name.to_str().and_then(|name| name.strip_suffix(ENDING)).filter(|day| is_day(day));
        segments.extend(day.map(|day| Segment::of_day(folder, day)));
    }
    segments.sort_by(|one, other| one.day.cmp(&other.day));
    Ok(segments)
}

/// The day of a time of RFC 3339 in UTC.
pub(crate) fn day_of(at: &str) -> Option<&str> {
    at.get(..DAY_LENGTH).filter(|day| is_day(day))
}

fn is_day(text: &str) -> bool {
    let is_right = |(place, byte): (usize, u8)| {
        if matches!(place, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() }
    };
    text.len() == DAY_LENGTH && text.bytes().enumerate().all(is_right)
}
