//! Doors of people: profiles, answers to consent questions, what a request says.

use serde_json::{Value, json};

use super::{Shop, assert_tells, days_ago, said};

/// The personal strategy of the home page: whether it ran, and why not.
fn for_you(shop: &Shop, who: &str) -> (String, Option<String>) {
    shop.server.client.recommend(&json!({"placement": "home", "subject_id": who})).tried("for-you").unwrap()
}

fn refused(why: &str) -> (String, Option<String>) {
    ("refused".to_owned(), Some(why.to_owned()))
}

fn agree(shop: &Shop, who: &str) {
    shop.server.client.consent(who, "personalisation");
}

#[test]
fn an_age_that_cannot_be_read_is_refused_and_changes_nothing() {
    let shop = Shop::open();
    let client = &shop.server.client;
    let path = "/v1/subjects/kim";
    client.put(path, &json!({"fields": {"birth_date": "2015-05-17", "postcode": "05000"}})).expect(200);
    let before = client.get(path).expect(200)["fields"].clone();
    for value in [
        json!("17/05/2012"),
        json!("2012-05-17T00:00:00Z"),
        json!("2012-5-17"),
        json!("20120517"),
        json!("17 May 2012"),
        json!(""),
        json!(2012),
        json!(true),
        json!(["2012-05-17"]),
        json!({"year": 2012}),
    ] {
        for answer in [
            client.put(path, &json!({"fields": {"birth_date": value, "postcode": "75001"}})),
            shop.patch(path, &json!({"fields": {"birth_date": value, "postcode": "75001"}})),
            client.put("/v1/subjects/new", &json!({"fields": {"birth_date": value}})),
        ] {
            let problem = answer.expect(422);
            assert_tells(problem["detail"].as_str().unwrap(), "birth_date", &value);
        }
        assert_eq!(client.get(path).expect(200)["fields"], before, "{value}");
        assert_eq!(client.get("/v1/subjects/new").status, 404, "nobody was made of it");
    }
}

#[test]
fn a_child_stays_one_until_an_age_is_told_again() {
    let shop = Shop::open();
    let client = &shop.server.client;
    let path = "/v1/subjects/kim";
    client.put(path, &json!({"fields": {"birth_date": "2015-05-17"}})).expect(200);
    agree(&shop, "kim");
    assert_eq!(for_you(&shop, "kim"), refused("child"));
    // a form that does not ask for the age
    client.put(path, &json!({"fields": {"postcode": "75001"}})).expect(200);
    assert_eq!(client.get(path).expect(200)["fields"]["birth_date"]["value"], "2015-05-17");
    assert_eq!(for_you(&shop, "kim"), refused("child"));
    let taken = shop.patch(path, &json!({"fields": {"birth_date": null}})).expect(200);
    assert_eq!(taken["redacted"], json!([{"fields": ["birth_date"], "rule": "child-until-told"}]));
    assert_eq!(for_you(&shop, "kim"), refused("child"));
    // what the child agreed to does not count of the adult
    client.put(path, &json!({"fields": {"birth_date": "1990-05-17"}})).expect(200);
    assert_eq!(for_you(&shop, "kim"), refused("consent"));
    let consent = client.get("/v1/subjects/kim/consents/personalisation").expect(200);
    assert_eq!((&consent["status"], &consent["counts"]), (&json!("granted"), &json!(false)));
    agree(&shop, "kim");
    assert_ne!(for_you(&shop, "kim").0, "refused");
}

#[test]
fn an_answer_that_cannot_be_read_is_a_no_at_every_door() {
    let shop = Shop::open();
    let client = &shop.server.client;
    let path = |who: &str| format!("/v1/subjects/{who}/consents/personalisation");
    let answer = |who: &str, status: Value, at: Value| {
        json!({"subject_id": who, "consent": "personalisation", "status": status, "text_version": "2026-10", "at": at,
            "source": "banner"})
        .to_string()
    };
    let unreadable = [
        (json!("denied"), json!(days_ago(1))),
        (json!(null), json!(days_ago(1))),
        (json!(true), json!(days_ago(1))),
        (json!("granted"), json!("yesterday")),
        (json!("granted"), json!(days_ago(-2))),
    ];
    for (n, (status, at)) in unreadable.iter().enumerate() {
        let who = format!("p{n}");
        let yes = answer(&who, json!("granted"), json!(days_ago(9)));
        let output = shop.import("--consents", &[yes, answer(&who, status.clone(), at.clone())]);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.contains("line 2: `") && text.contains("must be"), "{text}");
        assert_eq!(client.get(&path(&who)).expect(200)["counts"], false, "{status} {at}");
        assert_eq!(for_you(&shop, &who), refused("consent"));
    }
    for status in [json!("denied"), json!("yes"), json!(1), json!(null)] {
        client.put(&path("q"), &json!({"status": status, "text_version": "2026-10"})).expect(422);
    }
    let long = "x".repeat(65);
    client
        .put(&path("q"), &json!({"status": "granted", "text_version": "2026-10", "source": long}))
        .expect(422);
    for status in ["refused", "withdrawn"] {
        agree(&shop, "q");
        let said = client.put(&path("q"), &json!({"status": status})).expect(200);
        assert_eq!((&said["status"], &said["counts"]), (&json!(status), &json!(false)));
    }
}

#[test]
fn what_a_request_says_unreadably_is_refused() {
    let shop = Shop::open();
    for (part, field, value) in [
        ("context", "kids_corner", json!("yes")),
        ("context", "page_item", json!(7)),
        ("context", "region", json!("mars")),
        ("session", "basket", json!("MAT-9999")),
    ] {
        let request = json!({"placement": "home", part: {field: value}});
        let problem = shop.server.client.recommend(&request).expect(422);
        assert_tells(problem["detail"].as_str().unwrap(), &format!("{part}.{field}"), &value);
    }
}

#[test]
fn products_of_never_are_kept_out_of_profiles_at_every_door() {
    let shop = Shop::open();
    let client = &shop.server.client;
    let item = |category: &str| json!({"fields": {"category": category, "in_stock": true, "price": "10.00"}});
    for (id, category) in [("TENT", "tents"), ("PILL", "Pharmacy > Sleep"), ("LATER", "tents")] {
        client.put(&format!("/v1/items/{id}"), &item(category)).expect(200);
    }
    let fields = json!({"fields": {"wished": ["TENT", "PILL", "rx-1", "LATER"], "liked": "PILL"}});
    let kept = |path: &str| client.get(path).expect(200)["fields"].clone();
    for (door, path, who) in [("PUT", "/v1/subjects/put", "put"), ("PATCH", "/v1/subjects/patch", "patch")] {
        agree(&shop, who);
        client.put(path, &json!({"fields": {"postcode": "05000"}})).expect(200);
        let stored = if door == "PUT" { client.put(path, &fields) } else { shop.patch(path, &fields) };
        let redacted = stored.expect(200)["redacted"].clone();
        assert_eq!(redacted, json!([{"fields": ["liked", "wished"], "rule": "never"}]), "{door}");
        assert_eq!(kept(path)["wished"]["value"], json!(["TENT", "LATER"]), "{door}");
        assert_eq!(kept(path)["liked"], Value::Null, "{door}");
    }
    // what becomes one later goes from every profile
    client.put("/v1/items/LATER", &item("pharmacy")).expect(200);
    for path in ["/v1/subjects/put", "/v1/subjects/patch"] {
        assert_eq!(kept(path)["wished"]["value"], json!(["TENT"]));
    }
}
