//! The learning feed, through the facade.

use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::Ordering},
};

use jardin_contract::StateStore;
use jardin_model::{ChoiceStatus, ItemIndex};
use jardin_store_kit::{Fault, Operation};
use serde_json::{Value as Json, json};

use super::{
    shop::{NOON, POLICY, SMALL, TestShop, item_id, object, shop, subject},
    stub::{Does, Pupil, Stub},
};

fn buy(who: &str, items: &[&str]) -> Json {
    let lines: Vec<Json> = items.iter().map(|i| json!({"item_id": i})).collect();
    json!({"type": "purchase", "occurred_at": NOON, "subject_id": who, "items": lines})
}

fn pupil(stub: &Stub) -> &Pupil {
    stub.learner.as_ref().unwrap()
}

/// A shop with one learner, and three people who agreed and bought `ab`, `bc` and `cd`.
async fn start_taught_shop() -> (TestShop, Arc<Stub>) {
    let stub = Stub::learning("bought-together", Does::Pick(vec![]));
    let shop = TestShop::open(vec![("bought-together", Arc::clone(&stub))]).await;
    for (who, items) in [("u1", ["a", "b"]), ("u2", ["b", "c"]), ("u3", ["c", "d"])] {
        shop.agree(who, "improvement").await;
        assert_eq!(shop.event(buy(who, &items)).await.accepted, 1);
    }
    shop.engine.tick().await;
    (shop, stub)
}

/// What was learned, in letters.
fn learned(shop: &TestShop, stub: &Stub) -> Vec<String> {
    let ids = shop.store.item_ids();
    let word =
        |items: Vec<ItemIndex>| items.iter().map(|i| ids.id(*i).unwrap().as_str().to_owned()).collect();
    pupil(stub).learned().into_iter().map(word).collect()
}

#[tokio::test]
async fn only_permitted_purchases_are_learned() {
    let (shop, stub) = start_taught_shop().await;
    assert_eq!(learned(&shop, &stub), ["ab", "bc", "cd"]);
    shop.agree("u4", "personalisation").await;
    assert_eq!(shop.event(buy("u4", &["g"])).await.accepted, 1);
    shop.engine.tick().await;
    assert_eq!(learned(&shop, &stub).len(), 3, "kept for another purpose, and not learned from");
    assert_eq!(shop.engine.learned().await.values().copied().collect::<Vec<_>>(), [3]);
}

#[tokio::test]
async fn every_end_of_permission_is_obeyed_before_the_call_returns() {
    let (shop, stub) = start_taught_shop().await;
    shop.consent("u1", "improvement", ChoiceStatus::Withdrawn).await;
    assert_eq!(learned(&shop, &stub), ["bc", "cd"]);
    shop.engine.put_objection(&subject("u2"), true).await.unwrap();
    assert_eq!(learned(&shop, &stub), ["cd"]);
    shop.engine.put_objection(&subject("u2"), false).await.unwrap();
    assert_eq!(learned(&shop, &stub), ["bc", "cd"]);
    shop.engine.put_restriction(&subject("u3"), true).await.unwrap();
    assert_eq!(learned(&shop, &stub), ["bc"]);
    shop.engine.put_restriction(&subject("u3"), false).await.unwrap();
    assert_eq!(learned(&shop, &stub), ["bc", "cd"], "restored");
    shop.engine
        .put_subject(&subject("u2"), object(json!({"birth_date": "2015-01-01"})), true, None)
        .await
        .unwrap();
    assert_eq!(learned(&shop, &stub), ["cd"], "a child");
    shop.engine.erase_subject(&subject("u3"), None, false).await.unwrap();
    assert_eq!(learned(&shop, &stub), [""; 0]);
    shop.set_time("2026-11-20T12:00:01Z");
    shop.agree("u1", "improvement").await;
    shop.engine.tick().await;
    assert_eq!(learned(&shop, &stub), [""; 0], "renewed consent starts anew");
}

#[tokio::test]
async fn expiry_and_age_are_obeyed_by_the_clock() {
    let (shop, stub) = start_taught_shop().await;
    shop.set_time("2027-05-18T12:00:00Z");
    shop.agree("u1", "improvement").await;
    shop.set_time("2027-05-19T12:00:00Z");
    shop.engine.tick().await;
    assert_eq!(learned(&shop, &stub), ["ab"], "180 days: only u1 renewed in time");
}

#[tokio::test]
async fn what_becomes_never_is_forgotten_and_a_narrower_policy_too() {
    let (shop, stub) = start_taught_shop().await;
    let pharmacy = json!({"category": "pharmacy", "in_stock": true, "price": "5.00"});
    shop.engine.put_item(&item_id("d"), object(pharmacy), None).await.unwrap();
    shop.engine.tick().await;
    assert_eq!(learned(&shop, &stub), ["ab", "bc"], "the event went whole");
    shop.engine.remove_item(&item_id("a"), None).await.unwrap();
    shop.engine.tick().await;
    assert_eq!(learned(&shop, &stub), ["b", "bc"], "an item that was removed counts as never");
    let narrower = POLICY.replace("newest = \"24 months\" } }", "newest = \"1 days\" } }");
    assert_ne!(narrower, POLICY);
    shop.set_time("2026-11-21T12:00:00Z");
    shop.engine.reload(super::shop::shop(SMALL, &narrower, &shop.stubs)).await.unwrap();
    assert_eq!(learned(&shop, &stub), [""; 0]);
    shop.engine.reload(shop_of(&shop)).await.unwrap();
    assert_eq!(learned(&shop, &stub), ["b", "bc"]);
}

/// The sessions are u1's, u2's, u3's and u1's again.
#[tokio::test]
async fn a_person_has_one_number_until_they_are_forgotten_or_all_is_taught_anew() {
    let (shop, stub) = start_taught_shop().await;
    shop.event(buy("u1", &["d"])).await;
    shop.engine.tick().await;
    let first = pupil(&stub).learned_people();
    assert_eq!((first.len(), first[0]), (4, first[3]), "two baskets of one person");
    let numbers: BTreeSet<u32> = first.iter().copied().flatten().collect();
    assert_eq!(numbers.len(), 3, "{first:?}");
    shop.consent("u2", "improvement", ChoiceStatus::Withdrawn).await;
    shop.set_time("2026-11-20T12:00:01Z");
    shop.agree("u2", "improvement").await;
    let again = json!({"type": "purchase", "occurred_at": "2026-11-20T12:00:02Z", "subject_id": "u2", "items": [{"item_id": "g"}]});
    shop.set_time("2026-11-20T12:00:03Z");
    shop.event(again).await;
    shop.engine.tick().await;
    let later = pupil(&stub).learned_people();
    assert_eq!((later[0], later[1], later[2]), (first[0], first[2], first[3]), "the others keep theirs");
    assert!(later[3].is_some_and(|number| !numbers.contains(&number)), "who comes back is somebody new");
    pupil(&stub).restart();
    shop.engine.tick().await;
    let anew = pupil(&stub).learned_people();
    assert_eq!((anew.len(), anew[0]), (4, anew[2]));
    assert!(anew.iter().all(|person| person.is_some() && !later.contains(person)), "{later:?} {anew:?}");
}

#[tokio::test]
async fn nobody_is_counted_where_one_person_is_enough() {
    let (shop, stub) = start_taught_shop().await;
    let source = "\"subject.purchases\" = { as = \"sessions\", newest = \"24 months\" } }";
    assert!(POLICY.contains(source));
    for (people, are_counted) in
        [("at_least_people = 1, ", false), ("at_least_people = 1, a_person_counts = 5, ", true)]
    {
        let policy = POLICY.replace(source, &format!("{people}{source}"));
        pupil(&stub).restart();
        shop.engine.reload(super::shop::shop(SMALL, &policy, &shop.stubs)).await.unwrap();
        shop.engine.tick().await;
        let told = pupil(&stub).learned_people();
        assert_eq!(told.len(), 3);
        assert!(told.iter().all(|person| person.is_some() == are_counted), "{people}: {told:?}");
    }
}

/// What could not be erased yet is not learned from either.
#[tokio::test]
async fn what_becomes_discreet_is_forgotten() {
    let discreet =
        POLICY.replace("[children]", "[discreet]\nitems = { \"item.category\" = [\"gifts\"] }\n[children]");
    let (shop, stub) = start_taught_shop().await;
    shop.engine.reload(super::shop::shop(SMALL, &discreet, &shop.stubs)).await.unwrap();
    assert_eq!(learned(&shop, &stub), ["ab", "bc", "cd"]);
    shop.store.script_all_calls(Operation::Remove, Some(Fault::Fail));
    let gift = json!({"category": "gifts", "in_stock": true, "price": "5.00"});
    shop.engine.put_item(&item_id("d"), object(gift), None).await.unwrap();
    shop.engine.tick().await;
    assert_eq!(learned(&shop, &stub), ["ab", "bc", "c"]);
}

fn shop_of(open: &TestShop) -> crate::Shop {
    shop(SMALL, POLICY, &open.stubs)
}

#[tokio::test]
async fn a_worker_that_comes_back_empty_is_taught_again() {
    let (shop, stub) = start_taught_shop().await;
    pupil(&stub).restart();
    shop.engine.tick().await;
    assert_eq!(learned(&shop, &stub), ["ab", "bc", "cd"]);
}

#[tokio::test]
async fn what_could_not_be_told_is_told_later() {
    let (shop, stub) = start_taught_shop().await;
    pupil(&stub).fails.store(1, Ordering::Relaxed);
    shop.consent("u1", "improvement", ChoiceStatus::Withdrawn).await;
    assert_eq!(learned(&shop, &stub).len(), 3, "the message failed");
    shop.engine.tick().await;
    assert_eq!(learned(&shop, &stub), ["bc", "cd"]);
}

#[tokio::test]
async fn the_feed_is_replayed_at_start_in_messages_of_at_most_500_rows() {
    let (shop, _) = start_taught_shop().await;
    let many: Vec<String> = (0..150).map(|n| format!("many-{n}")).collect();
    let items: Vec<Json> = many
        .iter()
        .map(|id| json!({"item_id": id, "fields": {"category": "tents", "in_stock": true, "price": "1.00"}}))
        .collect();
    shop.engine.put_items(items).await.unwrap();
    for _ in 0..20 {
        let ids: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(shop.event(buy("u1", &ids)).await.accepted, 1);
    }
    // another engine over the same store
    let fresh = Stub::learning("bought-together", Does::Pick(vec![]));
    let mut stubs = shop.stubs.clone();
    stubs.insert("bought-together", Arc::clone(&fresh));
    let parts = crate::EngineParts {
        longest_rest_ms: crate::LONGEST_REST_MS,
        clock: shop.clock.clone(),
        state: shop.store.clone(),
        events: shop.store.clone(),
        seed: 2,
    };
    let engine = crate::Engine::start(parts, super::shop::shop(SMALL, POLICY, &stubs)).await.unwrap();
    assert!(pupil(&fresh).learned().is_empty(), "serving begins before everything was read");
    engine.tick().await;
    let sessions = pupil(&fresh).learned();
    assert_eq!((sessions.len(), sessions.iter().map(Vec::len).sum::<usize>()), (23, 6 + 20 * 150));
}

#[tokio::test]
async fn a_strategy_that_is_switched_off_is_taught_nothing_and_still_forgets() {
    let (shop, stub) = start_taught_shop().await;
    shop.engine.put_stop(false, &["bought-together"]).await.unwrap();
    shop.event(buy("u1", &["h"])).await;
    shop.consent("u2", "improvement", ChoiceStatus::Withdrawn).await;
    shop.engine.tick().await;
    assert_eq!(learned(&shop, &stub), ["ab", "cd"]);
    shop.engine.put_stop(false, &[]).await.unwrap();
    shop.engine.tick().await;
    assert_eq!(learned(&shop, &stub), ["ab", "cd", "h"]);
}

#[tokio::test]
async fn background_work_needs_no_tick_and_ends_with_the_engine() {
    let (shop, stub) = start_taught_shop().await;
    shop.engine.work_in_background();
    pupil(&stub).restart();
    until(|| learned(&shop, &stub) == ["ab", "bc", "cd"]).await;
    let TestShop { engine, store, .. } = shop;
    drop(engine);
    until(|| Arc::strong_count(&store) == 1).await;
}

/// Gives way to other tasks until something holds; fails where it does not within ten seconds.
async fn until(holds: impl Fn() -> bool) {
    let waiting = async {
        while !holds() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), waiting).await.unwrap();
}
