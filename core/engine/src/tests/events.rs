//! Events, items and people, at the door and in the store.

use jardin_model::{Cell, ChoiceStatus};
use jardin_store_kit::{Fault, Operation};
use serde_json::{Value as Json, json};

use super::shop::{NOON, TestShop, catalogue, item_id, object, subject};
use crate::{PrivacySignals, Receipt};

pub(super) fn view(id: &str, who: &str, item: &str) -> Json {
    json!({"event_id": id, "type": "view_item", "occurred_at": NOON, "subject_id": who, "items": [{"item_id": item}]})
}

fn buy(id: &str, who: &str, items: &[&str]) -> Json {
    let lines: Vec<Json> =
        items.iter().map(|i| json!({"item_id": i, "quantity": 2, "price": "9.90"})).collect();
    json!({"event_id": id, "type": "purchase", "occurred_at": NOON, "subject_id": who, "items": lines})
}

fn set_aside(receipt: &Receipt) -> Vec<(&'static str, usize)> {
    receipt.set_aside.by_rule().collect()
}

fn problems(receipt: &Receipt) -> Vec<(usize, &'static str)> {
    receipt.rejected.iter().map(|r| (r.index, r.problem)).collect()
}

#[tokio::test]
async fn a_batch_says_what_became_of_each_event() {
    let shop = TestShop::open(vec![]).await;
    shop.agree("u1", "personalisation").await;
    let mut odd = view("e2", "u1", "b");
    odd["email"] = json!("a@b.example");
    odd["items"][0]["colour"] = json!("red");
    odd["items"][0]["price"] = json!(9.9);
    let batch = vec![
        view("e1", "u1", "a"),
        view("e1", "u1", "a"),
        odd,
        view("e3", "u2", "a"),
        json!("no object"),
        json!({"type": "view", "occurred_at": NOON, "items": []}),
        json!({"type": "view_item", "occurred_at": "yesterday", "items": [{"item_id": "a"}]}),
        json!({"type": "view_item", "occurred_at": NOON}),
        json!({"type": "view_item", "occurred_at": "2026-11-20T12:05:01Z", "subject_id": "u1", "items": [{"item_id": "a"}]}),
        json!({"type": "view_item", "occurred_at": "2026-08-22T12:00:00Z", "subject_id": "u1", "items": [{"item_id": "a"}]}),
        json!({"type": "view_item", "occurred_at": NOON, "subject_id": "u1", "items": [{"item_id": "a", "quantity": 0}]}),
    ];
    let receipt = shop.engine.ingest(batch, &PrivacySignals::default()).await.unwrap();
    assert_eq!((receipt.accepted, receipt.duplicates), (2, 1));
    let expected = [
        (4, "not-an-object"),
        (5, "unknown-type"),
        (6, "occurred-at-invalid"),
        (7, "items-missing"),
        (8, "ahead"),
        (10, "quantity-invalid"),
    ];
    assert_eq!(problems(&receipt), expected);
    // one of nobody who agreed, and one from before they did
    assert_eq!(set_aside(&receipt), [("no-purpose", 2)]);
    assert!(receipt.rejected.iter().all(|refused| !refused.detail.is_empty()));
    let redacted: Vec<_> = receipt.redacted.iter().map(|d| (d.index, d.rule, d.fields.join(" "))).collect();
    assert_eq!(
        redacted,
        [(2, "undeclared", "email colour".to_owned()), (2, "wrong-type", "price".to_owned())]
    );
}

#[tokio::test]
async fn an_event_that_the_call_refuses_is_not_stored() {
    let shop = TestShop::open(vec![]).await;
    shop.agree("u1", "personalisation").await;
    shop.agree("u1", "improvement").await;
    let say =
        |name: &str| PrivacySignals { consent: [(name.into(), false)].into(), ..PrivacySignals::default() };
    let receipt = shop.engine.ingest(vec![view("e1", "u1", "a")], &say("personalisation")).await.unwrap();
    assert_eq!(set_aside(&receipt), [("no-purpose", 1)]);
    // a purchase could be kept for personalisation, but nothing would remember that nobody may learn from it
    let receipt = shop.engine.ingest(vec![buy("e2", "u1", &["a"])], &say("improvement")).await.unwrap();
    assert_eq!(set_aside(&receipt), [("no-purpose", 1)]);
    assert_eq!(
        shop.engine.ingest(vec![buy("e2", "u1", &["a"])], &say("personalisation")).await.unwrap().accepted,
        1
    );
    assert_eq!(shop.engine.ingest(vec![], &say("unknown")).await.unwrap_err().kind(), "unprocessable");
    assert_eq!(shop.stored_events().await.len(), 1);
}

#[tokio::test]
async fn nothing_is_stored_of_whom_the_store_cannot_look_up() {
    let shop = TestShop::open(vec![]).await;
    shop.agree("u1", "personalisation").await;
    shop.store.script_all_calls(Operation::LookUp, Some(Fault::Fail));
    shop.store.script_all_calls(Operation::Read, Some(Fault::Fail));
    let problem =
        shop.engine.ingest(vec![view("e1", "u1", "a")], &PrivacySignals::default()).await.unwrap_err();
    assert_eq!(problem.kind(), "not-ready");
    assert!(shop.stored_events().await.is_empty());
}

#[tokio::test]
async fn what_becomes_never_goes_from_the_store() {
    let shop = TestShop::open(vec![]).await;
    shop.agree("u1", "personalisation").await;
    for (id, item) in [("e1", "a"), ("e2", "unknown-yet"), ("e3", "b")] {
        assert_eq!(shop.event(view(id, "u1", item)).await.accepted, 1);
    }
    let pharmacy = || object(json!({"category": "pharmacy", "in_stock": true, "price": "5.00"}));
    shop.engine.put_item(&item_id("unknown-yet"), pharmacy(), None).await.unwrap();
    assert_eq!(shop.stored_events().await.len(), 2, "it was merely unknown when the event came");
    shop.engine.put_item(&item_id("a"), pharmacy(), None).await.unwrap();
    assert_eq!(shop.stored_events().await.len(), 1);
    let receipt = shop.event(view("e4", "u1", "a")).await;
    assert_eq!((receipt.accepted, receipt.rejected.len(), receipt.set_aside.count()), (0, 0, 1));
    let wider = super::shop::POLICY.replace("[\"pharmacy\"]", "[\"pharmacy\", \"tents\"]");
    shop.engine.reload(super::shop::shop(super::shop::SMALL, &wider, &shop.stubs)).await.unwrap();
    assert!(shop.stored_events().await.is_empty(), "the list became longer");
}

#[tokio::test]
async fn a_basket_keeps_what_is_not_never() {
    let plain = TestShop::open(vec![]).await;
    plain.agree("u1", "personalisation").await;
    plain.event(buy("e1", "u1", &["a", "b"])).await;
    let expected = plain.engine.subject(&subject("u1")).await.unwrap().events;
    for cut in [json!({"item_id": "rx"}), json!({"item_id": "new", "category": "Pharmacy / Sleep"})] {
        let shop = TestShop::open(vec![]).await;
        shop.agree("u1", "personalisation").await;
        let pharmacy = object(json!({"category": "pharmacy", "in_stock": true, "price": "5.00"}));
        shop.engine.put_item(&item_id("rx"), pharmacy, None).await.unwrap();
        let mut basket = buy("e1", "u1", &["a", "b"]);
        basket["items"].as_array_mut().unwrap().insert(1, cut);
        let receipt = shop.event(basket).await;
        let dropped: Vec<_> = receipt.redacted.iter().map(|d| (d.rule, d.fields.join(" "))).collect();
        assert_eq!((receipt.accepted, receipt.set_aside.count()), (1, 1));
        assert_eq!(dropped, [("never", "items".to_owned())]);
        let stored = shop.engine.subject(&subject("u1")).await.unwrap().events;
        assert_eq!(stored, expected, "nothing tells that there was another line");
    }
}

#[tokio::test]
async fn an_event_says_never_in_whatever_form() {
    let shop = TestShop::open(vec![]).await;
    shop.agree("u1", "personalisation").await;
    let forms = [
        json!("pharmacy"),
        json!("tents, PHARMACY"),
        json!(["tents", "pharmacy"]),
        json!(["pharmacy", 1]),
        json!({"name": "pharmacy"}),
        json!([{"name": ["pharmacy/sleep"]}]),
    ];
    for said in &forms {
        let mut line = view("e1", "u1", "new");
        line["items"][0]["category"] = said.clone();
        let mut whole = view("e2", "u1", "a");
        whole["category"] = said.clone();
        for event in [line, whole] {
            let receipt = shop.event(event).await;
            assert_eq!((receipt.accepted, receipt.set_aside.count()), (0, 1), "{said}");
            assert!(receipt.rejected.is_empty() && receipt.redacted.is_empty(), "{said}");
        }
    }
    assert!(shop.stored_events().await.is_empty());
    let mut other = view("e3", "u1", "new");
    other["items"][0]["category"] = json!("tents");
    assert_eq!(shop.event(other).await.accepted, 1, "what says another thing is kept");
}

#[tokio::test]
async fn popularity_counts_people_once_and_only_those_who_permit_it() {
    let shop = TestShop::open(vec![]).await;
    for who in ["u1", "u2", "u3"] {
        shop.agree(who, "improvement").await;
    }
    shop.agree("u4", "personalisation").await;
    // the same person twice, and one who did not agree to be counted
    for (id, who, item) in [
        ("1", "u1", "c"),
        ("2", "u1", "c"),
        ("3", "u2", "c"),
        ("4", "u3", "c"),
        ("5", "u1", "d"),
        ("6", "u4", "d"),
    ] {
        assert_eq!(shop.event(buy(id, who, &[item])).await.accepted, 1);
    }
    let popularity = |id: &str| {
        let world = shop.engine.world();
        match world.screened.catalogue().find_row(&item_id(id)).unwrap().field("popularity") {
            Cell::Number(n) => Some(n),
            _ => None,
        }
    };
    shop.engine.tick().await;
    assert_eq!(popularity("c"), None, "counted at the start and then every hour");
    shop.set_time("2026-12-20T12:00:00Z");
    shop.engine.tick().await;
    // three people, thirty days ago: each counts a half; of d only one permits it, and two are needed
    assert_eq!((popularity("c"), popularity("d")), (Some(1.5), None));
    shop.engine.patch_item(&item_id("c"), object(json!({"price": "1.00"})), None).await.unwrap();
    assert_eq!(popularity("c"), Some(1.5), "a change of the item does not lose it");
    shop.consent("u1", "improvement", ChoiceStatus::Withdrawn).await;
    shop.set_time("2026-12-20T13:00:00Z");
    shop.engine.tick().await;
    assert!(popularity("c").is_some_and(|n| (0.99..1.0).contains(&n)), "two people, a little later");
    shop.engine.put_objection(&subject("u2"), true).await.unwrap();
    shop.set_time("2026-12-20T14:00:00Z");
    shop.engine.tick().await;
    assert_eq!(popularity("c"), None);
}

#[tokio::test]
async fn the_catalogue_is_changed_by_one_by_many_and_whole() {
    let shop = TestShop::open(vec![]).await;
    let engine = &shop.engine;
    let a = item_id("a");
    let fields = json!({"category": "boots", "in_stock": true, "price": "19.90", "margin": 0.4, "colour": "red", "tags": "not a list"});
    let (shown, receipt) = engine.put_item(&a, object(fields), None).await.unwrap();
    assert_eq!(
        shown.fields.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" "),
        r#"category="boots" in_stock=true price="19.90" sku="a""#,
        "margin is confidential"
    );
    let dropped: Vec<_> = receipt.redacted.iter().map(|d| (d.rule, d.fields.join(" "))).collect();
    assert_eq!(dropped, [("undeclared", "colour".to_owned()), ("wrong-type", "tags".to_owned())]);
    assert_eq!(engine.item(&a).unwrap(), shown);
    let (patched, _) =
        engine.patch_item(&a, object(json!({"category": "socks"})), Some(&shown.version)).await.unwrap();
    assert_ne!(patched.version, shown.version);
    for stale in [shown.version.as_str(), "nonsense"] {
        assert_eq!(
            engine.patch_item(&a, object(json!({})), Some(stale)).await.unwrap_err().kind(),
            "version-conflict"
        );
        assert_eq!(engine.remove_item(&a, Some(stale)).await.unwrap_err().kind(), "version-conflict");
    }
    let (same, _) = engine.patch_item(&a, object(json!({"category": "boots"})), None).await.unwrap();
    assert_eq!(same.version, shown.version, "the confidential margin was kept");
    let (other, _) = engine.patch_item(&a, object(json!({"margin": null})), None).await.unwrap();
    assert_ne!(other.version, shown.version);
    let missing =
        engine.put_item(&a, object(json!({"category": "boots", "price": 5})), None).await.unwrap_err();
    assert_eq!(
        missing.to_string(),
        "`price` must be a price as a text, not below zero and with no more places after a point than its currency has, for example \"12.90\"; \
         `in_stock` is missing; it must be true or false, for example true"
    );
    let mut many = catalogue();
    many.truncate(2);
    many.push(json!({"item_id": "bad", "fields": {}}));
    many.push(json!({"item_id": "", "fields": {}}));
    many.push(json!({"item_id": "x", "fields": {}, "price": 1}));
    let receipt = engine.replace_items(many.clone(), true).await.unwrap();
    assert_eq!(
        (receipt.accepted, problems(&receipt)),
        (0, vec![(2, "missing-field"), (3, "item-id"), (4, "unknown-key")])
    );
    assert!(engine.item(&item_id("h")).is_ok(), "nothing has changed");
    assert_eq!(engine.put_items(many.clone()).await.unwrap().accepted, 2);
    many.truncate(2);
    assert_eq!(engine.replace_items(many, true).await.unwrap().accepted, 2);
    assert_eq!(engine.item(&item_id("h")).unwrap_err().kind(), "not-found");
    assert!(engine.item(&item_id("b")).is_ok());
}

#[tokio::test]
async fn the_sweep_removes_what_is_too_old_and_leaves_the_restricted_alone() {
    let shop = TestShop::open(vec![]).await;
    for who in ["u1", "u2"] {
        shop.agree(who, "personalisation").await;
        shop.event(view(who, who, "a")).await;
    }
    shop.engine.put_restriction(&subject("u2"), true).await.unwrap();
    assert_eq!(set_aside(&shop.event(view("later", "u2", "a")).await), [("restricted", 1)]);
    // 90 days later
    shop.set_time("2027-02-18T12:00:00Z");
    shop.engine.tick().await;
    let left: Vec<_> = shop.stored_events().await;
    assert_eq!(left.len(), 1, "{left:?}");
}

#[tokio::test]
async fn what_is_in_force_is_shown() {
    let shop = TestShop::open(vec![]).await;
    let places: Vec<_> =
        shop.engine.placements().into_iter().map(|p| (p.name.to_string(), p.limit)).collect();
    assert_eq!(places.len(), 4);
    let for_you = shop.engine.strategy("for-you").unwrap();
    let reads: Vec<_> = for_you.may_read.iter().map(|a| format!("{} as {}", a.field, a.form)).collect();
    assert!(reads.contains(&"subject.birth_date as age band of 10 years".to_owned()), "{reads:?}");
    assert_eq!((for_you.digest, for_you.kind, &*for_you.purpose), (None, "plugin", "personalise"));
    let health = shop.engine.health();
    assert!(health.ready && !health.policy_stale);
    shop.engine.mark_policy_stale();
    assert!(shop.engine.health().policy_stale);
    shop.engine
        .reload(super::shop::shop(super::shop::SMALL, super::shop::POLICY, &shop.stubs))
        .await
        .unwrap();
    assert!(!shop.engine.health().policy_stale);
    assert_eq!(shop.engine.policy().text.len(), super::shop::POLICY.len());
}
