//! What people decide by themselves, obeyed by the next answer.

use std::sync::Arc;

use jardin_contract::StateStore as _;
use jardin_model::{ChoiceStatus, SessionId};
use serde_json::json;

use super::{
    shop::{NOON, TestShop, object, request, shown, subject, tried},
    stub::{Does, Stub},
};
use crate::{ConsentGiven, ExportedEvent, ForgetSince, GardenChange, GardenOwner, Problem, Receipt, Request};

pub(super) fn visit() -> SessionId {
    SessionId::new("s1").unwrap()
}

pub(super) fn of_person(who: &str) -> GardenOwner {
    GardenOwner { subject: Some(subject(who)), session: Some(visit()) }
}

pub(super) fn of_visit() -> GardenOwner {
    GardenOwner { subject: None, session: Some(visit()) }
}

fn lists(on: bool) -> GardenChange {
    GardenChange { personal_lists: Some(on), ..GardenChange::default() }
}

pub(super) fn pause(paused: bool) -> GardenChange {
    GardenChange { paused: Some(paused), ..GardenChange::default() }
}

/// A shop with a strategy that reads people, one that reads the page, and one that learns.
pub(super) async fn open() -> (TestShop, Arc<Stub>) {
    let learning = Stub::learning("bought-together", Does::PickLearned { wavers: false });
    let shop = TestShop::open(vec![
        ("for-you", Stub::new("for-you", Does::Pick(vec!["h"]))),
        ("complete-the-look", Stub::new("complete-the-look", Does::Pick(vec!["g"]))),
        ("season-front", Stub::new("season-front", Does::Pick(vec![]))),
        ("bought-together", Arc::clone(&learning)),
    ])
    .await;
    (shop, learning)
}

async fn first_tried(shop: &TestShop, who: Option<&str>) -> String {
    let asked = Request { session: Some(visit()), ..request("home", who) };
    let answer = shop.engine.recommend(&asked).await.unwrap();
    tried(&answer).split(',').next().unwrap().to_owned()
}

pub(super) async fn change(shop: &TestShop, of: &GardenOwner, change: GardenChange) -> usize {
    shop.engine.change_garden(of, &change).await.unwrap()
}

pub(super) async fn tell(shop: &TestShop, kind: &str, who: Option<&str>, item: &str, when: &str) -> Receipt {
    let items = json!([{"item_id": item}]);
    let event =
        json!({"type": kind, "occurred_at": when, "subject_id": who, "session_id": "s1", "items": items});
    shop.event(event).await
}

async fn buy(shop: &TestShop, who: &str, items: [&str; 2], when: &str) {
    let lines = items.map(|item| json!({"item_id": item}));
    let bought = json!({"type": "purchase", "occurred_at": when, "subject_id": who, "items": lines});
    assert_eq!(shop.event(bought).await.accepted, 1);
}

#[tokio::test]
async fn each_switch_is_obeyed_at_once_with_a_reason_of_its_own() {
    let (shop, _) = open().await;
    shop.agree("u1", "personalisation").await;
    shop.agree("u2", "personalisation").await;
    let of = of_person("u1");
    assert_eq!(first_tried(&shop, Some("u1")).await, "for-you ran");
    change(&shop, &of, lists(false)).await;
    assert_eq!(first_tried(&shop, Some("u1")).await, "for-you refused switched-off");
    assert_eq!(first_tried(&shop, Some("u2")).await, "for-you ran");
    // a list that depends on the page alone is nobody's
    let page = tried(&shop.ask("product_page", Some("u1")).await);
    assert_eq!(page.split(',').next(), Some("complete-the-look ran"));
    // whoever changes their mind within a millisecond means the last
    change(&shop, &of, lists(true)).await;
    assert_eq!(first_tried(&shop, Some("u1")).await, "for-you ran");
    change(&shop, &of, pause(true)).await;
    assert_eq!(first_tried(&shop, Some("u1")).await, "for-you refused paused");
    let receipt = tell(&shop, "view_item", Some("u1"), "a", NOON).await;
    assert_eq!((receipt.accepted, receipt.set_aside.by_rule().collect::<Vec<_>>()), (0, vec![("paused", 1)]));
    // another visit of theirs is not paused
    assert!(tried(&shop.ask("home", Some("u1")).await).starts_with("for-you ran"));
    change(&shop, &of, pause(false)).await;
    assert_eq!(first_tried(&shop, Some("u1")).await, "for-you ran");
    assert_eq!(tell(&shop, "view_item", Some("u1"), "a", NOON).await.accepted, 1);
    let shown = shop.engine.garden(&of).await.unwrap();
    assert_eq!((shown.personal_lists, shown.learning, shown.paused), (true, true, false));
    let export = shop.engine.subject(&subject("u1")).await.unwrap();
    let switched: Vec<(&str, bool)> = export.switches.iter().map(|s| (s.name, s.is_on)).collect();
    assert_eq!(switched, [("personal_lists", false), ("personal_lists", true)], "each leaves a trace");
    assert!(export.consents.iter().all(|consent| &*consent.name == "personalisation"));
}

#[tokio::test]
async fn what_somebody_wants_not_learned_is_forgotten_before_the_call_returns() {
    let (shop, stub) = open().await;
    let learned = || stub.learner.as_ref().unwrap().learned().len();
    for (who, items) in [("u1", ["a", "b"]), ("u2", ["c", "d"])] {
        shop.agree(who, "improvement").await;
        buy(&shop, who, items, NOON).await;
    }
    shop.engine.tick().await;
    assert_eq!(learned(), 2);
    let learning = |on| GardenChange { learning: Some(on), ..GardenChange::default() };
    change(&shop, &of_person("u1"), learning(false)).await;
    assert_eq!(learned(), 1);
    // what was done before stays out of it; what is done from now on is learned again
    shop.set_time("2026-11-20T12:00:01Z");
    change(&shop, &of_person("u1"), learning(true)).await;
    assert_eq!(learned(), 1);
    shop.set_time("2026-11-20T12:00:02Z");
    buy(&shop, "u1", ["e", "f"], "2026-11-20T12:00:02Z").await;
    shop.engine.tick().await;
    assert_eq!(learned(), 2);
}

#[tokio::test]
async fn what_was_looked_at_is_forgotten_since_an_hour_a_day_or_ever() {
    let (shop, _) = open().await;
    shop.set_time("2026-11-18T12:00:00Z");
    for who in ["u1", "u2"] {
        shop.agree(who, "personalisation").await;
    }
    shop.set_time(NOON);
    // the day begins in Paris: 23:00 of the day before
    let times =
        ["2026-11-19T22:59:59Z", "2026-11-19T23:00:00Z", "2026-11-20T10:59:59Z", "2026-11-20T11:00:00Z"];
    for when in times {
        for (who, kind) in [("u1", "view_item"), ("u2", "view_item"), ("u1", "purchase")] {
            assert_eq!(tell(&shop, kind, Some(who), "a", when).await.accepted, 1, "{who} {kind} {when}");
        }
    }
    let counts = async || {
        let of = async |who: &str| shop.engine.subject(&subject(who)).await.unwrap().events;
        let viewed =
            |events: &[ExportedEvent]| events.iter().filter(|e| e.kind.word() == "view_item").count();
        let (one, other) = (of("u1").await, of("u2").await);
        (viewed(&one), one.len() - viewed(&one), viewed(&other))
    };
    assert_eq!(counts().await, (4, 4, 4));
    for (span, gone, left) in [
        (ForgetSince::LastHour, 1, 3),
        (ForgetSince::Today, 2, 1),
        (ForgetSince::Beginning, 1, 0),
        (ForgetSince::Beginning, 0, 0),
    ] {
        let forget = GardenChange { forget: Some(span), ..GardenChange::default() };
        assert_eq!(change(&shop, &of_person("u1"), forget).await, gone, "{span:?}");
        assert_eq!(counts().await, (left, 4, 4), "{span:?}");
    }
}

#[tokio::test]
async fn not_for_me_is_obeyed_within_the_visit_without_any_consent() {
    let (shop, _) = open().await;
    let in_visit = async |id: &str| {
        let asked = Request { session: SessionId::new(id).ok(), ..request("below", None) };
        shown(&shop.engine.recommend(&asked).await.unwrap())
    };
    assert_eq!(in_visit("s1").await, "abcd");
    let receipt = tell(&shop, "dismiss", None, "b", NOON).await;
    assert_eq!((receipt.accepted, receipt.set_aside.count()), (1, 0));
    assert_eq!((in_visit("s1").await, in_visit("s2").await), ("acde".to_owned(), "abcd".to_owned()));
    assert_eq!(shop.stored_events().await.len(), 0, "nothing else is kept of it");
    tell(&shop, "dismiss", Some("u1"), "a", NOON).await;
    assert_eq!(in_visit("s1").await, "cdef");
    assert_eq!(tell(&shop, "useful", None, "b", NOON).await.accepted, 1);
    assert_eq!(in_visit("s1").await, "bcde");
    // it goes with the visit, and does not come back with another of the same id
    shop.set_time("2026-11-20T12:30:00Z");
    assert_eq!(in_visit("s1").await, "abcd");
    assert_eq!(tell(&shop, "view_item", None, "c", "2026-11-20T12:30:00Z").await.accepted, 1);
    assert_eq!(in_visit("s1").await, "abcd");
}

#[tokio::test]
async fn a_visit_without_an_account_decides_for_itself_until_it_ends() {
    let (shop, _) = open().await;
    let nobody = async || first_tried(&shop, None).await;
    let consent = async |status| {
        let given = ConsentGiven { status, text_version: "2026-10".into(), source: "banner".into() };
        shop.engine.put_visit_consent(&visit(), "personalisation", given).await.unwrap()
    };
    assert_eq!(nobody().await, "for-you refused consent");
    assert!(consent(ChoiceStatus::Granted).await.counts);
    assert_eq!(nobody().await, "for-you ran");
    // somebody known has an answer of their own, and the visit's yes is none of theirs
    shop.agree("u2", "improvement").await;
    assert_eq!(first_tried(&shop, Some("u2")).await, "for-you refused consent");
    shop.agree("u1", "personalisation").await;
    assert_eq!(first_tried(&shop, Some("u1")).await, "for-you ran");
    // the visit's no narrows for whoever is in it
    assert!(!consent(ChoiceStatus::Withdrawn).await.counts);
    assert_eq!(nobody().await, "for-you refused consent");
    assert_eq!(first_tried(&shop, Some("u1")).await, "for-you refused consent");
    consent(ChoiceStatus::Granted).await;
    // of answers within one moment each lies a millisecond after the one before, and none counts before its time
    shop.set_time("2026-11-20T12:00:01Z");
    assert_eq!(tell(&shop, "view_item", None, "a", NOON).await.accepted, 1);
    shop.engine.put_visit_objection(&visit(), true, &"banner".into()).await.unwrap();
    assert_eq!(nobody().await, "for-you refused objection");
    assert_eq!(shop.stored_events().await.len(), 0, "what the visit did is forgotten");
    assert_eq!(tell(&shop, "view_item", None, "a", NOON).await.accepted, 0);
    shop.engine.put_visit_objection(&visit(), false, &"banner".into()).await.unwrap();
    assert_eq!(nobody().await, "for-you ran");
    // nothing is kept under somebody who agreed to nothing, whatever their visit agreed to
    assert_eq!(tell(&shop, "view_item", Some("u9"), "a", NOON).await.accepted, 1);
    assert!(shop.engine.subject(&subject("u9")).await.is_err());
    shop.set_time("2026-11-20T12:31:00Z");
    assert_eq!(nobody().await, "for-you refused consent");
    // and what was decided does not come back with another visit of the same id
    assert_eq!(tell(&shop, "view_item", None, "a", "2026-11-20T12:31:00Z").await.accepted, 1);
    assert_eq!(nobody().await, "for-you refused consent");
    shop.engine.put_visit_objection(&visit(), false, &"banner".into()).await.unwrap();
    assert_eq!(nobody().await, "for-you refused consent");
    let given = ConsentGiven { status: ChoiceStatus::Granted, text_version: "1".into(), source: "".into() };
    let unknown = shop.engine.put_visit_consent(&visit(), "nothing", given).await;
    assert!(matches!(unknown, Err(Problem::NotFound { .. })));
}

#[tokio::test]
async fn what_is_of_a_person_or_of_a_visit_needs_one() {
    let (shop, _) = open().await;
    let wrong = async |of: &GardenOwner, change: GardenChange| {
        shop.engine.change_garden(of, &change).await.unwrap_err().kind()
    };
    let without_visit = GardenOwner { subject: Some(subject("u1")), session: None };
    assert_eq!(wrong(&of_visit(), lists(false)).await, "unprocessable");
    assert_eq!(wrong(&without_visit, pause(true)).await, "unprocessable");
    // what was refused changed nothing
    let both = GardenChange { paused: Some(true), ..lists(false) };
    assert_eq!(wrong(&without_visit, both).await, "unprocessable");
    assert!(shop.engine.garden(&without_visit).await.unwrap().personal_lists);
    assert_eq!(change(&shop, &of_visit(), pause(true)).await, 0);
    assert!(shop.engine.garden(&of_visit()).await.unwrap().paused);
}

#[tokio::test]
async fn a_switch_that_is_on_widens_nothing() {
    let (shop, _) = open().await;
    shop.agree("u1", "personalisation").await;
    let on = GardenChange { learning: Some(true), paused: Some(false), ..lists(true) };
    shop.engine.put_objection(&subject("u1"), true).await.unwrap();
    change(&shop, &of_person("u1"), on.clone()).await;
    assert_eq!(first_tried(&shop, Some("u1")).await, "for-you refused objection");
    shop.engine.put_objection(&subject("u1"), false).await.unwrap();
    let child = object(json!({"birth_date": "2015-01-01"}));
    shop.engine.put_subject(&subject("u1"), child, true, None).await.unwrap();
    change(&shop, &of_person("u1"), on.clone()).await;
    assert_eq!(first_tried(&shop, Some("u1")).await, "for-you refused child");
    change(&shop, &of_person("u3"), on).await;
    assert_eq!(first_tried(&shop, Some("u3")).await, "for-you refused consent");
}

#[tokio::test]
async fn an_objection_and_a_restriction_leave_their_traces_when_they_are_lifted() {
    let (shop, _) = open().await;
    let u1 = subject("u1");
    for (at, active) in
        [("2026-11-20T12:00:01Z", true), ("2026-11-20T12:00:02Z", true), ("2026-11-20T12:00:03Z", false)]
    {
        shop.set_time(at);
        shop.engine.put_objection(&u1, active).await.unwrap();
    }
    shop.set_time("2026-11-20T12:00:04Z");
    shop.engine.put_restriction(&u1, true).await.unwrap();
    let export = shop.engine.subject(&u1).await.unwrap();
    let told: Vec<String> =
        export.switches.iter().map(|s| format!("{} {} {}", s.name, s.is_on, s.at)).collect();
    let expected = [
        "objection true 2026-11-20T12:00:01Z",
        "objection false 2026-11-20T12:00:03Z",
        "restriction true 2026-11-20T12:00:04Z",
    ];
    assert_eq!(told, expected);
    assert!(export.consents.is_empty());
}

#[tokio::test]
async fn one_call_and_one_visit_say_so_much_of_products_and_no_more() {
    let (shop, _) = open().await;
    let lines = |n: usize| vec![json!({"item_id": "a"}); n];
    let dismissal =
        |n| json!({"type": "dismiss", "occurred_at": NOON, "session_id": "s1", "items": lines(n)});
    let receipt = shop.event(dismissal(101)).await;
    assert_eq!((receipt.accepted, receipt.rejected[0].problem), (0, "too-many-instructions"));
    assert_eq!(shop.event(dismissal(100)).await.accepted, 1);
    // the same once more is kept once
    let kept = async || shop.store.read_session(&visit()).await.unwrap().unwrap().choices.clone();
    assert_eq!((kept().await.len(), kept().await.values().map(Vec::len).sum::<usize>()), (1, 1));
    let choice = kept().await.values().next().unwrap()[0].clone();
    for n in 1..1_000 {
        shop.store.put_visit_choice(&visit(), &format!("own:item/{n}"), choice.clone()).await.unwrap();
    }
    let other =
        json!({"type": "dismiss", "occurred_at": NOON, "session_id": "s1", "items": [{"item_id": "b"}]});
    assert_eq!(shop.event(other).await.rejected[0].problem, "too-many-instructions");
    let given = ConsentGiven { status: ChoiceStatus::Granted, text_version: "1".into(), source: "".into() };
    let refused = shop.engine.put_visit_consent(&visit(), "personalisation", given).await;
    assert_eq!(refused.unwrap_err().kind(), "unprocessable");
}

#[tokio::test]
async fn a_pause_lasts_as_long_as_somebody_browses() {
    let (shop, _) = open().await;
    shop.agree("u1", "personalisation").await;
    change(&shop, &of_visit(), pause(true)).await;
    // half an hour without anything ends a visit: lists and events, of which nothing is kept, go on with it
    for when in ["2026-11-20T12:20:00Z", "2026-11-20T13:00:00Z"] {
        shop.set_time(when);
        assert_eq!(first_tried(&shop, Some("u1")).await, "for-you refused paused", "{when}");
        let later = when.replace(":20:00", ":40:00").replace(":00:00", ":20:00");
        shop.set_time(&later);
        assert_eq!(tell(&shop, "view_item", Some("u1"), "a", &later).await.accepted, 0, "{later}");
    }
    shop.set_time("2026-11-20T13:51:00Z");
    assert_eq!(first_tried(&shop, Some("u1")).await, "for-you ran");
}
