//! Writing a file whole, and never through a link.

use std::{fs, io, path::Path};

use anyhow::Context as _;

/// Writes a file: beside its place first, then in one step. What stands in the place must be a file or nothing, so that
/// no link of a foreign folder leads the writing elsewhere.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    replace_file(path, bytes).with_context(|| format!("`{}` cannot be written", path.display()))
}

fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok_and(|there| !there.is_file()) {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "a link or no regular file stands there"));
    }
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::ErrorKind::InvalidFilename.into());
    };
    let beside = folder.join(format!(".{}.{}", name.to_string_lossy(), std::process::id()));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&beside)?;
    let permitted = fs::metadata(path).map_or(Ok(()), |there| file.set_permissions(there.permissions()));
    let written =
        permitted.and_then(|()| io::Write::write_all(&mut file, bytes)).and_then(|()| file.sync_all());
    let moved = written.and_then(|()| fs::rename(&beside, path));
    if moved.is_err() {
        let _left_behind = fs::remove_file(&beside);
    }
    moved
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("policy.lock");
        for text in ["a longer text", "b"] {
            write_file(&path, text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        }
        write_file(&path, b"c").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "who may read it stays");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_link_is_never_followed() {
        let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for (n, target) in [outside.path().join("there"), outside.path().join("new")].iter().enumerate() {
            if n == 0 {
                fs::write(target, "mine").unwrap();
            }
            let link = folder.path().join(n.to_string());
            std::os::unix::fs::symlink(target, &link).unwrap();
            assert!(write_file(&link, b"theirs").is_err());
        }
        assert_eq!(fs::read_to_string(outside.path().join("there")).unwrap(), "mine");
        assert!(!outside.path().join("new").exists());
    }
}
