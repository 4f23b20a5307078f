//! Laws of people and visits.

use std::{sync::Arc, time::Duration};

use jardin_contract::{Cached, ClockMark, EventDetails, ProfileChange, Whose};
use jardin_model::{Choice, ChoiceStatus, DAY_MS, EventKind, Value};
use jardin_policy::SweepPlan;

use super::{
    Open, TestShop, bought_items, noon, price, removal::plan_that_keeps_all, session_id, subject_id,
};

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

/// What was decided for a visit is durable, is shown with it, and goes when it ends, even where events still name it.
pub async fn what_was_decided_for_a_visit_goes_with_it(open: &impl Open) {
    let (shop, store, visit) = (TestShop::open(), open().await, session_id("visit"));
    store.read_session(&visit).await.unwrap();
    store.put_visit_choice(&visit, "own:visit", granted_at(noon())).await.unwrap();
    store.append_events(vec![shop.view("visit", "a", noon())], noon()).await.unwrap();
    let refused = Choice { status: ChoiceStatus::Refused, ..granted_at(noon().plus_ms(1)) };
    let answer = store.put_visit_choice(&visit, "own:visit", refused.clone()).await.unwrap();
    assert_eq!(answer.choices["own:visit"], [granted_at(noon()), refused]);
    assert_eq!(store.cached_session(&visit), Cached::Known(Some(Arc::clone(&answer))));
    drop(store);
    let store = open().await;
    assert_eq!(store.read_session(&visit).await.unwrap(), Some(answer));
    store.end_visit(&session_id("another")).await.unwrap();
    assert_eq!(store.read_session(&visit).await.unwrap().unwrap().choices.len(), 1);
    let plan = |idle_ms| SweepPlan {
        outlive_their_visit: vec![EventKind::ViewItem],
        sessions_idle_since: noon().plus_ms(idle_ms),
        ..plan_that_keeps_all()
    };
    store.sweep_expired(&plan(0)).await.unwrap();
    assert_eq!(store.read_session(&visit).await.unwrap().unwrap().choices.len(), 1);
    store.sweep_expired(&plan(2)).await.unwrap();
    let left = store.read_session(&visit).await.unwrap().unwrap();
    assert_eq!((left.choices.len(), left.events.len()), (0, 1));
    store.put_visit_choice(&visit, "own:visit", granted_at(noon())).await.unwrap();
    // a visit goes on, and never back; one that nobody knows is not made
    for (ms, wanted) in [(5, 5), (3, 5)] {
        store.touch_visit(&visit, noon().plus_ms(ms)).await.unwrap();
        assert_eq!(store.read_session(&visit).await.unwrap().unwrap().last_seen, noon().plus_ms(wanted));
    }
    store.touch_visit(&session_id("another"), noon()).await.unwrap();
    assert_eq!(store.read_session(&session_id("another")).await.unwrap(), None);
    store.end_visit(&visit).await.unwrap();
    let left = store.read_session(&visit).await.unwrap().unwrap();
    assert_eq!((left.choices.len(), left.events.len()), (0, 1));
}

/// Forgetting takes events of one person, or of one visit of nobody known, by kind and time, and no others.
pub async fn what_somebody_wants_forgotten_goes_of_them_alone(open: &impl Open) {
    let (shop, store) = (TestShop::open(), open().await);
    let (ada, visit) = (subject_id("ada"), session_id("visit"));
    let early = noon().plus_ms(-1);
    let events = vec![
        shop.purchase(None, "ada", Some("visit"), "a", early),
        shop.purchase(None, "ada", Some("visit"), "b", noon()),
        shop.purchase(None, "bob", Some("visit"), "c", noon()),
        shop.view("visit", "d", early),
        shop.view("visit", "e", noon()),
        shop.view("other", "f", noon()),
    ];
    store.append_events(events, noon()).await.unwrap();
    store.put_restriction(&ada, true, noon()).await.unwrap();
    let count = async |store: &dyn jardin_contract::Store| {
        let people = [bought_items(store, "ada").await.len(), bought_items(store, "bob").await.len()];
        let of = async |id: &str| store.read_session(&session_id(id)).await.unwrap().unwrap().events.len();
        (people, of("visit").await, of("other").await, store.read_feed(0, 10).await.unwrap().len())
    };
    assert_eq!(count(&*store).await, ([2, 1], 2, 1, 6));
    let (person, of_visit) = (Whose::Person(&ada), Whose::Visit(&visit));
    let none = store.forget_history(person, &[EventKind::ViewItem], noon()).await.unwrap();
    assert_eq!(none, [0_u64; 0]);
    let gone = store.forget_history(person, &[EventKind::Refund, EventKind::Purchase], noon()).await.unwrap();
    assert_eq!((gone.len(), count(&*store).await), (1, ([1, 1], 2, 1, 5)));
    // what is kept under somebody known is none of the visit's
    let gone = store.forget_history(of_visit, EventKind::ALL, noon()).await.unwrap();
    assert_eq!((gone.len(), count(&*store).await), (1, ([1, 1], 1, 1, 4)));
    let of_nobody = session_id("nobody");
    assert_eq!(
        store.forget_history(Whose::Visit(&of_nobody), EventKind::ALL, early).await.unwrap(),
        [0_u64; 0]
    );
    let stranger = subject_id("stranger");
    assert_eq!(
        store.forget_history(Whose::Person(&stranger), EventKind::ALL, early).await.unwrap(),
        [0_u64; 0]
    );
    // by their numbers, and nobody else's
    let all: Vec<u64> = store.read_feed(0, 10).await.unwrap().iter().map(|event| event.sequence).collect();
    store.remove_events(person, &all).await.unwrap();
    assert_eq!(count(&*store).await, ([0, 1], 1, 1, 3));
    drop(store);
    assert_eq!(count(&*open().await).await, ([0, 1], 1, 1, 3));
}
