//! The master key in a file of its own, for its owner alone, and the keys that it opens.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{FileExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use jardin_contract::{KeyProvider, StoreError, key_of_hex};
use jardin_store_kit::{Secret, random_bytes};

use crate::keys::Keys;

/// A master key in a file: 32 bytes, or 64 hexadecimal digits. While it is rotated the next one stands beside it, in a file
/// of the same name with `.next` behind.
#[derive(Debug, Clone)]
pub struct MasterKeyFile {
    path: PathBuf,
}

impl MasterKeyFile {
    /// The key in this file.
    #[must_use]
    pub const fn at(path: PathBuf) -> Self {
        Self { path }
    }

    fn next_path(&self) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(".next");
        PathBuf::from(name)
    }
}

impl KeyProvider for MasterKeyFile {
    fn place(&self) -> String {
        format!("`{}`", self.path.display())
    }

    fn read_key(&self) -> Result<Option<Secret>, StoreError> {
        read_key_file(&self.path)
    }

    fn make_key(&self) -> Result<Secret, StoreError> {
        make_key_file(&self.path)
    }

    fn read_next(&self) -> Result<Option<Secret>, StoreError> {
        read_key_file(&self.next_path())
    }

    fn prepare_next(&self) -> Result<Secret, StoreError> {
        make_key_file(&self.next_path())
    }

    fn take_next(&self) -> Result<(), StoreError> {
        let before = OpenOptions::new().write(true).open(&self.path).map_err(StoreError::failed)?;
        fs::rename(self.next_path(), &self.path).map_err(StoreError::failed)?;
        sync_folder_of(&self.path).map_err(StoreError::failed)?;
        overwrite_file(&before).map_err(StoreError::failed)
    }

    fn drop_next(&self) -> Result<(), StoreError> {
        let path = self.next_path();
        let dropped = OpenOptions::new().write(true).open(&path).and_then(|file| overwrite_file(&file));
        dropped.and_then(|()| fs::remove_file(&path)).map_err(StoreError::failed)
    }
}

fn read_key_file(path: &Path) -> Result<Option<Secret>, StoreError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let path = path.display();
            return Err(StoreError::failed(format!("the master key `{path}` cannot be read: {error}")));
        }
    };
    let digits = || key_of_hex(std::str::from_utf8(&bytes).ok()?);
    let key = Secret::try_from(bytes.as_slice()).ok().or_else(digits);
    key.map(Some).ok_or_else(|| {
        let path = path.display();
        StoreError::failed(format!("the master key `{path}` is neither 32 bytes nor 64 hexadecimal digits"))
    })
}

fn make_key_file(path: &Path) -> Result<Secret, StoreError> {
    let secret = random_bytes()?;
    write_whole(path, &secret).map_err(StoreError::failed)?;
    Ok(secret)
}

/// Opens the file of keys `path` by the master key, and makes both where `may_make` says that nothing rests on them yet. A
/// rotation that an end cut short is finished where the keys were wrapped anew, and undone where they were not.
pub(crate) fn open_keys(
    path: &Path,
    provider: &dyn KeyProvider,
    may_make: MayMake,
) -> Result<Keys, StoreError> {
    let present = match provider.read_key()? {
        Some(key) => key,
        None if may_make.master => provider.make_key()?,
        None => return Err(StoreError::failed(format!("there is no master key in {}", provider.place()))),
    };
    let opened = Keys::open(path, present, may_make.keys);
    let Some(next) = provider.read_next()? else { return opened };
    match opened {
        Ok(keys) => {
            provider.drop_next()?;
            Ok(keys)
        }
        Err(_) => {
            let keys = Keys::open(path, next, false)?;
            provider.take_next()?;
            Ok(keys)
        }
    }
}

/// What may be made where it is missing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MayMake {
    pub(crate) master: bool,
    pub(crate) keys: bool,
}

impl MayMake {
    pub(crate) const NOTHING: Self = Self { master: false, keys: false };
}

/// Writes zeros over a file in its place, durably.
pub(crate) fn overwrite_file(file: &File) -> io::Result<()> {
    static PIECE: [u8; 1 << 16] = [0; 1 << 16];
    let (end, mut at) = (file.metadata()?.len(), 0);
    while at < end {
        let count = usize::try_from(end - at).unwrap_or(PIECE.len()).min(PIECE.len());
        file.write_all_at(PIECE.get(..count).unwrap_or(&PIECE), at)?;
        at += count as u64;
    }
    file.sync_data()
}

/// Writes a new file that is there whole or not at all, durably.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let aside = path.with_extension("new");
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&aside, path)?;
    sync_folder_of(path)
}

/// Makes the name of a file durable.
pub(crate) fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use jardin_contract::KeyRing as _;

    use super::*;

    const ANYTHING: MayMake = MayMake { master: true, keys: true };

    #[test]
    fn is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let file = MasterKeyFile::at(path.clone());
        assert_eq!(file.read_key().unwrap(), None);
        let made = file.make_key().unwrap();
        assert_eq!(file.read_key().unwrap(), Some(made));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&path, format!("{}\n", "ab".repeat(32))).unwrap();
        assert_eq!(file.read_key().unwrap(), Some([0xab; 32]));
        for wrong in ["too short", &"g".repeat(64), ""] {
            fs::write(&path, wrong).unwrap();
            assert!(file.read_key().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_end_at_any_step_of_a_rotation_leaves_a_key_that_opens() {
        for steps in 0..4 {
            let folder = tempfile::tempdir().unwrap();
            let (path, provider) =
                (folder.path().join("keys"), MasterKeyFile::at(folder.path().join("master.key")));
            let keys = open_keys(&path, &provider, ANYTHING).unwrap();
            let slot = keys.create_keys(1).unwrap()[0];
            let (before, sealed) =
                (provider.read_key().unwrap(), keys.seal_text(slot, b"", b"postcode").unwrap());
            if steps > 0 {
                let next = provider.prepare_next().unwrap();
                if steps > 1 {
                    keys.rewrap(next).unwrap();
                }
                if steps > 2 {
                    provider.take_next().unwrap();
                }
            }
            drop(keys);
            let keys = open_keys(&path, &provider, MayMake::NOTHING).unwrap();
            assert_eq!(keys.open_text(slot, b"", &sealed).unwrap().as_deref(), Some(b"postcode".as_slice()));
            assert_eq!(provider.read_next().unwrap(), None, "after {steps} steps");
            assert_eq!(provider.read_key().unwrap() == before, steps < 2, "after {steps} steps");
        }
    }

    #[test]
    fn a_missing_master_key_is_not_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let (path, provider) =
            (folder.path().join("keys"), MasterKeyFile::at(folder.path().join("master.key")));
        drop(open_keys(&path, &provider, ANYTHING).unwrap());
        fs::remove_file(folder.path().join("master.key")).unwrap();
        assert!(open_keys(&path, &provider, MayMake::NOTHING).is_err());
        assert!(!folder.path().join("master.key").exists());
    }
}
