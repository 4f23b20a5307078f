//! What goes with somebody who signs in.

use jardin_model::ChoiceStatus;
use serde_json::json;

use super::{
    own_choices::{change, of_person, of_visit, open, pause, tell, visit},
    shop::{NOON, subject},
};
use crate::{ConsentGiven, GardenChange};

/// What a visitor did before they signed in goes with them as far as the same purpose covers it on both sides.
#[tokio::test]
async fn one_visit_is_carried_into_an_account_as_far_as_both_agreed() {
    let (shop, stub) = open().await;
    let learned = || stub.learner.as_ref().unwrap().learned().len();
    let merge = async |into: &str| {
        shop.engine
            .merge_visit(&subject(into), &subject("visitor"), &visit())
            .await
            .map(|m| (m.carried, m.left))
    };
    assert!(merge("u1").await.is_err(), "nothing is stored of the visitor");
    shop.agree("visitor", "personalisation").await;
    let view = |item: &str, session: &str| {
        let items = json!([{"item_id": item}]);
        json!({"type": "view_item", "occurred_at": NOON, "subject_id": "visitor", "session_id": session, "items": items})
    };
    for event in [view("a", "s1"), view("b", "s1"), view("c", "s2")] {
        assert_eq!(shop.event(event).await.accepted, 1);
    }
    shop.agree("visitor", "improvement").await;
    let lines = ["e", "f"].map(|item| json!({"item_id": item}));
    let mut bought = view("e", "s1");
    bought["type"] = "purchase".into();
    bought["items"] = json!(lines);
    assert_eq!(shop.event(bought).await.accepted, 1);
    shop.engine.tick().await;
    assert_eq!(learned(), 1);
    let items = async |who: &str| {
        let person = shop.engine.subject(&subject(who)).await;
        let events = person.map(|person| person.events).unwrap_or_default();
        let items = events.iter().flat_map(|e| e.items.iter().map(|line| line.item.as_str().to_owned()));
        items.collect::<Vec<_>>().concat()
    };
    // an account that agreed to nothing takes nothing, and the visitor keeps it
    assert_eq!(merge("u1").await.unwrap(), (0, 3));
    assert_eq!((items("u1").await, items("visitor").await), (String::new(), "abcef".to_owned()));
    shop.set_time("2026-11-20T12:00:01Z");
    shop.agree("u1", "personalisation").await;
    assert_eq!(merge("u1").await.unwrap(), (3, 0));
    assert_eq!((items("u1").await, items("visitor").await), ("abef".to_owned(), "c".to_owned()));
    // the account did not agree to it, so nothing is learned from what it took over
    assert_eq!(learned(), 0);
    // nothing is carried twice, and each keeps answers of their own
    assert_eq!(merge("u1").await.unwrap(), (0, 0));
    assert_eq!(shop.engine.subject(&subject("visitor")).await.unwrap().consents.len(), 2);
    assert_eq!(shop.engine.subject(&subject("u1")).await.unwrap().consents.len(), 1);
    let itself = shop.engine.merge_visit(&subject("u1"), &subject("u1"), &visit()).await;
    assert_eq!(itself.unwrap_err().kind(), "unprocessable");
}

#[tokio::test]
async fn what_a_visitor_refused_since_is_not_carried() {
    for (refusal, carried) in
        [("nothing", 1), ("objection", 0), ("withdrawal", 0), ("pause", 0), ("learning", 0)]
    {
        let (shop, _) = open().await;
        shop.agree("visitor", "personalisation").await;
        assert_eq!(tell(&shop, "view_item", Some("visitor"), "a", NOON).await.accepted, 1);
        shop.set_time("2026-11-20T12:00:01Z");
        shop.agree("u1", "personalisation").await;
        let visitor = subject("visitor");
        match refusal {
            "objection" => shop.engine.put_objection(&visitor, true).await.unwrap(),
            "withdrawal" => {
                let (status, source) = (ChoiceStatus::Withdrawn, "banner".into());
                let given = ConsentGiven { status, text_version: "2026-10".into(), source };
                shop.engine.put_consent(&visitor, "personalisation", given).await.map(drop).unwrap();
            }
            "pause" => drop(change(&shop, &of_visit(), pause(true)).await),
            "learning" => {
                let off = GardenChange { learning: Some(false), ..GardenChange::default() };
                change(&shop, &of_person("visitor"), off).await;
            }
            _ => {}
        }
        let merged = shop.engine.merge_visit(&subject("u1"), &visitor, &visit()).await.unwrap();
        assert_eq!(merged.carried, carried, "{refusal}");
    }
}
