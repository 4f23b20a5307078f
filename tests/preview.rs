//! A page is seen before it is live: by a draft beside what is in force, while the shop serves.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Answer, Server, copy_folder, example, program};

/// Drops every tent.
const NO_TENTS: &str = "fn candidates(sources) { sources.catalogue(1000, #{}) }\nfn adjust(item) { if item.category == \"tents\" { item.drop(\"no tents today\"); } }\n";
/// Orders by a secret.
const BY_MARGIN: &str = "fn candidates(sources) { sources.catalogue(1000, #{}) }\nfn adjust(item) { if item.margin != () && item.margin > 0.3 { item.drop(\"x\"); } }\n";

/// The demo shop, with its items.
struct Shop {
    root: tempfile::TempDir,
    server: Server,
}

impl Shop {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let shop = root.path().join("shop");
        copy_folder(&example("shop"), &shop);
        assert!(program().args(["policy", "pin"]).arg(&shop).output().unwrap().status.success());
        let server = Server::serve(&shop, &root.path().join("data"));
        let text = fs::read_to_string(shop.join("items.jsonl")).unwrap();
        let items: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        server.client.post("/v1/items/batch", &json!({"items": items})).expect(200);
        Self { root, server }
    }

    fn preview(&self, body: &Value) -> Answer {
        self.server.client.post("/v1/preview", body)
    }

    /// As somebody who has a key with these roles.
    fn preview_by(&self, key: &str, body: &Value) -> Answer {
        let body = serde_json::to_vec(body).unwrap();
        let headers = [("content-type", "application/json"), ("authorization", key)];
        self.server.client.send("POST", "/v1/preview", Some(&body), &headers).unwrap()
    }

    fn add_key(&self, roles: &str) -> String {
        let mut command = program();
        command.args(["key", "add"]).args(roles.split(' ')).args(["--name", &roles.replace(' ', "-")]);
        let output = command.current_dir(self.root.path().join("shop")).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        format!("bearer {}", text.lines().find(|line| line.starts_with("jardin_")).unwrap())
    }
}

fn page(version: &Value) -> Vec<&str> {
    version["page"].as_array().unwrap().iter().map(|item| item["item_id"].as_str().unwrap()).collect()
}

#[test]
fn the_live_page_is_what_is_served_and_a_draft_stands_beside_it_and_changes_nothing() {
    let shop = Shop::new();
    let question = json!({"placement": "deals"});
    let served = shop.server.client.recommend(&question).items();
    assert!(!served.is_empty());
    let live = shop.preview(&question).expect(200);
    assert_eq!(page(&live["live"]), served);
    assert_eq!((&live["strategy"], &live["draft"]), (&json!("clearance"), &Value::Null));

    let home = json!({"placement": "home", "draft": {"script": "this_visit.rhai", "text": NO_TENTS}, "session": {"viewed": ["TEN-103", "TEN-104", "TEN-101"]}});
    let tried = shop.preview(&home).expect(200);
    let tents = |version: &Value| page(version).iter().filter(|id| id.starts_with("TEN")).count();
    assert!(tents(&tried["live"]) > 0, "{}", tried["live"]);
    assert_eq!(tents(&tried["draft"]), 0, "{}", tried["draft"]);
    let dropped = tried["draft"]["dropped"].as_array().unwrap();
    assert!(dropped.iter().all(|item| item["dropped"]["note"] == "no tents today"), "{dropped:?}");
    assert_eq!(shop.server.client.recommend(&question).items(), served);
    let left = fs::read_dir(shop.root.path().join("data")).unwrap();
    let drafts =
        left.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("draft"));
    assert_eq!(drafts.count(), 0);
}

#[test]
fn settings_are_tried_as_well_and_an_item_that_is_not_shown_says_why() {
    let shop = Shop::new();
    let settings = fs::read_to_string(example("shop").join("jardin.toml")).unwrap();
    let settings =
        settings.replacen("limit  = 12\nrepeats = \"allow\"", "limit  = 3\nrepeats = \"allow\"", 1);
    let tried = shop.preview(&json!({"placement": "home", "settings": settings})).expect(200);
    assert_eq!((page(&tried["live"]).len(), page(&tried["draft"]).len()), (12, 3));

    let why = |item: &str, draft: Option<&str>| {
        let draft = draft.map(|text| json!({"script": "this_visit.rhai", "text": text}));
        let session = json!({"viewed": ["TEN-103"]});
        shop.preview(&json!({"placement": "home", "why_not": item, "draft": draft, "session": session}))
    };
    assert_eq!(
        why("TEN-104", Some(NO_TENTS)).expect(200)["why_not"],
        "`this-visit` dropped it: no tents today"
    );
    let unknown = why("TEN-999", None);
    assert_eq!(unknown.status, 422);
    assert!(unknown.text.contains("the catalogue has no product `TEN-999`"), "{}", unknown.text);
    let sold_out = fs::read_to_string(example("shop").join("items.jsonl")).unwrap();
    let sold_out = sold_out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let sold_out = sold_out.into_iter().find(|item| item["fields"]["in_stock"] == false).unwrap();
    let said = why(sold_out["item_id"].as_str().unwrap(), None).expect(200);
    assert_eq!(said["why_not"], "it is not for sale: its `in_stock` is false");
}

#[test]
fn a_made_up_person_is_nobody_real() {
    let shop = Shop::new();
    let client = &shop.server.client;
    // somebody who is called as the made-up person is within, and who agreed and looked at skis
    client.consent("somebody", "personalisation");
    client.put("/v1/subjects/somebody", &json!({"fields": {"postcode": "05000"}})).expect(200);
    let skis = json!({"events": [{"type": "view_item", "occurred_at": crate::support::now_text(), "subject_id": "somebody",
        "session_id": "s", "items": [{"item_id": "SKI-101"}]}]});
    client.post("/v1/events", &skis).expect(202);
    let nobody = shop.preview(&json!({"placement": "home", "strategy": "for-you", "person": {}})).expect(200);
    let refused = &nobody["live"]["strategies"][0];
    assert_eq!((&refused["name"], &refused["why"]), (&json!("for-you"), &json!("consent")), "{nobody}");
    let agreed = json!({"placement": "home", "strategy": "for-you", "person": {"consent": ["personalisation"],
        "events": [{"type": "view_item", "days_ago": 1, "items": [{"item_id": "TEN-103"}]}]}});
    assert_eq!(shop.preview(&agreed).expect(200)["live"]["strategies"][0]["status"], "ran");
    let named = shop.preview(&json!({"placement": "home", "subject_id": "somebody"}));
    assert_eq!(named.status, 422, "{}", named.text);
}

#[test]
fn who_may_not_read_a_secret_of_the_shop_cannot_find_it_by_drafts() {
    let shop = Shop::new();
    let (merchant, both, serving) =
        (shop.add_key("merchant"), shop.add_key("merchant catalogue"), shop.add_key("serve"));
    for _ in 0..2_000 {
        // the shop looks at its folder by itself
        let placements =
            shop.server.client.send("GET", "/v1/placements", None, &[("authorization", &*serving)]);
        if placements.unwrap().status == 403 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert_eq!(shop.preview_by(&serving, &json!({"placement": "deals"})).status, 403);
    // live: no factor of a strategy that reads one
    let live = shop.preview_by(&merchant, &json!({"placement": "deals"})).expect(200);
    let moves = live["live"]["page"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|item| item["moves"].as_array().unwrap().clone());
    let of_clearance: Vec<Value> = moves.filter(|made| made["strategy"] == "clearance").collect();
    assert!(!of_clearance.is_empty(), "{live}");
    assert!(
        of_clearance.iter().all(|made| made["factor"].is_null() && made["direction"].is_string()),
        "{of_clearance:?}"
    );
    // drafts
    let by_margin = json!({"placement": "deals", "draft": {"script": "clearance", "text": BY_MARGIN}});
    let refused = shop.preview_by(&merchant, &by_margin);
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("reads `item.margin`, a secret of the shop"), "{}", refused.text);
    let settings = fs::read_to_string(example("shop").join("jardin.toml")).unwrap();
    let settings = json!({"placement": "deals", "settings": settings.replacen("margin_floor = 0.12", "margin_floor = 0.3", 1)});
    let refused = shop.preview_by(&merchant, &settings);
    assert!(refused.status == 422 && refused.text.contains("settings of `clearance`"), "{}", refused.text);
    shop.preview_by(&both, &by_margin).expect(200);
    shop.preview_by(&both, &settings).expect(200);
}

#[test]
fn what_cannot_be_previewed_is_said_with_its_place() {
    let shop = Shop::new();
    let draft =
        |text: &str| json!({"placement": "home", "draft": {"script": "this_visit.rhai", "text": text}});
    let denied = shop
        .preview(&draft("fn adjust(item, subject) { if subject.email != () { item.boost(2, \"x\"); } }\n"));
    assert_eq!(denied.status, 422, "{}", denied.text);
    let mistyped = shop.preview(&draft("fn adjust(item) {\n    item.bost(2);\n}\n"));
    let detail = mistyped.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with("the draft, line 2, column ") && detail.contains("bost"), "{detail}");
    assert_eq!(mistyped.status, 422);
    let placement = shop.preview(&json!({"placement": "hme"}));
    assert!(placement.status == 422 && placement.text.contains("`home`"), "{}", placement.text);
    let script = shop.preview(&json!({"placement": "home", "draft": {"script": "nothing.rhai", "text": ""}}));
    assert!(script.text.contains("no strategy of the policy runs `nothing.rhai`"), "{}", script.text);
}

#[test]
fn ten_previews_a_minute_are_answered() {
    let root = tempfile::tempdir().unwrap();
    let shop = root.path().join("shop");
    copy_folder(&example("shop"), &shop);
    assert!(program().args(["policy", "pin"]).arg(&shop).output().unwrap().status.success());
    // the time stands still
    let server = Server::serve_at(&shop, &root.path().join("data"), "2026-11-28T10:00:00Z", 1);
    let ask = || server.client.post("/v1/preview", &json!({"placement": "nowhere"}));
    for _ in 0..10 {
        assert!(ask().text.contains("there is no such placement"));
    }
    let refused = ask();
    assert!(
        refused.status == 422 && refused.text.contains("10 previews were asked for within a minute"),
        "{}",
        refused.text
    );
}
