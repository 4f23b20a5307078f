use std::sync::{Arc, atomic::Ordering};

use jardin_model::{Choice, ChoiceStatus};
use jardin_strategy::{Effect, Failure, PageRule, Pick, PlainValue, Sources};
use serde_json::json;

use super::{
    shop::{NOON, SMALL, TestShop, at, catalogue, givers, item_id, object, ran, request, shown, subject, tried},
    stub::{Does, Stub},
};
use crate::{Level, Problem, Request};

fn plain() -> Box<dyn Fn(&jardin_strategy::Ask, jardin_model::ItemIndex) -> Effect + Send + Sync> {
    Box::new(|_, _| Effect::default())
}

fn ask(name: &str, limit: usize) -> Sources {
    Sources::Ask {
        strategy: jardin_policy::StrategyName::new(name).unwrap(),
        limit,
    }
}

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
async fn refused_consent_is_an_answer_and_the_strategy_is_not_asked() {
    let shop = TestShop::open(vec![("for-you", Stub::new("for-you", Does::Pick(vec!["h"])))]).await;
    for who in [None, Some("nobody-knows-her")] {
        let answer = shop.ask("home", who).await;
        assert_eq!(
            tried(&answer),
            "for-you refused consent, season-front failed error, popular-now ran"
        );
        assert_eq!(
            (shown(&answer).as_str(), answer.level, answer.personalised),
            ("abcd", Level::Popular, false)
        );
    }
    shop.agree("u1", "personalisation").await;
    assert!(ran(&shop.ask("home", Some("u1")).await, "for-you"));
    shop.consent("u1", "personalisation", ChoiceStatus::Withdrawn).await;
    assert!(tried(&shop.ask("home", Some("u1")).await).starts_with("for-you refused consent"));
    assert_eq!(shop.asked("for-you"), 1);
}

#[tokio::test]
async fn a_request_narrows_and_never_widens() {
    let shop = TestShop::open(vec![("for-you", Stub::new("for-you", Does::Pick(vec!["h"])))]).await;
    shop.agree("u1", "personalisation").await;
    let tried_with = async |change: fn(&mut Request), who: &str| {
        let mut request = request("home", Some(who));
        change(&mut request);
        let answer = shop.engine.recommend(&request).await.unwrap();
        tried(&answer).split(',').next().unwrap().to_owned()
    };
    let no = |r: &mut Request| drop(r.narrowing.consent.insert("personalisation".into(), false));
    let yes = |r: &mut Request| drop(r.narrowing.consent.insert("personalisation".into(), true));
    assert_eq!(tried_with(no, "u1").await, "for-you refused consent");
    assert_eq!(tried_with(yes, "stranger").await, "for-you refused consent");
    assert_eq!(tried_with(|r| r.narrowing.objected = true, "u1").await, "for-you refused objection");
    assert_eq!(
        tried_with(|r| r.narrowing.gpc = true, "u1").await,
        "for-you refused global-privacy-control"
    );
    // purposes 5 and 6 of the publisher are needed; this string allows 5 alone: 011 then 000010 0…
    assert_eq!(
        tried_with(|r| r.narrowing.tcf = Some("CA.YQAAA".into()), "u1").await,
        "for-you refused consent"
    );
    assert_eq!(tried_with(|r| r.narrowing.tcf = Some("CA.YYAAA".into()), "u1").await, "for-you ran");
    let kids = |r: &mut Request| r.context = object(json!({"kids_corner": true}));
    assert_eq!(tried_with(kids, "u1").await, "for-you refused child");
    let unknown = |r: &mut Request| drop(r.narrowing.consent.insert("secret-word".into(), false));
    let mut odd = request("home", None);
    unknown(&mut odd);
    let problem = shop.engine.recommend(&odd).await.unwrap_err();
    assert_eq!(problem.kind(), "unprocessable");
    assert!(!format!("{problem:?}").contains("secret-word"));
}

#[tokio::test]
async fn what_fails_or_hangs_is_passed_over_within_the_deadline() {
    for (does, told) in [
        (Does::Fail(Failure::Denied), "season-front failed denied"),
        (Does::Fail(Failure::Starting), "season-front starting"),
        (Does::Hang, "season-front failed late"),
        (Does::Move(ask("for-you", 5), plain(), vec![]), "season-front failed denied"),
        (
            Does::Move(
                Sources::Everything,
                plain(),
                vec![PageRule::MaxPer {
                    field: "margin".into(),
                    n: 1,
                }],
            ),
            "season-front failed denied",
        ),
        (
            Does::Move(
                Sources::Everything,
                Box::new(|_, _| Effect {
                    factor: f64::NAN,
                    ..Effect::default()
                }),
                vec![],
            ),
            "season-front failed rejected",
        ),
    ] {
        let shop = TestShop::open(vec![("season-front", Stub::new("season-front", does))]).await;
        let answer = shop
            .engine
            .recommend(&Request {
                deadline_ms: Some(40),
                ..request("home", None)
            })
            .await
            .unwrap();
        assert_eq!(tried(&answer), format!("for-you refused consent, {told}, popular-now ran"));
        assert_eq!(shown(&answer), "abcd");
    }
}

#[tokio::test]
async fn without_time_the_fallback_answers_from_memory() {
    let shop = TestShop::open(vec![("season-front", Stub::new("season-front", Does::Pick(vec!["h"])))]).await;
    let before = shop.asked("popular-now");
    let answer = shop
        .engine
        .recommend(&Request {
            deadline_ms: Some(5),
            ..request("home", None)
        })
        .await
        .unwrap();
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
    shop.engine
        .put_item(
            &item_id("z"),
            object(json!({"category": "tents", "in_stock": true, "price": "1.00"})),
            None,
        )
        .await
        .unwrap();
    shop.stubs["popular-now"].now_does(Does::Pick(vec!["z", "a"]));
    assert_eq!(
        shown(&shop.ask("home", None).await),
        "abcd",
        "the old list until the new one is there"
    );
    shop.engine.tick().await;
    assert_eq!(shown(&shop.ask("home", None).await), "za");
    shop.stubs["popular-now"].now_does(Does::Fail(Failure::Overloaded));
    shop.engine.remove_item(&item_id("z"), None).await.unwrap();
    shop.engine.tick().await;
    assert_eq!(
        shown(&shop.ask("home", None).await),
        "a",
        "the last good list stays, without what is gone"
    );
}

#[tokio::test]
async fn where_nothing_can_be_shown_the_answer_says_so() {
    let shop = TestShop::open(vec![("popular-now", Stub::new("popular-now", Does::Fail(Failure::Resting)))]).await;
    let answer = shop.ask("home", None).await;
    assert_eq!(
        (answer.items.len(), answer.shortfall, &answer.warnings[..]),
        (0, 4, &["no-fallback"][..])
    );
    assert!(tried(&answer).ends_with("popular-now failed resting"));
    assert!(!shop.engine.health().ready);
}

#[tokio::test]
async fn what_comes_back_is_checked() {
    let picks = |view: &jardin_policy::View| {
        let all: Vec<_> = view.live_items().collect();
        let pick = |item, score| Pick {
            item,
            score,
            reason: Some("goes_with".into()),
        };
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
    let shop = TestShop::open(vec![("season-front", Stub::new("season-front", Does::Picks(Box::new(picks))))]).await;
    let answer = shop
        .engine
        .recommend(&Request {
            locale: Some("en-GB".into()),
            ..request("home", None)
        })
        .await
        .unwrap();
    assert_eq!(shown(&answer), "cdab");
    let told: Vec<_> = answer
        .items
        .iter()
        .map(|i| i.reason.as_ref().map(|r| (&*r.code, &*r.text)))
        .collect();
    let goes_with = Some(("goes_with", "Goes with this product"));
    assert_eq!(
        told,
        [None, goes_with, goes_with, None],
        "a reason about a person is for purposes that profile"
    );
    let health = shop.engine.health();
    let counters = &health
        .strategies
        .iter()
        .find(|s| s.name.as_str() == "season-front")
        .unwrap()
        .counters;
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
    let boost_e = |ask: &jardin_strategy::Ask, item| {
        let is_e = ask.view.item(item).get("price") == jardin_policy::Access::Value(jardin_model::Cell::Number(50.0));
        Effect {
            factor: if is_e { 2.0 } else { 1.0 },
            ..Effect::default()
        }
    };
    let sources = Sources::Or(
        Box::new(Sources::Catalogue {
            limit: 2,
            having: vec![("brand".into(), PlainValue::Text("y".into()))],
        }),
        Box::new(ask("popular-now", 5)),
    );
    let shop = TestShop::open(vec![(
        "season-front",
        Stub::new("season-front", Does::Move(sources, Box::new(boost_e), vec![])),
    )])
    .await;
    // of brand y, by id as nobody bought anything: b d; then a c e of the five asked for; e from place 4 (1/14) to 2/14 comes first
    assert_eq!(shown(&shop.ask("home", None).await), "ebda");
}

#[tokio::test]
async fn house_rules_are_laid_over_every_list() {
    let rules = |ask: &jardin_strategy::Ask, item| {
        let price = ask.view.item(item).get("price");
        let dropped = (price == jardin_policy::Access::Value(jardin_model::Cell::Number(10.0))).then(|| "withdrawn".into());
        Effect {
            dropped,
            ..Effect::default()
        }
    };
    let max = vec![PageRule::MaxPer {
        field: "brand".into(),
        n: 2,
    }];
    let shop = TestShop::open(vec![
        (
            "house-rules",
            Stub::new("house-rules", Does::Move(Sources::Everything, Box::new(rules), max)),
        ),
        ("my-range", Stub::new("my-range", Does::Pick(vec!["g", "a", "f"]))),
    ])
    .await;
    // a is dropped; of b…h two of each brand: b(y) c(x) d(y) e(x)
    assert_eq!(shown(&shop.ask("finished", None).await), "bcde");
    shop.agree("u1", "personalisation").await;
    let answer = shop.ask("finished", Some("u1")).await;
    // g(x) f(y) by my-range, then one more of each: b(y) c(x)
    assert_eq!(
        (shown(&answer).as_str(), tried(&answer).as_str()),
        ("gfbc", "my-range ran, popular-now ran")
    );
    shop.stubs["house-rules"].now_does(Does::Fail(Failure::Late));
    let answer = shop.ask("finished", None).await;
    assert_eq!((shown(&answer).as_str(), &answer.warnings[..]), ("abcd", &["finish-failed"][..]));
}

#[tokio::test]
async fn stopping_is_obeyed_by_the_next_answer_and_spares_fallback_and_finish() {
    let shop = TestShop::open(vec![
        ("season-front", Stub::new("season-front", Does::Pick(vec!["h"]))),
        (
            "house-rules",
            Stub::new("house-rules", Does::Move(Sources::Everything, plain(), vec![PageRule::Limit(1)])),
        ),
    ])
    .await;
    assert!(ran(&shop.ask("home", None).await, "season-front"));
    shop.engine.put_stop(false, &["season-front"]).await.unwrap();
    assert_eq!(
        tried(&shop.ask("home", None).await),
        "for-you refused consent, season-front refused stopped, popular-now ran"
    );
    shop.engine.put_stop(true, &[]).await.unwrap();
    let answer = shop.ask("finished", None).await;
    assert_eq!(
        (shown(&answer).as_str(), tried(&answer).as_str()),
        ("a", "my-range refused stopped, popular-now ran")
    );
    for names in [&["popular-now"][..], &["no-such-strategy"][..]] {
        assert_eq!(shop.engine.put_stop(false, names).await.unwrap_err().kind(), "unprocessable");
    }
    assert!(shop.engine.stop().everything);
}

#[tokio::test]
async fn a_consent_withdrawn_meanwhile_is_obeyed() {
    let shop = TestShop::open(vec![]).await;
    shop.agree("u1", "personalisation").await;
    // while for-you runs the person changes her mind
    let memory = Arc::clone(&shop.memory);
    let picks = move |view: &jardin_policy::View| {
        let choice = Choice {
            status: ChoiceStatus::Withdrawn,
            text_version: "2026-10".into(),
            at: at(NOON),
            source: "page".into(),
        };
        memory.answer(&subject("u1"), "personalisation", choice).unwrap();
        view.live_items()
            .map(|item| Pick {
                item,
                score: 0.0,
                reason: None,
            })
            .collect()
    };
    let stub = Stub::new("for-you", Does::Picks(Box::new(picks)));
    shop.engine.reload(shop.reloaded_with("for-you", &stub)).await.unwrap();
    let answer = shop.ask("home", Some("u1")).await;
    assert_eq!(
        tried(&answer),
        "for-you refused consent, season-front failed error, popular-now ran"
    );
    assert_eq!(
        (answer.level, shop.engine.health().counters.get("decided-again").copied()),
        (Level::Popular, Some(1))
    );
    assert_eq!(stub.times_asked(), 1);
}

#[tokio::test]
async fn never_items_stand_on_no_list_made_on_the_ground_of_a_person() {
    let shop = TestShop::open(vec![
        ("for-you", Stub::new("for-you", Does::Pick(vec!["p", "h"]))),
        ("season-front", Stub::new("season-front", Does::Pick(vec!["p"]))),
        (
            "my-range",
            Stub::new(
                "my-range",
                Does::Move(
                    ask("for-you", 9),
                    plain(),
                    vec![PageRule::Pin {
                        position: 1,
                        items: vec![item_id("p"), item_id("c")],
                    }],
                ),
            ),
        ),
    ])
    .await;
    let pharmacy = json!({"category": "Pharmacy/sleep", "in_stock": true, "price": "5.00"});
    shop.engine.put_item(&item_id("p"), object(pharmacy), None).await.unwrap();
    shop.agree("u1", "personalisation").await;
    let answer = shop.ask("home", Some("u1")).await;
    assert_eq!(
        (shown(&answer).as_str(), givers(&answer).split(' ').next().unwrap()),
        ("hpab", "for-you"),
        "the shop window may show it"
    );
    assert!(
        shown(&shop.ask("finished", Some("u1")).await).starts_with("ch"),
        "a pin adds none either"
    );
}

#[tokio::test]
async fn level_is_the_widest_namespace_that_was_present_in_what_gave_items() {
    let shop = TestShop::open(vec![
        ("for-you", Stub::new("for-you", Does::Pick(vec!["h"]))),
        ("season-front", Stub::new("season-front", Does::Pick(vec!["g"]))),
        ("bought-together", Stub::new("bought-together", Does::Pick(vec!["f"]))),
        (
            "complete-the-look",
            Stub::new("complete-the-look", Does::Move(ask("bought-together", 9), plain(), vec![])),
        ),
    ])
    .await;
    // season-front is granted the hour, which is always there
    assert_eq!(shop.ask("home", None).await.level, Level::Contextual);
    let mut page = request("product_page", None);
    assert_eq!(shop.engine.recommend(&page).await.unwrap().level, Level::Popular);
    page.context = object(json!({"page_item": "a"}));
    assert_eq!(shop.engine.recommend(&page).await.unwrap().level, Level::Contextual);
    page.session_fields = object(json!({"basket": ["b"]}));
    let answer = shop.engine.recommend(&page).await.unwrap();
    assert_eq!(
        (answer.level, answer.personalised),
        (Level::Session, true),
        "an asked strategy saw the basket"
    );
    shop.agree("u1", "personalisation").await;
    shop.engine
        .put_subject(&subject("u1"), object(json!({"postcode": "38000"})), true, None)
        .await
        .unwrap();
    assert_eq!(shop.ask("home", Some("u1")).await.level, Level::Full);
    shop.stubs["for-you"].now_does(Does::Pick(vec![]));
    assert_eq!(shop.ask("home", Some("u1")).await.level, Level::Contextual, "it gave nothing");
}

#[tokio::test]
async fn what_is_left_out_is_not_shown() {
    let shop = TestShop::open(vec![
        (
            "bought-together",
            Stub::new("bought-together", Does::Pick(vec!["a", "b", "c", "d", "e", "f"])),
        ),
        (
            "complete-the-look",
            Stub::new("complete-the-look", Does::Move(ask("bought-together", 9), plain(), vec![])),
        ),
        (
            "season-front",
            Stub::new("season-front", Does::Pick(vec!["a", "b", "c", "d", "e", "f"])),
        ),
    ])
    .await;
    let mut page = request("product_page", None);
    page.context = object(json!({"page_item": "a"}));
    page.session_fields = object(json!({"basket": ["b"]}));
    assert_eq!(shown(&shop.engine.recommend(&page).await.unwrap()), "cdef");
    // with an objection no strategy that is granted the basket may run: it must not show in the answer at all
    page.narrowing.objected = true;
    assert_eq!(shown(&shop.engine.recommend(&page).await.unwrap()), "bcde");
    page.exclude = vec![item_id("c")];
    page.filter = Some("affordable".into());
    assert_eq!(shown(&shop.engine.recommend(&page).await.unwrap()), "bd", "below 50, so not e");
    let pages = [request("home", None), request("below", None), request("home", None)];
    let answers = shop.engine.recommend_batch(&pages, false).await.unwrap();
    assert_eq!(answers.iter().map(shown).collect::<Vec<_>>(), ["abcd", "efgh", "abcd"]);
    let answers = shop.engine.recommend_batch(&pages, true).await.unwrap();
    assert_eq!(answers.iter().map(shown).collect::<Vec<_>>(), ["abcd", "efgh", ""]);
}

#[tokio::test]
async fn eligibility_acts_on_the_next_answer_and_places_are_refilled() {
    let shop = TestShop::open(vec![(
        "season-front",
        Stub::new("season-front", Does::Pick(vec!["a", "b", "c", "d", "e", "f"])),
    )])
    .await;
    shop.engine
        .patch_item(&item_id("b"), object(json!({"in_stock": false})), None)
        .await
        .unwrap();
    assert_eq!(shown(&shop.ask("home", None).await), "acde");
    shop.engine.remove_item(&item_id("c"), None).await.unwrap();
    assert_eq!(shown(&shop.ask("home", None).await), "adef");
}

#[tokio::test]
async fn a_sold_out_item_never_takes_a_paid_place() {
    let paid = format!(
        "{SMALL}\n[[sponsored]]\nadvertiser = \"Nordfjell AS\"\nplaces = [\"home\"]\nposition = 2\nitem = {{ brand = \"y\" }}\n\
         from = 2026-11-01\nuntil = 2026-11-30\nlabel = {{ fr = \"Sponsorisé\", en = \"Sponsored\" }}"
    );
    let shop = TestShop::with(&paid, super::shop::POLICY, vec![]).await;
    let answer = shop.ask("home", None).await;
    assert_eq!(shown(&answer), "abcd", "b, the best of brand y, stands once");
    let mark = answer.items[1].sponsored.as_ref().unwrap();
    assert_eq!(
        (&*mark.advertiser, &*mark.label, &answer.items[1].strategy),
        ("Nordfjell AS", "Sponsorisé", &None)
    );
    shop.engine
        .patch_item(&item_id("b"), object(json!({"in_stock": false})), None)
        .await
        .unwrap();
    let answer = shop.ask("home", None).await;
    assert_eq!((shown(&answer).as_str(), answer.items[1].sponsored.is_some()), ("adce", true));
    shop.set_time("2026-11-30T23:00:00Z");
    assert!(
        shop.ask("home", None).await.items.iter().all(|i| i.sponsored.is_none()),
        "the last day is over in Paris"
    );
}

#[tokio::test]
async fn unknown_names_are_problems_that_repeat_no_value() {
    let shop = TestShop::open(vec![]).await;
    let problem = shop.engine.recommend(&request("hme-secret", None)).await.unwrap_err();
    let Problem::NotFound { known, .. } = &problem else {
        panic!("{problem:?}")
    };
    assert!(known.iter().any(|k| &**k == "home"));
    let change: [fn(&mut Request); 8] = [
        |r| r.filter = Some("secret".into()),
        |r| r.limit = Some(0),
        |r| r.context = object(json!({"secret": 1})),
        |r| r.context = object(json!({"hour": 12})),
        |r| r.context = object(json!({"region": "secret"})),
        |r| r.session_fields = object(json!({"secret": 1})),
        |r| r.session_fields = object(json!({"seen": []})),
        |r| r.session_fields = object(json!({"basket": "secret"})),
    ];
    for change in change {
        let mut request = request("home", None);
        change(&mut request);
        let problem = shop.engine.recommend(&request).await.unwrap_err();
        assert_eq!(problem.kind(), "unprocessable");
        assert!(!format!("{problem} {problem:?}").contains("secret"), "{problem:?}");
    }
}

#[tokio::test]
async fn a_cached_person_is_answered_without_a_read_and_an_unreadable_one_gets_the_fallback() {
    let shop = TestShop::open(vec![("for-you", Stub::new("for-you", Does::Pick(vec!["h"])))]).await;
    shop.agree("u1", "personalisation").await;
    let before = shop.reads();
    assert!(ran(&shop.ask("home", Some("u1")).await, "for-you"));
    assert_eq!(shop.reads(), before);
    shop.memory.uncached.store(true, Ordering::Relaxed);
    assert!(ran(&shop.ask("home", Some("u1")).await, "for-you"));
    assert!(shop.reads() > before);
    shop.memory.broken.store(true, Ordering::Relaxed);
    let answer = shop.ask("home", Some("u1")).await;
    assert_eq!(
        (tried(&answer).as_str(), shown(&answer).as_str()),
        ("for-you failed store, season-front failed store, popular-now ran", "abcd")
    );
}

#[tokio::test]
async fn a_clock_that_steps_back_brings_no_consent_back() {
    let shop = TestShop::open(vec![("for-you", Stub::new("for-you", Does::Pick(vec!["h"])))]).await;
    shop.agree("u1", "personalisation").await;
    shop.set_time("2026-11-20T12:10:00Z");
    shop.agree("u2", "personalisation").await;
    shop.set_time("2026-11-20T12:09:55Z");
    assert!(ran(&shop.ask("home", Some("u1")).await, "for-you"), "five seconds are no step");
    shop.set_time("2026-11-20T12:09:54Z");
    assert!(tried(&shop.ask("home", Some("u1")).await).starts_with("for-you refused consent"));
    assert!(shop.engine.health().clock_stepped_back);
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
                    vec![PageRule::Rotate {
                        top: 5,
                        every: jardin_strategy::Period::Hour,
                    }],
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
