//! What may stand on a page.

use jardin_contract::PageRule;
use serde_json::json;

use super::{
    shop::{POLICY, SMALL, TestShop, givers, item_id, object, request, shown, subject},
    stub::{Does, Stub, list_of, plain},
};
use crate::Level;

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
                    list_of("for-you", 9),
                    plain(),
                    vec![PageRule::Pin { position: 1, items: vec![item_id("p"), item_id("c")] }],
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
    assert!(shown(&shop.ask("finished", Some("u1")).await).starts_with("ch"), "a pin adds none either");
}

#[tokio::test]
async fn level_is_the_widest_namespace_that_was_present_in_what_gave_items() {
    let shop = TestShop::open(vec![
        ("for-you", Stub::new("for-you", Does::Pick(vec!["h"]))),
        ("season-front", Stub::new("season-front", Does::Pick(vec!["g"]))),
        ("bought-together", Stub::new("bought-together", Does::Pick(vec!["f"]))),
        (
            "complete-the-look",
            Stub::new("complete-the-look", Does::Move(list_of("bought-together", 9), plain(), vec![])),
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
    shop.engine.put_subject(&subject("u1"), object(json!({"postcode": "38000"})), true, None).await.unwrap();
    assert_eq!(shop.ask("home", Some("u1")).await.level, Level::Full);
    shop.stubs["for-you"].now_does(Does::Pick(vec![]));
    assert_eq!(shop.ask("home", Some("u1")).await.level, Level::Contextual, "it gave nothing");
}

#[tokio::test]
async fn what_is_left_out_is_not_shown() {
    let shop = TestShop::open(vec![
        ("bought-together", Stub::new("bought-together", Does::Pick(vec!["a", "b", "c", "d", "e", "f"]))),
        (
            "complete-the-look",
            Stub::new("complete-the-look", Does::Move(list_of("bought-together", 9), plain(), vec![])),
        ),
        ("season-front", Stub::new("season-front", Does::Pick(vec!["a", "b", "c", "d", "e", "f"]))),
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
    shop.engine.patch_item(&item_id("b"), object(json!({"in_stock": false})), None).await.unwrap();
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
    let shop = TestShop::with(&paid, POLICY, vec![]).await;
    let answer = shop.ask("home", None).await;
    assert_eq!(shown(&answer), "abcd", "b, the best of brand y, stands once");
    let mark = answer.items[1].sponsored.as_ref().unwrap();
    assert_eq!(
        (&*mark.advertiser, &*mark.label, &answer.items[1].strategy),
        ("Nordfjell AS", "Sponsorisé", &None)
    );
    shop.engine.patch_item(&item_id("b"), object(json!({"in_stock": false})), None).await.unwrap();
    let answer = shop.ask("home", None).await;
    assert_eq!((shown(&answer).as_str(), answer.items[1].sponsored.is_some()), ("adce", true));
    shop.set_time("2026-11-30T23:00:00Z");
    assert!(
        shop.ask("home", None).await.items.iter().all(|i| i.sponsored.is_none()),
        "the last day is over in Paris"
    );
}
