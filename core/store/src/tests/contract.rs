//! What the contracts promise, asked of this store; any other one must pass the same.

use std::{path::Path, sync::Arc};

use jardin_model::{Choice, ChoiceStatus, DAY_MS, EventKind, Item, ItemChange, ItemId, SessionId, SubjectId, Value};
use jardin_policy::{EventSweep, Stop, StrategyName, SweepPlan};
use jardin_strategy::{Appended, Cached, EventLog, StateStore};

use super::{Door, now};
use crate::{Options, Store};

fn subject(id: &str) -> SubjectId {
    SubjectId::new(id).unwrap()
}

fn open(folder: &Path) -> Store {
    Store::open(folder, Options::default()).unwrap()
}

async fn items_bought(store: &impl StateStore, id: &str) -> Vec<String> {
    let record = store.subject(&subject(id)).await.unwrap();
    let ids = store.item_ids();
    let events = record.iter().flat_map(|r| r.events.clone()).collect::<Vec<_>>();
    events
        .iter()
        .flat_map(|e| e.lines.iter())
        .map(|l| ids.id(l.item).unwrap().as_str().to_owned())
        .collect()
}

#[tokio::test]
async fn what_was_appended_is_read_in_order_and_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let door = Door::new();
    let store = open(folder.path());
    let events = vec![
        door.purchase(Some("e1"), "ada", Some("visit-1"), "a", now().plus_ms(-3000)),
        door.purchase(Some("e2"), "ada", None, "b", now().plus_ms(-5000)),
        door.purchase(Some("e3"), "bob", None, "a", now().plus_ms(-4000)),
        door.view("visit-2", "c", now()),
    ];
    let appended = store.append(events, now()).await.unwrap();
    let sequences: Vec<u64> = appended
        .iter()
        .map(|a| {
            if let Appended::Stored(e) = a {
                e.sequence
            } else {
                panic!("a duplicate")
            }
        })
        .collect();
    assert!(sequences.is_sorted());
    // by time, not by arrival
    assert_eq!(items_bought(&store, "ada").await, ["b", "a"]);
    let feed = store.feed(0, 100).await.unwrap();
    assert_eq!(feed.iter().map(|e| e.sequence).collect::<Vec<_>>(), sequences);
    assert_eq!(store.feed(sequences[1], 1).await.unwrap()[0].sequence, sequences[2]);
    let visit = store.session(&SessionId::new("visit-2").unwrap()).await.unwrap().unwrap();
    assert_eq!(visit.events.len(), 1);
    // what is kept under a person is not shown under her visit
    assert!(
        store
            .session(&SessionId::new("visit-1").unwrap())
            .await
            .unwrap()
            .unwrap()
            .events
            .is_empty()
    );
    let export = store.export(&subject("ada")).await.unwrap().unwrap();
    assert_eq!(
        export
            .sessions
            .iter()
            .map(|s| s.as_ref().map(SessionId::as_str))
            .collect::<Vec<_>>(),
        [None, Some("visit-1")]
    );
    drop(store);
    let store = open(folder.path());
    assert_eq!(items_bought(&store, "ada").await, ["b", "a"]);
    assert_eq!(store.feed(0, 100).await.unwrap(), feed);
}

#[tokio::test]
async fn repeats_are_recognised_for_seven_days() {
    let folder = tempfile::tempdir().unwrap();
    let door = Door::new();
    let store = open(folder.path());
    let event = || door.purchase(Some("e1"), "ada", None, "a", now());
    let twice = store.append(vec![event(), event()], now()).await.unwrap();
    assert!(matches!(twice.as_slice(), [Appended::Stored(_), Appended::Duplicate]));
    drop(store);
    let store = open(folder.path());
    for (days, known) in [(0, true), (6, true), (7, false)] {
        let again = store.append(vec![event()], now().plus_ms(days * DAY_MS)).await.unwrap();
        assert_eq!(again == [Appended::Duplicate], known, "after {days} days");
    }
}

#[tokio::test]
async fn a_cached_record_equals_what_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let door = Door::new();
    let store = open(folder.path());
    let ada = subject("ada");
    assert_eq!(store.cached_subject(&ada), Cached::Missing);
    assert_eq!(store.subject(&ada).await.unwrap(), None);
    assert_eq!(store.cached_subject(&ada), Cached::Known(None));
    store.put_profile(&ada, door.profile("38000"), true, now()).await.unwrap();
    store
        .append(vec![door.purchase(None, "ada", None, "a", now())], now())
        .await
        .unwrap();
    store
        .append(vec![door.purchase(None, "ada", None, "b", now().plus_ms(-9))], now())
        .await
        .unwrap();
    let choice = Choice {
        status: ChoiceStatus::Granted,
        text_version: "2026-10".into(),
        at: now(),
        source: "banner".into(),
    };
    store.put_choice(&ada, "personalisation", choice).await.unwrap();
    store.put_objection(&ada, true, now()).await.unwrap();
    store.put_restriction(&ada, true, now()).await.unwrap();
    store.put_restriction(&ada, false, now()).await.unwrap();
    let Cached::Known(Some(cached)) = store.cached_subject(&ada) else {
        panic!("she is not cached")
    };
    drop(store);
    let store = open(folder.path());
    let read = store.subject(&ada).await.unwrap().unwrap();
    assert_eq!(cached, read);
    assert_eq!((read.objected, read.restricted), (Some(now()), None));
    assert_eq!(store.subject_by_number(read.person).await.unwrap(), Some(read));
}

#[tokio::test]
async fn somebody_unknown_who_acts_is_known_to_the_next_request() {
    let folder = tempfile::tempdir().unwrap();
    let door = Door::new();
    let store = open(folder.path());
    assert_eq!(store.subject(&subject("ada")).await.unwrap(), None);
    store
        .append(vec![door.purchase(None, "ada", None, "a", now())], now())
        .await
        .unwrap();
    assert_eq!(items_bought(&store, "ada").await, ["a"]);
}

#[tokio::test]
async fn items_are_changed_and_their_numbers_stay() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let item = |id: &str, stock: f64| Item {
        id: ItemId::new(id).unwrap(),
        fields: [("stock".into(), Value::Number(stock))].into(),
    };
    store
        .change_items(vec![ItemChange::Put(item("a", 1.0)), ItemChange::Put(item("b", 2.0))])
        .await
        .unwrap();
    store
        .change_items(vec![ItemChange::Remove(ItemId::new("a").unwrap()), ItemChange::Put(item("c", 3.0))])
        .await
        .unwrap();
    drop(store);
    let store = open(folder.path());
    assert_eq!(store.items().await.unwrap(), [item("b", 2.0), item("c", 3.0)]);
    let number = |id: &str| store.item_ids().index(&ItemId::new(id).unwrap()).unwrap().0;
    assert_eq!((number("a"), number("b"), number("c")), (0, 1, 2));
}

#[tokio::test]
async fn the_switch_and_the_secret_survive() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    assert_eq!(store.stop().await.unwrap(), Stop::default());
    let stop = Stop {
        everything: true,
        strategies: vec![StrategyName::new("for-you").unwrap()],
    };
    store.put_stop(&stop).await.unwrap();
    let secret = store.secret("pseudonym");
    assert_ne!(secret, store.secret("sessions"));
    drop(store);
    let store = open(folder.path());
    assert_eq!((store.stop().await.unwrap(), store.secret("pseudonym")), (stop, secret));
}

#[tokio::test]
async fn what_is_held_and_not_released_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let door = Door::new();
    let store = open(folder.path());
    store.hold().await.unwrap();
    store
        .append(vec![door.purchase(None, "ada", None, "a", now())], now())
        .await
        .unwrap();
    drop(store);
    // the writing thread lets go of the file within a moment
    let store = loop {
        if let Ok(store) = Store::open(folder.path(), Options::default()) {
            break store;
        }
    };
    assert!(store.feed(0, 10).await.unwrap().is_empty());
    store.hold().await.unwrap();
    store
        .append(vec![door.purchase(None, "ada", None, "a", now())], now())
        .await
        .unwrap();
    store.release().await.unwrap();
    assert_eq!(items_bought(&store, "ada").await, ["a"]);
}

#[tokio::test]
async fn a_sweep_removes_what_is_too_old_and_leaves_restricted_people() {
    let folder = tempfile::tempdir().unwrap();
    let door = Door::new();
    let store = open(folder.path());
    for who in ["ada", "bob"] {
        store.put_profile(&subject(who), door.profile("38000"), true, now()).await.unwrap();
        let old = door.purchase(None, who, None, "old", now().plus_ms(-30 * DAY_MS));
        store
            .append(vec![old, door.purchase(None, who, None, "new", now())], now())
            .await
            .unwrap();
    }
    store.put_restriction(&subject("bob"), true, now()).await.unwrap();
    let plan = SweepPlan {
        events: vec![EventSweep {
            of_subject: true,
            kind: EventKind::Purchase,
            until: now().plus_ms(-10 * DAY_MS),
        }],
        sessions_idle_since: now().plus_ms(-DAY_MS),
        accounts_idle_since: now().plus_ms(-700 * DAY_MS),
        fields: Vec::new(),
        outlive_their_visit: Default::default(),
    };
    assert_eq!(store.sweep(&plan).await.unwrap(), 1);
    assert_eq!(items_bought(&store, "ada").await, ["new"]);
    assert_eq!(items_bought(&store, "bob").await, ["old", "new"]);
    // a field that is no longer declared goes, but not a restricted person's
    assert!(store.subject(&subject("ada")).await.unwrap().unwrap().fields.is_empty());
    assert!(!store.subject(&subject("bob")).await.unwrap().unwrap().fields.is_empty());
}

#[tokio::test]
async fn what_is_kept_for_a_visit_goes_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let door = Door::new();
    let store = open(folder.path());
    let long_ago = now().plus_ms(-20 * 60_000);
    let events = vec![
        door.view("ended", "a", long_ago),
        door.view("goes-on", "a", long_ago),
        door.view("goes-on", "b", now()),
    ];
    store.append(events, now()).await.unwrap();
    let plan = |outlive: Vec<EventKind>| SweepPlan {
        events: Vec::new(),
        outlive_their_visit: outlive,
        sessions_idle_since: now().plus_ms(-10 * 60_000),
        accounts_idle_since: now().plus_ms(-700 * DAY_MS),
        fields: Vec::new(),
    };
    // kept for learning beyond its visit
    assert_eq!(store.sweep(&plan(vec![EventKind::ViewItem])).await.unwrap(), 0);
    assert_eq!(store.sweep(&plan(Vec::new())).await.unwrap(), 1);
    let events = |id: &'static str| async { store.session(&SessionId::new(id).unwrap()).await.unwrap().map(|s| s.events.len()) };
    assert_eq!((events("ended").await, events("goes-on").await), (None, Some(2)));
}

#[tokio::test]
async fn people_are_counted_once_an_item_and_decay() {
    let folder = tempfile::tempdir().unwrap();
    let door = Door::new();
    let store = open(folder.path());
    let day = |n: i64| now().plus_ms(-n * DAY_MS);
    let events = vec![
        door.purchase(None, "ada", None, "a", day(30)),
        door.purchase(None, "ada", None, "a", day(0)),
        door.purchase(None, "bob", None, "a", day(30)),
        door.purchase(None, "cleo", None, "a", day(0)),
    ];
    store.append(events, now()).await.unwrap();
    let cleo = store.subject(&subject("cleo")).await.unwrap().unwrap().person;
    let counts = store
        .people_per_item(&[EventKind::Purchase], 30 * DAY_MS, now(), &|r| r.person != cleo)
        .await
        .unwrap();
    // ada today is 1, bob one half-life ago is 1/2, cleo does not count
    assert_eq!(
        counts.iter().map(|(_, people, weight)| (*people, *weight)).collect::<Vec<_>>(),
        [(2, 1.5)]
    );
}

#[tokio::test]
async fn events_of_an_item_are_purged() {
    let folder = tempfile::tempdir().unwrap();
    let door = Door::new();
    let store = open(folder.path());
    let events = ["a", "b", "a"].map(|item| door.purchase(None, "ada", None, item, now())).into();
    store.append(events, now()).await.unwrap();
    let a = store.item_ids().index(&ItemId::new("a").unwrap()).unwrap();
    assert_eq!(store.purge_items(&[a]).await.unwrap(), [1, 3]);
    assert_eq!(items_bought(&store, "ada").await, ["b"]);
}

#[tokio::test]
async fn many_at_once_are_all_stored() {
    let folder = tempfile::tempdir().unwrap();
    let door = Arc::new(Door::new());
    let store = Arc::new(open(folder.path()));
    let tasks: Vec<_> = (0..200)
        .map(|n| {
            let (door, store) = (Arc::clone(&door), Arc::clone(&store));
            tokio::spawn(async move {
                let id = format!("p{}", n % 20);
                store.append(vec![door.purchase(None, &id, None, "a", now())], now()).await.unwrap()
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(store.feed(0, 1000).await.unwrap().len(), 200);
    assert_eq!(items_bought(&*store, "p3").await.len(), 10);
}
