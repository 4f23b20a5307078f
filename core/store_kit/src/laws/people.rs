//! Laws of people and visits.

use std::time::Duration;

use jardin_contract::{Cached, ClockMark, EventDetails, ProfileChange};
use jardin_model::{Choice, ChoiceStatus, DAY_MS, Value};

use super::{Open, TestShop, bought_items, noon, price, session_id, subject_id};

fn granted_at(at: jardin_model::Timestamp) -> Choice {
    Choice { status: ChoiceStatus::Granted, text_version: "2026-10".into(), at, source: "banner".into() }
}

/// What is cached of a person equals the answer of the last change and what the next opening reads.
pub async fn a_cached_record_equals_what_is_read(open: &impl Open) {
    let (shop, store, ada) = (TestShop::open(), open().await, subject_id("ada"));
    assert!(matches!(store.cached_subject(&ada), Cached::Missing | Cached::Known(None)));
    assert_eq!(store.read_subject(&ada).await.unwrap(), None);
    assert_eq!(store.cached_subject(&ada), Cached::Known(None));
    store.put_profile(&ada, ProfileChange::replace_all(shop.profile_with("38000")), noon()).await.unwrap();
    for ms in [0, -9, 200_000] {
        let event = shop.purchase(None, "ada", Some("visit"), "a", noon().plus_ms(ms));
        store.append_events(vec![event], noon()).await.unwrap();
    }
    store.put_choice(&ada, "personalisation", granted_at(noon())).await.unwrap();
    store.put_objection(&ada, true, noon()).await.unwrap();
    store.put_restriction(&ada, true, noon()).await.unwrap();
    let answer = store.put_restriction(&ada, false, noon()).await.unwrap();
    let Cached::Known(Some(cached)) = store.cached_subject(&ada) else { panic!("she is not cached") };
    assert_eq!(answer, cached);
    drop(store);
    let store = open().await;
    let read = store.read_subject(&ada).await.unwrap().unwrap();
    assert_eq!(cached, read);
    assert_eq!((read.objected, read.restricted), (Some(noon()), None));
    assert_eq!(store.subject_by_number(read.person).await.unwrap(), Some(read));
}

/// The time from which a value's retention counts is not renewed because another value changes.
pub async fn a_change_leaves_the_time_of_what_it_does_not_name(open: &impl Open) {
    let (shop, store, ada) = (TestShop::open(), open().await, subject_id("ada"));
    let later = noon().plus_ms(DAY_MS);
    let told = ProfileChange::replace_all(shop.profile_with("38000"));
    store.put_profile(&ada, told, noon()).await.unwrap();
    let removing = |name: &str| ProfileChange::change_fields(shop.empty_profile(), vec![name.into()]);
    let left = store.put_profile(&ada, removing("birth_date"), later).await.unwrap();
    let times: Vec<_> = left.fields.iter().map(|(name, stored)| (&**name, stored.stored_at)).collect();
    assert_eq!(times, [("postcode", noon())]);
    let left = store.put_profile(&ada, removing("postcode"), later).await.unwrap();
    assert!(left.fields.is_empty());
}

/// What is cached of a visit equals what the next opening reads.
pub async fn a_cached_visit_equals_what_is_read(open: &impl Open) {
    let (shop, store, visit) = (TestShop::open(), open().await, session_id("visit"));
    assert_eq!(store.read_session(&visit).await.unwrap(), None);
    store.append_events(vec![shop.view("visit", "a", noon().plus_ms(-90_000))], noon()).await.unwrap();
    store.read_session(&visit).await.unwrap();
    // what is kept under the person shows that the visit goes on
    for ms in [-60_000, 100_000] {
        let event = shop.purchase(None, "ada", Some("visit"), "a", noon().plus_ms(ms));
        store.append_events(vec![event], noon()).await.unwrap();
    }
    let Cached::Known(Some(cached)) = store.cached_session(&visit) else { panic!("it is not cached") };
    assert_eq!((cached.events.len(), cached.last_seen), (1, noon()));
    drop(store);
    assert_eq!(open().await.read_session(&visit).await.unwrap(), Some(cached));
}

/// That somebody was looked for in vain is forgotten once they act.
pub async fn somebody_unknown_who_acts_is_known_to_the_next_request(open: &impl Open) {
    let (shop, store) = (TestShop::open(), open().await);
    assert_eq!(store.read_subject(&subject_id("ada")).await.unwrap(), None);
    assert_eq!(store.read_session(&session_id("visit")).await.unwrap(), None);
    let event = shop.purchase(None, "ada", Some("visit"), "a", noon());
    store.append_events(vec![event], noon()).await.unwrap();
    assert_eq!(bought_items(&*store, "ada").await, ["a"]);
    assert!(store.read_session(&session_id("visit")).await.unwrap().is_some());
}

/// A person was last seen at the latest of their events, answers and changes, and never later than the clock says.
pub async fn last_seen_is_the_latest_and_never_ahead(open: &impl Open) {
    let (shop, store, ada) = (TestShop::open(), open().await, subject_id("ada"));
    let seen = || async { store.read_subject(&ada).await.unwrap().unwrap().last_seen };
    let day = |n: i64| noon().plus_ms(n * DAY_MS);
    store.append_events(vec![shop.purchase(None, "ada", None, "a", day(-9))], noon()).await.unwrap();
    assert_eq!(seen().await, day(-9));
    store
        .put_profile(&ada, ProfileChange::change_fields(shop.profile_with("38000"), Vec::new()), day(-3))
        .await
        .unwrap();
    assert_eq!(seen().await, day(-3));
    store.append_events(vec![shop.purchase(None, "ada", None, "a", day(-5))], noon()).await.unwrap();
    assert_eq!(seen().await, day(-3));
    store.put_choice(&ada, "personalisation", granted_at(day(-1))).await.unwrap();
    assert_eq!(seen().await, day(-1));
    let ahead = shop.purchase(None, "ada", None, "a", noon().plus_ms(60_000));
    store.append_events(vec![ahead], noon()).await.unwrap();
    assert_eq!(seen().await, noon());
}

/// An objection or restriction counts from the first time that it was set, until it is lifted.
pub async fn an_objection_counts_from_its_first_time(open: &impl Open) {
    let (store, ada) = (open().await, subject_id("ada"));
    let later = noon().plus_ms(DAY_MS);
    store.put_objection(&ada, true, noon()).await.unwrap();
    assert_eq!(store.put_objection(&ada, true, later).await.unwrap().objected, Some(noon()));
    assert_eq!(store.put_objection(&ada, false, later).await.unwrap().objected, None);
    assert_eq!(store.put_objection(&ada, true, later).await.unwrap().objected, Some(later));
    assert_eq!(store.put_restriction(&ada, true, later).await.unwrap().restricted, Some(later));
}

/// An export holds the visit, the answer and the fields of each event, in the order of the record.
pub async fn an_export_holds_everything_that_an_event_said(open: &impl Open) {
    let (shop, store) = (TestShop::open(), open().await);
    assert_eq!(store.export_subject(&subject_id("ada")).await.unwrap(), None);
    let events = vec![
        shop.detailed_purchase("ada", "visit-1", noon()),
        shop.purchase(None, "ada", None, "b", noon().plus_ms(-1)),
    ];
    store.append_events(events, noon()).await.unwrap();
    drop(store);
    let export = open().await.export_subject(&subject_id("ada")).await.unwrap().unwrap();
    // the record's order: by time
    assert_eq!(export.sessions, [None, Some(session_id("visit-1"))]);
    let fields = std::collections::BTreeMap::from([("price".into(), Value::Money(price()))]);
    let said = EventDetails {
        recommendation: jardin_model::RecommendationId::new("zq7~answer").ok(),
        fields: fields.clone(),
        lines: vec![fields],
    };
    assert_eq!(export.details, [EventDetails::default(), said]);
}

/// The last mark of the clock is read again by whoever opens the store next.
pub async fn a_mark_of_the_clock_survives(open: &impl Open) {
    let store = open().await;
    assert_eq!(store.read_clock_mark().await.unwrap(), None);
    let mark = |hours: u64| ClockMark {
        time: noon(),
        uptime: Duration::from_secs(hours * 3_600),
        boot: [hours.to_le_bytes()[0]; 16],
    };
    store.put_clock_mark(mark(1)).await.unwrap();
    store.put_clock_mark(mark(2)).await.unwrap();
    drop(store);
    assert_eq!(open().await.read_clock_mark().await.unwrap(), Some(mark(2)));
}

/// The time of an imported answer is not taken for the clock's.
pub async fn an_answer_moves_no_clock(open: &impl Open) {
    let store = open().await;
    // an imported answer may say any time; were it taken for the clock's, no consent would count until then
    let far = noon().plus_ms(36_500 * DAY_MS);
    store.put_choice(&subject_id("ada"), "personalisation", granted_at(far)).await.unwrap();
    assert_eq!(store.latest_durable(), None);
    store.put_objection(&subject_id("ada"), true, noon()).await.unwrap();
    assert_eq!(store.latest_durable(), Some(noon()));
    // a clock that was ahead has a way back, which is no way forward
    store.lower_latest_durable(noon().plus_ms(DAY_MS)).await.unwrap();
    assert_eq!(store.latest_durable(), Some(noon()));
    store.lower_latest_durable(noon().plus_ms(-DAY_MS)).await.unwrap();
    assert_eq!(store.latest_durable(), Some(noon().plus_ms(-DAY_MS)));
    drop(store);
    assert_eq!(open().await.latest_durable(), Some(noon().plus_ms(-DAY_MS)));
}
