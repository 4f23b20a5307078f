//! What is wrong gets an error that says where and what to do, or the next strategy with the reason; the
//! process lives.

use serde_json::json;

use crate::support::{Client, Server};

fn problem(client: &Client, body: &[u8], headers: &[(&str, &str)]) -> (u16, serde_json::Value) {
    let answer = client.send("POST", "/v1/recommendations", Some(body), headers).unwrap();
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.text);
    (answer.status, answer.json())
}

#[test]
fn broken_json_is_refused_with_a_place_and_without_an_echo() {
    let data = tempfile::tempdir().unwrap();
    let mut server = Server::demo(data.path());
    let canary = "q7canary";
    let cases: Vec<(Vec<u8>, u16, &str)> = vec![
        (format!("{{\"placement\":\"{canary}").into_bytes(), 400, "ends too early"),
        (format!("{{\"placement\":\"home\",\"placement\":\"{canary}\"}}").into_bytes(), 400, "twice"),
        (format!("{{\"placement\":\"home\",\"{canary}\":1}}").into_bytes(), 422, "unknown key"),
        (format!("[\"{canary}\"]").into_bytes(), 422, "must be an object"),
        (
            format!("{{\"placement\":[\"{canary}\"]}}").into_bytes(),
            422,
            "`placement` must be a string, for example \"product_page\"",
        ),
        (
            format!("{{\"placement\":\"home\",\"limit\":\"{canary}\"}}").into_bytes(),
            422,
            "`limit` must be a whole number from 0 to 4294967295, for example 8",
        ),
        (format!("{{\"placement\":\"home\",\"session\":{{\"{canary}\":[]}}}}").into_bytes(), 422, ""),
        (format!("{{\"placement\":\"home\",\"context\":{{\"{canary}\":1}}}}").into_bytes(), 422, ""),
        (format!("{{\"placement\":\"home\",\"filter\":\"{canary}\"}}").into_bytes(), 422, ""),
        (
            format!("{{\"placement\":\"home\",\"subject\":{{\"birth_date\":\"{canary}\"}}}}").into_bytes(),
            422,
            "unknown key",
        ),
        (
            format!("{{\"placement\":\"home\",\"subject.birth_date\":\"{canary}\"}}").into_bytes(),
            422,
            "unknown key",
        ),
        (vec![0xff, 0xfe, b'{'], 400, "not valid JSON"),
        ("[".repeat(200_000).into_bytes(), 400, ""),
    ];
    for (body, status, phrase) in cases {
        let (got, problem) = problem(&server.client, &body, &[]);
        let detail = problem["detail"].as_str().unwrap();
        assert_eq!(got, status, "{problem}");
        assert!(detail.contains(phrase), "{detail}");
        assert!(!problem.to_string().contains(canary), "{problem}");
        assert_eq!(problem["instance"], "/v1/recommendations");
        assert!(problem["request_id"].is_string() && problem["type"].is_string());
    }
    assert!(server.is_running());
}

#[test]
fn an_oversized_body_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let mut server = Server::demo(data.path());
    let events: Vec<_> = (0..1001).map(|_| json!({"type": "view_item"})).collect();
    assert_eq!(server.client.post("/v1/events", &json!({"events": events})).status, 413);
    let body = format!("{{\"placement\":\"{}\"}}", "x".repeat(3 << 20));
    // the server may close the connection before it has read everything, which is as good a refusal
    if let Ok(answer) = server.client.send("POST", "/v1/recommendations", Some(body.as_bytes()), &[]) {
        assert_eq!(answer.status, 413, "{}", answer.text);
    }
    assert!(server.is_running());
}

#[test]
fn an_unknown_placement_is_a_404_that_lists_the_known_ones() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::demo(data.path());
    let (status, problem) = problem(&server.client, br#"{"placement":"hoome"}"#, &[]);
    assert_eq!(status, 404);
    let known: Vec<&str> = problem["known"].as_array().unwrap().iter().map(|k| k.as_str().unwrap()).collect();
    for name in ["home", "product_page", "basket"] {
        assert!(known.contains(&name), "{problem}");
    }
}

#[test]
fn the_wrong_route_method_or_kind_of_body_is_a_problem_too() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::demo(data.path());
    for (method, path, headers, status) in [
        ("GET", "/v1/nothing/secret-id-1", &[][..], 404),
        ("DELETE", "/v1/recommendations", &[][..], 405),
        ("PUT", "/v1/subjects/secret-id-1", &[("content-type", "text/xml")][..], 415),
        // no text in UTF-8
        ("GET", "/v1/subjects/secret-id-1%ff", &[][..], 422),
    ] {
        let body = (method == "PUT").then_some(&b"<x/>"[..]);
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", server.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        let agent: ureq::Agent = config.into();
        let mut response = match body {
            Some(body) => agent.run(request.body(body).unwrap()).unwrap(),
            None => agent.run(request.body(()).unwrap()).unwrap(),
        };
        let text = response.body_mut().read_to_string().unwrap();
        assert_eq!(response.status().as_u16(), status, "{method} {path}: {text}");
        let problem: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(problem["status"], status, "{text}");
        assert!(!text.contains("secret-id-1"), "{text}");
    }
}

#[test]
fn a_bad_event_is_refused_alone() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::demo(data.path());
    let events = json!({"events": [
        {"type": "teleport", "occurred_at": "2026-11-20T10:00:00Z"},
        {"type": "view_item", "occurred_at": "yesterday", "subject_id": "camille", "items": [{"item_id": "x"}]},
        "not an object",
        {"type": "view_item", "occurred_at": "2026-11-20T10:00:00Z", "subject_id": "camille"},
        {"type": "view_item", "occurred_at": "2126-11-20T10:00:00Z", "subject_id": "camille", "items": [{"item_id": "x"}]},
    ]});
    let receipt = server.client.post("/v1/events", &events).expect(202);
    assert_eq!(receipt["accepted"], 0, "{receipt}");
    let indices: Vec<u64> =
        receipt["rejected"].as_array().unwrap().iter().map(|r| r["index"].as_u64().unwrap()).collect();
    assert_eq!(indices, [0, 1, 2, 3, 4], "{receipt}");
}
