//! What is proved of a log.

use std::{fmt, fs, path::Path};

use ed25519_dalek::VerifyingKey;

use crate::{
    chain::Chain,
    checkpoint::{CHECKPOINTS, Checkpoint, mark_of, own_checkpoints, parse_public_key, public_key_of},
    error::AuditError,
    line::Line,
    retention::last_stub,
    segments::{Segment, list_segments},
};

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// So many entries were ever written, as far as the log agrees with itself; removed days count. Where something is not as
    /// it was written: the number of the last entry before it that agrees.
    pub entries: u64,
    /// Of these so many went with days that were removed.
    pub removed: u64,
    /// Up to this entry a checkpoint from outside proves that nothing was altered, removed or added; 0 without one.
    pub proved: u64,
    /// Lines behind the last whole batch: being written, or cut short by an end.
    pub unfinished: u64,
    /// The first thing that is not as it was written.
    pub fault: Option<Fault>,
}

/// What is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file of the log.
    pub file: String,
    /// The line in it, from 1; 0 where it is about the whole file.
    pub line: usize,
    /// What is wrong.
    pub what: FaultKind,
}

/// In which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// A line that is neither an entry nor the end of a batch.
    NotALine,
    /// An entry out of its number: one was removed, added or moved.
    OutOfOrder,
    /// The batch that ends here was altered.
    Altered,
    /// A checkpoint was not signed by the key.
    NotSigned,
    /// A checkpoint says another chain, or no batch ended where it says.
    OtherThanCheckpoint,
    /// A checkpoint knows of entries that are not there.
    Cut,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, .. } = self;
        let what = match self.what {
            FaultKind::NotALine => "what stands there was not written by this program",
            FaultKind::OutOfOrder => "an entry was removed, added or moved",
            FaultKind::Altered => "an entry of the batch that ends there was altered",
            FaultKind::NotSigned => "a checkpoint was not signed by this log's key",
            FaultKind::OtherThanCheckpoint => "the log was rewritten: a checkpoint says otherwise",
            FaultKind::Cut => "entries are missing at the end: a checkpoint knows of more",
        };
        if *line == 0 { write!(f, "{file}: {what}") } else { write!(f, "{file}:{line}: {what}") }
    }
}

/// Verifies the log of a folder: against itself, its own checkpoints, and those that `outside` holds. `key` is the public key (64
/// hexadecimal digits) from outside; without it the folder's own is taken.
///
/// # Errors
/// [`AuditError`] where the folder cannot be read or the key is none.
pub fn verify_folder(
    folder: &Path,
    key: Option<&str>,
    outside: &[Checkpoint],
) -> Result<Verified, AuditError> {
    let key = match key {
        Some(key) => parse_public_key(key)?,
        None => parse_public_key(&public_key_of(folder)?)?,
    };
    let own = own_checkpoints(folder)?;
    // the log of a service holds those of acts and of decisions
    let outside: Vec<&Checkpoint> =
        outside.iter().filter(|checkpoint| checkpoint.mark == mark_of(folder)).collect();
    let stub = last_stub(folder)?;
    let start = stub.as_ref().map_or((0, Chain::START), |stub| (stub.entries, stub.chain));
    let mut walk = Walk::new(start);
    let fault = unsigned(&key, own.iter().chain(outside.iter().copied()).chain(&stub))
        .or(walk.read_segments(folder)?);
    let fault = fault.or_else(|| {
        own.iter().chain(outside.iter().copied()).find_map(|checkpoint| walk.contradicted_by(checkpoint))
    });
    // one that is older than the days that are left was compared with nothing
    let agreeing =
        outside.iter().filter(|checkpoint| walk.ends.contains(&(checkpoint.entries, checkpoint.chain)));
    let proved = agreeing.filter(|_| fault.is_none()).map(|checkpoint| checkpoint.entries).max();
    Ok(Verified {
        entries: walk.batch_end,
        removed: start.0,
        proved: proved.unwrap_or(0),
        unfinished: walk.unfinished,
        fault,
    })
}

/// The end of some days of a log that follow `start`, and the time of their last entry.
///
/// # Errors
/// [`AuditError::Foreign`] where they are not as they were written: what stands in for them must not vouch for them.
pub(crate) fn end_of_days(start: (u64, Chain), days: &[Segment]) -> Result<(u64, Chain, String), AuditError> {
    let mut walk = Walk::new(start);
    for Segment { path, .. } in days {
        let bytes = fs::read(path).map_err(AuditError::at(path))?;
        if walk.read_segment(&bytes, false).is_some() {
            return Err(AuditError::foreign(
                path,
                "it is not as it was written; `jardin audit verify` says where",
            ));
        }
    }
    Ok((walk.batch_end, walk.chain, walk.last_at))
}

fn unsigned<'a>(key: &VerifyingKey, checkpoints: impl Iterator<Item = &'a Checkpoint>) -> Option<Fault> {
    let mut wrong = checkpoints.filter(|checkpoint| !checkpoint.is_signed_by(key));
    wrong.next().map(|_| Fault { file: CHECKPOINTS.to_owned(), line: 0, what: FaultKind::NotSigned })
}

/// A log as far as it was read.
struct Walk {
    /// The number of the last entry that was read.
    entries: u64,
    /// The number of the last entry of a whole batch.
    batch_end: u64,
    chain: Chain,
    /// Where each batch ended.
    ends: Vec<(u64, Chain)>,
    unfinished: u64,
    /// The time of the last entry.
    last_at: String,
}

impl Walk {
    /// At the end of what was removed.
    fn new(start: (u64, Chain)) -> Self {
        let (entries, chain) = start;
        Self { entries, batch_end: entries, chain, ends: vec![start], unfinished: 0, last_at: String::new() }
    }

    fn read_segments(&mut self, folder: &Path) -> Result<Option<Fault>, AuditError> {
        let segments = list_segments(folder)?;
        let count = segments.len();
        for (place, Segment { day, path }) in segments.into_iter().enumerate() {
            let bytes = fs::read(&path).map_err(AuditError::at(&path))?;
            let fault = self.read_segment(&bytes, place + 1 == count);
            if let Some((line, what)) = fault {
                return Ok(Some(Fault { file: format!("{day}.jsonl"), line, what }));
            }
        }
        Ok(None)
    }

    /// The lines of a file; behind the last whole batch of the last file may stand what is not finished.
    fn read_segment(&mut self, bytes: &[u8], is_last: bool) -> Option<(usize, FaultKind)> {
        let (mut batch, mut lines) = (Vec::new(), 0);
        for (number, line) in (1..).zip(bytes.split_inclusive(|byte| *byte == b'\n')) {
            lines = number;
            let is_whole = line.ends_with(b"\n");
            let read: Option<Line<'_>> = serde_json::from_slice(line).ok().filter(|_| is_whole);
            match (read.as_ref().and_then(Line::entry_number), &read) {
                (Some((n, at)), _) => {
                    if n != self.entries + 1 {
                        return Some((number, FaultKind::OutOfOrder));
                    }
                    self.entries = n;
                    at.clone_into(&mut self.last_at);
                    batch.extend_from_slice(line);
                }
                (None, Some(Line::Chained(chained))) => {
                    if chained.through != self.entries {
                        return Some((number, FaultKind::OutOfOrder));
                    }
                    self.chain = self.chain.extend(&batch);
                    // to the byte, so that not even a blank is added unseen
                    if Line::chained(self.entries, self.chain).to_bytes() != line {
                        return Some((number, FaultKind::Altered));
                    }
                    self.batch_end = self.entries;
                    self.ends.push((self.entries, self.chain));
                    batch.clear();
                }
                _ if is_last && !is_whole => self.unfinished += 1,
                _ => return Some((number, FaultKind::NotALine)),
            }
        }
        if batch.is_empty() {
            return None;
        }
        self.unfinished += self.entries - self.batch_end;
        (!is_last).then_some((lines, FaultKind::Altered))
    }

    fn contradicted_by(&self, checkpoint: &Checkpoint) -> Option<Fault> {
        let first = self.ends.first().map_or(0, |(entries, _)| *entries);
        // what is older than the days that are left is proved by their stub alone
        if checkpoint.entries < first || self.ends.contains(&(checkpoint.entries, checkpoint.chain)) {
            return None;
        }
        let is_cut = checkpoint.entries > self.batch_end;
        let what = if is_cut { FaultKind::Cut } else { FaultKind::OtherThanCheckpoint };
        Some(Fault { file: CHECKPOINTS.to_owned(), line: 0, what })
    }
}
