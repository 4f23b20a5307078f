//! What people tell, and what is kept of it.

use serde_json::json;

use crate::api::ErasureReceipt;

use super::{
    events::view,
    shop::{POLICY, SMALL, TestShop, item_id, object, subject},
    stub::{Does, Stub},
};

#[tokio::test]
async fn a_person_is_told_everything_and_can_go() {
    let shop = TestShop::open(vec![("for-you", Stub::new("for-you", Does::Pick(vec!["h"])))]).await;
    let engine = &shop.engine;
    let u1 = subject("u1");
    let fields = json!({"birth_date": "1990-05-17", "email": "a@b.example", "postcode": 38000});
    let stored = engine.put_subject(&u1, object(fields), true, None).await.unwrap();
    let dropped: Vec<_> = stored.redacted.iter().map(|d| (d.rule, d.fields.join(" "))).collect();
    assert_eq!(dropped, [("never", "email".to_owned()), ("wrong-type", "postcode".to_owned())]);
    shop.agree("u1", "personalisation").await;
    let mut event = view("e1", "u1", "a");
    event["session_id"] = json!("s1");
    shop.event(event).await;
    let told = engine.subject(&u1).await.unwrap();
    assert_eq!(told.fields["birth_date"].value, json!("1990-05-17"));
    assert_eq!((told.events.len(), told.events[0].session.as_ref().unwrap().as_str()), (1, "s1"));
    let line = &told.events[0].items[0];
    assert_eq!((&line.item, line.quantity), (&item_id("a"), 1));
    assert!(told.consents[0].counts);
    engine.put_subject(&u1, object(json!({"postcode": "38000"})), false, Some(&told.version)).await.unwrap();
    assert_eq!(
        engine.put_subject(&u1, object(json!({})), false, Some(&told.version)).await.unwrap_err().kind(),
        "version-conflict"
    );
    engine.put_subject(&u1, object(json!({"birth_date": null})), false, None).await.unwrap();
    // that an age was told and taken away is remembered, and what it was is not
    let left = engine.subject(&u1).await.unwrap().fields;
    assert_eq!(left.keys().map(|k| &**k).collect::<Vec<_>>(), ["birth_date", "postcode"]);
    assert!(!left["birth_date"].value.to_string().contains("1990"));
    let receipt = engine.erase_subject(&u1, None, false).await.unwrap();
    let shown_later = ErasureReceipt { learned: None, ..receipt.clone() };
    assert_eq!((receipt.events, receipt.learned), (1, Some(Vec::new())));
    assert_eq!(engine.erasure(&receipt.receipt).await.unwrap(), shown_later);
    assert_eq!(engine.subject(&u1).await.unwrap_err().kind(), "not-found");
    assert_eq!(engine.erase_subject(&u1, None, false).await.unwrap_err().kind(), "not-found");
    assert_eq!(engine.erasure("no-such").await.unwrap_err().kind(), "not-found");
}

/// The policy with a wish list and a favourite, which `for-you` reads.
fn policy_of_wishes() -> String {
    let wishes = "[fields.subject]\nwishes = { type = \"items\", class = \"personal\", keep = \"account\", source = \"given\" }\nfavourite = { type = \"item\", class = \"personal\", keep = \"account\", source = \"given\" }";
    let granted =
        "\"subject.wishes\" = \"exact\", \"subject.favourite\" = \"exact\", \"subject.birth_date\" = {";
    POLICY.replace("[fields.subject]", wishes).replacen("\"subject.birth_date\" = {", granted, 1)
}

#[tokio::test]
async fn a_wish_list_holds_nothing_of_never() {
    let shop = TestShop::with(SMALL, &policy_of_wishes(), vec![]).await;
    let pharmacy = json!({"category": "pharmacy/sleep", "in_stock": true, "price": "5.00"});
    shop.engine.put_item(&item_id("p"), object(pharmacy), None).await.unwrap();
    for (replace, id) in [(true, "u1"), (false, "u2")] {
        shop.agree(id, "personalisation").await;
        let fields = json!({"wishes": ["a", "p", "b"], "favourite": "p"});
        let stored = shop.engine.put_subject(&subject(id), object(fields), replace, None).await.unwrap();
        let told: Vec<_> = stored.redacted.iter().map(|d| (d.rule, d.fields.join(" "))).collect();
        assert_eq!(told, [("never", "favourite wishes".to_owned())]);
        let kept = shop.engine.subject(&subject(id)).await.unwrap().fields;
        assert_eq!(
            kept.iter().map(|(n, v)| format!("{n} {}", v.value)).collect::<Vec<_>>(),
            [r#"wishes ["a","b"]"#]
        );
    }
}

#[tokio::test]
async fn what_becomes_never_goes_from_profiles() {
    let policy = policy_of_wishes();
    let shop = TestShop::with(SMALL, &policy, vec![]).await;
    let u1 = subject("u1");
    shop.agree("u1", "personalisation").await;
    let fields = json!({"wishes": ["a", "b", "new"], "favourite": "a", "postcode": "38000"});
    assert!(shop.engine.put_subject(&u1, object(fields), true, None).await.unwrap().redacted.is_empty());
    let kept = async || {
        let fields = shop.engine.subject(&u1).await.unwrap().fields;
        fields.iter().map(|(name, value)| format!("{name} {}", value.value)).collect::<Vec<_>>()
    };
    let pharmacy = || object(json!({"category": "pharmacy", "in_stock": true, "price": "5.00"}));
    shop.engine.put_item(&item_id("a"), pharmacy(), None).await.unwrap();
    assert_eq!(kept().await, [r#"postcode "38000""#, r#"wishes ["b","new"]"#], "it became one");
    shop.engine.put_item(&item_id("new"), pharmacy(), None).await.unwrap();
    assert_eq!(kept().await, [r#"postcode "38000""#, r#"wishes ["b"]"#], "it was merely unknown");
    let wider = policy.replace("[\"pharmacy\"]", "[\"pharmacy\", \"tents\"]");
    shop.engine.reload(super::shop::shop(SMALL, &wider, &shop.stubs)).await.unwrap();
    let left = kept().await;
    assert!(!left.iter().any(|field| field.contains("\"b\"")), "the list became longer: {left:?}");
}

#[tokio::test]
async fn a_profile_keeps_what_a_purpose_may_use_now_and_takes_nothing_away_before_its_ground_ends() {
    let shop = TestShop::open(vec![]).await;
    let u1 = subject("u1");
    let told = async |postcode: &str| {
        let fields = object(json!({ "postcode": postcode }));
        let stored = shop.engine.put_subject(&u1, fields, true, None).await.unwrap();
        let kept = shop.engine.subject(&u1).await.unwrap().fields;
        let postcode = kept.get("postcode").map(|kept| kept.value.as_str().unwrap().to_owned());
        (stored.redacted.first().map(|dropped| dropped.rule), postcode)
    };
    let kept = |postcode: &str| Some(postcode.to_owned());
    assert_eq!(told("1").await, (Some("no-purpose"), None), "nobody agreed");
    shop.agree("u1", "personalisation").await;
    assert_eq!(told("2").await, (None, kept("2")));
    shop.engine.put_stop(true, &[]).await.unwrap();
    assert_eq!(told("3").await, (Some("stopped"), kept("2")));
    shop.engine.put_stop(false, &[]).await.unwrap();
    shop.engine.put_restriction(&u1, true).await.unwrap();
    assert_eq!(told("4").await, (None, kept("4")), "a restriction leaves it as it is, and may be put right");
    shop.engine.put_restriction(&u1, false).await.unwrap();
    shop.engine.put_objection(&u1, true).await.unwrap();
    assert_eq!(told("5").await, (Some("no-purpose"), kept("4")));
    shop.engine.put_objection(&u1, false).await.unwrap();
    // a child, by the date that comes with it
    let child = object(json!({"birth_date": "2015-05-17", "postcode": "6"}));
    let stored = shop.engine.put_subject(&u1, child, true, None).await.unwrap();
    let dropped: Vec<_> = stored.redacted.iter().map(|d| (d.rule, d.fields.join(" "))).collect();
    assert_eq!(dropped, [("no-purpose", "postcode".to_owned())]);
    // whoever takes it away is obeyed
    shop.engine.put_subject(&u1, object(json!({"postcode": null})), false, None).await.unwrap();
    assert!(!shop.engine.subject(&u1).await.unwrap().fields.contains_key("postcode"));
}
