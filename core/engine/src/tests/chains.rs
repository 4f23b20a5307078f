//! How a chain is filled.

use jardin_contract::{Clock as _, Effect, Failure, PageRule, Pick, PlainValue, Sources};
use serde_json::json;

use super::{
    shop::{POLICY, SMALL, TestShop, catalogue, givers, item_id, object, request, shown, subject, tried},
    stub::{Does, Stub, list_of, plain},
};
use crate::{Level, Request};

#[tokio::test]
async fn the_chain_fills_in_order_and_the_fallback_ends_it() {
    let shop = TestShop::open(vec![
        ("for-you", Stub::new("for-you", Does::Pick(vec!["h"]))),
        ("season-front", Stub::new("season-front", Does::Pick(vec!["h", "g"]))),
    ])
    .await;
    shop.agree("u1", "personalisation").await;
    let answer = shop.ask("home", Some("u1")).await;
    assert_eq!(
        (shown(&answer).as_str(), givers(&answer).as_str()),
        ("hgab", "for-you season-front popular-now popular-now")
    );
    assert_eq!(tried(&answer), "for-you ran, season-front ran, popular-now ran");
    assert_eq!(answer.items.iter().map(|i| i.rank).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!((answer.shortfall, answer.warnings.len()), (0, 0));
    assert!(answer.policy_revision.starts_with("2026-11-20.1+"));
}

#[tokio::test]
async fn what_fails_or_hangs_is_passed_over_within_the_deadline() {
    for (does, told) in [
        (Does::Fail(Failure::Denied), "season-front failed denied"),
        (Does::Fail(Failure::Starting), "season-front starting"),
        (Does::Hang, "season-front failed late"),
        (Does::Move(list_of("for-you", 5), plain(), vec![]), "season-front failed denied"),
        (
            Does::Move(Sources::Everything, plain(), vec![PageRule::MaxPer { field: "margin".into(), n: 1 }]),
            "season-front failed denied",
        ),
        (
            Does::Move(
                Sources::Everything,
                Box::new(|_, _| Effect { factor: f64::NAN, ..Effect::default() }),
                vec![],
            ),
            "season-front failed rejected",
        ),
    ] {
        let shop = TestShop::open(vec![("season-front", Stub::new("season-front", does))]).await;
        let answer =
            shop.engine.recommend(&Request { deadline_ms: Some(40), ..request("home", None) }).await.unwrap();
        assert_eq!(tried(&answer), format!("for-you refused consent, {told}, popular-now ran"));
        assert_eq!(shown(&answer), "abcd");
    }
}

#[tokio::test]
async fn what_a_strategy_is_told_follows_its_limits_and_the_request_alone() {
    // its time is a second, its most results are 45; the request has 40 ms, and items are hidden and given
    let limits = "[strategies.season-front]\nlimits = { time_ms = 1000, results = 45 }";
    let policy = POLICY.replace("[strategies.season-front]", limits);
    let shop = TestShop::with(
        SMALL,
        &policy,
        vec![
            ("for-you", Stub::new("for-you", Does::Pick(vec!["h", "g"]))),
            ("season-front", Stub::new("season-front", Does::Pick(vec!["a"]))),
        ],
    )
    .await;
    shop.agree("u1", "personalisation").await;
    let began = shop.clock.steady_now();
    let mut asks = request("home", Some("u1"));
    asks.deadline_ms = Some(40);
    asks.exclude = vec![item_id("a"), item_id("b")];
    for (limit, expected) in [(None, [52, 45]), (Some(1), [43, 43])] {
        asks.limit = limit;
        shop.engine.recommend(&asks).await.unwrap();
        let told = ["for-you", "season-front"].map(|name| {
            let asked = shop.stubs[name].asked.lock().unwrap();
            asked.last().map_or(0, |ask| ask.limit)
        });
        // three times the four or the one item, and 40; season-front asks a plugin and is called for the one, too
        assert_eq!(told, expected);
    }
    let asked = shop.stubs["season-front"].asked.lock().unwrap();
    assert_eq!(asked.len(), 2);
    assert!(
        asked[0].deadline.0 >= began + std::time::Duration::from_secs(1),
        "its own second, not the 40 ms"
    );
}

#[tokio::test]
async fn without_time_the_fallback_answers_from_memory() {
    let shop = TestShop::open(vec![("season-front", Stub::new("season-front", Does::Pick(vec!["h"])))]).await;
    let before = shop.asked("popular-now");
    let answer =
        shop.engine.recommend(&Request { deadline_ms: Some(5), ..request("home", None) }).await.unwrap();
    assert_eq!(tried(&answer), "for-you refused consent, season-front failed late, popular-now ran");
    assert_eq!((shop.asked("season-front"), shop.asked("popular-now")), (0, before));
}

#[tokio::test]
async fn the_fallbacks_list_is_asked_for_off_the_way_of_requests() {
    let shop = TestShop::open(vec![]).await;
    let before = shop.asked("popular-now");
    for _ in 0..3 {
        shop.ask("home", None).await;
    }
    assert_eq!(shop.asked("popular-now"), before);
    shop.engine.tick().await;
    assert_eq!(shop.asked("popular-now"), before, "nothing has changed");
    shop.stubs["popular-now"].now_does(Does::Pick(vec!["z", "a"]));
    assert_eq!(shown(&shop.ask("home", None).await), "abcd", "nothing has changed");
    shop.engine
        .put_item(
            &item_id("z"),
            object(json!({"category": "tents", "in_stock": true, "price": "1.00"})),
            None,
        )
        .await
        .unwrap();
    assert_eq!(shown(&shop.ask("home", None).await), "za", "a shop with few items follows a change at once");
    shop.stubs["popular-now"].now_does(Does::Fail(Failure::Overloaded));
    shop.engine.remove_item(&item_id("z"), None).await.unwrap();
    shop.engine.tick().await;
    assert_eq!(shown(&shop.ask("home", None).await), "a", "the last good list stays, without what is gone");
}

#[tokio::test]
async fn where_nothing_can_be_shown_the_answer_says_so() {
    let shop =
        TestShop::open(vec![("popular-now", Stub::new("popular-now", Does::Fail(Failure::Resting)))]).await;
    let answer = shop.ask("home", None).await;
    assert_eq!((answer.items.len(), answer.shortfall, &answer.warnings[..]), (0, 4, &["no-fallback"][..]));
    assert!(tried(&answer).ends_with("popular-now failed resting"));
    assert!(!shop.engine.health().ready);
}

#[tokio::test]
async fn what_comes_back_is_checked() {
    let picks = |view: &jardin_policy::View| {
        let all: Vec<_> = view.live_items().collect();
        let pick = |item, score| Pick { item, score, reason: Some("goes_with".into()) };
        let foreign = jardin_model::ItemIndex(9_999);
        let mut said = pick(all[2], 5.0);
        said.reason = Some("your_visits".into());
        vec![
            pick(all[0], 1.0),
            pick(foreign, 9.0),
            pick(all[1], f64::NAN),
            pick(all[3], 2.0),
            pick(all[3], 3.0),
            said,
        ]
    };
    let shop =
        TestShop::open(vec![("season-front", Stub::new("season-front", Does::Picks(Box::new(picks))))]).await;
    let answer = shop
        .engine
        .recommend(&Request { locale: Some("en-GB".into()), ..request("home", None) })
        .await
        .unwrap();
    assert_eq!(shown(&answer), "cdab");
    let told: Vec<_> = answer.items.iter().map(|i| i.reason.as_ref().map(|r| (&*r.code, &*r.text))).collect();
    let goes_with = Some(("goes_with", "Goes with this product"));
    assert_eq!(
        told,
        [None, goes_with, goes_with, None],
        "a reason about a person is for purposes that profile"
    );
    let health = shop.engine.health();
    let counters = &health.strategies.iter().find(|s| s.name.as_str() == "season-front").unwrap().counters;
    let count = |name: &str| counters.get(name).copied();
    assert_eq!(
        (
            count("foreign-items"),
            count("repeated-items"),
            count("scores-not-finite"),
            count("reasons-dropped")
        ),
        (Some(1), Some(1), Some(1), Some(1))
    );
}

#[tokio::test]
async fn a_script_moves_the_lists_that_it_asked_for() {
    let boost_e = |ask: &jardin_contract::StrategyRequest, item| {
        let is_e = ask.view.item(item).get("price")
            == jardin_policy::Access::Value(jardin_model::Cell::Number(50.0));
        Effect { factor: if is_e { 2.0 } else { 1.0 }, ..Effect::default() }
    };
    let sources = Sources::Or(
        Box::new(Sources::Catalogue {
            limit: 2,
            having: vec![("brand".into(), PlainValue::Text("y".into()))],
        }),
        Box::new(list_of("popular-now", 5)),
    );
    let shop = TestShop::open(vec![(
        "season-front",
        Stub::new("season-front", Does::Move(sources, Box::new(boost_e), vec![])),
    )])
    .await;
    // of brand y, by id as nobody bought anything: b d; then a c e of the five asked for; e from place 4
    // (1/14) to 2/14 comes first
    assert_eq!(shown(&shop.ask("home", None).await), "ebda");
}

#[tokio::test]
async fn house_rules_are_laid_over_every_list() {
    let rules = |ask: &jardin_contract::StrategyRequest, item| {
        let price = ask.view.item(item).get("price");
        let dropped = (price == jardin_policy::Access::Value(jardin_model::Cell::Number(10.0)))
            .then(|| "withdrawn".into());
        Effect { dropped, ..Effect::default() }
    };
    let max = vec![PageRule::MaxPer { field: "brand".into(), n: 2 }];
    let shop = TestShop::open(vec![
        ("house-rules", Stub::new("house-rules", Does::Move(Sources::Everything, Box::new(rules), max))),
        ("my-range", Stub::new("my-range", Does::Pick(vec!["g", "a", "f"]))),
    ])
    .await;
    // a is dropped; of b…h two of each brand: b(y) c(x) d(y) e(x)
    assert_eq!(shown(&shop.ask("finished", None).await), "bcde");
    shop.agree("u1", "personalisation").await;
    let answer = shop.ask("finished", Some("u1")).await;
    // g(x) f(y) by my-range, then one more of each: b(y) c(x)
    assert_eq!((shown(&answer).as_str(), tried(&answer).as_str()), ("gfbc", "my-range ran, popular-now ran"));
    shop.stubs["house-rules"].now_does(Does::Fail(Failure::Late));
    let answer = shop.ask("finished", None).await;
    assert_eq!((shown(&answer).as_str(), &answer.warnings[..]), ("abcd", &["finish-failed"][..]));
}

#[tokio::test]
async fn the_same_store_policy_request_and_seed_give_the_same_answer() {
    let make = async || {
        let shop = TestShop::open(vec![(
            "season-front",
            Stub::new(
                "season-front",
                Does::Move(
                    Sources::Everything,
                    plain(),
                    vec![PageRule::Rotate { top: 5, every: jardin_contract::Period::Hour }],
                ),
            ),
        )])
        .await;
        (shop.ask("home", None).await, shop.ask("home", None).await)
    };
    let (first, again) = (make().await, make().await);
    assert_eq!(first, again);
    assert_ne!(first.0.recommendation, first.1.recommendation, "each answer has its own id");
    assert_eq!(catalogue().len(), 8);
}

#[tokio::test]
async fn a_strategy_that_fails_by_itself_is_counted_told_once_and_shown_with_its_place() {
    let failure = || Failure::Error { what: "`adjust` stopped at 2:19: it has no order".into() };
    let failing = Stub::new("season-front", Does::Fail(failure()));
    let shop = TestShop::open(vec![("season-front", failing)]).await;
    shop.ask("home", None).await;
    shop.ask("home", None).await;
    let health = shop.engine.health();
    let shown = health.strategies.iter().find(|s| s.name.as_str() == "season-front").unwrap();
    assert_eq!(shown.counters["error"], 2);
    assert!(shown.note.as_deref().is_some_and(|note| note.contains("`adjust` stopped at 2:19")), "{shown:?}");
    let told = shop.engine.take_failures();
    let told: Vec<_> = told.iter().map(|f| (f.strategy.as_str(), f.times)).collect();
    assert_eq!(told, [("season-front", 2)]);
    assert_eq!(shop.engine.take_failures(), [], "it is told once");
    // what is not its own doing is counted alone
    shop.stubs["season-front"].now_does(Does::Fail(Failure::Starting));
    shop.ask("home", None).await;
    assert_eq!(shop.engine.take_failures(), []);
}

/// Moves nothing and leaves out what `ids` name.
fn dropping(shop: &TestShop, ids: &'static [&'static str], most: usize) -> Does {
    let world = shop.engine.world();
    let catalogue = world.screened.catalogue();
    let dropped: Vec<_> = ids.iter().filter_map(|id| catalogue.ids().index(&item_id(id))).collect();
    let effect = move |_: &_, item| Effect {
        dropped: dropped.contains(&item).then(|| "a rival".into()),
        ..Effect::default()
    };
    Does::Move(Sources::Everything, Box::new(effect), vec![PageRule::Limit(most)])
}

#[tokio::test]
async fn what_a_rule_drops_comes_back_by_no_later_list_and_no_paid_place() {
    let paid = format!(
        "{SMALL}\n[[sponsored]]\nadvertiser = \"Y\"\nplaces = [\"home\"]\nposition = 1\nitem = {{ brand = \"y\" }}\n\
         from = 2026-11-01\nuntil = 2026-11-30\nlabel = {{ fr = \"Sponsorisé\", en = \"Sponsored\" }}"
    );
    for (config, expected) in [(SMALL, "acfe"), (paid.as_str(), "face")] {
        let shop = TestShop::with(
            config,
            POLICY,
            vec![
                ("for-you", Stub::new("for-you", Does::Hang)),
                ("season-front", Stub::new("season-front", Does::Pick(vec!["b", "f", "d"]))),
            ],
        )
        .await;
        // of eight items it leaves out two, and gives two of the others
        shop.stubs["for-you"].now_does(dropping(&shop, &["b", "d"], 2));
        shop.agree("u1", "personalisation").await;
        assert_eq!(shown(&shop.ask("home", Some("u1")).await), expected, "without b and d");
        // who did not agree meets no such rule
        assert!(shown(&shop.ask("home", None).await).contains('b'));
    }
}

#[tokio::test]
async fn a_list_that_a_person_cut_is_told_as_personal() {
    let shop = TestShop::open(vec![("for-you", Stub::new("for-you", Does::Hang))]).await;
    shop.stubs["for-you"].now_does(dropping(&shop, &["a"], 0));
    shop.agree("u1", "personalisation").await;
    shop.engine.put_subject(&subject("u1"), object(json!({"postcode": "38000"})), true, None).await.unwrap();
    let answer = shop.ask("home", Some("u1")).await;
    assert_eq!((shown(&answer).as_str(), answer.level), ("bcde", Level::Full), "it follows the person");
}

#[tokio::test]
async fn a_place_that_is_not_filled_is_left_short_and_below_its_least_empty() {
    let place = |more: &str| {
        SMALL.replacen(
            "chain = [\"for-you\", \"season-front\"]\nlimit = 4",
            &format!("chain = [\"season-front\"]\nlimit = 4\n{more}"),
            1,
        )
    };
    for (more, expected, warnings) in [
        ("", "habc", &[][..]),
        ("fill = \"no\"", "h", &[][..]),
        ("fill = \"no\"\nat_least = 2", "", &["too-few"][..]),
        ("at_least = 2", "habc", &[][..]),
    ] {
        let picks = Stub::new("season-front", Does::Pick(vec!["h"]));
        let shop = TestShop::with(&place(more), POLICY, vec![("season-front", picks)]).await;
        let answer = shop.ask("home", None).await;
        assert_eq!((shown(&answer).as_str(), &answer.warnings[..]), (expected, warnings), "{more}");
    }
    // a chain that names the fallback means it
    let named =
        place("fill = \"no\"").replacen("[\"season-front\"]", "[\"season-front\", \"popular-now\"]", 1);
    let shop = TestShop::with(&named, POLICY, vec![]).await;
    assert_eq!(shown(&shop.ask("home", None).await), "abcd");
}
