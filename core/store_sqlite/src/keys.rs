//! The keys of people: a file of fixed slots, each a key wrapped by the master key. A key table in SQLite
//! would leave deleted keys in the slack of its pages. Slot 0 holds the secret of the store; a slot of zeros
//! holds no key any longer.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Seek as _, Write as _},
    os::unix::fs::{FileExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError, RwLock, RwLockReadGuard},
};

use jardin_contract::{KeyRing, KeySlot, StoreError};

use jardin_store_kit::{SEAL_BYTES, Secret, open_sealed, random_bytes, seal_bytes};

use crate::master_key::{overwrite_file, sync_folder_of, write_whole};

/// A slot: the sealed key and padding to a size that no sector of a disk cuts.
const SLOT: usize = 64;
const SEALED: usize = 32 + SEAL_BYTES;
/// Where the secret of the store is.
const ROOT: KeySlot = KeySlot(0);

/// The keys of people.
pub(crate) struct Keys {
    path: PathBuf,
    wrapped: RwLock<Wrapped>,
    root: Secret,
    /// The slot that the next key takes; locked while slots are written.
    next: Mutex<u64>,
}

/// The file, and the master key by which its slots are wrapped.
struct Wrapped {
    file: File,
    master: Secret,
}

fn slot_offset(slot: KeySlot) -> Result<u64, StoreError> {
    slot.0.checked_mul(SLOT as u64).ok_or_else(|| StoreError::failed("a slot lies beyond every file"))
}

fn wrap_key(master: &Secret, slot: KeySlot, key: &Secret) -> Result<Vec<u8>, StoreError> {
    let mut bytes = seal_bytes(master, &slot.0.to_le_bytes(), key)?;
    bytes.resize(SLOT, 0);
    Ok(bytes)
}

impl Keys {
    /// Opens the file of keys, or makes it where `may_make` says that no row needs one yet.
    pub(crate) fn open(path: &Path, master: Secret, may_make: bool) -> Result<Self, StoreError> {
        if may_make && !path.exists() {
            write_whole(path, &wrap_key(&master, ROOT, &random_bytes()?)?).map_err(StoreError::failed)?;
        }
        let file = OpenOptions::new().read(true).write(true).open(path);
        let file = file.map_err(|e| {
            StoreError::failed(format!("the keys `{}` cannot be opened: {e}", path.display()))
        })?;
        let next = file.metadata().map_err(StoreError::failed)?.len().div_ceil(SLOT as u64);
        let wrapped = RwLock::new(Wrapped { file, master });
        let mut keys = Self { path: path.to_owned(), wrapped, root: [0; 32], next: Mutex::new(next) };
        keys.root = keys.read_key(ROOT).ok().flatten().ok_or_else(|| {
            StoreError::failed(format!("the master key does not open the keys `{}`", path.display()))
        })?;
        Ok(keys)
    }

    /// The secret of the store, from which its digests and pseudonyms come.
    pub(crate) const fn root_secret(&self) -> &Secret {
        &self.root
    }

    /// One past the last slot that was ever given.
    pub(crate) fn end_slot(&self) -> u64 {
        *self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wrapped(&self) -> RwLockReadGuard<'_, Wrapped> {
        self.wrapped.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wraps every key by another master key, in a new file that takes the place of this one; what the old one held is
    /// overwritten. Nobody makes or destroys a key meanwhile; reading goes on.
    pub(crate) fn rewrap(&self, master: Secret) -> Result<(), StoreError> {
        let next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let aside = self.path.with_extension("new");
        let file = self.write_rewrapped(&aside, &master, *next)?;
        fs::rename(&aside, &self.path).map_err(StoreError::failed)?;
        let before = {
            let mut wrapped = self.wrapped.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *wrapped, Wrapped { file, master })
        };
        sync_folder_of(&self.path).and_then(|()| overwrite_file(&before.file)).map_err(StoreError::failed)
    }

    /// Whether the keys are wrapped by a master key.
    pub(crate) fn is_wrapped_by(&self, master: &Secret) -> bool {
        self.wrapped().master == *master
    }

    fn write_rewrapped(&self, path: &Path, master: &Secret, end: u64) -> Result<File, StoreError> {
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create(true).truncate(true).mode(0o600);
        let mut to = BufWriter::new(options.open(path).map_err(StoreError::failed)?);
        for slot in (0..end).map(KeySlot) {
            let bytes = match self.read_key(slot)? {
                Some(key) => wrap_key(master, slot, &key)?,
                None => vec![0; SLOT],
            };
            to.write_all(&bytes).map_err(StoreError::failed)?;
        }
        let file = to.into_inner().map_err(StoreError::failed)?;
        file.sync_all().map_err(StoreError::failed)?;
        Ok(file)
    }

    /// A new key; durable after [`Keys::sync_file`].
    pub(crate) fn create_one(&self) -> Result<KeySlot, StoreError> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = KeySlot(*next);
        let wrapped = self.wrapped();
        let bytes = wrap_key(&wrapped.master, slot, &random_bytes()?)?;
        wrapped.file.write_all_at(&bytes, slot_offset(slot)?).map_err(StoreError::failed)?;
        *next += 1;
        Ok(slot)
    }

    /// Makes every created key durable.
    pub(crate) fn sync_file(&self) -> Result<(), StoreError> {
        self.wrapped().file.sync_data().map_err(StoreError::failed)
    }

    fn read_slot(file: &File, slot: KeySlot) -> Result<[u8; SLOT], StoreError> {
        let mut bytes = [0; SLOT];
        match file.read_exact_at(&mut bytes, slot_offset(slot)?) {
            Ok(()) => Ok(bytes),
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => {
                Err(StoreError::failed("a key is missing: the file of keys is not of this store"))
            }
            Err(e) => Err(StoreError::failed(e)),
        }
    }

    /// The key of a slot; `None` where it was destroyed.
    pub(crate) fn read_key(&self, slot: KeySlot) -> Result<Option<Secret>, StoreError> {
        let wrapped = self.wrapped();
        let bytes = Self::read_slot(&wrapped.file, slot)?;
        if bytes == [0; SLOT] {
            return Ok(None);
        }
        let opened = bytes
            .get(..SEALED)
            .and_then(|sealed| open_sealed(&wrapped.master, &slot.0.to_le_bytes(), sealed));
        opened
            .and_then(|key| key.try_into().ok())
            .map(Some)
            .ok_or_else(|| StoreError::failed("a key is damaged"))
    }

    /// Copies the file, no slot of it half written.
    pub(crate) fn copy_to(&self, to: &mut File) -> Result<(), StoreError> {
        let _next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        // nobody else goes by the file's own position
        let wrapped = self.wrapped();
        let mut file = &wrapped.file;
        file.rewind().and_then(|()| io::copy(&mut file, to)).map_err(StoreError::failed)?;
        to.sync_all().map_err(StoreError::failed)
    }

    /// Which slots of a range hold something.
    pub(crate) fn held_slots(&self, range: std::ops::Range<u64>) -> Result<Vec<KeySlot>, StoreError> {
        let count = usize::try_from(range.end.saturating_sub(range.start)).map_err(StoreError::failed)?;
        let mut bytes = vec![0; count * SLOT];
        let mut filled = 0;
        let wrapped = self.wrapped();
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            let at = slot_offset(KeySlot(range.start))? + filled as u64;
            match wrapped.file.read_at(rest, at).map_err(StoreError::failed)? {
                0 => break,
                read => filled += read,
            }
        }
        let slots = range.zip(bytes.chunks(SLOT));
        Ok(slots.filter(|(_, b)| b.iter().any(|b| *b != 0)).map(|(n, _)| KeySlot(n)).collect())
    }
}

impl KeyRing for Keys {
    fn create_keys(&self, count: usize) -> Result<Vec<KeySlot>, StoreError> {
        let slots = (0..count).map(|_| self.create_one()).collect::<Result<_, _>>()?;
        self.sync_file()?;
        Ok(slots)
    }

    fn seal_text(&self, slot: KeySlot, bound: &[u8], text: &[u8]) -> Result<Vec<u8>, StoreError> {
        let key = self.read_key(slot)?.ok_or_else(|| StoreError::failed("the key was destroyed"))?;
        seal_bytes(&key, &[slot.0.to_le_bytes().as_slice(), bound].concat(), text)
    }

    fn open_text(&self, slot: KeySlot, bound: &[u8], sealed: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let bound = [slot.0.to_le_bytes().as_slice(), bound].concat();
        Ok(self.read_key(slot)?.and_then(|key| open_sealed(&key, &bound, sealed)))
    }

    fn destroy_keys(&self, slots: &[KeySlot]) -> Result<(), StoreError> {
        if slots.is_empty() {
            return Ok(());
        }
        let _next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        for slot in slots.iter().filter(|slot| **slot != ROOT) {
            self.wrapped().file.write_all_at(&[0; SLOT], slot_offset(*slot)?).map_err(StoreError::failed)?;
        }
        self.sync_file()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(folder: &Path) -> Vec<u8> {
        std::fs::read(folder.join("keys")).unwrap()
    }

    fn keys(folder: &Path) -> Keys {
        Keys::open(&folder.join("keys"), [7; 32], true).unwrap()
    }

    #[test]
    fn a_key_is_itself_until_it_is_destroyed_and_its_slot_is_nobodys_after() {
        let folder = tempfile::tempdir().unwrap();
        let ring = keys(folder.path());
        let slots = ring.create_keys(10).unwrap();
        let made: Vec<_> = slots.iter().map(|slot| ring.read_key(*slot).unwrap().unwrap()).collect();
        ring.destroy_keys(&slots[4..5]).unwrap();
        let reopened = keys(folder.path());
        for (i, (slot, key)) in slots.iter().zip(&made).enumerate() {
            assert_eq!(reopened.read_key(*slot).unwrap(), (i != 4).then_some(*key));
        }
        assert!(!slots.contains(&reopened.create_keys(1).unwrap()[0]));
        assert_eq!(reopened.held_slots(0..reopened.end_slot()).unwrap().len(), 11);
    }

    #[test]
    fn a_destroyed_key_leaves_neither_itself_nor_its_wrapping() {
        let folder = tempfile::tempdir().unwrap();
        let ring = keys(folder.path());
        let slot = ring.create_keys(1).unwrap()[0];
        let key = ring.read_key(slot).unwrap().unwrap();
        let before = bytes(folder.path());
        ring.destroy_keys(&[slot]).unwrap();
        let after = bytes(folder.path());
        let holds = |needle: &[u8]| after.windows(needle.len()).any(|w| w == needle);
        // the nonce, the wrapped key and its tag
        assert!(
            !holds(&key) && !holds(&before[64..76]) && !holds(&before[76..108]) && !holds(&before[108..124])
        );
    }

    #[test]
    fn a_foreign_or_missing_master_opens_nothing_and_makes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        assert!(Keys::open(&path, [7; 32], false).is_err());
        assert!(!path.exists());
        drop(keys(folder.path()));
        assert!(Keys::open(&path, [8; 32], true).is_err());
    }

    #[test]
    fn a_slot_that_was_moved_or_damaged_is_an_error_and_not_an_erasure() {
        let folder = tempfile::tempdir().unwrap();
        let ring = keys(folder.path());
        let slots = ring.create_keys(2).unwrap();
        let mut moved = bytes(folder.path());
        moved.copy_within(64..128, 128);
        std::fs::write(folder.path().join("keys"), moved).unwrap();
        assert!(ring.read_key(slots[0]).unwrap().is_some());
        assert!(ring.read_key(slots[1]).is_err());
        assert!(ring.read_key(KeySlot(99)).is_err());
    }

    #[test]
    fn a_rotation_changes_the_wrapping_alone_and_leaves_nothing_of_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let ring = keys(folder.path());
        let slots = ring.create_keys(3).unwrap();
        let made: Vec<_> = slots.iter().map(|slot| ring.read_key(*slot).unwrap()).collect();
        ring.destroy_keys(&slots[1..2]).unwrap();
        let old = OpenOptions::new().read(true).open(folder.path().join("keys")).unwrap();
        ring.rewrap([9; 32]).unwrap();
        let mut left = Vec::new();
        io::Read::read_to_end(&mut &old, &mut left).unwrap();
        assert_eq!(left, vec![0; 4 * SLOT]);
        assert!(Keys::open(&folder.path().join("keys"), [7; 32], false).is_err());
        let reopened = Keys::open(&folder.path().join("keys"), [9; 32], false).unwrap();
        for ring in [&ring, &reopened] {
            assert_eq!(ring.read_key(slots[0]).unwrap(), made[0]);
            assert_eq!(ring.read_key(slots[1]).unwrap(), None);
            assert_eq!(ring.read_key(slots[2]).unwrap(), made[2]);
            assert_eq!(ring.root_secret(), reopened.root_secret());
        }
        // what is made and destroyed afterwards goes to the new file
        let later = ring.create_keys(1).unwrap()[0];
        ring.destroy_keys(&slots[..1]).unwrap();
        let reopened = Keys::open(&folder.path().join("keys"), [9; 32], false).unwrap();
        assert_eq!(reopened.read_key(slots[0]).unwrap(), None);
        assert_eq!(reopened.read_key(later).unwrap(), ring.read_key(later).unwrap());
    }
}
