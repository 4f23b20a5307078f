//! Answers to consent questions.

use jardin_model::ChoiceStatus;

use super::shop::{NOON, TestShop, at, subject};

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
