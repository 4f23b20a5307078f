//! Whether a strategy forgot is found out by a comparison with one that never knew.

use std::sync::{Arc, atomic::Ordering};

use serde_json::json;

use super::{
    shop::{NOON, TestShop, subject},
    stub::{Does, Pupil, Stub},
};

struct Compared {
    shop: TestShop,
    stub: Arc<Stub>,
    twin: Arc<Stub>,
}

impl Compared {
    /// A shop whose strategy learned that two people bought `ab` and `cd`.
    async fn start(keeps: bool, twin_wavers: bool) -> Self {
        let learning = |wavers| Stub::learning("bought-together", Does::PickLearned { wavers });
        let (stub, twin) = (learning(false), learning(twin_wavers));
        pupil(&stub).keeps.store(keeps, Ordering::Relaxed);
        *pupil(&stub).twin.lock().unwrap() = Some(Arc::clone(&twin));
        let shop = TestShop::open(vec![("bought-together", Arc::clone(&stub))]).await;
        for (who, items) in [("u1", ["a", "b"]), ("u2", ["c", "d"])] {
            shop.agree(who, "improvement").await;
            let lines = items.map(|item| json!({"item_id": item}));
            let bought = json!({"type": "purchase", "occurred_at": NOON, "subject_id": who, "items": lines});
            assert_eq!(shop.event(bought).await.accepted, 1);
        }
        shop.engine.tick().await;
        Self { shop, stub, twin }
    }

    fn count(&self, name: &str) -> u64 {
        let health = self.shop.engine.health();
        let strategy = health.strategies.iter().find(|s| s.name.as_str() == "bought-together").unwrap();
        strategy.counters.get(name).copied().unwrap_or_default()
    }

    fn is_distrusted(&self) -> bool {
        pupil(&self.stub).is_distrusted.load(Ordering::Relaxed)
    }
}

fn pupil(stub: &Stub) -> &Pupil {
    stub.learner.as_ref().unwrap()
}

#[tokio::test]
async fn one_that_keeps_an_erased_person_is_stopped_and_named() {
    let compared = Compared::start(true, false).await;
    assert_eq!(compared.twin.times_asked(), 0, "nothing was forgotten yet");
    compared.shop.engine.erase_subject(&subject("u1"), None, false).await.unwrap();
    compared.shop.engine.tick().await;
    assert_eq!(pupil(&compared.twin).learned().len(), 1, "it was taught what is left");
    assert!(compared.is_distrusted());
    assert_eq!(compared.count("kept-what-was-forgotten"), 1);
    let told = compared.shop.engine.take_failures();
    assert_eq!(told.len(), 1);
    assert_eq!(&*told[0].what, "it failed: it kept what it was told to forget, and is stopped");
    compared.shop.engine.tick().await;
    assert!(compared.shop.engine.learned().await.is_empty(), "it is taught nothing any longer");
}

/// The twin was asked about every product that is for sale, and each of its answers agreed.
#[tokio::test]
async fn every_product_is_asked_about() {
    let compared = Compared::start(false, false).await;
    compared.shop.engine.erase_subject(&subject("u1"), None, false).await.unwrap();
    compared.shop.engine.tick().await;
    assert_eq!(compared.count("forgetting-verified"), 1);
    let sold = compared.shop.engine.world().sellable_items().count();
    assert!(sold >= 8);
    assert_eq!(compared.twin.times_asked(), sold);
}

#[tokio::test]
async fn one_that_answers_the_same_question_in_two_ways_is_not_accused() {
    let compared = Compared::start(false, true).await;
    compared.shop.engine.erase_subject(&subject("u1"), None, false).await.unwrap();
    compared.shop.engine.tick().await;
    assert!(!compared.is_distrusted());
    assert_eq!(compared.count("forgetting-not-verified"), 1);
}

/// What the strategy is not taught now, since it is switched off, its twin would not know either.
#[tokio::test]
async fn one_that_is_switched_off_is_compared_when_it_is_on_again() {
    let compared = Compared::start(true, false).await;
    compared.shop.engine.put_stop(false, &["bought-together"]).await.unwrap();
    compared.shop.engine.erase_subject(&subject("u1"), None, false).await.unwrap();
    compared.shop.engine.tick().await;
    assert_eq!((compared.is_distrusted(), compared.count("forgetting-not-verified")), (false, 1));
    compared.shop.engine.put_stop(false, &[]).await.unwrap();
    compared.shop.set_time("2026-11-20T12:01:00Z");
    compared.shop.engine.tick().await;
    assert!(compared.is_distrusted());
}
