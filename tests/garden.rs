//! What somebody sees of what is kept of them, and decides by themselves, over HTTP: with a page token and with a key.

use serde_json::{Value, json};

use crate::support::{Answer, Server, example, program, unhurried};

const NOW: &str = "2026-11-20T10:00:00Z";

/// A shop with its products and a key of its website, which may also look after people.
struct Shop {
    folder: tempfile::TempDir,
    key: String,
}

impl Shop {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let shop = folder.path().join("shop");
        unhurried(&example("shop"), &shop);
        let run = |args: &[&str]| {
            let output = program().args(args).current_dir(&shop).output().unwrap();
            assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap()
        };
        let said = run(&["key", "add", "serve", "ingest", "subjects", "catalogue", "--name", "website"]);
        let key = said.lines().find(|line| line.starts_with("jardin_")).unwrap().to_owned();
        Self { folder, key }
    }

    fn serve_at(&self, now: &str) -> Server {
        let server =
            Server::serve_at(&self.folder.path().join("shop"), &self.folder.path().join("data"), now, 1);
        server.client.put_example_items(&[("authorization", &format!("Bearer {}", self.key))]);
        server
    }
}

fn send(server: &Server, verb: &str, path: &str, body: &Value, bearer: &str) -> Answer {
    let (authorization, body) = (format!("Bearer {bearer}"), body.to_string());
    let body = (verb != "GET").then_some(body.as_bytes());
    server.client.send(verb, path, body, &[("authorization", &authorization)]).unwrap()
}

fn token(server: &Server, key: &str, more: &Value) -> String {
    let mut wanted = json!({"scopes": ["serve", "ingest", "garden", "consent"], "session_id": "s1"});
    wanted.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    send(server, "POST", "/v1/tokens", &wanted, key).expect(201)["token"].as_str().unwrap().to_owned()
}

fn agree(server: &Server, who: &str, key: &str) {
    let yes = json!({"status": "granted", "text_version": "2026-10", "source": "test"});
    send(server, "PUT", &format!("/v1/subjects/{who}/consents/personalisation"), &yes, key).expect(200);
}

fn view(server: &Server, item: &str, bearer: &str) -> Value {
    let event = json!({"type": "view_item", "occurred_at": NOW, "items": [{"item_id": item}]});
    send(server, "POST", "/v1/events", &json!({"events": [event]}), bearer).expect(202)
}

/// What became of the strategy that reads people, asked with the key.
fn why(server: &Server, who: &str, key: &str) -> Option<String> {
    let body = json!({"placement": "home", "subject_id": who, "session_id": "s1"});
    let list = send(server, "POST", "/v1/recommendations", &body, key);
    list.expect(200);
    list.tried("for-you").and_then(|(_, why)| why)
}

#[test]
fn a_page_switches_off_and_one_that_the_shop_has_checked_may_switch_on() {
    let shop = Shop::open();
    let mut server = shop.serve_at(NOW);
    agree(&server, "ada", &shop.key);
    let page = token(&server, &shop.key, &json!({"subject_id": "ada"}));
    let checked = token(&server, &shop.key, &json!({"subject_id": "ada", "verified": true}));
    view(&server, "TEN-103", &page);
    view(&server, "MAT-101", &page);
    assert_eq!(why(&server, "ada", &shop.key), None);
    // names and counts, and neither a product nor a date
    let seen = send(&server, "GET", "/v1/subjects/me/garden", &Value::Null, &page).expect(200);
    let wanted = json!({
        "personal_lists": true, "learning": true, "paused": false, "objection": false, "restriction": false,
        "consents": {"personalisation": true}, "fields": [], "events": {"view_item": 2}, "dismissed": 0,
    });
    assert_eq!(seen, wanted);
    let whole = send(&server, "GET", "/v1/subjects/me/garden", &Value::Null, &checked).expect(200);
    assert_eq!(whole["details"]["events"][0]["items"][0]["item_id"], "TEN-103");
    let by_key = send(&server, "GET", "/v1/subjects/ada/garden", &Value::Null, &shop.key).expect(200);
    assert_eq!(by_key["details"], whole["details"]);

    let change = |body: Value, bearer: &str| send(&server, "PUT", "/v1/subjects/me/garden", &body, bearer);
    assert_eq!(change(json!({"personal_lists": false}), &page).expect(200), json!({"forgotten": 0}));
    assert_eq!(why(&server, "ada", &shop.key).as_deref(), Some("switched-off"));
    for widening in [json!({"personal_lists": true}), json!({"learning": true}), json!({"paused": false})] {
        let refused = change(widening, &page).expect(403);
        assert!(refused["detail"].as_str().unwrap().contains("`verified`"), "{refused}");
    }
    assert_eq!(why(&server, "ada", &shop.key).as_deref(), Some("switched-off"));
    change(json!({"personal_lists": true}), &checked).expect(200);
    assert_eq!(why(&server, "ada", &shop.key), None);
    // the visit is the token's own
    change(json!({"paused": true}), &page).expect(200);
    assert_eq!(why(&server, "ada", &shop.key).as_deref(), Some("paused"));
    assert_eq!(view(&server, "TEN-101", &page)["set_aside"]["reasons"], json!({"paused": 1}));
    change(json!({"paused": true, "session_id": "s2"}), &page).expect(403);
    assert_eq!(change(json!({"forget": "all"}), &page).expect(200)["forgotten"], 2);
    change(json!({"forget": "yesterday"}), &page).expect(422);
    server.stop();

    // all of it lasts, and the export says who switched what, when and where
    let server = shop.serve_at(NOW);
    assert_eq!(why(&server, "ada", &shop.key).as_deref(), Some("paused"));
    let export = send(&server, "GET", "/v1/subjects/ada", &Value::Null, &shop.key).expect(200);
    assert_eq!(export["events"], json!([]));
    let switches = export["switches"].as_array().unwrap();
    let said: Vec<(&Value, &Value)> = switches.iter().map(|s| (&s["name"], &s["on"])).collect();
    let lists = json!("personal_lists");
    assert_eq!(said, [(&lists, &json!(false)), (&lists, &json!(true))]);
    assert!(switches.iter().all(|s| s["source"].as_str().unwrap().starts_with("token ")), "{switches:?}");
}

#[test]
fn nobody_sees_or_switches_for_another() {
    let shop = Shop::open();
    let server = shop.serve_at(NOW);
    agree(&server, "noor", &shop.key);
    let page = token(&server, &shop.key, &json!({"subject_id": "ada", "verified": true}));
    let asked = |verb: &str, path: &str| {
        let body =
            if path.contains("sessions") { json!({"paused": true}) } else { json!({"learning": false}) };
        let mut answer = send(&server, verb, path, &body, &page).expect(403);
        answer["request_id"] = Value::Null;
        answer
    };
    for verb in ["GET", "PUT"] {
        assert_eq!(
            asked(verb, "/v1/subjects/noor/garden"),
            asked(verb, "/v1/subjects/zoe0/garden"),
            "{verb}"
        );
        assert_eq!(asked(verb, "/v1/sessions/s2/garden"), asked(verb, "/v1/sessions/s3/garden"), "{verb}");
    }
    assert_eq!(why(&server, "noor", &shop.key), None);
    // a token without that scope opens none, and neither does a key without that role
    let wanted = json!({"scopes": ["serve"], "subject_id": "ada"});
    let made = send(&server, "POST", "/v1/tokens", &wanted, &shop.key).expect(201);
    let list_only = made["token"].as_str().unwrap();
    send(&server, "GET", "/v1/subjects/me/garden", &Value::Null, list_only).expect(403);
    send(&server, "GET", "/v1/subjects/me/garden", &Value::Null, "v1.20777.AAAA").expect(401);
}

#[test]
fn a_visit_of_nobody_known_is_paused_asked_and_forgotten_by_its_page() {
    let shop = Shop::open();
    let server = shop.serve_at(NOW);
    let page = token(&server, &shop.key, &json!({}));
    let put =
        |path: &str, body: Value| send(&server, "PUT", &format!("/v1/sessions/me/{path}"), &body, &page);
    let list = |bearer: &str| {
        let body = json!({"placement": "home", "session_id": "s1"});
        send(&server, "POST", "/v1/recommendations", &body, bearer).items()
    };
    let first = list(&page).swap_remove(0);
    let dismiss = json!({"events": [{"type": "dismiss", "occurred_at": NOW, "items": [{"item_id": first}]}]});
    assert_eq!(send(&server, "POST", "/v1/events", &dismiss, &page).expect(202)["accepted"], 1);
    assert!(!list(&page).contains(&first) && !list(&shop.key).contains(&first));
    let yes = json!({"status": "granted", "text_version": "2026-10", "source": "somewhere"});
    let said = put("consents/personalisation", yes).expect(200);
    assert!(said["counts"] == true && said["source"].as_str().unwrap().starts_with("token "), "{said}");
    assert_eq!(put("objection", json!({"active": true})).expect(200), json!({"active": true}));
    assert_eq!(put("garden", json!({"paused": true, "forget": "last_hour"})).expect(200)["forgotten"], 0);
    let seen = send(&server, "GET", "/v1/sessions/me/garden", &Value::Null, &page).expect(200);
    assert_eq!(
        (&seen["paused"], &seen["objection"], &seen["dismissed"]),
        (&json!(true), &json!(true), &json!(1))
    );
    put("garden", json!({"learning": false})).expect(422);
}
