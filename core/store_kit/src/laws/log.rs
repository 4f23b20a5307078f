//! Laws of the event log.

use std::sync::Arc;

use jardin_contract::{Appended, FeedEvent};
use jardin_model::DAY_MS;

use super::{Open, TestShop, bought_items, noon, session_id, subject_id};

fn stored_events(appended: &[Appended]) -> Vec<FeedEvent> {
    let events = appended.iter().map(|a| match a {
        Appended::Stored(event) => event.clone(),
        Appended::Duplicate => panic!("a duplicate"),
    });
    events.collect()
}

/// A history goes by time, the feed by arrival; what is kept under a person is not shown under their visit; a running number is never given again.
pub async fn what_was_appended_is_read_in_its_order(open: &impl Open) {
    let (shop, store) = (TestShop::open(), open().await);
    let events = vec![
        shop.purchase(Some("e1"), "ada", Some("visit-1"), "a", noon().plus_ms(-3000)),
        shop.purchase(Some("e2"), "ada", None, "b", noon().plus_ms(-5000)),
        shop.purchase(Some("e3"), "bob", None, "a", noon().plus_ms(-4000)),
        shop.view("visit-2", "c", noon()),
    ];
    let appended = stored_events(&store.append_events(events, noon()).await.unwrap());
    assert!(appended.is_sorted_by_key(|e| e.sequence));
    assert_eq!(appended[0].subject, appended[1].subject);
    assert!(appended[0].session.is_some() && appended[1].session.is_none() && appended[3].subject.is_none());
    // a history goes by time, the feed by arrival
    assert_eq!(bought_items(&*store, "ada").await, ["b", "a"]);
    assert_eq!(store.read_feed(0, 100).await.unwrap(), appended);
    // what is kept under a person is not shown under her visit
    let events =
        |id: &'static str| async { store.read_session(&session_id(id)).await.unwrap().unwrap().events.len() };
    assert_eq!((events("visit-1").await, events("visit-2").await), (0, 1));
    drop(store);
    let store = open().await;
    assert_eq!(bought_items(&*store, "ada").await, ["b", "a"]);
    assert_eq!(store.read_feed(0, 100).await.unwrap(), appended);
    assert_eq!(store.latest_durable(), Some(noon()));
    // a running number is never given again, even that of the last event of all
    store.erase_subject(&subject_id("ada"), noon()).await.unwrap();
    store.erase_subject(&subject_id("bob"), noon()).await.unwrap();
    let next =
        stored_events(&store.append_events(vec![shop.view("visit-2", "c", noon())], noon()).await.unwrap());
    assert!(next[0].sequence > appended[3].sequence);
}

/// The feed in pages of any size is the feed as a whole.
pub async fn the_feed_is_read_in_pages(open: &impl Open) {
    let (shop, store) = (TestShop::open(), open().await);
    let one = |n: usize| shop.view(&format!("visit-{}", n % 7), "a", noon());
    for part in 0..13 {
        let events = (0..1000).map(|n| one(part * 1000 + n)).collect();
        store.append_events(events, noon()).await.unwrap();
    }
    let whole = store.read_feed(0, usize::MAX).await.unwrap();
    assert!(whole.len() == 13_000 && whole.is_sorted_by_key(|e| e.sequence));
    let (mut after, mut pages) = (0, Vec::new());
    while let Some(last) = {
        let page = store.read_feed(after, 999).await.unwrap();
        let last = page.last().map(|e| e.sequence);
        assert!(page.len() <= 999);
        pages.extend(page);
        last
    } {
        after = last;
    }
    assert_eq!(pages, whole);
}

/// An event id that came within seven days is a duplicate, in the same batch and after each opening too.
pub async fn repeats_are_recognised_for_seven_days(open: &impl Open) {
    let (shop, store) = (TestShop::open(), open().await);
    let event = |id: &str| shop.purchase(Some(id), "ada", None, "a", noon());
    let twice = store.append_events(vec![event("e1"), event("e1")], noon()).await.unwrap();
    assert!(matches!(twice.as_slice(), [Appended::Stored(_), Appended::Duplicate]));
    drop(store);
    // seven days to the millisecond; when it is forgotten after that is the store's own affair, within
    // another day; from then on it counts anew
    let days =
        [(0, true), (6 * DAY_MS, true), (7 * DAY_MS - 1, true), (8 * DAY_MS, false), (9 * DAY_MS, true)];
    for (later, known) in days {
        let store = open().await;
        let again = store.append_events(vec![event("e1")], noon().plus_ms(later)).await.unwrap();
        assert_eq!(again == [Appended::Duplicate], known, "after {later} ms");
    }
}

/// An id is one person's, else one visit's: what two shoppers call alike are two events.
pub async fn an_id_is_no_repeat_of_somebody_elses(open: &impl Open) {
    let (shop, store) = (TestShop::open(), open().await);
    let of = |who: &str, visit: Option<&str>| shop.purchase(Some("order-1"), who, visit, "a", noon());
    let appended = store.append_events(vec![of("ada", None), of("bob", None)], noon()).await.unwrap();
    assert!(matches!(appended.as_slice(), [Appended::Stored(_), Appended::Stored(_)]), "{appended:?}");
    // a person's is one whichever visit it came in
    let again = vec![of("ada", Some("v1")), of("bob", Some("v2"))];
    let appended = store.append_events(again, noon()).await.unwrap();
    assert_eq!(appended, [Appended::Duplicate, Appended::Duplicate]);
}

/// A duplicate makes nobody known and changes no history.
pub async fn a_repeat_changes_nothing(open: &impl Open) {
    let (shop, store) = (TestShop::open(), open().await);
    let first = shop.purchase(Some("e1"), "ada", None, "a", noon().plus_ms(-9000));
    store.append_events(vec![first], noon()).await.unwrap();
    let before = store.read_subject(&subject_id("ada")).await.unwrap();
    let again = vec![
        shop.purchase(Some("e1"), "ada", None, "b", noon()),
        shop.purchase(Some("e1"), "ada", Some("visit"), "b", noon()),
    ];
    assert_eq!(store.append_events(again, noon()).await.unwrap(), [Appended::Duplicate, Appended::Duplicate]);
    assert_eq!(store.read_subject(&subject_id("ada")).await.unwrap(), before);
    assert_eq!(store.read_session(&session_id("visit")).await.unwrap(), None);
}

/// Many tasks that append at once lose nothing.
pub async fn many_at_once_are_all_stored(open: &impl Open) {
    let (shop, store) = (Arc::new(TestShop::open()), open().await);
    let tasks: Vec<_> = (0..200)
        .map(|n| {
            let (shop, store) = (Arc::clone(&shop), Arc::clone(&store));
            tokio::spawn(async move {
                let event = shop.purchase(None, &format!("p{}", n % 20), None, "a", noon());
                store.append_events(vec![event], noon()).await.unwrap()
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(store.read_feed(0, 1000).await.unwrap().len(), 200);
    assert_eq!(bought_items(&*store, "p3").await.len(), 10);
}
