//! The demo shop, used as its curl commands use it.

use serde_json::json;

use crate::support::{Server, example, now_text};

/// The items of the demo shop: id and fields.
fn catalogue() -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(example("shop").join("items.jsonl")).unwrap();
    text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn field<'a>(catalogue: &'a [serde_json::Value], id: &str, name: &str) -> &'a serde_json::Value {
    &catalogue.iter().find(|i| i["item_id"] == id).unwrap_or_else(|| panic!("{id} is no item"))["fields"]
        [name]
}

/// A tent that can be sold, to stand on a product page.
fn a_tent(catalogue: &[serde_json::Value]) -> String {
    let is_tent = |i: &&serde_json::Value| {
        i["fields"]["category"].as_str().is_some_and(|c| c.starts_with("tents"))
            && i["fields"]["in_stock"] == true
    };
    catalogue.iter().find(is_tent).expect("the shop sells tents")["item_id"].as_str().unwrap().to_owned()
}

#[test]
fn a_home_list_for_nobody_comes_from_the_shop_window() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::demo(data.path());
    let answer = server.client.recommend(&json!({"placement": "home"}));
    let items = answer.items();
    let catalogue = catalogue();
    assert_eq!(items.len(), 12, "{}", answer.text);
    assert!(items.iter().all(|id| *field(&catalogue, id, "in_stock") == true));
    let json = answer.json();
    assert_eq!((&json["level"], &json["personalised"]), (&json!("popular"), &json!(false)), "{json}");
    assert_eq!(answer.tried("for-you"), Some(("refused".to_owned(), Some("consent".to_owned()))));
}

#[test]
fn the_same_person_with_consent_without_and_with_an_objection() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::demo(data.path());
    let ask = json!({"placement": "home", "subject_id": "camille"});
    let with = server.client.recommend(&ask);
    assert_eq!(with.tried("for-you"), Some(("ran".to_owned(), None)), "{}", with.text);
    assert_eq!(with.json()["level"], "full", "{}", with.text);

    let without = server.client.recommend(
        &json!({"placement": "home", "subject_id": "camille", "consent": {"personalisation": false}}),
    );
    assert_eq!(without.tried("for-you"), Some(("refused".to_owned(), Some("consent".to_owned()))));
    assert_eq!(without.json()["personalised"], false);
    assert!(!without.items().is_empty());

    server.client.put("/v1/subjects/camille/objection", &json!({"active": true})).expect(200);
    let objected = server.client.recommend(&ask);
    assert_eq!(
        objected.tried("for-you"),
        Some(("refused".to_owned(), Some("objection".to_owned()))),
        "{}",
        objected.text
    );
    // what depends on no person is the same list for everybody who objected
    let sacha = server.client.recommend(&json!({"placement": "home", "subject_id": "sacha"}));
    assert_eq!(objected.items(), sacha.items());
    assert_ne!(objected.items(), with.items());
}

/// The home list of a visit without an account, without what differs in every answer.
fn home_of(server: &Server, visit: &str) -> serde_json::Value {
    let mut answer =
        server.client.recommend(&json!({"placement": "home", "session_id": visit, "locale": "en"})).json();
    answer.as_object_mut().unwrap().remove("recommendation_id").unwrap();
    answer
}

#[test]
fn an_unknown_visitors_home_follows_the_visit_from_the_third_click_and_goes_back_when_it_is_forgotten() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::demo(data.path());
    let (catalogue, window) = (catalogue(), home_of(&server, "v-1"));
    assert_eq!((&window["personalised"], &window["level"]), (&json!(false), &json!("popular")));
    for (clicks, id) in [(1, "SKI-102"), (2, "SKI-103"), (3, "SKB-102")] {
        let event = json!({"type": "view_item", "occurred_at": now_text(), "session_id": "v-1", "items": [{"item_id": id}]});
        server.client.post("/v1/events", &json!({"events": [event]})).expect(202);
        let now = home_of(&server, "v-1");
        assert_eq!(now["items"] == window["items"], clicks < 3, "{clicks} clicks: {now}");
    }
    let followed = home_of(&server, "v-1");
    assert_eq!((&followed["personalised"], &followed["level"]), (&json!(true), &json!("session")));
    let first = &followed["items"][0];
    let category = field(&catalogue, first["item_id"].as_str().unwrap(), "category");
    assert!(["skis", "ski-boots"].map(|c| json!(c)).contains(category), "{first}");
    assert_eq!(first["strategy"], "this-visit");
    assert_eq!(first["reason"], json!({"code": "this_visit", "text": "Of a kind that you just looked at"}));
    // the visit is forgotten: nobody knows it any more
    assert_eq!(home_of(&server, "v-2").to_string(), window.to_string());
    // and an objection within the visit is obeyed by the next answer
    let objected = json!({"placement": "home", "session_id": "v-1", "objected": true});
    assert_eq!(server.client.recommend(&objected).json()["personalised"], false);
}

#[test]
fn deals_are_deals_and_a_heading_that_cannot_be_kept_is_not_filled() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::demo(data.path());
    let catalogue = catalogue();
    let deals = server.client.recommend(&json!({"placement": "deals"})).items();
    assert!(deals.len() >= 3, "{deals:?}");
    for id in deals {
        assert!(field(&catalogue, &id, "tags").as_array().unwrap().contains(&json!("clearance")), "{id}");
    }
    // who refused everything looked at nothing here that could be shown again
    let answer = server.client.recommend(&json!({"placement": "seen_before", "subject_id": "noor"}));
    assert_eq!(answer.items(), Vec::<String>::new(), "{}", answer.text);
}

#[test]
fn a_product_page_shows_companions_and_no_rivals() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::demo(data.path());
    let catalogue = catalogue();
    let tent = a_tent(&catalogue);
    let answer = server
        .client
        .recommend(&json!({"placement": "product_page", "context": {"page_item": tent}, "locale": "fr-FR"}));
    let items = answer.items();
    assert!(!items.is_empty() && items.len() <= 6, "{}", answer.text);
    assert_eq!(answer.tried("complete-the-look"), Some(("ran".to_owned(), None)), "{}", answer.text);
    assert!(!items.contains(&tent));
    let made = answer.json()["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|i| i["strategy"] == "complete-the-look")
        .count();
    assert!(made > 0, "{}", answer.text);
    for item in
        answer.json()["items"].as_array().unwrap().iter().filter(|i| i["strategy"] == "complete-the-look")
    {
        let category = field(&catalogue, item["item_id"].as_str().unwrap(), "category").as_str().unwrap();
        assert_ne!(category, field(&catalogue, &tent, "category").as_str().unwrap());
    }
}

#[test]
fn an_item_out_of_stock_is_gone_from_the_next_answer() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::demo(data.path());
    let ask = json!({"placement": "home"});
    let first = server.client.recommend(&ask).items()[0].clone();
    let mut item = server.client.get(&format!("/v1/items/{first}")).expect(200);
    assert!(item["fields"].get("margin").is_none(), "a confidential field left the shop: {item}");
    let sold_out = server
        .client
        .send("PATCH", &format!("/v1/items/{first}"), Some(br#"{"fields":{"in_stock":false}}"#), &[])
        .unwrap();
    assert_eq!(sold_out.status, 200, "{}", sold_out.text);
    assert!(!server.client.recommend(&ask).items().contains(&first));
    item["fields"]["in_stock"] = json!(true);
    assert_eq!(
        server
            .client
            .send("PATCH", &format!("/v1/items/{first}"), Some(br#"{"fields":{"in_stock":true}}"#), &[])
            .unwrap()
            .status,
        200
    );
    assert!(server.client.recommend(&ask).items().contains(&first));
}

#[test]
fn the_stop_switch_is_obeyed_at_once_and_survives_a_restart() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::demo(data.path());
    let ask = json!({"placement": "home", "subject_id": "camille"});
    server
        .client
        .put("/v1/policy/stop", &json!({"everything": false, "strategies": ["for-you"]}))
        .expect(200);
    assert_eq!(
        server.client.recommend(&ask).tried("for-you"),
        Some(("refused".to_owned(), Some("stopped".to_owned())))
    );
    drop(server);
    let server = Server::demo(data.path());
    assert_eq!(
        server.client.recommend(&ask).tried("for-you"),
        Some(("refused".to_owned(), Some("stopped".to_owned())))
    );
    server.client.put("/v1/policy/stop", &json!({"everything": false, "strategies": []})).expect(200);
    assert_eq!(server.client.recommend(&ask).tried("for-you").unwrap().0, "ran");
}

#[test]
fn a_child_is_not_profiled() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::demo(data.path());
    server.client.put("/v1/subjects/kim", &json!({"fields": {"birth_date": "2015-01-01"}})).expect(200);
    server.client.consent("kim", "personalisation");
    let answer = server.client.recommend(&json!({"placement": "home", "subject_id": "kim"}));
    assert_eq!(
        answer.tried("for-you"),
        Some(("refused".to_owned(), Some("child".to_owned()))),
        "{}",
        answer.text
    );
}

#[test]
fn the_demo_begins_with_what_sells_well_and_not_with_what_is_new() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::demo(data.path());
    let shown = server.client.recommend(&json!({"placement": "home", "limit": 5})).items();
    let catalogue = catalogue();
    let since = |id: &str| field(&catalogue, id, "online_since").as_str().unwrap().to_owned();
    // the items stand in the file from the oldest to the newest; without counts the newest would come first
    let newest: Vec<&str> = catalogue.iter().rev().take(5).map(|i| i["item_id"].as_str().unwrap()).collect();
    assert!(!shown.iter().any(|id| newest.contains(&id.as_str())), "{shown:?}");
    assert!(shown.iter().any(|id| *since(id) < *"2026"), "{shown:?}");
}
