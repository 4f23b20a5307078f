//! Who is refused what, and what is never repeated.

use std::{
    sync::Arc,
    task::{Context, Waker},
};

use jardin_contract::{PageRule, Pick, Sources, StateStore as _};
use jardin_model::{Choice, ChoiceStatus};
use jardin_store_kit::{Fault, Operation};
use serde_json::json;

use super::{
    shop::{NOON, TestShop, at, object, ran, request, shown, subject, tried},
    stub::{Does, Stub, plain},
};
use crate::{Level, Problem, Request};

#[tokio::test]
async fn refused_consent_is_an_answer_and_the_strategy_is_not_asked() {
    let shop = TestShop::open(vec![("for-you", Stub::new("for-you", Does::Pick(vec!["h"])))]).await;
    for who in [None, Some("a-stranger")] {
        let answer = shop.ask("home", who).await;
        assert_eq!(tried(&answer), "for-you refused consent, season-front failed error, popular-now ran");
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
    let no = |r: &mut Request| r.narrowing.consent = [("personalisation".into(), false)].into();
    let yes = |r: &mut Request| r.narrowing.consent = [("personalisation".into(), true)].into();
    assert_eq!(tried_with(no, "u1").await, "for-you refused consent");
    assert_eq!(tried_with(yes, "stranger").await, "for-you refused consent");
    assert_eq!(tried_with(|r| r.narrowing.objected = true, "u1").await, "for-you refused objection");
    assert_eq!(tried_with(|r| r.narrowing.gpc = true, "u1").await, "for-you refused global-privacy-control");
    // purposes 5 and 6 of the publisher are needed; this string allows 5 alone: 011 then 000010 0…
    assert_eq!(
        tried_with(
            |r| r.narrowing.tcf = Some("CQgYw72QgYw72AfACBFRAwFgAIwAAAAAAAqIAAAAAAAA.YQAAA".into()),
            "u1"
        )
        .await,
        "for-you refused consent"
    );
    assert_eq!(
        tried_with(
            |r| r.narrowing.tcf = Some("CQgYw72QgYw72AfACBFRAwFgAIwAAAAAAAqIAAAAAAAA.YYAAA".into()),
            "u1"
        )
        .await,
        "for-you ran"
    );
    let kids = |r: &mut Request| r.context = object(json!({"kids_corner": true}));
    assert_eq!(tried_with(kids, "u1").await, "for-you refused child");
    let unknown = |r: &mut Request| r.narrowing.consent = [("secret-word".into(), false)].into();
    let mut odd = request("home", None);
    unknown(&mut odd);
    let problem = shop.engine.recommend(&odd).await.unwrap_err();
    assert_eq!(problem.kind(), "unprocessable");
    assert!(!format!("{problem:?}").contains("secret-word"));
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
    // while for-you runs the person changes their mind
    let store = Arc::clone(&shop.store);
    let picks = move |view: &jardin_policy::View| {
        let choice = Choice {
            status: ChoiceStatus::Withdrawn,
            text_version: "2026-10".into(),
            at: at(NOON),
            source: "page".into(),
        };
        let u1 = subject("u1");
        // it is in memory, so that it is done at once
        let mut put = store.put_choice(&u1, "personalisation", choice);
        assert!(put.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
        view.live_items().map(|item| Pick { item, score: 0.0, reason: None }).collect()
    };
    let stub = Stub::new("for-you", Does::Picks(Box::new(picks)));
    shop.engine.reload(shop.reloaded_with("for-you", &stub)).await.unwrap();
    let answer = shop.ask("home", Some("u1")).await;
    assert_eq!(tried(&answer), "for-you refused consent, season-front failed error, popular-now ran");
    assert_eq!(
        (answer.level, shop.engine.health().counters.get("decided-again").copied()),
        (Level::Popular, Some(1))
    );
    assert_eq!(stub.times_asked(), 1);
}

#[tokio::test]
async fn unknown_names_are_problems_that_repeat_no_value() {
    let shop = TestShop::open(vec![]).await;
    let problem = shop.engine.recommend(&request("hme-secret", None)).await.unwrap_err();
    let Problem::NotFound { known, .. } = &problem else { panic!("{problem:?}") };
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
    shop.store.script_all_calls(Operation::LookUp, Some(Fault::Fail));
    assert!(ran(&shop.ask("home", Some("u1")).await, "for-you"));
    assert!(shop.reads() > before);
    shop.store.script_all_calls(Operation::Read, Some(Fault::Fail));
    let answer = shop.ask("home", Some("u1")).await;
    assert_eq!(
        (tried(&answer).as_str(), shown(&answer).as_str()),
        ("for-you failed store, season-front failed store, popular-now ran", "abcd")
    );
}
