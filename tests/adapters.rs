//! Whatever leads to a route obeys the same rules: each request goes through axum to one engine and by a direct
//! call of the route to its twin, and the two answers are equal but for ids.

use std::{path::Path, sync::Arc};

use http_body_util::{BodyExt as _, Full};
use jardin_access::{Key, Keys, Role};
use jardin_server::{Access, Limits, Peer, Program, Server, ServerRules};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use ureq::http::{HeaderMap, Request, Response, StatusCode};

use crate::{
    noninterference::engines::Pair,
    openapi::{Operation, document, operations},
    support::{example, unhurried},
};

/// How many requests are compared.
const REQUESTS: usize = 10_000;
/// A short bound, so that a body beyond it costs little.
const BODY_BYTES: usize = 2_000;
const NOW: &str = "2026-11-20T10:00:00Z";

/// A stream of numbers that is the same in every run (SplitMix64, Steele et al. 2014).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).unwrap()
    }

    fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// What is sent.
#[derive(Debug, Clone)]
struct Sent {
    verb: String,
    path: String,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
}

impl Sent {
    fn request(&self) -> Request<Full<axum::body::Bytes>> {
        let mut request = Request::builder().method(self.verb.as_str()).uri(self.path.as_str());
        for (name, value) in &self.headers {
            request = request.header(*name, value.as_slice());
        }
        request.body(Full::from(self.body.clone())).unwrap()
    }
}

/// A request that was made of an operation's example and then, more often than not, spoilt.
fn draw_request(draw: &mut Draw, operations: &[Operation]) -> Sent {
    let operation = draw.of(operations);
    let (kind, body) = operation.example_body().unwrap_or_default();
    let mut body = without_deadline(body);
    let mut path = operation.example_path();
    let mut headers = vec![("authorization", draw_key(draw))];
    if !draw.once_in(3) {
        body = spoil_body(draw, body);
    }
    if draw.once_in(6) {
        path = spoil_path(draw, &path);
    }
    if !kind.is_empty() || draw.once_in(8) {
        let kinds: [&[u8]; 6] = [
            b"text/xml",
            b"APPLICATION/JSON; charset=utf-8",
            b"application/ld+json",
            b"",
            b"\xff",
            b"text/plain",
        ];
        headers.push((
            "content-type",
            if draw.once_in(6) { draw.of(&kinds).to_vec() } else { kind.into_bytes() },
        ));
    }
    if draw.once_in(5) {
        headers.push(("sec-gpc", draw.of(&["0", "1", "yes", ""]).as_bytes().to_vec()));
    }
    if draw.once_in(5) {
        headers.push(("if-match", draw.of(&["\"1\"", "*", "W/\"x\"", "\u{e9}"]).as_bytes().to_vec()));
    }
    let verbs = ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "BREW"];
    let verb = if draw.once_in(8) { (*draw.of(&verbs)).to_owned() } else { operation.verb.clone() };
    Sent { verb, path, headers, body }
}

/// What is late depends on the machine and not on the way to the route.
fn without_deadline(body: Vec<u8>) -> Vec<u8> {
    let Ok(Value::Object(mut map)) = serde_json::from_slice(&body) else { return body };
    map.remove("deadline_ms");
    Value::Object(map).to_string().into_bytes()
}

/// The key that may do everything, one of a single role, or none that is known.
fn draw_key(draw: &mut Draw) -> Vec<u8> {
    if !draw.once_in(4) {
        return b"Bearer all".to_vec();
    }
    let role = format!("Bearer {}", draw.of(&Role::ALL).word());
    let others: [&[u8]; 5] = [b"Bearer nobody", b"Basic all", b"Bearer", b"", b"Bearer \xff"];
    if draw.once_in(3) { draw.of(&others).to_vec() } else { role.into_bytes() }
}

fn spoil_path(draw: &mut Draw, path: &str) -> String {
    match draw.below(7) {
        0 => format!("{path}/"),
        1 => format!("{path}?page=2"),
        2 => path.replacen("/v1/", "/v2/", 1),
        3 => path.replace("/v1/", "//v1/"),
        4 => format!("{path}%ff"),
        5 => format!("{path}%20%C3%A9%2F%0a"),
        _ => format!("{path}{}", "x".repeat(300)),
    }
}

fn spoil_body(draw: &mut Draw, body: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8(body).unwrap();
    match draw.below(8) {
        0 => text.chars().take(draw.below(text.len() + 1)).collect::<String>().into_bytes(),
        1 => text.replacen('{', r#"{"twice":1,"twice":2,"#, 1).into_bytes(),
        2 => format!("{text} rest").into_bytes(),
        3 => format!("{text}{}", " ".repeat(BODY_BYTES)).into_bytes(),
        4 => [text.as_bytes(), b"\xff"].concat(),
        _ => match serde_json::from_str(&text) {
            Ok(mut value) => {
                spoil_value(draw, &mut value);
                value.to_string().into_bytes()
            }
            Err(_) => text.into_bytes(),
        },
    }
}

/// Changes one member somewhere: another type, too much, an unknown key, or none.
fn spoil_value(draw: &mut Draw, value: &mut Value) {
    let others = [
        json!(null),
        json!(7),
        json!(-7),
        json!(1.5),
        json!("text"),
        json!(""),
        json!(true),
        json!([]),
        json!({}),
        json!([[1]]),
        json!({"unknown": 1}),
        json!("x".repeat(300)),
        json!(vec![json!({"placement": "home"}); 25]),
    ];
    match value {
        Value::Object(map) if !map.is_empty() && !draw.once_in(6) => match draw.below(6) {
            0 => drop(map.insert("unknown".to_owned(), json!(1))),
            1 => drop(map.remove(&draw.of(&map.keys().cloned().collect::<Vec<_>>()).clone())),
            _ => {
                let key = draw.of(&map.keys().cloned().collect::<Vec<_>>()).clone();
                spoil_value(draw, &mut map[&key]);
            }
        },
        Value::Array(list) if !list.is_empty() && !draw.once_in(3) => {
            let index = draw.below(list.len());
            spoil_value(draw, &mut list[index]);
        }
        _ => *value = draw.of(&others).clone(),
    }
}

/// Every role's key is its word; `all` has each.
fn rules() -> ServerRules {
    let key = |name: &str, roles: &[Role]| Key {
        name: name.into(),
        sha256: sha256_of(name),
        roles: roles.to_vec(),
        until: None,
    };
    let mut keys: Vec<Key> = Role::ALL.iter().map(|role| key(role.word(), &[*role])).collect();
    keys.push(key("all", &Role::ALL));
    let limits = Limits {
        body_bytes: BODY_BYTES,
        read: std::time::Duration::from_secs(60),
        in_flight: 8,
        connections: 8,
        connections_per_address: None,
    };
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    ServerRules::new(Access::new(Keys::new(keys), address).unwrap(), limits)
}

fn sha256_of(text: &str) -> [u8; 32] {
    use sha2::Digest as _;
    sha2::Sha256::digest(text.as_bytes()).into()
}

/// What is compared: the status, the headers and the body, without ids and without the machine's own durations.
type Compared = (StatusCode, Vec<(String, Vec<u8>)>, String);

fn compared(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Compared {
    // hyper adds the length to a direct call's answer too, once it is written to a socket
    let named = headers.iter().filter(|(name, _)| *name != "content-length");
    let mut named: Vec<_> = named.map(|(k, v)| (k.to_string(), v.as_bytes().to_vec())).collect();
    named.sort();
    (status, named, without_ids(&String::from_utf8_lossy(body)))
}

fn without_ids(text: &str) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
    if let Some(id) = value.get_mut("erasure_id") {
        *id = "…".into();
    }
    let parts = value.to_string();
    let parts = parts.split(',').filter(|part| !part.contains("round-trips-within-"));
    parts.collect::<Vec<_>>().join(",")
}

async fn through_axum(router: &axum::Router, sent: &Sent) -> Compared {
    let response = router.clone().oneshot(sent.request()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    compared(parts.status, &parts.headers, &body)
}

async fn directly(server: &Server, sent: &Sent) -> Compared {
    let response: Response<_> = server.call(Peer::Network, sent.request()).await;
    compared(response.status(), response.headers(), response.body())
}

async fn twins(folder: &Path) -> [Server; 2] {
    let shop = folder.join("shop");
    unhurried(&example("shop"), &shop);
    let pair = Pair::open(&shop, folder, NOW).await;
    let rules = Arc::new(arc_swap::ArcSwap::from_pointee(rules()));
    let program = Program { version: "1.2.3", abi: (1, 0) };
    pair.engines.map(|engine| Server::new(engine, Arc::clone(&rules), program))
}

#[tokio::test]
async fn a_direct_call_of_a_route_answers_as_axum_does() {
    let folder = tempfile::tempdir().unwrap();
    let [one, other] = twins(folder.path()).await;
    let router = one.router(Peer::Network);
    let (document, mut draw) = (document(), Draw(20_261_128));
    let operations = operations(&document);
    let mut statuses = std::collections::BTreeMap::<u16, usize>::new();
    for n in 0..REQUESTS {
        let sent = draw_request(&mut draw, &operations);
        let (first, second) = (through_axum(&router, &sent).await, directly(&other, &sent).await);
        assert_eq!(first, second, "request {n}: {sent:?}");
        *statuses.entry(first.0.as_u16()).or_default() += 1;
    }
    // the requests are of every kind: a draw that spoilt all of them would prove little
    for status in [200, 202, 204, 400, 401, 403, 404, 405, 412, 413, 415, 422] {
        assert!(statuses.get(&status).is_some_and(|n| *n >= 10), "{status}: {statuses:?}");
    }
    println!("{REQUESTS} requests, equal through axum and directly: {statuses:?}");
}

#[tokio::test]
async fn a_route_answers_no_status_that_its_row_does_not_list() {
    let folder = tempfile::tempdir().unwrap();
    let [server, _] = twins(folder.path()).await;
    let (document, mut draw) = (document(), Draw(1));
    for operation in operations(&document) {
        let alone = [operation.clone()];
        for _ in 0..60 {
            let sent = Sent { verb: operation.verb.clone(), ..draw_request(&mut draw, &alone) };
            let response = server.call(Peer::Network, sent.request()).await;
            let status = response.status().as_u16();
            let elsewhere = [404, 405].contains(&status) && sent.path != operation.example_path();
            assert!(
                elsewhere || operation.response(status).is_some(),
                "`{}`: {status} {sent:?}",
                operation.name
            );
        }
    }
}
