//! Putting a backup in the place of a store.

use std::{fs, io::Write as _, path::Path};

use jardin_contract::StoreError;

use super::{KEYS, SUMS, TABLES, create_file, digest_file, failed_at, sync_folder, sync_parent};
use crate::{
    Options, SqliteStore,
    master_key::{MayMake, open_keys},
    recovery::{check_same_store, open_journal},
    schema,
    store::{lock_folder, make_folder},
};

/// Where a backup is copied to and looked at; an end leaves it without effect.
const COMING: &str = "restore.partial";
/// Where it stands once nothing stops it any more: whoever opens the store next finishes it.
const RESTORED: &str = "restored";

/// Puts a backup in the place of the store of a data folder, or into an empty one that holds its master key. What was
/// refused since the backup was made stays refused. An end in between leaves the one store or the other.
///
/// # Errors
/// [`StoreError::Locked`] where a process holds the store. [`StoreError::Failed`], and nothing has changed, where the backup is not whole, the master key
/// does not open it, the folder holds another store, or the journal of refusals is older than the backup.
pub fn restore_backup(data: &Path, backup: &Path, options: &Options) -> Result<(), StoreError> {
    if !backup.join(SUMS).exists() {
        return Err(StoreError::failed(format!(
            "`{}` is not a backup, for it has no `{SUMS}`; name the folder that `jardin backup` wrote",
            backup.display()
        )));
    }
    make_folder(data).map_err(StoreError::failed)?;
    {
        let _lock = lock_folder(data)?;
        finish_restore(data)?;
        let coming = data.join(COMING);
        if coming.exists() {
            fs::remove_dir_all(&coming).map_err(|error| failed_at(&coming, &error))?;
        }
        super::create_folder(&coming)?;
        let checked = copy_whole(backup, &coming).and_then(|()| check_belongs(data, &coming, options));
        if checked.is_err() {
            // a copy of somebody else's store stays nowhere; what cannot be removed now goes with the next restore
            let _ = fs::remove_dir_all(&coming);
        }
        checked?;
        fs::rename(&coming, data.join(RESTORED)).map_err(|error| failed_at(&coming, &error))?;
        sync_folder(data)?;
    }
    SqliteStore::open(data, options.clone()).map(drop)
}

/// Moves a restored store to its place, where an end came between.
pub(crate) fn finish_restore(data: &Path) -> Result<(), StoreError> {
    let restored = data.join(RESTORED);
    if !restored.exists() {
        return Ok(());
    }
    if restored.join(TABLES).exists() {
        // the logs of the tables that go would be laid over those that come
        for log in
            ["-wal", "-shm"].map(|end| data.join(format!("{TABLES}{end}"))).iter().filter(|p| p.exists())
        {
            fs::remove_file(log).map_err(|error| failed_at(log, &error))?;
        }
        sync_folder(data)?;
    }
    // the keys first: tables without their keys would be taken for those of people who were erased
    for name in [KEYS, TABLES] {
        let from = restored.join(name);
        if from.exists() {
            fs::rename(&from, data.join(name)).map_err(|error| failed_at(&from, &error))?;
            sync_folder(data)?;
        }
    }
    fs::remove_dir(&restored).map_err(|error| failed_at(&restored, &error))?;
    sync_parent(&restored)
}

/// Copies both files of a backup, each as its digest says.
fn copy_whole(backup: &Path, to: &Path) -> Result<(), StoreError> {
    let path = backup.join(SUMS);
    let sums = fs::read_to_string(&path).map_err(|error| failed_at(&path, &error))?;
    for name in [TABLES, KEYS] {
        let said = sums.lines().find_map(|line| line.strip_suffix(name)?.strip_suffix("  "));
        let mut file = create_file(&to.join(name))?;
        let digest = digest_file(&backup.join(name), |bytes| file.write_all(bytes))?;
        file.sync_all().map_err(StoreError::failed)?;
        if said != Some(digest.as_str()) {
            return Err(StoreError::failed(format!(
                "the backup is not whole: `{name}` is not what `{SUMS}` says"
            )));
        }
    }
    sync_folder(to)
}

/// Refuses a backup of another store, and one that knows of refusals which the journal lacks.
fn check_belongs(data: &Path, coming: &Path, options: &Options) -> Result<(), StoreError> {
    let provider = options.key_provider(data);
    let put_there = |why: StoreError| {
        let place = provider.place();
        StoreError::failed(format!("put the master key of the backup's store in {place} first: {why}"))
    };
    // the present keys first: a rotation that was cut short is settled by them
    let present = data.join(KEYS);
    let present = present
        .exists()
        .then(|| open_keys(&present, &*provider, MayMake::NOTHING))
        .transpose()
        .map_err(put_there)?;
    let keys = open_keys(&coming.join(KEYS), &*provider, MayMake::NOTHING).map_err(put_there)?;
    if present.is_some_and(|present| present.root_secret() != keys.root_secret()) {
        return Err(StoreError::failed("the data folder holds another store; name an empty one"));
    }
    let tables = schema::open_reader(&coming.join(TABLES)).map_err(StoreError::failed)?;
    check_same_store(&tables, &keys)?;
    open_journal(data, options, (&keys, &tables)).map(drop)
}
