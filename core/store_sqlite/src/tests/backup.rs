//! Backups: whole, of one moment, and none revives anybody.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, sync::Arc};

use jardin_contract::{EventLog as _, StateStore as _, Store as _, StoreError};
use jardin_store_kit::laws::{TestShop, bought_items, noon};

use super::refusals::{agree_and_buy, obeys_everything, open, record_of, refuse_everything};
use crate::{Options, restore_backup};

fn restore(data: &Path, backup: &Path) -> Result<(), StoreError> {
    restore_backup(data, backup, &Options::default())
}

/// A store in which everybody agreed and bought, a backup of it, and what they refused afterwards.
async fn refused_since_backup(data: &Path, backup: &Path) -> jardin_contract::Erasure {
    let store = open(data).unwrap();
    agree_and_buy(&store).await;
    store.back_up(backup).await.unwrap();
    refuse_everything(&store).await
}

fn refusal(result: Result<(), StoreError>) -> String {
    result.expect_err("it is restored").to_string()
}

#[tokio::test]
async fn a_backup_brings_back_what_was_lost_and_nothing_that_was_refused_since() {
    let folder = tempfile::tempdir().unwrap();
    let (data, backup) = (folder.path().join("data"), folder.path().join("backup"));
    let erasure = refused_since_backup(&data, &backup).await;
    {
        let store = open(&data).unwrap();
        let event = TestShop::open().purchase(None, "agrees", None, "b", noon());
        store.append_events(vec![event], noon()).await.unwrap();
    }
    restore(&data, &backup).unwrap();
    let store = open(&data).unwrap();
    // "agrees" has what they had bought by then, and not what they bought after it
    obeys_everything(&store, &erasure).await;
    assert!(store.shared.outstanding.is_settled());
}

#[tokio::test]
async fn a_lost_folder_comes_back_from_backup_master_key_and_journal() {
    let folder = tempfile::tempdir().unwrap();
    let (data, backup) = (folder.path().join("data"), folder.path().join("backup"));
    let erasure = refused_since_backup(&data, &backup).await;
    let other = folder.path().join("other");
    fs::create_dir(&other).unwrap();
    assert!(refusal(restore(&other, &backup)).contains("master key"));
    fs::copy(data.join("master.key"), other.join("master.key")).unwrap();
    fs::copy(data.join("refusals"), other.join("refusals")).unwrap();
    restore(&other, &backup).unwrap();
    obeys_everything(&open(&other).unwrap(), &erasure).await;
}

#[tokio::test]
async fn a_backup_that_knows_more_refusals_than_the_journal_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (data, backup) = (folder.path().join("data"), folder.path().join("backup"));
    {
        let store = open(&data).unwrap();
        agree_and_buy(&store).await;
        refuse_everything(&store).await;
        store.back_up(&backup).await.unwrap();
    }
    let before = fs::read(data.join("store.db")).unwrap();
    let journal = fs::read(data.join("refusals")).unwrap();
    fs::remove_file(data.join("refusals")).unwrap();
    assert!(refusal(restore(&data, &backup)).contains("put the newest journal back"));
    fs::write(data.join("refusals"), journal).unwrap();
    assert_eq!(fs::read(data.join("store.db")).unwrap(), before, "a refused restore changed the store");
    restore(&data, &backup).unwrap();
}

#[tokio::test]
async fn a_backup_of_another_store_or_one_that_was_altered_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (data, backup) = (folder.path().join("data"), folder.path().join("backup"));
    let other = folder.path().join("other");
    refused_since_backup(&data, &backup).await;
    agree_and_buy(&open(&other).unwrap()).await;
    assert!(refusal(restore(&other, &backup)).contains("master key"));
    for name in ["store.db", "keys"] {
        let whole = fs::read(backup.join(name)).unwrap();
        let mut altered = whole.clone();
        *altered.last_mut().unwrap() ^= 1;
        for bytes in [&altered, &whole[..whole.len() - 1]] {
            fs::write(backup.join(name), bytes).unwrap();
            let said = refusal(restore(&data, &backup));
            assert!(said.contains(&format!("`{name}` is not what")), "{said}");
        }
        fs::write(backup.join(name), whole).unwrap();
    }
    assert!(!other.join("restore.partial").exists(), "a copy of another store is left");
    assert!(refusal(restore(&other, &folder.path().join("nothing"))).contains("is not a backup"));
    assert_eq!(bought_items(&open(&other).unwrap(), "agrees").await, ["a"]);
    restore(&data, &backup).unwrap();
}

#[tokio::test]
async fn an_open_store_is_not_replaced_and_an_existing_folder_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let (data, backup) = (folder.path().join("data"), folder.path().join("backup"));
    let store = open(&data).unwrap();
    agree_and_buy(&store).await;
    store.back_up(&backup).await.unwrap();
    assert!(matches!(restore(&data, &backup), Err(StoreError::Locked { .. })));
    let error = store.back_up(&backup).await.unwrap_err();
    assert!(error.to_string().contains("name a folder that does not"), "{error}");
}

#[tokio::test]
async fn an_end_at_any_step_of_a_restore_leaves_one_store_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (data, backup) = (folder.path().join("data"), folder.path().join("backup"));
    let erasure = refused_since_backup(&data, &backup).await;
    // what an end leaves behind: nothing moved yet, the keys moved, both moved
    for moved in [&[][..], &["keys"], &["keys", "store.db"]] {
        let restored = data.join("restored");
        fs::create_dir(&restored).unwrap();
        for name in ["keys", "store.db"] {
            let to = if moved.contains(&name) { &data } else { &restored };
            fs::copy(backup.join(name), to.join(name)).unwrap();
        }
        obeys_everything(&open(&data).unwrap(), &erasure).await;
        assert!(!restored.exists());
    }
    // an end before that has no effect
    fs::create_dir(data.join("restore.partial")).unwrap();
    fs::write(data.join("restore.partial/store.db"), b"cut").unwrap();
    obeys_everything(&open(&data).unwrap(), &erasure).await;
    restore(&data, &backup).unwrap();
}

#[tokio::test]
async fn a_backup_made_among_changes_is_of_one_moment_and_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (data, backup) = (folder.path().join("data"), folder.path().join("backup"));
    let store = Arc::new(open(&data).unwrap());
    let writing = Arc::clone(&store);
    let writer = tokio::spawn(async move {
        for n in 0..200 {
            let who = format!("person-{n}");
            let event = TestShop::open().purchase(None, &who, None, "a", noon());
            writing.append_events(vec![event], noon()).await.unwrap();
        }
    });
    store.back_up(&backup).await.unwrap();
    writer.await.unwrap();
    drop(store);
    for path in [backup.clone(), backup.join("store.db"), backup.join("keys"), backup.join("SHA256SUMS")] {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
    }
    restore(&data, &backup).unwrap();
    let store = open(&data).unwrap();
    // those who were there first, with all that is theirs, and nobody of the later ones
    let mut is_there = Vec::new();
    for n in 0..200 {
        is_there.push(record_of(&store, &format!("person-{n}")).await.is_some());
    }
    let count = is_there.iter().filter(|there| **there).count();
    assert!(is_there.iter().take(count).all(|there| *there));
    for n in 0..count {
        assert_eq!(bought_items(&store, &format!("person-{n}")).await, ["a"]);
    }
    assert!(store.export_subject(&super::subject("nobody")).await.unwrap().is_none());
}
