//! Laws of erasing, sweeping and counting.

use jardin_contract::{Cached, ProfileChange};
use jardin_model::{DAY_MS, EventKind, ItemId, Timestamp};
use jardin_policy::{EventSweep, SweepPlan};

use super::{Both, bought, session, subject};
use crate::tests::{Door, now};

fn day(n: i64) -> Timestamp {
    now().plus_ms(n * DAY_MS)
}

/// A plan after which everything stays but what the test says.
fn plan() -> SweepPlan {
    SweepPlan {
        events: Vec::new(),
        outlive_their_visit: EventKind::ALL.to_vec(),
        sessions_idle_since: day(-700),
        accounts_idle_since: day(-700),
        fields: vec![("postcode".into(), day(-700))],
    }
}

pub(super) async fn somebody_who_comes_back_is_somebody_new<S: Both>(open: impl Fn() -> S) {
    let (door, store, ada) = (Door::new(), open(), subject("ada"));
    assert_eq!(store.erase(&ada, now()).await.unwrap(), None);
    store.put_profile(&ada, ProfileChange::whole(door.profile("38000")), now()).await.unwrap();
    let events = vec![door.detailed("ada", "visit", now()), door.purchase(None, "bob", None, "a", now())];
    store.append(events, now()).await.unwrap();
    let before = store.subject(&ada).await.unwrap().unwrap().person;
    let erasure = store.erase(&ada, now()).await.unwrap().unwrap();
    assert_eq!((erasure.events, erasure.at, erasure.person), (1, now(), before));
    assert_eq!(store.cached_subject(&ada), Cached::Known(None));
    assert_eq!(store.export(&ada).await.unwrap(), None);
    assert_eq!(store.subject_by_number(before).await.unwrap(), None);
    assert_eq!(store.feed(0, 10).await.unwrap().len(), 1);
    assert_eq!(store.erase(&ada, now()).await.unwrap(), None);
    drop(store);
    let store = open();
    assert_eq!(store.erasure(&erasure.receipt).await.unwrap(), Some(erasure));
    assert_eq!(store.erasure("unheard of").await.unwrap(), None);
    store.append(vec![door.purchase(None, "ada", None, "b", now())], now()).await.unwrap();
    let after = store.subject(&ada).await.unwrap().unwrap();
    assert_ne!(after.person, before);
    assert!(after.fields.is_empty() && after.events.len() == 1);
    assert_eq!(bought(&store, "bob").await, ["a"]);
}

pub(super) async fn a_sweep_removes_what_is_too_old_and_leaves_restricted_people<S: Both>(
    open: impl Fn() -> S,
) {
    let (door, store) = (Door::new(), open());
    for who in ["ada", "bob"] {
        store.put_profile(&subject(who), ProfileChange::whole(door.profile("38000")), now()).await.unwrap();
        // the border itself is too old
        let days = [-11, -10, -9].map(|n| door.purchase(None, who, None, &format!("{n}"), day(n)));
        store.append(days.into(), now()).await.unwrap();
    }
    store.put_restriction(&subject("bob"), true, now()).await.unwrap();
    let cut = EventSweep { of_subject: true, kind: EventKind::Purchase, until: day(-10) };
    let plan = SweepPlan { events: vec![cut], fields: Vec::new(), ..plan() };
    assert_eq!(store.sweep(&plan).await.unwrap(), 2);
    assert_eq!(bought(&store, "ada").await, ["-9"]);
    assert_eq!(bought(&store, "bob").await, ["-11", "-10", "-9"]);
    // a field that is no longer declared goes, but not a restricted person's
    let fields =
        |who: &'static str| async { store.subject(&subject(who)).await.unwrap().unwrap().fields.len() };
    assert_eq!((fields("ada").await, fields("bob").await), (0, 1));
    store.put_restriction(&subject("bob"), false, now()).await.unwrap();
    assert_eq!(store.sweep(&plan).await.unwrap(), 2);
    drop(store);
    assert_eq!(bought(&open(), "bob").await, ["-9"]);
}

pub(super) async fn what_is_kept_for_a_visit_goes_with_it<S: Both>(open: impl Fn() -> S) {
    let (door, store) = (Door::new(), open());
    let long_ago = now().plus_ms(-20 * 60_000);
    let events = vec![
        door.view("ended", "a", long_ago),
        door.view("goes-on", "a", long_ago),
        door.view("goes-on", "b", now()),
        door.purchase(None, "ada", Some("bought-in"), "a", long_ago),
    ];
    store.append(events, now()).await.unwrap();
    let plan = |outlive: Vec<EventKind>| SweepPlan {
        outlive_their_visit: outlive,
        sessions_idle_since: now().plus_ms(-10 * 60_000),
        ..plan()
    };
    // kept for learning beyond its visit
    assert_eq!(store.sweep(&plan(vec![EventKind::ViewItem])).await.unwrap(), 0);
    assert_eq!(store.sweep(&plan(Vec::new())).await.unwrap(), 1);
    let events =
        |id: &'static str| async { store.session(&session(id)).await.unwrap().map(|s| s.events.len()) };
    assert_eq!((events("ended").await, events("goes-on").await), (None, Some(2)));
    // a late event still finds the visit of one that is kept under a person
    let known = store.feed(0, 10).await.unwrap().last().unwrap().session;
    let late = door.purchase(None, "ada", Some("bought-in"), "b", now());
    store.append(vec![late], now()).await.unwrap();
    assert_eq!(store.feed(0, 10).await.unwrap().last().unwrap().session, known);
}

pub(super) async fn an_account_that_ended_goes_whole<S: Both>(open: impl Fn() -> S) {
    let (door, store) = (Door::new(), open());
    for (who, at) in [("ada", day(-30)), ("bob", day(-29)), ("cleo", day(-30))] {
        store.put_profile(&subject(who), ProfileChange::whole(door.profile("38000")), at).await.unwrap();
        store.append(vec![door.purchase(None, who, None, "a", at)], at).await.unwrap();
    }
    store.put_restriction(&subject("cleo"), true, day(-30)).await.unwrap();
    let plan = SweepPlan { accounts_idle_since: day(-30), ..plan() };
    assert_eq!(store.sweep(&plan).await.unwrap(), 1);
    let known = |who: &'static str| async { store.subject(&subject(who)).await.unwrap().is_some() };
    assert_eq!((known("ada").await, known("bob").await, known("cleo").await), (false, true, true));
    drop(store);
    assert_eq!(open().subject(&subject("ada")).await.unwrap(), None);
}

pub(super) async fn events_of_an_item_are_purged_but_a_restricted_persons<S: Both>(open: impl Fn() -> S) {
    let (door, store) = (Door::new(), open());
    let mut events: Vec<_> = ["a", "b", "a"].map(|item| door.purchase(None, "ada", None, item, now())).into();
    events.push(door.purchase(None, "bob", None, "a", now()));
    events.push(door.view("visit", "a", now()));
    let sequences: Vec<u64> = {
        store.append(events, now()).await.unwrap();
        store.feed(0, 10).await.unwrap().iter().map(|e| e.sequence).collect()
    };
    store.put_restriction(&subject("bob"), true, now()).await.unwrap();
    store.session(&session("visit")).await.unwrap();
    assert!(store.purge_items(&[]).await.unwrap().is_empty());
    let a = store.item_ids().index(&ItemId::new("a").unwrap()).unwrap();
    let gone = store.purge_items(&[a]).await.unwrap();
    assert_eq!(gone, [sequences[0], sequences[2], sequences[4]]);
    assert_eq!(bought(&store, "ada").await, ["b"]);
    assert_eq!(bought(&store, "bob").await, ["a"]);
    assert!(store.session(&session("visit")).await.unwrap().unwrap().events.is_empty());
}

pub(super) async fn people_are_counted_once_an_item_and_decay<S: Both>(open: impl Fn() -> S) {
    let (door, store) = (Door::new(), open());
    let events = vec![
        door.purchase(None, "ada", None, "a", day(-30)),
        door.purchase(None, "ada", None, "a", day(0)),
        door.purchase(None, "bob", None, "a", day(-30)),
        door.purchase(None, "cleo", None, "a", day(0)),
        door.purchase(None, "bob", None, "b", day(-60)),
        door.view("visit", "b", day(0)),
    ];
    store.append(events, now()).await.unwrap();
    let cleo = store.subject(&subject("cleo")).await.unwrap().unwrap().person;
    let kinds = [EventKind::Purchase];
    let counts = store.people_per_item(&kinds, 30 * DAY_MS, now(), &|r| r.person != cleo).await.unwrap();
    let counts: Vec<_> = counts.iter().map(|(item, people, weight)| (item.0, *people, *weight)).collect();
    // a: ada today is 1, bob one half-life ago is 1/2, cleo does not count; b: bob two half-lives ago is 1/4
    assert_eq!(counts, [(0, 2, 1.5), (1, 1, 0.25)]);
}
