//! The keys of people: a file of fixed slots, each a key wrapped by the master key. A key table in SQLite would leave deleted keys in the
//! slack of its pages.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::{FileExt as _, OpenOptionsExt as _},
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::seal::{SEAL_BYTES, Secret, open, random, seal};

/// A slot: the sealed key and padding to a size that no disk sector cuts.
const SLOT: usize = 64;
const SEALED: usize = 32 + SEAL_BYTES;

/// The keys of people.
#[derive(Debug)]
pub(crate) struct Keys {
    file: File,
    master: Secret,
    next: AtomicU64,
    /// One writer at a time; held while a slot is written.
    writing: Mutex<()>,
}

/// Reads a secret file, or makes it, for its owner alone.
pub(crate) fn secret_file(path: &Path) -> io::Result<Secret> {
    let mut secret = [0; 32];
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => {
            secret = random().map_err(io::Error::other)?;
            file.write_all(&secret)?;
            file.sync_all()?;
            if let Some(folder) = path.parent() {
                File::open(folder)?.sync_all()?;
            }
        }
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => File::open(path)?.read_exact(&mut secret)?,
        Err(e) => return Err(e),
    }
    Ok(secret)
}

impl Keys {
    pub(crate) fn open(path: &Path, master: Secret) -> io::Result<Self> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)?;
        let next = file.metadata()?.len().div_ceil(SLOT as u64);
        Ok(Self {
            file,
            master,
            next: AtomicU64::new(next),
            writing: Mutex::new(()),
        })
    }

    fn place(slot: u64) -> io::Result<u64> {
        slot.checked_mul(SLOT as u64).ok_or_else(|| io::ErrorKind::InvalidInput.into())
    }

    /// A new key in a slot of its own; durable after [`Keys::sync`].
    pub(crate) fn create(&self) -> io::Result<(u64, Secret)> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = self.next.load(Ordering::Acquire);
        let key: Secret = random().map_err(io::Error::other)?;
        let mut bytes = seal(&self.master, &slot.to_le_bytes(), &key).map_err(io::Error::other)?;
        bytes.resize(SLOT, 0);
        self.file.write_all_at(&bytes, Self::place(slot)?)?;
        self.next.store(slot + 1, Ordering::Release);
        Ok((slot, key))
    }

    /// The key of a slot; `None` where it was destroyed.
    pub(crate) fn get(&self, slot: u64) -> Option<Secret> {
        let mut bytes = [0; SLOT];
        self.file.read_exact_at(&mut bytes, Self::place(slot).ok()?).ok()?;
        let key = open(&self.master, &slot.to_le_bytes(), bytes.get(..SEALED)?)?;
        key.try_into().ok()
    }

    /// Overwrites a key in place, durably before it returns.
    pub(crate) fn destroy(&self, slot: u64) -> io::Result<()> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let noise: [u8; SLOT] = random().map_err(io::Error::other)?;
        self.file.write_all_at(&noise, Self::place(slot)?)?;
        self.file.sync_data()
    }

    /// Makes every created key durable.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_itself_until_it_is_destroyed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let keys = Keys::open(&path, [7; 32]).unwrap();
        let made: Vec<_> = (0..10).map(|_| keys.create().unwrap()).collect();
        keys.destroy(made[4].0).unwrap();
        let reopened = Keys::open(&path, [7; 32]).unwrap();
        for (i, (slot, key)) in made.iter().enumerate() {
            assert_eq!(reopened.get(*slot), (i != 4).then_some(*key));
        }
        // a new key takes a new slot, and another master reads nothing
        assert_eq!(reopened.create().unwrap().0, 10);
        assert_eq!(Keys::open(&path, [8; 32]).unwrap().get(0), None);
    }

    #[test]
    fn a_destroyed_key_leaves_neither_itself_nor_its_wrapping() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let keys = Keys::open(&path, [7; 32]).unwrap();
        let (slot, key) = keys.create().unwrap();
        let wrapped = std::fs::read(&path).unwrap();
        keys.destroy(slot).unwrap();
        let after = std::fs::read(&path).unwrap();
        let holds = |needle: &[u8]| after.windows(needle.len()).any(|w| w == needle);
        assert!(!holds(&key) && !holds(&wrapped[12..44]));
    }
}
