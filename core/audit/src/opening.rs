//! Where a log goes on: behind its last whole batch.

use std::{
    fs::{self, OpenOptions},
    path::Path,
};

use crate::{
    chain::Chain,
    error::AuditError,
    line::Line,
    retention::last_stub,
    segments::{Segment, list_segments},
};

/// How far a log has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) entries: u64,
    pub(crate) chain: Chain,
    /// The day of the last file; empty where there is none.
    pub(crate) day: String,
}

/// Reads where a log goes on, and cuts off what an end left behind its last whole batch; gives how many entries that were.
pub(crate) fn resume(folder: &Path) -> Result<(Position, u64), AuditError> {
    let start = last_stub(folder)?.map_or((0, Chain::START), |stub| (stub.entries, stub.chain));
    let mut position = Position { entries: start.0, chain: start.1, day: String::new() };
    let mut cut = 0;
    for Segment { day, path } in list_segments(folder)?.into_iter().rev() {
        if position.day.is_empty() {
            position.day = day;
        }
        let bytes = fs::read(&path).map_err(AuditError::at(&path))?;
        let (whole, last) = last_whole_batch(&bytes);
        cut += bytes
            .get(whole..)
            .unwrap_or_default()
            .split(|byte| *byte == b'\n')
            .filter(|l| !l.is_empty())
            .count() as u64;
        if whole < bytes.len() {
            let file = OpenOptions::new().write(true).open(&path).map_err(AuditError::at(&path))?;
            file.set_len(whole as u64).and_then(|()| file.sync_all()).map_err(AuditError::at(&path))?;
        }
        if let Some((entries, chain)) = last {
            return Ok((Position { entries, chain, ..position }, cut));
        }
    }
    Ok((position, cut))
}

/// Where the last batch of a file ends, and what its chain line says. Looked for from the end: a day may hold a million lines.
fn last_whole_batch(bytes: &[u8]) -> (usize, Option<(u64, Chain)>) {
    let mut end = end_of_lines(bytes);
    while end > 0 {
        let text = bytes.get(..end - 1).unwrap_or_default();
        let start = end_of_lines(text);
        let line = text.get(start..).unwrap_or_default();
        if let Ok(Line::Chained(chained)) = serde_json::from_slice(line)
            && let Some(chain) = Chain::parse(&chained.chain)
        {
            return (end, Some((chained.through, chain)));
        }
        end = start;
    }
    (0, None)
}

/// Behind the last end of a line.
fn end_of_lines(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
}
