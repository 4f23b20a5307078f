//! Of the writing thread: what is undone, what is held, what is refused.

use std::sync::Arc;

use jardin_contract::{Appended, EventLog as _, ProfileChange, StateStore as _, StoreError};

use super::{
    Door,
    conformance::{bought, subject},
    now,
};
use crate::{Options, Store, store::failed};

#[tokio::test]
async fn work_that_fails_leaves_nothing_and_hinders_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let (door, store) = (Door::new(), Store::open(folder.path(), Options::default()).unwrap());
    store.append(vec![door.purchase(None, "ada", None, "a", now())], now()).await.unwrap();
    // the first work of a day makes a table, writes, dooms a key, and fails
    let shared = Arc::clone(&store.shared);
    let work = move |place: &mut crate::writer::Place<'_>| -> Result<(), StoreError> {
        place.repeats.note(&place.sql, 7, now()).map_err(failed)?;
        let row = crate::people::find(&place.sql, &shared, "ada")?.unwrap();
        crate::people::remove_rows(&place.sql, row.number).map_err(failed)?;
        place.doom(row.slot)?;
        Err(failed("a test"))
    };
    assert!(store.writer.write(1, work, |()| {}).await.is_err());
    assert_eq!(bought(&store, "ada").await, ["a"]);
    let event = || door.purchase(Some("e1"), "ada", None, "b", now());
    let twice = store.append(vec![event(), event()], now()).await.unwrap();
    assert!(matches!(twice.as_slice(), [Appended::Stored(_), Appended::Duplicate]));
    store.put_profile(&subject("ada"), ProfileChange::whole(door.profile("38000")), now()).await.unwrap();
    drop(store);
    let store = Store::open(folder.path(), Options::default()).unwrap();
    assert_eq!(bought(&store, "ada").await, ["a", "b"]);
}

#[tokio::test]
async fn what_is_held_and_not_released_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let door = Door::new();
    let open = || Store::open(folder.path(), Options::default()).unwrap();
    let event = || vec![door.purchase(Some("e1"), "ada", None, "a", now())];
    let store = open();
    store.hold().await.unwrap();
    store.append(event(), now()).await.unwrap();
    drop(store);
    let store = open();
    assert!(store.feed(0, 10).await.unwrap().is_empty());
    store.hold().await.unwrap();
    // readers see the state before: what they find does not outlast the release
    store.append(event(), now()).await.unwrap();
    assert_eq!(store.subject(&subject("ada")).await.unwrap(), None);
    store.release().await.unwrap();
    assert_eq!(bought(&store, "ada").await, ["a"]);
}

#[tokio::test]
async fn events_that_find_no_room_are_refused_whole_and_everything_else_finds_some() {
    let folder = tempfile::tempdir().unwrap();
    let door = Arc::new(Door::new());
    let options = Options { waiting: 4, ..Options::default() };
    let store = Arc::new(Store::open(folder.path(), options).unwrap());
    // the writing thread is kept busy until it is told to go on
    let (go_on, wait) = std::sync::mpsc::channel::<()>();
    let busy = {
        let store = Arc::clone(&store);
        tokio::spawn(
            async move { store.writer.write(1, move |_| wait.recv().map_err(failed), |()| {}).await },
        )
    };
    let sent: Vec<_> = (0..40)
        .map(|n| {
            let (store, door) = (Arc::clone(&store), Arc::clone(&door));
            tokio::spawn(async move {
                store.append(vec![door.purchase(None, &format!("p{n}"), None, "a", now())], now()).await
            })
        })
        .collect();
    let switched = {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.put_objection(&subject("ada"), true, now()).await })
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
    assert_eq!(store.feed(0, 100).await.unwrap().len(), 40 - refused);
}
