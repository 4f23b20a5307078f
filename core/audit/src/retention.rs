//! Days that are older than a log is kept.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use ed25519_dalek::SigningKey;

use crate::{
    chain::Chain,
    checkpoint::{Checkpoint, mark_of},
    error::AuditError,
    file_audit::{append_to, sync_folder},
    segments::{Segment, list_segments},
    verify::end_of_days,
};

/// The file of what stands in for removed days, in a log's folder.
const STUBS: &str = "stubs";

fn stubs_path(folder: &Path) -> PathBuf {
    folder.join(STUBS)
}

/// What stands in for all days that were removed.
pub(crate) fn last_stub(folder: &Path) -> Result<Option<Checkpoint>, AuditError> {
    let path = stubs_path(folder);
    if !path.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(&path).map_err(AuditError::at(&path))?;
    Ok(Checkpoint::find_in(&text).pop())
}

/// Removes the days before `day` (`2026-11-28`), each as a whole; the newest stays. A signed stub says how many entries
/// went and where the chain was. Gives how many days went.
///
/// # Errors
/// [`AuditError`] where the folder cannot be read or written, or a day is not as it was written: nothing is signed or removed then.
pub fn remove_days_before(folder: &Path, secret: &[u8; 32], day: &str) -> Result<usize, AuditError> {
    let key = SigningKey::from_bytes(secret);
    let mut segments = list_segments(folder)?;
    segments.pop();
    let old: Vec<Segment> = segments.into_iter().filter(|segment| segment.day.as_str() < day).collect();
    if old.is_empty() {
        return Ok(0);
    }
    let start = last_stub(folder)?.map_or((0, Chain::START), |stub| (stub.entries, stub.chain));
    let (entries, chain, at) = end_of_days(start, &old)?;
    let path = stubs_path(folder);
    let mut file = append_to(&path)?;
    writeln!(file, "{}", Checkpoint::sign(&key, mark_of(folder), (entries, chain), &at))
        .map_err(AuditError::at(&path))?;
    file.sync_all().map_err(AuditError::at(&path))?;
    sync_folder(folder)?;
    for segment in &old {
        fs::remove_file(&segment.path).map_err(AuditError::at(&segment.path))?;
    }
    sync_folder(folder)?;
    Ok(old.len())
}
