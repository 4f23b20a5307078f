//! A clock that steps or leaps revives no consent and destroys nothing.

use std::collections::BTreeSet;

use jardin_contract::StateStore as _;
use jardin_model::HOUR_MS;
use serde_json::json;

use super::{
    shop::{NOON, POLICY, SMALL, TestShop, at, ran, shop, subject, tried},
    stub::{Does, Stub},
};
use crate::{Engine, EngineParts, LONGEST_REST_MS};

#[tokio::test]
async fn a_clock_that_steps_back_brings_no_consent_back() {
    let shop = TestShop::open(vec![("for-you", Stub::new("for-you", Does::Pick(vec!["h"])))]).await;
    shop.agree("u1", "personalisation").await;
    shop.set_time("2026-11-20T12:10:00Z");
    // an objection is durable at the time of the clock; the time of an answer is what somebody says
    shop.engine.put_objection(&subject("u2"), true).await.unwrap();
    shop.set_time("2026-11-20T12:09:55Z");
    assert!(ran(&shop.ask("home", Some("u1")).await, "for-you"), "five seconds are no step");
    shop.set_time("2026-11-20T12:09:54Z");
    assert!(tried(&shop.ask("home", Some("u1")).await).starts_with("for-you refused consent"));
    assert!(shop.engine.health().clock_stepped_back);
}

/// How many events are left once what is due was done.
async fn events_left(shop: &TestShop) -> usize {
    shop.engine.tick().await;
    shop.stored_events().await.len()
}

#[tokio::test]
async fn a_clock_that_leaps_removes_nothing_until_it_is_accepted_or_comes_back() {
    let shop = TestShop::open(vec![("for-you", Stub::new("for-you", Does::Pick(vec!["h"])))]).await;
    shop.agree("u1", "personalisation").await;
    let bought =
        json!({"type": "purchase", "occurred_at": NOON, "subject_id": "u1", "items": [{"item_id": "a"}]});
    assert_eq!(shop.event(bought).await.accepted, 1);
    assert_eq!(events_left(&shop).await, 1);
    // time that passes removes what is too old, but a clock that was set does not
    shop.clock.leap(at("2036-11-20T12:00:00Z"));
    assert_eq!(events_left(&shop).await, 1);
    let warnings = shop.engine.health().warnings.join(" ");
    assert!(
        warnings.contains("leapt from 2026-11-20") && warnings.contains("jardin clock accept"),
        "{warnings}"
    );
    // what becomes durable meanwhile is no latest time once the clock is right again, and consents count at once
    shop.engine.put_objection(&subject("u2"), true).await.unwrap();
    shop.clock.leap(at(NOON));
    assert!(!shop.engine.health().clock_stepped_back);
    assert!(ran(&shop.ask("home", Some("u1")).await, "for-you"));
    assert_eq!(events_left(&shop).await, 1);
    assert_eq!(shop.store.latest_durable(), Some(at(NOON)));
    assert_eq!(shop.engine.health().warnings, [""; 0]);
    shop.clock.leap(at("2036-11-20T12:00:00Z"));
    assert_eq!(events_left(&shop).await, 1);
    shop.engine.accept_clock().await.unwrap();
    assert_eq!(events_left(&shop).await, 0);
    assert_eq!(shop.engine.health().warnings, [""; 0]);
}

/// Buys once, at noon, as somebody who agreed, and then the clock leaps ten years.
async fn leap_after_purchase(shop: &TestShop) {
    shop.agree("u1", "personalisation").await;
    let bought =
        json!({"type": "purchase", "occurred_at": NOON, "subject_id": "u1", "items": [{"item_id": "a"}]});
    assert_eq!(shop.event(bought).await.accepted, 1);
    shop.clock.leap(at("2036-11-20T12:00:00Z"));
    assert_eq!(events_left(shop).await, 1);
}

/// Lets time pass from the leap on.
fn pass_hours(shop: &TestShop, hours: i64) {
    shop.clock.set(at("2036-11-20T12:00:00Z").plus_ms(hours * HOUR_MS));
}

#[tokio::test]
async fn a_clock_that_leapt_is_trusted_after_a_day_in_which_the_kernel_keeps_it_in_step() {
    let shop = TestShop::open(Vec::new()).await;
    leap_after_purchase(&shop).await;
    // a day that nobody vouches for is none
    pass_hours(&shop, 25);
    assert_eq!(events_left(&shop).await, 1);
    shop.clock.set_synchronised(true);
    for hours in [26, 40, 49] {
        pass_hours(&shop, hours);
        assert_eq!(events_left(&shop).await, 1, "{hours}");
    }
    // it is counted from the look at which the kernel first said so, at 26 hours; a moment without begins anew
    shop.clock.set_synchronised(false);
    assert_eq!(events_left(&shop).await, 1);
    shop.clock.set_synchronised(true);
    for (hours, left) in [(50, 1), (51, 1), (73, 1), (74, 0)] {
        pass_hours(&shop, hours);
        assert_eq!(events_left(&shop).await, left, "{hours}");
    }
    assert_eq!(shop.engine.health().warnings, [""; 0]);
}

#[tokio::test]
async fn a_clock_that_leaps_again_runs_a_day_from_then_on() {
    let shop = TestShop::open(Vec::new()).await;
    leap_after_purchase(&shop).await;
    shop.clock.set_synchronised(true);
    assert_eq!(events_left(&shop).await, 1);
    pass_hours(&shop, 23);
    assert_eq!(events_left(&shop).await, 1);
    shop.clock.leap(at("2037-11-20T12:00:00Z"));
    assert_eq!(events_left(&shop).await, 1);
    shop.clock.set(at("2037-11-21T11:00:00Z"));
    assert_eq!(events_left(&shop).await, 1);
    shop.clock.set(at("2037-11-21T12:00:00Z"));
    assert_eq!(events_left(&shop).await, 0);
}

#[tokio::test]
async fn a_leap_is_told_each_hour_with_the_time_since_which_data_is_overdue() {
    let shop = TestShop::open(Vec::new()).await;
    leap_after_purchase(&shop).await;
    let mut told = BTreeSet::new();
    for hours in 0..4 {
        pass_hours(&shop, hours);
        let warning = shop.engine.health().warnings.concat();
        assert!(warning.contains("too old since 2026-11-20T12:00:00"), "{warning}");
        told.insert(warning);
    }
    assert_eq!(told.len(), 4, "{told:?}");
}

/// The parts of an engine that starts again, on the same store and by the same clock.
async fn restart(open: &TestShop) -> Engine {
    let parts = EngineParts {
        longest_rest_ms: LONGEST_REST_MS,
        clock: open.clock.clone(),
        state: open.store.clone(),
        events: open.store.clone(),
        seed: 1,
    };
    Engine::start(parts, shop(SMALL, POLICY, &open.stubs)).await.unwrap()
}

#[tokio::test]
async fn a_start_tells_a_clock_that_was_ahead_from_one_that_is_by_the_mark_of_this_boot() {
    let shop = TestShop::open(Vec::new()).await;
    shop.clock.set_boot([1; 16]);
    // a mark is made by whoever trusts the clock
    drop(restart(&shop).await);
    assert_eq!(shop.store.read_clock_mark().await.unwrap().map(|mark| mark.time), Some(at(NOON)));
    // ahead for a moment, in which something becomes durable, and right again before the next start
    shop.clock.leap(at("2026-11-23T12:00:00Z"));
    shop.engine.put_objection(&subject("u2"), true).await.unwrap();
    shop.clock.leap(at("2026-11-20T12:00:01Z"));
    let again = restart(&shop).await;
    assert!(!again.health().clock_stepped_back);
    assert_eq!(again.health().warnings, [""; 0]);
    assert_eq!(shop.store.latest_durable(), Some(at(NOON)));
    // ten days ahead is no long rest, but in this boot no ten days have passed
    shop.clock.leap(at("2026-11-30T12:00:00Z"));
    let ahead = restart(&shop).await;
    assert!(ahead.health().warnings.concat().contains("leapt from 2026-11-20T12:00:0"));
    // after another boot nobody knows how long the machine stood still
    shop.clock.set_boot([2; 16]);
    assert_eq!(restart(&shop).await.health().warnings, [""; 0]);
}
