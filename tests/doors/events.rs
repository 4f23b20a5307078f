//! Doors of events: what a rule of the policy keeps out is set aside, and what cannot be read is refused by a sentence.

use serde_json::{Value, json};

use super::{Shop, days_ago, said};

fn tent() -> Value {
    json!({"fields": {"category": "tents", "in_stock": true, "price": "10.00"}})
}

fn view(who: &str, at: String) -> Value {
    json!({"type": "view_item", "occurred_at": at, "subject_id": who, "items": [{"item_id": "TENT"}]})
}

fn answer(who: &str, days: i64) -> String {
    json!({"subject_id": who, "consent": "personalisation", "status": "granted", "text_version": "2026-10",
        "at": days_ago(days), "source": "banner"})
    .to_string()
}

/// Somebody for whom an event is kept out, the event's day, and the rule.
const KEPT_OUT: [(&str, i64, &str); 5] = [
    ("nobody-who-agreed", 0, "no-purpose"),
    ("agreed-later", 12, "no-purpose"),
    ("was-a-child", 60, "no-purpose"),
    ("restricted", 0, "restricted"),
    ("long-ago", 100, "too-old"),
];

fn open_with_people() -> Shop {
    let shop = Shop::open();
    let client = &shop.server.client;
    client.put("/v1/items/TENT", &tent()).expect(200);
    // eighteen for a month: the years begin at midnight of the shop's time zone, which is less than a day off
    let birth = {
        let month_ago = days_ago(30);
        let parts: Vec<&str> = month_ago.split('-').collect();
        format!("{}-{}-15", parts[0].parse::<i32>().unwrap() - 18, parts[1])
    };
    client.put("/v1/subjects/was-a-child", &json!({"fields": {"birth_date": birth}})).expect(200);
    let answers =
        [("agreed-later", 10), ("was-a-child", 90), ("restricted", 10), ("long-ago", 120), ("free", 10)];
    let lines: Vec<String> = answers.iter().map(|(who, days)| answer(who, *days)).collect();
    assert_eq!(shop.import("--consents", &lines).status.code(), Some(0));
    client.put("/v1/subjects/restricted/restriction", &json!({"active": true})).expect(200);
    shop
}

#[test]
fn what_the_policy_keeps_out_is_set_aside_over_http_and_in_a_file() {
    let shop = open_with_people();
    let client = &shop.server.client;
    for (who, days, rule) in KEPT_OUT {
        let receipt = client.post("/v1/events", &json!({"events": [view(who, days_ago(days))]})).expect(202);
        assert_eq!(receipt["set_aside"], json!({"count": 1, "reasons": {rule: 1}}), "{who}");
        assert_eq!((&receipt["accepted"], &receipt["rejected"]), (&json!(0), &json!([])), "{who}");
    }
    let lines: Vec<String> =
        KEPT_OUT.iter().map(|(who, days, _)| view(who, days_ago(*days)).to_string()).collect();
    let output = shop.import("", &lines);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    for line in [
        "3 set aside: events for which nobody agreed",
        "1 set aside: events older",
        "1 set aside: events of people",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let free = client.post("/v1/events", &json!({"events": [view("free", days_ago(0))]})).expect(202);
    assert_eq!((&free["accepted"], &free["set_aside"]), (&json!(1), &Value::Null));
}

#[test]
fn an_event_that_names_its_own_category_is_judged_by_it() {
    let shop = open_with_people();
    for (key, value) in [
        ("category", json!("Pharmacy > Sleep")),
        ("category", json!(["pharmacy"])),
        ("category", json!("phar\u{200b}macy|sleep")),
        ("tags", json!("spicy, HALAL")),
        ("tags", json!(["halal/meat"])),
        ("sku", json!("rx-1")),
    ] {
        let mut event = view("free", days_ago(0));
        event["items"][0] = json!({"item_id": "NEW", key: value});
        let receipt = shop.server.client.post("/v1/events", &json!({"events": [event]})).expect(202);
        assert_eq!(receipt["set_aside"]["reasons"], json!({"never": 1}), "{key} {value}");
        let output = shop.import("", &[event.to_string()]);
        assert!(said(&output).contains("1 set aside: products of events"), "{}", said(&output));
    }
}

#[test]
fn an_event_that_cannot_be_read_is_refused_by_a_sentence() {
    let shop = open_with_people();
    let mut unknown = view("free", days_ago(0));
    unknown["type"] = json!("page_view");
    let mut undated = view("free", days_ago(0));
    undated["occurred_at"] = json!("20/11/2026");
    let mut ahead = view("free", days_ago(-1));
    ahead["event_id"] = json!("e");
    let events = json!({"events": [unknown, undated, ahead, 7]});
    let receipt = shop.server.client.post("/v1/events", &events).expect(202);
    let said_of: Vec<(&str, &str)> = receipt["rejected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|refused| (refused["problem"].as_str().unwrap(), refused["detail"].as_str().unwrap()))
        .collect();
    let words: Vec<&str> = said_of.iter().map(|(word, _)| *word).collect();
    assert_eq!(words, ["unknown-type", "occurred-at-invalid", "ahead", "not-an-object"]);
    assert!(said_of[0].1.contains("`view_item`, ") && said_of[0].1.contains("`useful`"), "{}", said_of[0].1);
    assert!(said_of[1].1.contains("for example \"2026-11-20T10:00:00Z\""));
    let output = shop.import("", &[events["events"][0].to_string(), events["events"][1].to_string()]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text.contains("line 1: `type` must be one of ") && text.contains("line 2: `occurred_at` must be"),
        "{text}"
    );
}

#[test]
fn items_that_nobody_knows_are_told_and_counted() {
    let shop = open_with_people();
    let client = &shop.server.client;
    let mut event = view("free", days_ago(0));
    event["items"] = json!([{"item_id": "gid://shopify/Product/1"}, {"item_id": "TENT"}]);
    let receipt = client.post("/v1/events", &json!({"events": [event]})).expect(202);
    assert_eq!(receipt["unknown_items"], 1);
    let request = json!({"placement": "home", "context": {"page_item": "NOWHERE"}, "session": {"basket": ["NOR-HERE", "TENT"]}});
    client.recommend(&request).expect(200);
    let health = client.get("/health/ready").json();
    assert_eq!(health["counters"]["unknown-items"], 3);
    let notes = health["notes"].as_array().unwrap();
    assert!(
        notes.iter().any(|note| note.as_str().unwrap().contains("items that the catalogue does not have")),
        "{notes:?}"
    );
}
