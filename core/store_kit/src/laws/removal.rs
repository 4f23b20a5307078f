//! Laws of erasing, sweeping and counting.

use std::sync::Arc;

use jardin_contract::{Cached, ChosenEvents, FindGroundless, ProfileChange, Store};
use jardin_model::{DAY_MS, EventKind, ItemId, Timestamp, Value};
use jardin_policy::{EventSweep, Groundless, SweepPlan};

use super::{Open, TestShop, bought_items, noon, session_id, subject_id};

fn days_from_noon(n: i64) -> Timestamp {
    noon().plus_ms(n * DAY_MS)
}

/// A plan after which everything stays but what the test says.
pub(super) fn plan_that_keeps_all() -> SweepPlan {
    SweepPlan {
        events: Vec::new(),
        outlive_their_visit: EventKind::ALL.to_vec(),
        within_visit: Arc::default(),
        sessions_idle_since: days_from_noon(-700),
        accounts_idle_since: days_from_noon(-700),
        fields: vec![("postcode".into(), days_from_noon(-700))],
    }
}

/// Of an erased person nothing is left but the receipt; under the same id somebody new begins.
pub async fn somebody_who_comes_back_is_somebody_new(open: &impl Open) {
    let (shop, store, ada) = (TestShop::open(), open().await, subject_id("ada"));
    assert_eq!(store.erase_subject(&ada, noon()).await.unwrap(), None);
    assert_eq!(store.last_erasure(&ada), None);
    store.put_profile(&ada, ProfileChange::replace_all(shop.profile_with("38000")), noon()).await.unwrap();
    let events =
        vec![shop.detailed_purchase("ada", "visit", noon()), shop.purchase(None, "bob", None, "a", noon())];
    store.append_events(events, noon()).await.unwrap();
    let before = store.read_subject(&ada).await.unwrap().unwrap().person;
    let erasure = store.erase_subject(&ada, noon()).await.unwrap().unwrap();
    assert_eq!((erasure.events, erasure.at, erasure.person), (1, noon(), before));
    assert_eq!(store.cached_subject(&ada), Cached::Known(None));
    assert_eq!(store.export_subject(&ada).await.unwrap(), None);
    assert_eq!(store.subject_by_number(before).await.unwrap(), None);
    assert_eq!(store.read_feed(0, 10).await.unwrap().len(), 1);
    assert_eq!(store.erase_subject(&ada, noon()).await.unwrap(), None);
    drop(store);
    let store = open().await;
    assert_eq!(store.find_erasure(&erasure.receipt).await.unwrap(), Some(erasure));
    assert_eq!(store.find_erasure("unheard of").await.unwrap(), None);
    assert_eq!((store.last_erasure(&ada), store.last_erasure(&subject_id("bob"))), (Some(noon()), None));
    store.append_events(vec![shop.purchase(None, "ada", None, "b", noon())], noon()).await.unwrap();
    let after = store.read_subject(&ada).await.unwrap().unwrap();
    assert_ne!(after.person, before);
    assert!(after.fields.is_empty() && after.events.len() == 1);
    assert_eq!(bought_items(&*store, "bob").await, ["a"]);
}

/// A sweep removes events and values up to the border, and nothing of restricted people.
pub async fn a_sweep_removes_what_is_too_old_and_leaves_restricted_people(open: &impl Open) {
    let (shop, store) = (TestShop::open(), open().await);
    for who in ["ada", "bob"] {
        store
            .put_profile(&subject_id(who), ProfileChange::replace_all(shop.profile_with("38000")), noon())
            .await
            .unwrap();
        // the border itself is too old
        let days = [-11, -10, -9].map(|n| shop.purchase(None, who, None, &format!("{n}"), days_from_noon(n)));
        store.append_events(days.into(), noon()).await.unwrap();
    }
    store.put_restriction(&subject_id("bob"), true, noon()).await.unwrap();
    let cut = EventSweep { of_subject: true, kind: EventKind::Purchase, until: days_from_noon(-10) };
    let plan = SweepPlan { events: vec![cut], fields: Vec::new(), ..plan_that_keeps_all() };
    assert_eq!(store.sweep_expired(&plan).await.unwrap(), 2);
    assert_eq!(bought_items(&*store, "ada").await, ["-9"]);
    assert_eq!(bought_items(&*store, "bob").await, ["-11", "-10", "-9"]);
    // a field that is no longer declared goes, but not a restricted person's
    let fields = |who: &'static str| async {
        store.read_subject(&subject_id(who)).await.unwrap().unwrap().fields.len()
    };
    assert_eq!((fields("ada").await, fields("bob").await), (0, 1));
    store.put_restriction(&subject_id("bob"), false, noon()).await.unwrap();
    assert_eq!(store.sweep_expired(&plan).await.unwrap(), 2);
    drop(store);
    assert_eq!(bought_items(&*open().await, "bob").await, ["-9"]);
}

/// An event of a visit goes with it, unless its kind may outlive it; a visit that a kept event names is still found.
pub async fn what_is_kept_for_a_visit_goes_with_it(open: &impl Open) {
    let (shop, store) = (TestShop::open(), open().await);
    let long_ago = noon().plus_ms(-20 * 60_000);
    let events = vec![
        shop.view("ended", "a", long_ago),
        shop.view("goes-on", "a", long_ago),
        shop.view("goes-on", "b", noon()),
        shop.purchase(None, "ada", Some("bought-in"), "a", long_ago),
    ];
    store.append_events(events, noon()).await.unwrap();
    let plan = |outlive: Vec<EventKind>| SweepPlan {
        outlive_their_visit: outlive,
        sessions_idle_since: noon().plus_ms(-10 * 60_000),
        ..plan_that_keeps_all()
    };
    // kept for learning beyond its visit
    assert_eq!(store.sweep_expired(&plan(vec![EventKind::ViewItem])).await.unwrap(), 0);
    assert_eq!(store.sweep_expired(&plan(Vec::new())).await.unwrap(), 1);
    let events = |id: &'static str| async {
        store.read_session(&session_id(id)).await.unwrap().map(|s| s.events.len())
    };
    assert_eq!((events("ended").await, events("goes-on").await), (None, Some(2)));
    // a late event still finds the visit of one that is kept under a person
    let known = store.read_feed(0, 10).await.unwrap().last().unwrap().session;
    let late = shop.purchase(None, "ada", Some("bought-in"), "b", noon());
    store.append_events(vec![late], noon()).await.unwrap();
    assert_eq!(store.read_feed(0, 10).await.unwrap().last().unwrap().session, known);
}

/// What was done with an item that counts within the visit alone goes with the visit, though its kind may stay.
pub async fn an_item_of_the_visit_alone_goes_with_the_visit(open: &impl Open) {
    let (shop, store) = (TestShop::open(), open().await);
    let long_ago = noon().plus_ms(-20 * 60_000);
    let ended = [shop.view("ended", "a", long_ago), shop.view("ended", "b", long_ago)];
    let going_on = [shop.view("goes-on", "a", long_ago), shop.view("goes-on", "b", noon())];
    store.append_events(ended.into_iter().chain(going_on).collect(), noon()).await.unwrap();
    let a = store.item_ids().index(&ItemId::new("a").unwrap()).unwrap();
    let plan = SweepPlan {
        within_visit: Arc::new([a].into()),
        sessions_idle_since: noon().plus_ms(-10 * 60_000),
        ..plan_that_keeps_all()
    };
    assert_eq!(store.sweep_expired(&plan).await.unwrap(), 1);
    let left = store.read_feed(0, 10).await.unwrap();
    let items: Vec<bool> = left.iter().map(|event| event.lines.iter().any(|line| line.item == a)).collect();
    assert_eq!(items, [false, true, false]);
}

/// An account that was idle too long goes with its events, unless it is restricted.
pub async fn an_account_that_ended_goes_whole(open: &impl Open) {
    let (shop, store) = (TestShop::open(), open().await);
    for (who, at) in
        [("ada", days_from_noon(-30)), ("bob", days_from_noon(-29)), ("cleo", days_from_noon(-30))]
    {
        store
            .put_profile(&subject_id(who), ProfileChange::replace_all(shop.profile_with("38000")), at)
            .await
            .unwrap();
        store.append_events(vec![shop.purchase(None, who, None, "a", at)], at).await.unwrap();
    }
    store.put_restriction(&subject_id("cleo"), true, days_from_noon(-30)).await.unwrap();
    let plan = SweepPlan { accounts_idle_since: days_from_noon(-30), ..plan_that_keeps_all() };
    assert_eq!(store.sweep_expired(&plan).await.unwrap(), 1);
    let known = |who: &'static str| async { store.read_subject(&subject_id(who)).await.unwrap().is_some() };
    assert_eq!((known("ada").await, known("bob").await, known("cleo").await), (false, true, true));
    drop(store);
    assert_eq!(open().await.read_subject(&subject_id("ada")).await.unwrap(), None);
}

/// A purge removes every event with the item and says which, but of restricted people.
pub async fn events_of_an_item_are_purged_but_a_restricted_persons(open: &impl Open) {
    let (shop, store) = (TestShop::open(), open().await);
    let mut events: Vec<_> =
        ["a", "b", "a"].map(|item| shop.purchase(None, "ada", None, item, noon())).into();
    events.push(shop.purchase(None, "bob", None, "a", noon()));
    events.push(shop.view("visit", "a", noon()));
    let sequences: Vec<u64> = {
        store.append_events(events, noon()).await.unwrap();
        store.read_feed(0, 10).await.unwrap().iter().map(|e| e.sequence).collect()
    };
    store.put_restriction(&subject_id("bob"), true, noon()).await.unwrap();
    store.read_session(&session_id("visit")).await.unwrap();
    assert!(store.purge_items(&[]).await.unwrap().is_empty());
    let a = store.item_ids().index(&ItemId::new("a").unwrap()).unwrap();
    let gone = store.purge_items(&[a]).await.unwrap();
    assert_eq!(gone, [sequences[0], sequences[2], sequences[4]]);
    assert_eq!(bought_items(&*store, "ada").await, ["b"]);
    assert_eq!(bought_items(&*store, "bob").await, ["a"]);
    assert!(store.read_session(&session_id("visit")).await.unwrap().unwrap().events.is_empty());
}

/// The names of the fields that are stored of somebody.
async fn told_fields(store: &dyn Store, who: &str) -> Vec<String> {
    let record = store.read_subject(&subject_id(who)).await.unwrap().unwrap();
    record.fields.keys().map(ToString::to_string).collect()
}

/// What is named goes, durably, and nothing else; of a restricted person nothing.
pub async fn what_is_groundless_goes_but_a_restricted_persons(open: &impl Open) {
    let (shop, store) = (TestShop::open(), open().await);
    for who in ["ada", "bob"] {
        let told = ProfileChange::replace_all(shop.profile_with("38000"));
        store.put_profile(&subject_id(who), told, noon()).await.unwrap();
        let wishes = ProfileChange::change_fields(shop.wishes(&["a"], "a"), Vec::new());
        store.put_profile(&subject_id(who), wishes, noon()).await.unwrap();
    }
    let events = ["ada", "bob"]
        .map(|who| ["a", "b", "c"].map(|item| shop.purchase(None, who, None, item, noon())))
        .into_iter()
        .flatten();
    store.append_events(events.chain([shop.view("visit", "b", noon())]).collect(), noon()).await.unwrap();
    store.put_restriction(&subject_id("bob"), true, noon()).await.unwrap();
    store.read_subject(&subject_id("ada")).await.unwrap();
    let b = store.item_ids().index(&ItemId::new("b").unwrap()).unwrap();
    let find: &FindGroundless<'_> = &|record| Groundless {
        events: record.events.iter().filter(|event| event.lines.iter().any(|line| line.item == b)).collect(),
        values: record.fields.keys().filter(|name| ***name != *"wishes").collect(),
    };
    let feed = store.read_feed(0, 10).await.unwrap();
    assert_eq!(store.erase_groundless(find).await.unwrap(), [feed[1].sequence]);
    assert!(store.erase_groundless(find).await.unwrap().is_empty());
    assert_eq!(bought_items(&*store, "ada").await, ["a", "c"]);
    assert_eq!(told_fields(&*store, "ada").await, ["wishes"]);
    drop(store);
    let store = open().await;
    assert_eq!(bought_items(&*store, "ada").await, ["a", "c"]);
    assert_eq!(told_fields(&*store, "ada").await, ["wishes"]);
    assert_eq!(bought_items(&*store, "bob").await, ["a", "b", "c"]);
    assert_eq!(told_fields(&*store, "bob").await, ["favourite", "postcode", "wishes"]);
    assert_eq!(store.read_session(&session_id("visit")).await.unwrap().unwrap().events.len(), 1);
}

/// A purge takes the item out of profiles, durably, and leaves their other values; but not of restricted people.
pub async fn purged_items_leave_profiles_but_a_restricted_persons(open: &impl Open) {
    let (shop, store) = (TestShop::open(), open().await);
    store.append_events(vec![shop.purchase(None, "ada", None, "a", noon())], noon()).await.unwrap();
    for (who, favourite) in [("ada", "a"), ("bob", "b"), ("cleo", "a")] {
        let wishes = ProfileChange::replace_all(shop.wishes(&["a", "b"], favourite));
        store.put_profile(&subject_id(who), wishes, noon()).await.unwrap();
        store.read_subject(&subject_id(who)).await.unwrap();
    }
    store.put_restriction(&subject_id("cleo"), true, noon()).await.unwrap();
    let a = store.item_ids().index(&ItemId::new("a").unwrap()).unwrap();
    store.purge_items(&[a]).await.unwrap();
    let [a, b] = ["a", "b"].map(|id| ItemId::new(id).unwrap());
    let expected = [
        ("ada", vec![("wishes", Value::Items([b.clone()].into()))]),
        ("bob", vec![("favourite", Value::Item(b.clone())), ("wishes", Value::Items([b.clone()].into()))]),
        ("cleo", vec![("favourite", Value::Item(a.clone())), ("wishes", Value::Items([a, b].into()))]),
    ];
    let mut store = store;
    for again in [false, true] {
        if again {
            drop(store);
            store = open().await;
        }
        for (who, values) in &expected {
            let record = store.read_subject(&subject_id(who)).await.unwrap().unwrap();
            let kept: Vec<(&str, Value)> =
                record.fields.iter().map(|(n, v)| (&**n, v.value.clone())).collect();
            assert_eq!(kept, *values, "{who}");
        }
    }
}

/// For each item a person counts once, by the newest event, and half as much after each half-life.
pub async fn people_are_counted_once_an_item_and_decay(open: &impl Open) {
    let (shop, store) = (TestShop::open(), open().await);
    let events = vec![
        shop.purchase(None, "ada", None, "a", days_from_noon(-30)),
        shop.purchase(None, "ada", None, "a", days_from_noon(0)),
        shop.purchase(None, "bob", None, "a", days_from_noon(-30)),
        shop.purchase(None, "cleo", None, "a", days_from_noon(0)),
        shop.purchase(None, "bob", None, "b", days_from_noon(-60)),
        shop.view("visit", "b", days_from_noon(0)),
    ];
    store.append_events(events, noon()).await.unwrap();
    let cleo = store.read_subject(&subject_id("cleo")).await.unwrap().unwrap().person;
    let counted: &ChosenEvents<'_> = &|record| {
        let purchases = record.events.iter().filter(|event| event.kind == EventKind::Purchase);
        purchases.filter(|_| record.person != cleo).collect()
    };
    let counts = store.people_per_item(30 * DAY_MS, noon(), counted).await.unwrap();
    let [a, b] = ["a", "b"].map(|name| store.item_ids().index(&ItemId::new(name).unwrap()).unwrap());
    // a: ada today is 1, bob one half-life ago is 1/2, cleo does not count; b: bob two half-lives ago is 1/4
    assert_eq!(counts, [(a, 2, 1.5), (b, 1, 0.25)]);
}
