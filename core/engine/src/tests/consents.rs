//! Answers to consent questions.

use jardin_model::ChoiceStatus;
use serde_json::json;

use super::{
    shop::{NOON, POLICY, SMALL, TestShop, at, object, request, subject, tried},
    stub::{Does, Stub},
};

#[tokio::test]
async fn an_answer_to_a_question_says_whether_it_counts() {
    let shop = TestShop::open(vec![]).await;
    let engine = &shop.engine;
    let u1 = subject("u1");
    let given = |version: &str| crate::ConsentGiven {
        status: ChoiceStatus::Granted,
        text_version: version.into(),
        source: "banner".into(),
    };
    assert!(
        !engine.put_consent(&u1, "personalisation", given("2025-01")).await.unwrap().counts,
        "stored, but no listed version"
    );
    // two answers of one instant that disagree would be a no
    shop.set_time("2026-11-20T12:00:01Z");
    assert!(engine.put_consent(&u1, "personalisation", given("2026-10")).await.unwrap().counts);
    shop.set_time("2027-05-19T12:00:01Z");
    assert!(!engine.consent(&u1, "personalisation").await.unwrap().counts, "180 days have passed");
    assert_eq!(engine.consent(&u1, "improvement").await.unwrap_err().kind(), "not-found");
    let problem = engine.put_consent(&u1, "marketing", given("2026-10")).await.unwrap_err();
    assert!(matches!(problem, crate::Problem::NotFound { known, .. } if known.len() == 2));
    assert_eq!(engine.subject(&u1).await.unwrap().consents.len(), 2);
    assert!(at(NOON) < at("2027-05-19T12:00:01Z"));
}

/// What `for-you` says to people of these birth dates, regions of the account and of the page, all of whom agreed.
#[tokio::test]
async fn an_answer_counts_by_the_country_of_the_account_then_of_the_page() {
    let source = POLICY
        .replace("under       = 18", "consent_from = 15\nprofiling_from = 15\nby = { region = { metropole = 15, corse = 16 } }")
        .replace(
            "postcode   =",
            "region     = { type = \"choice\", class = \"personal\", keep = \"account\", choices = [\"metropole\", \"corse\"] }\npostcode   =",
        );
    let stub = Stub::new("for-you", Does::Pick(vec!["h"]));
    let shop = TestShop::with(SMALL, &source, vec![("for-you", stub)]).await;
    let (fifteen, sixteen) = ("2011-11-20", "2010-11-20");
    for (number, (born, account, page, expected)) in [
        (fifteen, Some("metropole"), None, "for-you ran"),
        (fifteen, Some("metropole"), Some("corse"), "for-you ran"),
        (fifteen, Some("corse"), Some("metropole"), "for-you refused child"),
        (fifteen, None, Some("metropole"), "for-you ran"),
        (fifteen, None, Some("corse"), "for-you refused child"),
        (fifteen, None, None, "for-you refused child"),
        (sixteen, None, None, "for-you ran"),
        ("2011-11-21", None, Some("metropole"), "for-you refused child"),
    ]
    .into_iter()
    .enumerate()
    {
        let who = format!("u{number}");
        let told = account.map_or_else(
            || json!({ "birth_date": born }),
            |region| json!({ "birth_date": born, "region": region }),
        );
        shop.engine.put_subject(&subject(&who), object(told), true, None).await.unwrap();
        shop.agree(&who, "personalisation").await;
        let mut asked = request("home", Some(&who));
        if let Some(region) = page {
            asked.context = object(json!({ "region": region }));
        }
        let answer = tried(&shop.engine.recommend(&asked).await.unwrap());
        assert_eq!(answer.split(',').next(), Some(expected), "{born} {account:?} {page:?}");
    }
    // the yes of somebody who was too young in the country of their account never counts, wherever they are said to be
    let moved = object(json!({ "birth_date": fifteen, "region": "metropole" }));
    shop.engine.put_subject(&subject("u2"), moved, true, None).await.unwrap();
    assert!(!shop.engine.consent(&subject("u2"), "personalisation").await.unwrap().counts);
}

fn event_of(kind: &str, item: &str) -> serde_json::Value {
    json!({"type": kind, "occurred_at": NOON, "subject_id": "u1", "items": [{"item_id": item}]})
}

/// What rested on a yes alone goes a day after it was taken back; what another purpose covers stays.
#[tokio::test]
async fn what_lost_its_ground_is_erased_a_day_later() {
    let shop = TestShop::open(vec![]).await;
    for name in ["personalisation", "improvement"] {
        shop.agree("u1", name).await;
    }
    for event in [event_of("view_item", "a"), event_of("purchase", "b")] {
        assert_eq!(shop.event(event).await.accepted, 1);
    }
    shop.set_time("2026-11-20T13:00:00Z");
    shop.consent("u1", "personalisation", ChoiceStatus::Withdrawn).await;
    for (now, left) in [("2026-11-21T12:59:59Z", 2), ("2026-11-21T14:00:00Z", 1)] {
        shop.set_time(now);
        shop.engine.tick().await;
        assert_eq!(shop.stored_events().await.len(), left, "{now}");
    }
    shop.consent("u1", "improvement", ChoiceStatus::Refused).await;
    shop.set_time("2026-11-22T15:00:00Z");
    shop.engine.tick().await;
    assert!(shop.stored_events().await.is_empty());
}

/// A page learns from when on it may ask again: a month before a yes ends, and as the policy says after a no.
#[tokio::test]
async fn an_answer_says_when_to_ask_again() {
    let patient = POLICY.replace(
        "lasts   = \"180 days\"\nsignals",
        "lasts   = \"6 months\"\nask_again_after = \"90 days\"\nsignals",
    );
    assert_ne!(patient, POLICY);
    let shop = TestShop::with(SMALL, &patient, vec![]).await;
    let engine = &shop.engine;
    let ask_from = |name: &'static str| async move {
        let shown = engine.consent(&subject("u1"), name).await.unwrap();
        shown.ask_from.map(|at| at.to_string())
    };
    shop.agree("u1", "personalisation").await;
    assert_eq!(ask_from("personalisation").await.as_deref(), Some("2027-04-20T11:00:00Z"));
    for status in [ChoiceStatus::Refused, ChoiceStatus::Withdrawn] {
        shop.consent("u1", "personalisation", status).await;
        assert_eq!(ask_from("personalisation").await.as_deref(), Some("2027-02-18T12:00:00Z"));
        shop.consent("u1", "improvement", status).await;
        assert_eq!(ask_from("improvement").await, None);
    }
}
