//! A copy of the store as it is at one moment, and its way back.
//!
//! A backup is a folder of three files: the tables, the keys, still wrapped by the master key, and `SHA256SUMS`, which `sha256sum -c`
//! reads. Neither the master key nor the journal of refusals is in it: whoever holds a backup alone reads nobody, and none
//! that is restored takes back what somebody refused since.

mod restore;
mod write;

pub(crate) use restore::finish_restore;
pub use restore::restore_backup;
pub(crate) use write::write_backup;

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{self, Read as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
};

use jardin_contract::StoreError;
use sha2::{Digest as _, Sha256};

/// The tables, in a data folder and in a backup.
pub(crate) const TABLES: &str = "store.db";
/// The keys, in a data folder and in a backup.
pub(crate) const KEYS: &str = "keys";
/// The digests of both, in a backup.
const SUMS: &str = "SHA256SUMS";
/// So much of a file is read at a time.
const PIECE_BYTES: usize = 1 << 16;

/// A new folder for its owner alone.
fn create_folder(path: &Path) -> Result<(), StoreError> {
    DirBuilder::new().mode(0o700).create(path).map_err(|error| failed_at(path, &error))
}

/// A new file for its owner alone.
fn create_file(path: &Path) -> Result<File, StoreError> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    file.map_err(|error| failed_at(path, &error))
}

/// Makes the names in a folder durable.
fn sync_folder(path: &Path) -> Result<(), StoreError> {
    let folder = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| failed_at(folder, &error))
}

fn sync_parent(path: &Path) -> Result<(), StoreError> {
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// Hands the pieces of a file on, and gives its SHA-256 in hexadecimal (FIPS 180-4).
fn digest_file(path: &Path, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> Result<String, StoreError> {
    let mut file = File::open(path).map_err(|error| failed_at(path, &error))?;
    let (mut digest, mut piece) = (Sha256::new(), vec![0; PIECE_BYTES]);
    loop {
        let read = file.read(&mut piece).map_err(|error| failed_at(path, &error))?;
        let Some(bytes) = piece.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        digest.update(bytes);
        take(bytes).map_err(|error| failed_at(path, &error))?;
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn failed_at(path: &Path, error: &io::Error) -> StoreError {
    StoreError::failed(format!("`{}`: {error}", path.display()))
}
