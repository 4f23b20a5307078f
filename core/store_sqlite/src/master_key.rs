//! The master key: 32 bytes in a file of their own, for its owner alone.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use jardin_contract::StoreError;

use jardin_store_kit::{Secret, random_bytes};

/// Reads the master key, or makes it where `may_make` says that nothing was ever wrapped by one.
pub(crate) fn master_key(path: &Path, may_make: bool) -> Result<Secret, StoreError> {
    match fs::read(path) {
        Ok(bytes) => bytes.try_into().map_err(|_| {
            StoreError::failed(format!("the master key `{}` is not 32 bytes long", path.display()))
        }),
        Err(e) if e.kind() == io::ErrorKind::NotFound && may_make => {
            let secret = random_bytes()?;
            write_whole(path, &secret).map_err(StoreError::failed)?;
            Ok(secret)
        }
        Err(e) => Err(StoreError::failed(format!("the master key `{}` cannot be read: {e}", path.display()))),
    }
}

/// Writes a new file that is there whole or not at all, durably.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let aside = path.with_extension("new");
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&aside, path)?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        assert!(master_key(&path, false).is_err());
        let made = master_key(&path, true).unwrap();
        assert_eq!(master_key(&path, true).unwrap(), made);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&path, b"too short").unwrap();
        assert!(master_key(&path, true).is_err());
    }
}
