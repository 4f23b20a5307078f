//! Page tokens: what a page may ask with one, for whom, and until when.

mod endings;

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::{
    openapi::{document, operations},
    support::{Answer, Server, example, program, unhurried},
};

const NOW: &str = "2026-11-20T10:00:00Z";
const EVERY_SCOPE: [&str; 4] = ["serve", "ingest", "consent", "garden"];

/// A shop with keys, served at a time that stands still.
struct Shop {
    folder: tempfile::TempDir,
    /// Of the shop's own pages.
    website: String,
    /// Which may do everything.
    office: String,
}

impl Shop {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        unhurried(&example("shop"), &folder.path().join("shop"));
        let mut shop = Self { folder, website: String::new(), office: String::new() };
        shop.website = shop.key("add serve ingest --name website");
        shop.office =
            shop.key("add serve ingest catalogue subjects merchant compliance operations --name office");
        shop
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("shop")
    }

    /// What a command about keys prints.
    fn key(&self, args: &str) -> String {
        let mut command = program();
        let output = command.arg("key").args(args.split(' ')).current_dir(self.path()).output().unwrap();
        assert!(output.status.success(), "{args}: {}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8(output.stdout).unwrap();
        said.lines().find(|line| line.starts_with("jardin_")).unwrap_or_default().to_owned()
    }

    fn serve_at(&self, now: &str) -> Server {
        Server::serve_at(&self.path(), &self.folder.path().join("data"), now, 1)
    }
}

fn send(server: &Server, verb: &str, path: &str, body: &Value, bearer: &str) -> Answer {
    let (authorization, body) = (format!("Bearer {bearer}"), body.to_string());
    let body = (verb != "GET" && verb != "DELETE").then_some(body.as_bytes());
    server.client.send(verb, path, body, &[("authorization", &authorization)]).unwrap()
}

#[track_caller]
fn ask_for_token(server: &Server, key: &str, wanted: &Value) -> String {
    let made = send(server, "POST", "/v1/tokens", wanted, key).expect(201);
    made["token"].as_str().unwrap().to_owned()
}

fn of_ada() -> Value {
    json!({"scopes": EVERY_SCOPE, "subject_id": "ada", "session_id": "s1"})
}

fn list(server: &Server, bearer: &str) -> Answer {
    send(server, "POST", "/v1/recommendations", &json!({"placement": "home"}), bearer)
}

fn view(more: &Value) -> Value {
    let mut event = json!({"type": "view_item", "occurred_at": NOW, "items": [{"item_id": "TEN-103"}]});
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"events": [event]})
}

#[test]
fn a_page_asks_and_tells_for_its_own_person_and_visit() {
    let shop = Shop::new();
    let server = shop.serve_at(NOW);
    let page = ask_for_token(&server, &shop.website, &of_ada());
    assert!(!page.contains("ada"));
    // what the token says is what the body would have said
    let said = send(
        &server,
        "PUT",
        "/v1/subjects/me/consents/personalisation",
        &json!({"status": "granted", "text_version": "2026-10", "source": "somewhere"}),
        &page,
    );
    let consent = said.expect(200);
    assert!(consent["source"].as_str().unwrap().starts_with("token "), "{consent}");
    let stored = send(&server, "GET", "/v1/subjects/ada", &Value::Null, &shop.office).expect(200);
    assert_eq!(stored["consents"][0]["name"], "personalisation");
    send(&server, "POST", "/v1/events", &view(&json!({})), &page).expect(202);
    let stored = send(&server, "GET", "/v1/subjects/ada", &Value::Null, &shop.office).expect(200);
    assert_eq!(stored["events"][0]["session_id"], "s1", "{stored}");
    let own = json!({"placement": "home", "subject_id": "ada", "session_id": "s1"});
    send(&server, "POST", "/v1/recommendations", &own, &page).expect(200);
}

#[test]
fn an_answer_to_a_page_says_nothing_of_how_it_came_about() {
    let shop = Shop::new();
    let server = shop.serve_at(NOW);
    let page = ask_for_token(&server, &shop.website, &of_ada());
    let batch = json!({"requests": [{"placement": "home"}]});
    let lists = send(&server, "POST", "/v1/recommendations/batch", &batch, &page).expect(200);
    let told = list(&server, &page).expect(200);
    for told in [&told, &lists["answers"][0]] {
        let keys: Vec<&String> = told.as_object().unwrap().keys().collect();
        let wanted = ["items", "level", "locale", "personalised", "recommendation_id", "shortfall"];
        assert_eq!(keys, [&wanted[..], &["title", "warnings"]].concat());
        for item in told["items"].as_array().unwrap() {
            assert!(item["strategy"].is_null() && item["why"].is_null(), "{item}");
        }
    }
    assert!(list(&server, &shop.website).expect(200)["strategies"].is_array());
}

#[test]
fn a_token_is_for_nobody_else_by_any_route() {
    let shop = Shop::new();
    let server = shop.serve_at(NOW);
    let page = ask_for_token(&server, &shop.website, &of_ada());
    let (document, mut refused) = (document(), 0);
    for operation in operations(&document) {
        // the examples of the document name the person `u1` and the visit `s1`
        let body = operation.example_body().map(|(_, body)| body);
        let body = body.and_then(|body| serde_json::from_slice(&body).ok()).unwrap_or(Value::Null);
        let answer = send(&server, &operation.verb, &operation.example_path(), &body, &page);
        let open = ["show_live", "show_ready", "show_gpc", "show_version", "show_notice", "show_parameters"];
        let is_open = open.contains(&&*operation.name);
        match (is_open, &*operation.name) {
            // the shop has no items, is not ready, and gave no such answer
            (false, "show_item" | "explain_answer") => assert_eq!(answer.status, 404, "{}", answer.text),
            (true, "show_ready") => assert_eq!(answer.json(), json!({"ready": false})),
            (true, _) => assert_eq!(answer.status, 200, "{}", operation.name),
            // its example names nobody
            (false, "recommend_batch" | "record_events" | "list_questions") => {
                assert!(answer.status < 300, "{}", answer.text)
            }
            _ => {
                assert_eq!(answer.status, 403, "`{}`: {}", operation.name, answer.text);
                refused += 1;
            }
        }
    }
    assert!(refused > 20, "{refused}");
    for (verb, path, body) in [
        ("POST", "/v1/recommendations", json!({"placement": "home", "subject_id": "noor"})),
        ("POST", "/v1/recommendations", json!({"placement": "home", "session_id": "s2"})),
        (
            "POST",
            "/v1/recommendations/batch",
            json!({"requests": [{"placement": "home"}, {"placement": "home", "subject_id": "noor"}]}),
        ),
        ("POST", "/v1/events", view(&json!({"subject_id": "noor"}))),
        ("POST", "/v1/events", view(&json!({"session_id": 7}))),
        ("GET", "/v1/subjects/noor/consents/personalisation", Value::Null),
        ("PUT", "/v1/subjects/noor/objection", json!({"active": true})),
    ] {
        let answer = send(&server, verb, path, &body, &page).expect(403);
        assert_eq!(answer["detail"], "the token is for another person or another visit", "{path}");
    }
    let health = send(&server, "GET", "/health/ready", &Value::Null, &shop.office).json();
    // seven here, and those of the documents' examples that name somebody
    assert_eq!(health["counters"]["tokens-for-another"], 7 + 10, "{health}");
}

#[test]
fn somebody_unknown_is_refused_as_somebody_known_is() {
    let shop = Shop::new();
    let server = shop.serve_at(NOW);
    let (page, path) = (ask_for_token(&server, &shop.website, &of_ada()), "consents/personalisation");
    let yes = json!({"status": "granted", "text_version": "2026-10"});
    send(&server, "PUT", &format!("/v1/subjects/noor/{path}"), &yes, &shop.office).expect(200);
    let [known, unknown] = ["noor", "zoe0"].map(|who| {
        let answer = send(&server, "GET", &format!("/v1/subjects/{who}/{path}"), &Value::Null, &page);
        let mut body = answer.expect(403);
        body["request_id"] = Value::Null;
        body
    });
    assert_eq!(known, unknown);
}

#[test]
fn a_token_that_names_nobody_asks_for_nobody() {
    let shop = Shop::new();
    let server = shop.serve_at(NOW);
    let page = ask_for_token(&server, &shop.website, &json!({"scopes": EVERY_SCOPE, "placements": ["home"]}));
    list(&server, &page).expect(200);
    for body in [json!({"placement": "home", "subject_id": "ada"}), json!({"placement": "basket"})] {
        send(&server, "POST", "/v1/recommendations", &body, &page).expect(403);
    }
    send(&server, "PUT", "/v1/subjects/me/objection", &json!({"active": true}), &page).expect(403);
    send(&server, "POST", "/v1/events", &view(&json!({"subject_id": "ada"})), &page).expect(403);
    send(&server, "POST", "/v1/events", &view(&json!({})), &page).expect(202);
}

#[test]
fn a_scope_opens_its_own_routes_and_is_given_by_a_key_that_has_its_role() {
    let shop = Shop::new();
    let feed = shop.key("add ingest --name feed");
    let catalogue = shop.key("add catalogue --name catalogue");
    let server = shop.serve_at(NOW);
    let make = |key: &str, wanted: &Value| send(&server, "POST", "/v1/tokens", wanted, key);
    make(&feed, &json!({"scopes": ["serve"]})).expect(403);
    make(&catalogue, &json!({"scopes": ["ingest"]})).expect(403);
    for wanted in [
        json!({}),
        json!({"scopes": []}),
        json!({"scopes": ["everything"]}),
        json!({"scopes": ["serve"], "lasts_minutes": 61}),
        json!({"scopes": ["serve"], "lasts_minutes": 0}),
        json!({"scopes": ["serve"], "subject_id": "ada", "visitor": true}),
    ] {
        make(&shop.website, &wanted).expect(422);
    }
    let page = ask_for_token(&server, &feed, &json!({"scopes": ["ingest"], "subject_id": "ada"}));
    send(&server, "POST", "/v1/events", &view(&json!({})), &page).expect(202);
    list(&server, &page).expect(403);
    send(&server, "PUT", "/v1/subjects/me/objection", &json!({"active": true}), &page).expect(403);
    // no token makes another
    make(&page, &json!({"scopes": ["ingest"]})).expect(403);
}

#[test]
fn a_beacon_carries_its_token_in_a_text() {
    let shop = Shop::new();
    let server = shop.serve_at(NOW);
    let page = ask_for_token(&server, &shop.website, &of_ada());
    let beacon = |body: &Value, headers: &[(&str, &str)]| {
        let headers = [&[("content-type", "text/plain;charset=UTF-8")], headers].concat();
        server.client.send_as("POST", "/v1/events", Some(body.to_string().as_bytes()), &headers).unwrap()
    };
    let with_token = |token: &str| {
        let mut body = view(&json!({}));
        body["token"] = token.into();
        body
    };
    beacon(&with_token(&page), &[]).expect(202);
    beacon(&view(&json!({})), &[("authorization", &format!("Bearer {page}"))]).expect(202);
    beacon(&view(&json!({})), &[]).expect(401);
    beacon(&with_token("v1.20777.AAAA"), &[]).expect(401);
    let of_another =
        json!({"token": page, "events": [{"type": "view_item", "occurred_at": NOW, "subject_id": "noor"}]});
    beacon(&of_another, &[]).expect(403);
    // a key is not sent by a page: neither in a body nor with a text
    beacon(&with_token(&shop.website), &[]).expect(415);
    beacon(&view(&json!({})), &[("authorization", &format!("Bearer {}", shop.website))]).expect(415);
    // nor does a token stand in the body of anything else
    server.client.post("/v1/events", &with_token(&page)).expect(401);
    let long = json!({"token": page, "events": [], "filler": "x".repeat(64 << 10)});
    beacon(&long, &[]).expect(413);
}

#[test]
fn while_no_key_exists_a_text_needs_a_token_too() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::demo(data.path());
    let (plain, body) = ([("content-type", "text/plain")], view(&json!({})).to_string());
    let refused = server.client.send_as("POST", "/v1/events", Some(body.as_bytes()), &plain).unwrap();
    refused.expect(415);
    let made =
        server.client.post("/v1/tokens", &json!({"scopes": ["serve"], "subject_id": "ada"})).expect(201);
    let page = made["token"].as_str().unwrap();
    list(&server, page).expect(200);
    // a token is never more than it says, and a wrong one is not nobody's
    send(&server, "GET", "/v1/subjects/ada", &Value::Null, page).expect(403);
    list(&server, &format!("{page}A")).expect(401);
}

#[test]
fn nothing_is_stored_of_a_visitor_before_a_consent_is() {
    let shop = Shop::new();
    let server = shop.serve_at(NOW);
    let wanted = json!({"scopes": EVERY_SCOPE, "visitor": true});
    let made = send(&server, "POST", "/v1/tokens", &wanted, &shop.website).expect(201);
    let (page, visitor) = (made["token"].as_str().unwrap(), made["subject_id"].as_str().unwrap());
    let again = send(&server, "POST", "/v1/tokens", &wanted, &shop.website).expect(201);
    assert_ne!(again["subject_id"], visitor);
    let stored = || send(&server, "GET", &format!("/v1/subjects/{visitor}"), &Value::Null, &shop.office);
    send(&server, "POST", "/v1/events", &view(&json!({"session_id": null})), page).expect(202);
    list(&server, page).expect(200);
    stored().expect(404);
    let yes = json!({"status": "granted", "text_version": "2026-10"});
    send(&server, "PUT", "/v1/subjects/me/consents/personalisation", &yes, page).expect(200);
    send(&server, "POST", "/v1/events", &view(&json!({})), page).expect(202);
    assert_eq!(stored().expect(200)["events"].as_array().unwrap().len(), 1);
}

#[test]
fn a_page_that_may_record_answers_reads_the_questions_in_its_language() {
    let shop = Shop::new();
    let server = shop.serve_at(NOW);
    let token = |wanted: Value| ask_for_token(&server, &shop.website, &wanted);
    let asked = |path: &str, token: &str| send(&server, "GET", path, &Value::Null, token);
    let banner = token(json!({"scopes": ["consent"], "locale": "en-GB"}));
    assert_eq!(asked("/v1/consents", &banner).expect(200)["locale"], "en");
    assert_eq!(asked("/v1/consents?locale=fr", &banner).expect(200)["locale"], "fr");
    let lists = token(json!({"scopes": ["serve"], "locale": "en-GB"}));
    assert_eq!(asked("/v1/consents", &lists).status, 403);
}
