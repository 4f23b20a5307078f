//! Laws of people and visits.

use jardin_contract::{Cached, EventDetails, ProfileChange};
use jardin_model::{Choice, ChoiceStatus, DAY_MS, Value};

use super::{Both, bought, session, subject};
use crate::tests::{Door, door::price, now};

fn yes(at: jardin_model::Timestamp) -> Choice {
    Choice { status: ChoiceStatus::Granted, text_version: "2026-10".into(), at, source: "banner".into() }
}

pub(super) async fn a_cached_record_equals_what_is_read<S: Both>(open: impl Fn() -> S) {
    let (door, store, ada) = (Door::new(), open(), subject("ada"));
    assert_eq!(store.cached_subject(&ada), Cached::Missing);
    assert_eq!(store.subject(&ada).await.unwrap(), None);
    assert_eq!(store.cached_subject(&ada), Cached::Known(None));
    store.put_profile(&ada, ProfileChange::whole(door.profile("38000")), now()).await.unwrap();
    for ms in [0, -9, 200_000] {
        let event = door.purchase(None, "ada", Some("visit"), "a", now().plus_ms(ms));
        store.append(vec![event], now()).await.unwrap();
    }
    store.put_choice(&ada, "personalisation", yes(now())).await.unwrap();
    store.put_objection(&ada, true, now()).await.unwrap();
    store.put_restriction(&ada, true, now()).await.unwrap();
    let answer = store.put_restriction(&ada, false, now()).await.unwrap();
    let Cached::Known(Some(cached)) = store.cached_subject(&ada) else { panic!("she is not cached") };
    assert_eq!(answer, cached);
    drop(store);
    let store = open();
    let read = store.subject(&ada).await.unwrap().unwrap();
    assert_eq!(cached, read);
    assert_eq!((read.objected, read.restricted), (Some(now()), None));
    assert_eq!(store.subject_by_number(read.person).await.unwrap(), Some(read));
}

/// The time from which a value's retention counts is not renewed because another value changes.
pub(super) async fn a_change_leaves_the_time_of_what_it_does_not_name<S: Both>(open: impl Fn() -> S) {
    let (door, store, ada) = (Door::new(), open(), subject("ada"));
    let later = now().plus_ms(DAY_MS);
    let told = ProfileChange::whole(door.profile("38000"));
    store.put_profile(&ada, told, now()).await.unwrap();
    let removing = |name: &str| ProfileChange::part(door.empty_profile(), vec![name.into()]);
    let left = store.put_profile(&ada, removing("birth_date"), later).await.unwrap();
    let times: Vec<_> = left.fields.iter().map(|(name, stored)| (&**name, stored.stored_at)).collect();
    assert_eq!(times, [("postcode", now())]);
    let left = store.put_profile(&ada, removing("postcode"), later).await.unwrap();
    assert!(left.fields.is_empty());
}

pub(super) async fn a_cached_visit_equals_what_is_read<S: Both>(open: impl Fn() -> S) {
    let (door, store, visit) = (Door::new(), open(), session("visit"));
    assert_eq!(store.session(&visit).await.unwrap(), None);
    store.append(vec![door.view("visit", "a", now().plus_ms(-90_000))], now()).await.unwrap();
    store.session(&visit).await.unwrap();
    // what is kept under the person shows that the visit goes on
    for ms in [-60_000, 100_000] {
        let event = door.purchase(None, "ada", Some("visit"), "a", now().plus_ms(ms));
        store.append(vec![event], now()).await.unwrap();
    }
    let Cached::Known(Some(cached)) = store.cached_session(&visit) else { panic!("it is not cached") };
    assert_eq!((cached.events.len(), cached.last_seen), (1, now()));
    drop(store);
    assert_eq!(open().session(&visit).await.unwrap(), Some(cached));
}

pub(super) async fn somebody_unknown_who_acts_is_known_to_the_next_request<S: Both>(open: impl Fn() -> S) {
    let (door, store) = (Door::new(), open());
    assert_eq!(store.subject(&subject("ada")).await.unwrap(), None);
    assert_eq!(store.session(&session("visit")).await.unwrap(), None);
    let event = door.purchase(None, "ada", Some("visit"), "a", now());
    store.append(vec![event], now()).await.unwrap();
    assert_eq!(bought(&store, "ada").await, ["a"]);
    assert!(store.session(&session("visit")).await.unwrap().is_some());
}

pub(super) async fn last_seen_is_the_latest_and_never_ahead<S: Both>(open: impl Fn() -> S) {
    let (door, store, ada) = (Door::new(), open(), subject("ada"));
    let seen = || async { store.subject(&ada).await.unwrap().unwrap().last_seen };
    let day = |n: i64| now().plus_ms(n * DAY_MS);
    store.append(vec![door.purchase(None, "ada", None, "a", day(-9))], now()).await.unwrap();
    assert_eq!(seen().await, day(-9));
    store.put_profile(&ada, ProfileChange::part(door.profile("38000"), Vec::new()), day(-3)).await.unwrap();
    assert_eq!(seen().await, day(-3));
    store.append(vec![door.purchase(None, "ada", None, "a", day(-5))], now()).await.unwrap();
    assert_eq!(seen().await, day(-3));
    store.put_choice(&ada, "personalisation", yes(day(-1))).await.unwrap();
    assert_eq!(seen().await, day(-1));
    let ahead = door.purchase(None, "ada", None, "a", now().plus_ms(60_000));
    store.append(vec![ahead], now()).await.unwrap();
    assert_eq!(seen().await, now());
}

pub(super) async fn an_objection_counts_from_its_first_time<S: Both>(open: impl Fn() -> S) {
    let (store, ada) = (open(), subject("ada"));
    let later = now().plus_ms(DAY_MS);
    store.put_objection(&ada, true, now()).await.unwrap();
    assert_eq!(store.put_objection(&ada, true, later).await.unwrap().objected, Some(now()));
    assert_eq!(store.put_objection(&ada, false, later).await.unwrap().objected, None);
    assert_eq!(store.put_objection(&ada, true, later).await.unwrap().objected, Some(later));
    assert_eq!(store.put_restriction(&ada, true, later).await.unwrap().restricted, Some(later));
}

pub(super) async fn an_export_holds_everything_that_an_event_said<S: Both>(open: impl Fn() -> S) {
    let (door, store) = (Door::new(), open());
    assert_eq!(store.export(&subject("ada")).await.unwrap(), None);
    let events = vec![
        door.detailed("ada", "visit-1", now()),
        door.purchase(None, "ada", None, "b", now().plus_ms(-1)),
    ];
    store.append(events, now()).await.unwrap();
    drop(store);
    let export = open().export(&subject("ada")).await.unwrap().unwrap();
    // the record's order: by time
    assert_eq!(export.sessions, [None, Some(session("visit-1"))]);
    let fields = std::collections::BTreeMap::from([("price".into(), Value::Money(price()))]);
    let said = EventDetails {
        recommendation: jardin_model::RecommendationId::new("zq7~answer").ok(),
        fields: fields.clone(),
        lines: vec![fields],
    };
    assert_eq!(export.details, [EventDetails::default(), said]);
}

pub(super) async fn an_answer_moves_no_clock<S: Both>(open: impl Fn() -> S) {
    let store = open();
    // an imported answer may say any time; were it taken for the clock's, no consent would count until then
    let far = now().plus_ms(36_500 * DAY_MS);
    store.put_choice(&subject("ada"), "personalisation", yes(far)).await.unwrap();
    assert_eq!(store.latest_durable(), None);
    store.put_objection(&subject("ada"), true, now()).await.unwrap();
    assert_eq!(store.latest_durable(), Some(now()));
}
