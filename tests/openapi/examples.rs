//! The document's examples are sent to the demo shop, and what it answers has the shape that the document says.

use serde_json::{Value, json};

use super::{Operation, document, operations, schema::violations};
use crate::support::{Answer, Server};

/// Checks that an answer is one that the document lists for the operation.
#[track_caller]
fn assert_listed(document: &Value, operation: &Operation, answer: &Answer) {
    let (name, text) = (&operation.name, &answer.text);
    let response = operation.response(answer.status);
    let response = response.unwrap_or_else(|| panic!("`{name}` lists no {}: {text}", answer.status));
    let Some(kind) = answer.header("content-type") else {
        assert!(response["content"].is_null() && text.is_empty(), "`{name}`: {text}");
        return;
    };
    let schema = &response["content"][kind]["schema"];
    assert!(schema.is_object(), "`{name}` lists no {kind} for {}", answer.status);
    assert_eq!(violations(document, schema, &answer.json()), [""; 0], "`{name}`: {text}");
    let tagged = !response["headers"]["ETag"].is_null();
    assert_eq!(answer.header("etag").is_some(), tagged, "`{name}`");
}

fn send(server: &Server, operation: &Operation, path: &str) -> Answer {
    let body = operation.example_body();
    let headers: Vec<(&str, &str)> = body.iter().map(|(kind, _)| ("content-type", kind.as_str())).collect();
    let sent = body.as_ref().map(|(_, body)| body.as_slice());
    server.client.send_as(&operation.verb, path, sent, &headers).expect("the server answers")
}

/// What makes something goes before what shows it, and what takes it away comes last.
fn turn(operation: &Operation) -> u8 {
    match (operation.verb.as_str(), operation.name.as_str()) {
        (_, "show_erasure") => 5,
        ("DELETE", _) => 4,
        (_, "replace_items") => 3,
        ("GET", _) => 2,
        ("PATCH", _) => 1,
        _ => 0,
    }
}

#[test]
fn every_example_is_answered_as_the_document_says() {
    let data = tempfile::tempdir().unwrap();
    let (server, document) = (Server::demo(data.path()), document());
    let mut operations = operations(&document);
    operations.sort_by_key(turn);
    let mut erased = String::new();
    for operation in &operations {
        let mut path = operation.example_path();
        if operation.name == "show_erasure" {
            // an erasure's id is made by the erasure
            path = operation.path.replace("{id}", &erased);
        }
        if operation.name == "replace_items" {
            // of the demo's items one is left
            path.push_str("?replace=all");
        }
        let answer = match operation.name.as_str() {
            // the name of a revision follows from the files of the shop
            "roll_back" => {
                let history = server.client.get("/v1/history").expect(200);
                server.client.post(&path, &json!({"to": history["revisions"][0]["revision"]}))
            }
            // so does the id of an answer, and a visitor is known once they have answered something
            "explain_answer" => {
                let list = server.client.recommend(&json!({"placement": "home"})).expect(200);
                let id = list["recommendation_id"].as_str().unwrap().to_owned();
                server.client.get(&operation.path.replace("{id}", &id))
            }
            "merge_visit" => {
                server.client.consent("visitor-8f3c", "personalisation");
                send(&server, operation, &path)
            }
            _ => send(&server, operation, &path),
        };
        assert!((200..300).contains(&answer.status), "`{}`: {}", operation.name, answer.text);
        assert_listed(&document, operation, &answer);
        if operation.name == "erase_subject" {
            erased = answer.json()["erasure_id"].as_str().unwrap().to_owned();
        }
    }
    assert!(operations.len() > 20 && !erased.is_empty());
}

#[test]
fn what_the_demo_shop_answers_has_the_shape_that_the_document_says() {
    let data = tempfile::tempdir().unwrap();
    let (server, document) = (Server::demo(data.path()), document());
    let operations = operations(&document);
    let named = |name: &str| operations.iter().find(|o| o.name == name).expect("it is in the document");
    let client = &server.client;
    let camille = json!({"placement": "home", "subject_id": "camille"});
    let tent = json!({"placement": "product_page", "context": {"page_item": "TEN-103"}, "locale": "en"});
    let bad_events = json!({"events": [{"type": "teleport"}, 7]});
    let undeclared = json!({"fields": {"shoe_size": 42}});
    let list = client.recommend(&camille).expect(200);
    let id = list["recommendation_id"].as_str().unwrap();
    let explained = client.get(&format!("/v1/recommendations/{id}/explanation?locale=fr"));
    for (name, answer) in [
        ("recommend", client.recommend(&camille)),
        ("recommend", client.recommend(&tent)),
        ("recommend", client.recommend(&json!({"placement": "home", "subject_id": "noor"}))),
        ("recommend", client.recommend(&json!({"placement": "nowhere"}))),
        ("recommend", client.recommend(&json!({"placement": 7}))),
        ("recommend_batch", client.post("/v1/recommendations/batch", &json!({"requests": [camille, tent]}))),
        ("record_events", client.post("/v1/events", &bad_events)),
        ("put_item", client.put("/v1/items/TEN-103", &undeclared)),
        (
            "change_item",
            client.send("PATCH", "/v1/items/TEN-103", Some(br#"{"fields":{"shoe_size":1}}"#), &[]).unwrap(),
        ),
        ("put_subject", client.put("/v1/subjects/u9", &undeclared)),
        ("export_subject", client.get("/v1/subjects/camille")),
        ("export_subject", client.get("/v1/subjects/nobody")),
        ("show_garden", client.get("/v1/subjects/camille/garden")),
        ("show_visit_garden", client.get("/v1/sessions/s1/garden")),
        ("change_garden", client.put("/v1/subjects/camille/garden", &json!({"forget": "last_hour"}))),
        ("change_garden", client.put("/v1/subjects/camille/garden", &json!({"paused": true}))),
        ("explain_answer", explained),
        ("explain_answer", client.get("/v1/recommendations/x/explanation")),
        ("show_strategy", client.get("/v1/strategies/magic")),
        ("replace_items", client.put("/v1/items", &json!({"item_id": 7}))),
        ("show_ready", client.get("/health/ready")),
    ] {
        assert_listed(&document, named(name), &answer);
    }
}
