//! Laws of the event log.

use std::sync::Arc;

use jardin_contract::{Appended, FeedEvent};
use jardin_model::DAY_MS;

use super::{Both, bought, session, subject};
use crate::tests::{Door, now};

fn stored(appended: &[Appended]) -> Vec<FeedEvent> {
    let events = appended.iter().map(|a| match a {
        Appended::Stored(event) => event.clone(),
        Appended::Duplicate => panic!("a duplicate"),
    });
    events.collect()
}

pub(super) async fn what_was_appended_is_read_in_its_order<S: Both>(open: impl Fn() -> S) {
    let (door, store) = (Door::new(), open());
    let events = vec![
        door.purchase(Some("e1"), "ada", Some("visit-1"), "a", now().plus_ms(-3000)),
        door.purchase(Some("e2"), "ada", None, "b", now().plus_ms(-5000)),
        door.purchase(Some("e3"), "bob", None, "a", now().plus_ms(-4000)),
        door.view("visit-2", "c", now()),
    ];
    let appended = stored(&store.append(events, now()).await.unwrap());
    assert!(appended.is_sorted_by_key(|e| e.sequence));
    assert_eq!(appended[0].subject, appended[1].subject);
    assert!(appended[0].session.is_some() && appended[1].session.is_none() && appended[3].subject.is_none());
    // a history goes by time, the feed by arrival
    assert_eq!(bought(&store, "ada").await, ["b", "a"]);
    assert_eq!(store.feed(0, 100).await.unwrap(), appended);
    // what is kept under a person is not shown under her visit
    let events =
        |id: &'static str| async { store.session(&session(id)).await.unwrap().unwrap().events.len() };
    assert_eq!((events("visit-1").await, events("visit-2").await), (0, 1));
    drop(store);
    let store = open();
    assert_eq!(bought(&store, "ada").await, ["b", "a"]);
    assert_eq!(store.feed(0, 100).await.unwrap(), appended);
    assert_eq!(store.latest_durable(), Some(now()));
    // a running number is never given again, even that of the last event of all
    store.erase(&subject("ada"), now()).await.unwrap();
    store.erase(&subject("bob"), now()).await.unwrap();
    let next = stored(&store.append(vec![door.view("visit-2", "c", now())], now()).await.unwrap());
    assert!(next[0].sequence > appended[3].sequence);
}

pub(super) async fn the_feed_is_read_in_pages<S: Both>(open: impl Fn() -> S) {
    let (door, store) = (Door::new(), open());
    let one = |n: usize| door.view(&format!("visit-{}", n % 7), "a", now());
    for part in 0..13 {
        let events = (0..1000).map(|n| one(part * 1000 + n)).collect();
        store.append(events, now()).await.unwrap();
    }
    let whole = store.feed(0, usize::MAX).await.unwrap();
    assert!(whole.len() == 13_000 && whole.is_sorted_by_key(|e| e.sequence));
    let (mut after, mut pages) = (0, Vec::new());
    while let Some(last) = {
        let page = store.feed(after, 999).await.unwrap();
        let last = page.last().map(|e| e.sequence);
        assert!(page.len() <= 999);
        pages.extend(page);
        last
    } {
        after = last;
    }
    assert_eq!(pages, whole);
}

pub(super) async fn repeats_are_recognised_for_seven_days<S: Both>(open: impl Fn() -> S) {
    let (door, store) = (Door::new(), open());
    let event = |id: &str| door.purchase(Some(id), "ada", None, "a", now());
    let twice = store.append(vec![event("e1"), event("e1")], now()).await.unwrap();
    assert!(matches!(twice.as_slice(), [Appended::Stored(_), Appended::Duplicate]));
    drop(store);
    let store = open();
    // seven days to the millisecond; when it is forgotten after that is the store's own affair, within
    // another day
    for (later, known) in [(0, true), (6 * DAY_MS, true), (7 * DAY_MS - 1, true), (8 * DAY_MS, false)] {
        let again = store.append(vec![event("e1")], now().plus_ms(later)).await.unwrap();
        assert_eq!(again == [Appended::Duplicate], known, "after {later} ms");
    }
    // from then on it counts anew
    let again = store.append(vec![event("e1")], now().plus_ms(9 * DAY_MS)).await.unwrap();
    assert_eq!(again, [Appended::Duplicate]);
}

pub(super) async fn a_repeat_changes_nothing<S: Both>(open: impl Fn() -> S) {
    let (door, store) = (Door::new(), open());
    let first = door.purchase(Some("e1"), "ada", None, "a", now().plus_ms(-9000));
    store.append(vec![first], now()).await.unwrap();
    let before = store.subject(&subject("ada")).await.unwrap();
    let again = vec![
        door.purchase(Some("e1"), "ada", None, "b", now()),
        door.purchase(Some("e1"), "bob", Some("visit"), "b", now()),
    ];
    assert_eq!(store.append(again, now()).await.unwrap(), [Appended::Duplicate, Appended::Duplicate]);
    assert_eq!(store.subject(&subject("ada")).await.unwrap(), before);
    assert_eq!(store.subject(&subject("bob")).await.unwrap(), None);
    assert_eq!(store.session(&session("visit")).await.unwrap(), None);
}

pub(super) async fn many_at_once_are_all_stored<S: Both + 'static>(open: impl Fn() -> S) {
    let (door, store) = (Arc::new(Door::new()), Arc::new(open()));
    let tasks: Vec<_> = (0..200)
        .map(|n| {
            let (door, store) = (Arc::clone(&door), Arc::clone(&store));
            tokio::spawn(async move {
                let event = door.purchase(None, &format!("p{}", n % 20), None, "a", now());
                store.append(vec![event], now()).await.unwrap()
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(store.feed(0, 1000).await.unwrap().len(), 200);
    assert_eq!(bought(&*store, "p3").await.len(), 10);
}
