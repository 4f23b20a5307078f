//! Of the writing thread: what is undone, what is held, what is refused.

use std::sync::Arc;

use jardin_contract::{Appended, EventLog as _, ProfileChange, StateStore as _, Store as _, StoreError};
use jardin_store_kit::laws::{TestShop, bought_items, noon};

use super::subject;
use crate::{Options, SqliteStore};

#[tokio::test]
async fn work_that_fails_leaves_nothing_and_hinders_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let (shop, store) = (TestShop::open(), SqliteStore::open(folder.path(), Options::default()).unwrap());
    store.append_events(vec![shop.purchase(None, "ada", None, "a", noon())], noon()).await.unwrap();
    // the first work of a day makes a table, writes, has a key destroyed, and fails
    let shared = Arc::clone(&store.shared);
    let work = move |place: &mut crate::writer::Place<'_>| -> Result<(), StoreError> {
        place.dedup.note_event(&place.sql, 7, noon()).map_err(StoreError::failed)?;
        let row = crate::people::find_person(&place.sql, &shared, "ada")?.unwrap();
        crate::people::remove_rows(&place.sql, row.number).map_err(StoreError::failed)?;
        place.schedule_key_destruction(row.slot)?;
        Err(StoreError::failed("a test"))
    };
    assert!(store.writer.write(1, work, |()| {}).await.is_err());
    assert_eq!(bought_items(&store, "ada").await, ["a"]);
    let event = || shop.purchase(Some("e1"), "ada", None, "b", noon());
    let twice = store.append_events(vec![event(), event()], noon()).await.unwrap();
    assert!(matches!(twice.as_slice(), [Appended::Stored(_), Appended::Duplicate]));
    store
        .put_profile(&subject("ada"), ProfileChange::replace_all(shop.profile_with("38000")), noon())
        .await
        .unwrap();
    drop(store);
    let store = SqliteStore::open(folder.path(), Options::default()).unwrap();
    assert_eq!(bought_items(&store, "ada").await, ["a", "b"]);
}

#[tokio::test]
async fn an_import_that_is_not_committed_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let shop = TestShop::open();
    let open = || SqliteStore::open(folder.path(), Options::default()).unwrap();
    let event = || vec![shop.purchase(Some("e1"), "ada", None, "a", noon())];
    let store = open();
    let import = store.begin_import().await.unwrap();
    store.append_events(event(), noon()).await.unwrap();
    drop(import);
    assert_eq!(store.read_subject(&subject("ada")).await.unwrap(), None);
    drop(store);
    let store = open();
    assert!(store.read_feed(0, 10).await.unwrap().is_empty());
    let import = store.begin_import().await.unwrap();
    // readers see the state before: what they find does not outlast the import
    store.append_events(event(), noon()).await.unwrap();
    assert_eq!(store.read_subject(&subject("ada")).await.unwrap(), None);
    import.commit().await.unwrap();
    assert_eq!(bought_items(&store, "ada").await, ["a"]);
}

#[tokio::test]
async fn events_that_find_no_room_are_refused_whole_and_everything_else_finds_some() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Arc::new(TestShop::open());
    let options = Options { waiting: 4, ..Options::default() };
    let store = Arc::new(SqliteStore::open(folder.path(), options).unwrap());
    // the writing thread is kept busy until it is told to go on
    let (go_on, wait) = std::sync::mpsc::channel::<()>();
    let busy = {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            store.writer.write(1, move |_| wait.recv().map_err(StoreError::failed), |()| {}).await
        })
    };
    let sent: Vec<_> = (0..40)
        .map(|n| {
            let (store, shop) = (Arc::clone(&store), Arc::clone(&shop));
            tokio::spawn(async move {
                store
                    .append_events(vec![shop.purchase(None, &format!("p{n}"), None, "a", noon())], noon())
                    .await
            })
        })
        .collect();
    let switched = {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.put_objection(&subject("ada"), true, noon()).await })
    };
    // everything has been offered once all tasks have had their turn on this one thread
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    go_on.send(()).unwrap();
    busy.await.unwrap().unwrap();
    let mut refused = 0;
    for task in sent {
        match task.await.unwrap() {
            Ok(_) => {}
            Err(StoreError::Overloaded) => refused += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert!(refused >= 30, "{refused} of 40 were refused");
    assert!(switched.await.unwrap().is_ok());
    assert_eq!(store.read_feed(0, 100).await.unwrap().len(), 40 - refused);
}
