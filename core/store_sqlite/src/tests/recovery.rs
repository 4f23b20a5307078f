//! Ends at a bad moment, foreign keys and older copies: what an opening sets right, and what it refuses.

use std::{fs, path::Path};

use jardin_contract::{EventLog as _, KeyRing as _, StateStore as _, StoreError};
use jardin_model::{Choice, ChoiceStatus};
use jardin_store_kit::laws::{TestShop, bought_items, noon};

use super::subject;
use crate::{Options, SqliteStore, people};

fn open(folder: &Path) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(folder, Options::default())
}

async fn slot(store: &SqliteStore, id: &'static str) -> jardin_contract::KeySlot {
    let shared = std::sync::Arc::clone(&store.shared);
    store.readers.read(move |sql| people::find_person(sql, &shared, id)).await.unwrap().unwrap().slot
}

/// A store with two people who bought something.
async fn two_people(folder: &Path) -> SqliteStore {
    let (shop, store) = (TestShop::open(), open(folder).unwrap());
    let events =
        vec![shop.purchase(None, "ada", None, "a", noon()), shop.purchase(None, "bob", None, "b", noon())];
    store.append_events(events, noon()).await.unwrap();
    store
}

#[tokio::test]
async fn a_key_whose_destruction_an_end_cut_short_is_destroyed_and_no_other_one() {
    let folder = tempfile::tempdir().unwrap();
    let store = two_people(folder.path()).await;
    let of_ada = slot(&store, "ada").await;
    let [scheduled, other] = store.shared.keys.create_keys(2).unwrap()[..] else { panic!("two slots") };
    drop(store);
    // as an end between the commit of an erasure and the end of its key leaves it
    let sql = rusqlite::Connection::open(folder.path().join("store.db")).unwrap();
    sql.execute("INSERT INTO doomed VALUES (?1)", [scheduled.0.cast_signed()]).unwrap();
    drop(sql);
    let store = open(folder.path()).unwrap();
    let is_there = |slot| store.shared.keys.read_key(slot).unwrap().is_some();
    assert_eq!((is_there(of_ada), is_there(scheduled), is_there(other)), (true, false, true));
    assert_eq!(bought_items(&store, "ada").await, ["a"]);
}

#[tokio::test]
async fn rows_of_an_older_copy_go_where_the_key_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let store = two_people(folder.path()).await;
    let of_ada = slot(&store, "ada").await;
    store.shared.keys.destroy_keys(&[of_ada]).unwrap();
    drop(store);
    let store = open(folder.path()).unwrap();
    assert_eq!(store.read_subject(&subject("ada")).await.unwrap(), None);
    assert_eq!(store.read_feed(0, 10).await.unwrap().len(), 1);
    assert_eq!(bought_items(&store, "bob").await, ["b"]);
}

#[tokio::test]
async fn keys_that_are_missing_foreign_or_older_are_refused_and_nothing_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    drop(two_people(folder.path()).await);
    let path = |name: &str| folder.path().join(name);
    let refused = |why: &str| {
        let before = fs::read(path("store.db")).unwrap();
        let error = open(folder.path()).err().expect(why);
        assert!(matches!(error, StoreError::Failed { .. }), "{error}");
        assert!(before == fs::read(path("store.db")).unwrap(), "the store was touched: {why}");
    };
    let (master, keys) = (fs::read(path("master.key")).unwrap(), fs::read(path("keys")).unwrap());
    fs::remove_file(path("master.key")).unwrap();
    refused("no master key");
    assert!(!path("master.key").exists());
    fs::write(path("master.key"), [9; 32]).unwrap();
    refused("another master key");
    fs::write(path("master.key"), &master).unwrap();
    fs::remove_file(path("keys")).unwrap();
    refused("no keys");
    assert!(!path("keys").exists());
    fs::write(path("keys"), &keys[..128]).unwrap();
    refused("keys that are older than the rows");
    fs::write(path("keys"), &keys).unwrap();
    // a store that is only put aside comes back whole
    fs::rename(path("store.db"), path("aside")).unwrap();
    assert!(open(folder.path()).is_err());
    assert!(!path("store.db").exists());
    fs::rename(path("aside"), path("store.db")).unwrap();
    assert_eq!(bought_items(&open(folder.path()).unwrap(), "ada").await, ["a"]);
}

#[tokio::test]
async fn after_an_end_the_database_file_alone_is_the_whole_store() {
    let folder = tempfile::tempdir().unwrap();
    let store = two_people(folder.path()).await;
    // readers have been at work, whose connections could hold the log up
    assert_eq!(bought_items(&store, "ada").await, ["a"]);
    drop(store);
    assert!(!folder.path().join("store.db-wal").exists());
    let copy = tempfile::tempdir().unwrap();
    for name in ["store.db", "keys", "master.key"] {
        fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
    }
    let store = open(copy.path()).unwrap();
    assert_eq!(
        (bought_items(&store, "ada").await, bought_items(&store, "bob").await),
        (vec!["a".to_owned()], vec!["b".to_owned()])
    );
}

#[tokio::test]
async fn a_database_without_what_its_log_held_is_refused_while_keys_are_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let whole = {
        let _store = two_people(folder.path()).await;
        // as a copy of the one file is, made while the shop runs
        fs::read(path("store.db")).unwrap()
    };
    for part in [Vec::new(), whole] {
        fs::write(path("store.db"), &part).unwrap();
        let error = open(folder.path()).err().expect("it opened without its people");
        assert!(matches!(error, StoreError::Failed { .. }), "{error}");
        assert!(fs::read(path("store.db")).unwrap() == part, "the file was touched");
        assert!(!path("store.db-wal").exists());
    }
}

#[tokio::test]
async fn a_second_opening_is_refused_and_one_after_the_end_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    assert!(matches!(open(folder.path()), Err(StoreError::Locked { .. })));
    for _ in 0..20 {
        // whatever is waiting is written before the folder is let go
        let shop = TestShop::open();
        store.append_events(vec![shop.purchase(None, "ada", None, "a", noon())], noon()).await.unwrap();
    }
    drop(store);
    assert_eq!(bought_items(&open(folder.path()).unwrap(), "ada").await.len(), 20);
}

#[tokio::test]
async fn a_source_that_an_earlier_version_held_in_clear_is_sealed_at_the_next_opening() {
    let folder = tempfile::tempdir().unwrap();
    let store = two_people(folder.path()).await;
    let source = "by phone, Zoe Martin";
    let yes = |source: &str| Choice {
        status: ChoiceStatus::Granted,
        text_version: "2026-10".into(),
        at: noon(),
        source: source.into(),
    };
    for who in ["ada", "bob"] {
        store.put_choice(&subject(who), "personalisation", yes("banner")).await.unwrap();
    }
    drop(store);
    let sql = rusqlite::Connection::open(folder.path().join("store.db")).unwrap();
    let changed = sql.execute("UPDATE choices SET source = ?1, sealed = NULL", [source]).unwrap();
    assert_eq!(changed, 2);
    drop(sql);
    let store = open(folder.path()).unwrap();
    for who in ["ada", "bob"] {
        let record = store.read_subject(&subject(who)).await.unwrap().unwrap();
        assert_eq!(record.choices["personalisation"], [yes(source)]);
    }
    drop(store);
    for entry in fs::read_dir(folder.path()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(source.len()).any(|found| found == source.as_bytes()));
    }
}
