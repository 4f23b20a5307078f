//! Writing a backup while the store takes changes.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use jardin_contract::StoreError;

use super::{
    KEYS, SUMS, TABLES, create_file, create_folder, digest_file, failed_at, sync_folder, sync_parent,
};
use crate::{keys::Keys, schema};

/// Writes a backup of the data folder `data` to the folder `into`, which is there whole or not at all.
///
/// # Errors
/// Where `into` exists, and what the disk or the database says.
pub(crate) fn write_backup(data: &Path, keys: &Keys, into: &Path) -> Result<(), StoreError> {
    if into.exists() {
        return Err(StoreError::failed(format!("`{}` exists; name a folder that does not", into.display())));
    }
    let mut partial = into.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    create_folder(&partial)?;
    // the tables first: a key is durable before the row that needs it, and a slot is never given twice
    copy_tables(&data.join(TABLES), &partial.join(TABLES))?;
    keys.copy_to(&mut create_file(&partial.join(KEYS))?)?;
    write_sums(&partial)?;
    sync_folder(&partial)?;
    fs::rename(&partial, into).map_err(|error| failed_at(into, &error))?;
    sync_parent(into)
}

/// The tables as they are at one moment, without what was deleted from them.
fn copy_tables(from: &Path, to: &Path) -> Result<(), StoreError> {
    // made ahead for its owner alone; the database takes an empty file
    create_file(to)?;
    let connection = schema::open_reader(from).map_err(StoreError::failed)?;
    let path = to.to_str().ok_or_else(|| StoreError::failed("the backup's path is not UTF-8"))?;
    connection.execute("VACUUM INTO ?1", [path]).map_err(StoreError::failed)?;
    let synced = fs::File::open(to).and_then(|file| file.sync_all());
    synced.map_err(|error| failed_at(to, &error))
}

fn write_sums(folder: &Path) -> Result<(), StoreError> {
    let path = folder.join(SUMS);
    let mut file = create_file(&path)?;
    for name in [TABLES, KEYS] {
        let digest = digest_file(&folder.join(name), |_| Ok(()))?;
        writeln!(file, "{digest}  {name}").map_err(|error| failed_at(&path, &error))?;
    }
    file.sync_all().map_err(|error| failed_at(&path, &error))
}
