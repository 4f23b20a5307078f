//! What is kept between requests shows one person's list to nobody else.

use jardin_contract::{Effect, Pick, Sources};
use jardin_model::Namespace;
use jardin_policy::{Access, View};
use serde_json::json;

use super::{
    shop::{TestShop, item_id, object, request, shown},
    stub::{Does, Moving, Stub, list_of, plain},
};
use crate::{Answer, recommend::KeptEffects};

/// True where the page says the region of the canary.
fn is_corse(view: &View) -> bool {
    match view.get(Namespace::Context, "region") {
        Access::Value(value) => format!("{value:?}").contains("corse"),
        Access::Absent | Access::Denied => false,
    }
}

/// A shop whose house rules put `a` last for the region of the canary, and say that this may be kept.
async fn shop_with_house_rules() -> TestShop {
    let put_last: Moving = Box::new(|ask, item| {
        let is_meant = is_corse(&ask.view) && ask.view.live_items().next() == Some(item);
        Effect { factor: if is_meant { 0.05 } else { 1.0 }, ..Effect::default() }
    });
    let shop = TestShop::open(vec![
        ("my-range", Stub::new("my-range", Does::Pick(vec!["a", "b", "c", "d", "e"]))),
        ("house-rules", Stub::constant("house-rules", Does::Move(Sources::Everything, put_last, vec![]))),
    ])
    .await;
    shop.agree("canary", "personalisation").await;
    shop.agree("other", "personalisation").await;
    shop
}

async fn ask_in(shop: &TestShop, who: &str, region: Option<&str>) -> Answer {
    let mut asked = request("finished", Some(who));
    if let Some(region) = region {
        asked.context = object(json!({ "region": region }));
    }
    shop.engine.recommend(&asked).await.unwrap()
}

#[tokio::test]
async fn two_people_get_what_the_house_rules_did_to_their_own_page() {
    let shop = shop_with_house_rules().await;
    for _ in 0..3 {
        assert_eq!(shown(&ask_in(&shop, "canary", Some("corse")).await), "bcde");
        assert_eq!(shown(&ask_in(&shop, "other", None).await), "abcd");
        assert_eq!(shown(&ask_in(&shop, "other", Some("metropole")).await), "abcd");
    }
    assert_eq!(shop.asked("house-rules"), 3, "once for each region");
}

#[tokio::test]
async fn what_is_kept_ends_with_the_catalogue_and_is_no_way_around_a_stop() {
    let shop = shop_with_house_rules().await;
    ask_in(&shop, "canary", Some("corse")).await;
    shop.engine.patch_item(&item_id("b"), object(json!({ "in_stock": false })), None).await.unwrap();
    assert_eq!(shown(&ask_in(&shop, "canary", Some("corse")).await), "cdea");
    assert_eq!(shop.asked("house-rules"), 2);
    shop.engine.put_stop(false, &["house-rules"]).await.unwrap();
    let stopped = ask_in(&shop, "canary", Some("corse")).await;
    assert_eq!((shown(&stopped).as_str(), stopped.warnings), ("acde", vec!["finish-stopped"]));
}

#[tokio::test]
async fn effects_under_a_view_of_a_person_or_of_one_page_are_not_kept() {
    let stub = |name| Stub::constant(name, Does::Pick(vec!["a"]));
    let look =
        Stub::constant("complete-the-look", Does::Move(list_of("bought-together", 9), plain(), vec![]));
    let shop = TestShop::open(vec![
        ("for-you", stub("for-you")),
        ("bought-together", stub("bought-together")),
        ("complete-the-look", look),
        ("my-range", stub("my-range")),
        ("house-rules", Stub::constant("house-rules", Does::Move(Sources::Everything, plain(), vec![]))),
    ])
    .await;
    shop.agree("u1", "personalisation").await;
    for place in ["home", "product_page", "finished"] {
        shop.ask(place, Some("u1")).await;
    }
    for (name, may_keep) in [("for-you", false), ("complete-the-look", false), ("house-rules", true)] {
        let strategy = &shop.stubs[name];
        let asked = strategy.asked.lock().unwrap()[0].clone();
        let kept = KeptEffects::default();
        assert_eq!(kept.of_finish(&**strategy, &asked, 8).is_some(), may_keep, "{name}");
    }
}

#[tokio::test]
async fn the_fallback_that_scripts_build_on_is_asked_once_and_is_nobodys() {
    // it would pick a canary of whoever is known, if it saw anybody
    let seen = |view: &View| format!("{:?}", view.values().map(|(_, _, value)| value).collect::<Vec<_>>());
    let fallback = Stub::constant(
        "popular-now",
        Does::Picks(Box::new(move |view| {
            assert_eq!(seen(view), "[]", "it sees nothing but products");
            let live = view.live_items().enumerate();
            live.map(|(place, item)| Pick { item, score: -(place as f64), reason: None }).collect()
        })),
    );
    let buried: Moving = Box::new(|ask, item| {
        let is_meant = ask.view.live_items().next() == Some(item);
        Effect { factor: if is_meant { 0.05 } else { 1.0 }, ..Effect::default() }
    });
    let script = Stub::new("season-front", Does::Move(list_of("popular-now", 6), buried, vec![]));
    let shop = TestShop::open(vec![("popular-now", fallback), ("season-front", script)]).await;
    let before = shop.asked("popular-now");
    for who in [Some("canary"), Some("other"), None] {
        assert_eq!(shown(&shop.ask("below", who).await), "bcde");
    }
    assert_eq!(shop.asked("popular-now"), before + 1);
    shop.set_time("2026-11-20T13:00:00Z");
    shop.ask("below", None).await;
    assert_eq!(shop.asked("popular-now"), before + 2, "another hour, another question");
    shop.engine.patch_item(&item_id("b"), object(json!({ "in_stock": false })), None).await.unwrap();
    assert_eq!(shown(&shop.ask("below", Some("canary")).await), "cdef");
}

#[tokio::test]
async fn the_order_of_the_fallback_that_is_kept_is_nobodys() {
    // the canary's region, and what they alone do not want to see, may move nothing for anybody else
    let calls = [
        ("canary", Some("corse"), vec!["b"], "cdea"),
        ("other", None, vec![], "abcd"),
        ("canary", Some("corse"), vec![], "bcde"),
        ("other", Some("metropole"), vec!["c"], "abde"),
        ("canary", Some("corse"), vec!["b", "c"], "dea"),
        ("other", None, vec![], "abcd"),
    ];
    let put_last = || -> Moving {
        Box::new(|ask, item| {
            let is_meant = is_corse(&ask.view) && ask.view.live_items().next() == Some(item);
            Effect { factor: if is_meant { 0.05 } else { 1.0 }, ..Effect::default() }
        })
    };
    for house_rules in [Stub::constant, Stub::new] {
        let rules = house_rules("house-rules", Does::Move(Sources::Everything, put_last(), vec![]));
        let fallback = Stub::constant("popular-now", Does::Pick(vec!["a", "b", "c", "d", "e"]));
        let shop = TestShop::open(vec![("house-rules", rules), ("popular-now", fallback)]).await;
        for (who, region, exclude, expected) in calls.iter().cycle().take(3 * calls.len()) {
            let mut asked = request("finished", Some(who));
            asked.exclude = exclude.iter().map(|id| item_id(id)).collect();
            if let Some(region) = region {
                asked.context = object(json!({ "region": region }));
            }
            let answer = shop.engine.recommend(&asked).await.unwrap();
            assert_eq!(shown(&answer), *expected, "{who} {region:?} {exclude:?}");
        }
    }
}
