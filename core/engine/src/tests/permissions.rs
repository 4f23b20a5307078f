//! What was observed is kept and used by what was permitted then and is now, and for nothing that is stopped.

use std::sync::{Arc, Mutex};

use jardin_contract::StateStore as _;
use jardin_model::{Cell, ChoiceStatus, Namespace, SessionId};
use jardin_policy::{Access, View, ViewValue};
use jardin_store_kit::{Fault, Operation};
use serde_json::{Value as Json, json};

use super::{
    shop::{NOON, POLICY, SMALL, TestShop, item_id, object, request, subject},
    stub::{Does, Stub},
};
use crate::{Receipt, Request};

fn make_event(kind: &str, who: Json, session: Json, at: &str, item: &str) -> Json {
    json!({"type": kind, "occurred_at": at, "subject_id": who, "session_id": session, "items": [{"item_id": item}]})
}

fn view(who: &str, item: &str) -> Json {
    make_event("view_item", json!(who), Json::Null, NOON, item)
}

fn buy(who: &str, item: &str) -> Json {
    make_event("purchase", json!(who), Json::Null, NOON, item)
}

fn set_aside(receipt: &Receipt) -> Vec<(&'static str, usize)> {
    receipt.set_aside.by_rule().collect()
}

/// A strategy that notes what it sees of one field, and that.
fn noting(name: &'static str, namespace: Namespace, field: &'static str) -> (Arc<Stub>, Arc<Mutex<String>>) {
    let seen = Arc::new(Mutex::new(String::new()));
    let noted = Arc::clone(&seen);
    let picks = move |view: &View| {
        *noted.lock().unwrap() = match view.get(namespace, field) {
            Access::Value(ViewValue::Texts(texts)) => texts.join(" "),
            Access::Value(ViewValue::Events(events)) => {
                let item = |e: &jardin_policy::ViewEvent| match view.item(e.item).get("sku") {
                    Access::Value(Cell::Text(_, text)) => text.to_string(),
                    other => format!("{other:?}"),
                };
                events.iter().map(item).collect::<Vec<_>>().join(" ")
            }
            other => format!("{other:?}"),
        };
        Vec::new()
    };
    (Stub::new(name, Does::Picks(Box::new(picks))), seen)
}

/// What was bought while it was only learned from is not shown to a strategy that may run later.
#[tokio::test]
async fn a_strategy_sees_nothing_of_before_its_consent() {
    let (stub, seen) = noting("my-range", Namespace::Subject, "bought");
    let shop = TestShop::open(vec![("my-range", stub)]).await;
    shop.agree("u1", "improvement").await;
    shop.set_time("2026-11-21T12:00:00Z");
    let bought = make_event("purchase", json!("u1"), Json::Null, "2026-11-21T12:00:00Z", "a");
    assert_eq!(shop.event(bought).await.accepted, 1);
    shop.set_time("2026-11-30T12:00:00Z");
    shop.agree("u1", "personalisation").await;
    shop.ask("finished", Some("u1")).await;
    assert_eq!(*seen.lock().unwrap(), "Absent");
    let bought = make_event("purchase", json!("u1"), Json::Null, "2026-11-30T12:00:00Z", "b");
    assert_eq!(shop.event(bought).await.accepted, 1);
    shop.ask("finished", Some("u1")).await;
    assert_eq!(*seen.lock().unwrap(), "b");
    // a new yes after a no does not bring back what happened between them
    shop.set_time("2026-12-01T12:00:00Z");
    shop.consent("u1", "personalisation", ChoiceStatus::Withdrawn).await;
    shop.set_time("2026-12-02T12:00:00Z");
    let bought = make_event("purchase", json!("u1"), Json::Null, "2026-12-02T12:00:00Z", "c");
    assert_eq!(shop.event(bought).await.accepted, 1);
    shop.set_time("2026-12-03T12:00:00Z");
    shop.agree("u1", "personalisation").await;
    shop.ask("finished", Some("u1")).await;
    assert_eq!(*seen.lock().unwrap(), "b");
}

/// A shop where what was looked at in the visit is kept for help with the basket, and read by a strategy with a consent
/// of its own.
async fn open_with_visit() -> (TestShop, Arc<Mutex<String>>) {
    let policy = POLICY.replace(
        "may_read = { catalogue = \"exact\", \"subject.bought\" = \"exact\" }",
        "may_read = { catalogue = \"exact\", \"subject.bought\" = \"exact\", \"session.seen\" = \"exact\" }",
    );
    assert_ne!(policy, POLICY);
    let (stub, seen) = noting("my-range", Namespace::Session, "seen");
    (TestShop::with(SMALL, &policy, vec![("my-range", stub)]).await, seen)
}

async fn ask_in_visit(shop: &TestShop, who: &str) {
    let asked = Request { session: SessionId::new("s1").ok(), ..request("finished", Some(who)) };
    shop.engine.recommend(&asked).await.unwrap();
}

#[tokio::test]
async fn a_visit_before_the_consent_or_in_childhood_is_not_read_after_it() {
    let (shop, seen) = open_with_visit().await;
    // 22:59 UTC is a minute before midnight in Paris, and then she is eighteen
    let child = object(json!({"birth_date": "2008-11-21"}));
    shop.engine.put_subject(&subject("grown"), child, true, None).await.unwrap();
    for (who, before, after, now) in [
        ("grown", "2026-11-20T22:59:00Z", "2026-11-20T23:05:00Z", "2026-11-20T23:06:00Z"),
        ("late", "2026-11-20T23:07:00Z", "2026-11-20T23:09:00Z", "2026-11-20T23:10:00Z"),
    ] {
        shop.set_time(before);
        shop.agree(who, "personalisation").await;
        shop.consent(who, "personalisation", ChoiceStatus::Withdrawn).await;
        let looked = make_event("view_item", json!(who), json!("s1"), before, "a");
        assert_eq!(shop.event(looked).await.accepted, 1, "{who}");
        shop.set_time(after);
        shop.agree(who, "personalisation").await;
        ask_in_visit(&shop, who).await;
        assert!(!seen.lock().unwrap().contains('a'), "{who} sees {}", seen.lock().unwrap());
        let looked = make_event("view_item", Json::Null, json!("s1"), after, "b");
        assert_eq!(shop.event(looked).await.accepted, 1, "{who}");
        shop.set_time(now);
        ask_in_visit(&shop, who).await;
        assert!(seen.lock().unwrap().starts_with('b'), "{who} sees {}", seen.lock().unwrap());
        assert!(!seen.lock().unwrap().contains('a'), "{who} sees {}", seen.lock().unwrap());
    }
}

/// What was looked at discreetly is seen in that visit, by whoever makes it, and nowhere else; it goes with the visit
/// though the field is kept for longer, is not learned from, and is not counted.
#[tokio::test]
async fn what_is_discreet_counts_within_its_visit() {
    let policy = POLICY.replace(
        "may_read = { catalogue = \"exact\", \"subject.bought\" = \"exact\" }",
        "may_read = { catalogue = \"exact\", \"session.seen\" = \"exact\", \"subject.viewed\" = \"exact\" }",
    );
    let policy = policy
        .replace("keep = \"session\", source = \"observed\"", "keep = \"30 days\", source = \"observed\"")
        .replace("[children]", "[discreet]\nitems = { \"item.category\" = [\"Gifts\"] }\n[children]");
    let shop_with = |field: &'static str, namespace| {
        let (stub, seen) = noting("my-range", namespace, field);
        let policy = policy.clone();
        async move { (TestShop::with(SMALL, &policy, vec![("my-range", stub)]).await, seen) }
    };
    let gift = || object(json!({"category": "gifts/x", "in_stock": true, "price": "5.00"}));
    for (field, namespace, here, elsewhere) in
        [("seen", Namespace::Session, "a", "Absent"), ("viewed", Namespace::Subject, "b", "b")]
    {
        let (shop, seen) = shop_with(field, namespace).await;
        shop.engine.put_item(&item_id("a"), gift(), None).await.unwrap();
        shop.agree("u1", "personalisation").await;
        for item in ["a", "b"] {
            let receipt = shop.event(make_event("view_item", json!("u1"), json!("s1"), NOON, item)).await;
            assert_eq!((receipt.accepted, receipt.redacted.len()), (1, 0), "{item}");
        }
        ask_in_visit(&shop, "u1").await;
        assert_eq!(*seen.lock().unwrap(), here, "in the visit");
        shop.ask("finished", Some("u1")).await;
        assert_eq!(*seen.lock().unwrap(), elsewhere, "in another visit");
        let both = json!({"type": "view_item", "occurred_at": NOON, "subject_id": "u1", "items": [{"item_id": "a"}, {"item_id": "c"}]});
        let receipt = shop.event(both).await;
        let dropped: Vec<_> = receipt.redacted.iter().map(|d| (d.rule, d.fields.join(" "))).collect();
        assert_eq!(dropped, [("discreet", "items".to_owned())]);
        assert_eq!((receipt.accepted, set_aside(&receipt)), (1, vec![("discreet", 1)]));
        let receipt = shop.event(view("u1", "a")).await;
        assert_eq!((receipt.accepted, set_aside(&receipt)), (0, vec![("discreet", 1)]), "of no visit");
        assert_eq!(shop.stored_events().await.len(), 3);
        shop.set_time("2026-11-20T14:00:00Z");
        shop.engine.tick().await;
        assert_eq!(shop.stored_events().await.len(), 2, "it went with its visit");
    }
}

/// What was done before a product was listed is erased, and the product is not counted.
#[tokio::test]
async fn what_becomes_discreet_goes_from_the_store() {
    let shop = TestShop::open(vec![]).await;
    shop.agree("u1", "personalisation").await;
    for item in ["a", "b"] {
        assert_eq!(shop.event(view("u1", item)).await.accepted, 1);
    }
    let gift = object(json!({"category": "gifts", "in_stock": true, "price": "5.00"}));
    shop.engine.put_item(&item_id("a"), gift, None).await.unwrap();
    assert_eq!(shop.stored_events().await.len(), 2);
    let discreet =
        POLICY.replace("[children]", "[discreet]\nitems = { \"item.category\" = [\"gifts\"] }\n[children]");
    shop.engine.reload(super::shop::shop(SMALL, &discreet, &shop.stubs)).await.unwrap();
    assert_eq!(shop.stored_events().await.len(), 1);
}

/// Two people must have bought it while they agreed to be counted.
#[tokio::test]
async fn popularity_counts_nothing_of_before_the_consent_to_it() {
    let shop = TestShop::open(vec![]).await;
    for who in ["u1", "u2"] {
        shop.agree(who, "personalisation").await;
        assert_eq!(shop.event(buy(who, "c")).await.accepted, 1);
    }
    shop.set_time("2026-11-21T12:00:00Z");
    for who in ["u1", "u2"] {
        shop.agree(who, "improvement").await;
        let bought = make_event("purchase", json!(who), Json::Null, "2026-11-21T12:00:00Z", "d");
        assert_eq!(shop.event(bought).await.accepted, 1);
    }
    shop.set_time("2026-11-21T14:00:00Z");
    shop.engine.tick().await;
    let is_counted = |id: &str| {
        let world = shop.engine.world();
        let row = world.screened.catalogue().find_row(&item_id(id)).unwrap();
        matches!(row.field("popularity"), Cell::Number(_))
    };
    assert_eq!((is_counted("c"), is_counted("d")), (false, true));
}

/// What could not be erased yet is not counted either.
#[tokio::test]
async fn popularity_does_not_count_what_is_discreet() {
    let discreet =
        POLICY.replace("[children]", "[discreet]\nitems = { \"item.category\" = [\"gifts\"] }\n[children]");
    let shop = TestShop::with(SMALL, &discreet, vec![]).await;
    for who in ["u1", "u2"] {
        shop.agree(who, "improvement").await;
        for item in ["c", "d"] {
            assert_eq!(shop.event(buy(who, item)).await.accepted, 1);
        }
    }
    shop.store.script_all_calls(Operation::Remove, Some(Fault::Fail));
    let gift = object(json!({"category": "gifts", "in_stock": true, "price": "5.00"}));
    shop.engine.put_item(&item_id("c"), gift, None).await.unwrap();
    shop.set_time("2026-11-20T14:00:00Z");
    shop.engine.tick().await;
    assert_eq!(shop.stored_events().await.len(), 4);
    let world = shop.engine.world();
    let is_counted = ["c", "d"].map(|id| {
        let row = world.screened.catalogue().find_row(&item_id(id)).unwrap();
        matches!(row.field("popularity"), Cell::Number(_))
    });
    assert_eq!(is_counted, [false, true]);
}

/// Buying is used by `my-range` under one consent, and by `bought-together` and the count of popularity under another;
/// looking by `for-you` alone.
#[tokio::test]
async fn what_is_stopped_is_not_recorded_and_refusals_go_on() {
    let shop = TestShop::open(vec![]).await;
    for name in ["personalisation", "improvement"] {
        shop.agree("u1", name).await;
    }
    shop.agree("u2", "personalisation").await;
    shop.engine.put_stop(false, &["for-you", "my-range"]).await.unwrap();
    assert_eq!(set_aside(&shop.event(view("u1", "a")).await), [("stopped", 1)]);
    assert_eq!(shop.event(buy("u1", "a")).await.accepted, 1, "popularity counts on");
    assert_eq!(set_aside(&shop.event(buy("u2", "a")).await), [("stopped", 1)]);
    assert_eq!(set_aside(&shop.event(view("nobody", "a")).await), [("no-purpose", 1)]);
    shop.engine.put_stop(true, &[]).await.unwrap();
    assert_eq!(set_aside(&shop.event(buy("u1", "a")).await), [("stopped", 1)]);
    assert_eq!(shop.stored_events().await.len(), 1);
    // what only takes away is obeyed all the same
    shop.consent("u1", "improvement", ChoiceStatus::Withdrawn).await;
    shop.engine.put_objection(&subject("u1"), true).await.unwrap();
    let record = shop.store.read_subject(&subject("u1")).await.unwrap().unwrap();
    assert!(record.objected.is_some());
    assert_eq!(record.choices["improvement"].last().map(|c| c.status), Some(ChoiceStatus::Withdrawn));
    shop.engine.erase_subject(&subject("u1"), None, false).await.unwrap();
    assert_eq!(shop.store.read_subject(&subject("u1")).await.unwrap(), None);
    shop.engine.put_stop(false, &[]).await.unwrap();
    assert_eq!(shop.event(buy("u2", "a")).await.accepted, 1);
}
