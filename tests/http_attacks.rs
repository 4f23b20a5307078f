//! Attacks over HTTP, by their classes. Each class and the tests that hold it:
//!
//! - keys of the inside sent by a client, names that differ by case, form or nesting: here
//! - a key twice in an object: `bad_input`, `doors::items`; `Sec-GPC` that is odd or sent twice: here
//! - another person's list, consent, garden or export by a page token: `tokens`; who may know that somebody exists:
//!   `tokens::somebody_unknown_is_refused_as_somebody_known_is`
//! - a value repeated in an answer that refuses it: here for every route, `bad_input`
//! - `ETag`, `Vary` and the length of an answer: here; secrets of the catalogue: `public_items`
//! - oversized, slow, cut off, unread, pipelined, of another type: `limits`, `connections`, `tls`, here
//! - a page of another origin, a name that leads to this machine, a proxy: `server_rules`, `browser`

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    openapi::{document, operations},
    support::{Answer, Server},
};

/// What no answer may repeat.
const CANARY: &str = "q7canary";

fn demo() -> (tempfile::TempDir, Server) {
    let data = tempfile::tempdir().unwrap();
    let server = Server::demo(data.path());
    (data, server)
}

fn ask(server: &Server, body: &Value) -> Answer {
    server.client.recommend(body)
}

#[test]
fn no_key_of_the_inside_is_taken_from_a_client() {
    let (_data, server) = demo();
    for key in [
        "subject",
        "subject.birth_date",
        "session.basket",
        "profile",
        "flags",
        "is_shed",
        "debug",
        "trace",
        "explain",
        "now",
        "policy",
        "policy_revision",
        "strategies",
        "chain",
        "params",
        "level",
        "personalised",
        "consents",
        "restricted",
        "roles",
        "__proto__",
    ] {
        let refused = ask(&server, &json!({"placement": "home", key: CANARY})).expect(422);
        assert!(!refused.to_string().contains(CANARY), "{refused}");
    }
    for (outer, inner) in
        [("signals", "signals"), ("signals", "objected"), ("session", "session"), ("context", "now")]
    {
        ask(&server, &json!({"placement": "home", outer: {inner: {"gpc": false}}})).expect(422);
    }
}

/// Names are compared byte by byte: what looks like a name is another one, and what is another one is not known.
#[test]
fn a_name_of_another_case_or_form_is_another_name() {
    let (_data, server) = demo();
    // a Cyrillic о, a fullwidth h, capitals, a space, a zero-width joiner
    for placement in ["h\u{43e}me", "\u{ff48}ome", "Home", "HOME", "home ", "ho\u{200d}me"] {
        ask(&server, &json!({"placement": placement})).expect(404);
    }
    for key in ["Placement", "PLACEMENT", "placement ", "pl\u{430}cement"] {
        ask(&server, &json!({key: "home"})).expect(422);
    }
    for key in ["Objected", "\u{43e}bjected", "Consent", "Signals"] {
        ask(&server, &json!({"placement": "home", key: true})).expect(422);
    }
    // a no to a question of another name would be lost, and is not taken for nothing said
    for consent in ["Personalisation", "pers\u{43e}nalisation", "personalisation "] {
        ask(&server, &json!({"placement": "home", "consent": {consent: false}})).expect(422);
    }
    // two forms of é are two people
    let [one, other] = ["ren\u{e9}e", "rene\u{301}e"];
    let path = |who: &str| {
        let bytes: String = who.bytes().map(|byte| format!("%{byte:02X}")).collect();
        format!("/v1/subjects/{bytes}/consents/personalisation")
    };
    let yes = json!({"status": "granted", "text_version": "2026-10", "source": "test"});
    server.client.put(&path(one), &yes).expect(200);
    server.client.get(&path(one)).expect(200);
    server.client.get(&path(other)).expect(404);
}

#[test]
fn an_odd_signal_and_one_that_is_sent_twice_refuse() {
    let (_data, server) = demo();
    server.client.consent("ada", "personalisation");
    let body = json!({"placement": "home", "subject_id": "ada"}).to_string();
    let why = |values: &[&str]| {
        let headers: Vec<(&str, &str)> = values.iter().map(|value| ("sec-gpc", *value)).collect();
        let answer =
            server.client.send("POST", "/v1/recommendations", Some(body.as_bytes()), &headers).unwrap();
        answer.tried("for-you").unwrap_or_else(|| panic!("{}", answer.text)).1
    };
    for silent in [&[][..], &["0"], &["0", "0"]] {
        assert_ne!(why(silent).as_deref(), Some("global-privacy-control"), "{silent:?}");
    }
    for refusing in [
        &["1"][..],
        &["true"],
        &["?1"],
        &["01"],
        &[" 1"],
        &["0,1"],
        &["0;1"],
        &["yes"],
        &[""],
        &["0", "1"],
        &["1", "0"],
    ] {
        assert_eq!(why(refusing).as_deref(), Some("global-privacy-control"), "{refusing:?}");
    }
}

/// In each text of each example, and as each id of a path: whatever becomes of it, the answer does not repeat it.
#[test]
fn no_refusal_repeats_what_was_sent() {
    let (_data, server) = demo();
    let mut refused = 0;
    for operation in operations(&document()) {
        // what it puts stands in its answer, and so do the names of what it dropped
        if matches!(&*operation.name, "put_item" | "change_item" | "replace_items" | "make_token") {
            continue;
        }
        // a draft is the merchant's own text, and what is found in it is told by its words
        if matches!(&*operation.name, "preview" | "roll_back") {
            continue;
        }
        let path = operation.example_path().replace("u1", CANARY).replace("TEN-103", CANARY);
        let body = operation.example_body().map(|(_, body)| String::from_utf8(body).unwrap());
        let texts = body.iter().flat_map(|body| body.split('"').skip(1).step_by(2)).map(str::to_owned);
        let spoilt: Vec<Option<String>> = match &body {
            None => vec![None],
            Some(body) => texts
                .map(|text| Some(body.replacen(&format!("\"{text}\""), &format!("\"{CANARY}\""), 1)))
                .collect(),
        };
        for body in spoilt {
            let body = body.as_deref().map(str::as_bytes);
            let answer = server.client.send(&operation.verb, &path, body, &[]).unwrap();
            let is_refused = answer.status >= 400;
            refused += usize::from(is_refused);
            assert!(!is_refused || !answer.text.contains(CANARY), "`{}`: {}", operation.name, answer.text);
            let headers = format!("{:?}", answer.headers);
            assert!(!headers.contains(CANARY), "`{}`: {headers}", operation.name);
        }
    }
    assert!(refused > 40, "{refused}");
    assert!(!server.said().contains(CANARY));
}

/// Nothing is kept on the way, nothing is packed so that its length would tell of its content, and nobody finds out by a
/// version what they may not see.
#[test]
fn an_answer_is_neither_kept_nor_packed_nor_answered_by_its_version() {
    let (_data, server) = demo();
    let packed = [("accept-encoding", "gzip, br, zstd, deflate")];
    let list = br#"{"placement":"home"}"#;
    server.client.consent("ada", "personalisation");
    for (verb, path, body) in [
        ("POST", "/v1/recommendations", Some(list.as_slice())),
        ("GET", "/v1/subjects/ada", None),
        ("GET", "/v1/items/TEN-103", None),
        ("GET", "/v1/nothing", None),
    ] {
        let answer = server.client.send(verb, path, body, &packed).unwrap();
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("content-encoding"), None, "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
    }
    let person = server.client.get("/v1/subjects/ada");
    let tag = person.header("etag").unwrap();
    for path in ["/v1/subjects/ada", "/v1/subjects/nobody", "/v1/items/TEN-103"] {
        for sent in [tag, "*"] {
            let asked = server.client.send("GET", path, None, &[("if-none-match", sent)]).unwrap();
            let plain = server.client.get(path);
            assert_eq!(asked.status, plain.status, "{path}");
            // a problem has an id of its own
            assert!(asked.status >= 400 || asked.text == plain.text, "{path}");
        }
    }
}

/// What the server says on one connection to so many bytes.
fn said_to(server: &Server, sent: &str) -> String {
    let mut client = TcpStream::connect(server.base.strip_prefix("http://").unwrap()).unwrap();
    client.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    client.write_all(sent.as_bytes()).unwrap();
    let mut said = Vec::new();
    let _ = client.read_to_end(&mut said);
    String::from_utf8_lossy(&said).into_owned()
}

fn statuses(said: &str) -> Vec<&str> {
    said.split("HTTP/1.1 ").skip(1).filter_map(|answer| answer.get(..3)).collect()
}

/// Each request on a connection is judged by itself, and one whose end is told in two ways is not begun.
#[test]
fn requests_in_one_stream_are_told_apart() {
    let (_data, server) = demo();
    let host = server.base.strip_prefix("http://").unwrap();
    let list = r#"{"placement":"home"}"#;
    let head =
        format!("POST /v1/recommendations HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n");
    let whole = format!("{head}content-length: {}\r\n\r\n{list}", list.len());
    let foreign = "GET /v1/subjects/ada HTTP/1.1\r\nhost: shop.example\r\n\r\n".to_owned();
    let last = format!("GET /health/live HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    let said = said_to(&server, &[whole, foreign, last.clone()].concat());
    assert_eq!(statuses(&said), ["200", "403", "200"]);
    for length in [
        "content-length: 5\r\ncontent-length: 6\r\n",
        "content-length: 5, 6\r\n",
        "content-length: +5\r\n",
        "content-length: -1\r\n",
        "transfer-encoding: gzip\r\n",
        "transfer-encoding: chunked, identity\r\n",
    ] {
        let said = said_to(&server, &format!("{head}{length}\r\n0\r\n\r\n{last}"));
        assert_eq!(statuses(&said).first(), Some(&"400"), "{length}: {said}");
        assert_eq!(statuses(&said).len(), 1, "{length}: {said}");
    }
}
