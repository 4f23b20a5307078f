//! What is refused beyond a limit, what goes first, and what a client is told of coming back.

use std::{
    fs,
    future::{Future, poll_fn},
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use arc_swap::ArcSwap;
use axum::body::Body;
use http_body_util::Full;
use jardin_access::Keys;
use jardin_server::{Access, FIXED_LIMITS, Limits, Peer, Program, Server as HttpServer, ServerRules};
use serde_json::{Value, json};
use ureq::http::{Request, Response};

use crate::{
    noninterference::engines::Pair,
    support::{Server, copy_folder, example, unhurried},
};

const IN_FLIGHT: usize = 4;

async fn server(folder: &Path) -> HttpServer {
    let shop = folder.join("shop");
    unhurried(&example("shop"), &shop);
    let [engine, _] = Pair::open(&shop, folder, "2026-11-20T10:00:00Z").await.engines;
    let items = fs::read_to_string(shop.join("items.jsonl")).unwrap();
    let items: Vec<Value> = items.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    engine.put_items(items).await.unwrap();
    let limits = Limits {
        body_bytes: 10_000,
        read: Duration::from_secs(600),
        in_flight: IN_FLIGHT,
        connections: 8,
        connections_per_address: None,
    };
    let access = Access::new(Keys::default(), std::net::SocketAddr::from(([127, 0, 0, 1], 7700))).unwrap();
    let rules = Arc::new(ArcSwap::from_pointee(ServerRules::new(access, limits)));
    HttpServer::new(engine, rules, Program { version: "1.2.3", abi: (1, 0) })
}

fn request() -> ureq::http::request::Builder {
    let request = Request::builder().method("POST").uri("/v1/recommendations");
    request.header("host", "localhost:7700").header("content-type", "application/json")
}

async fn ask(server: &HttpServer) -> Response<axum::body::Bytes> {
    let body = json!({"placement": "home", "subject_id": "ada"}).to_string();
    server.call(Peer::Network, request().body(Full::from(body)).unwrap()).await
}

fn list(answer: &Response<axum::body::Bytes>) -> Value {
    serde_json::from_slice(answer.body()).unwrap()
}

/// Whether a call that was begun is still waiting.
async fn is_waiting(call: &mut (impl Future + Unpin)) -> bool {
    poll_fn(|context| Poll::Ready(Pin::new(&mut *call).poll(context).is_pending())).await
}

/// A body that never comes.
fn never() -> Body {
    Body::new(Never)
}

struct Never;

impl axum::body::HttpBody for Never {
    type Data = axum::body::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Self::Data>, Self::Error>>> {
        Poll::Pending
    }
}

#[tokio::test]
async fn a_crowd_is_answered_without_the_person_before_anybody_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path()).await;
    let hang = || Box::pin(server.call(Peer::Network, request().body(never()).unwrap()));
    let why = |answer: &Value| answer["strategies"][0]["why"].clone();
    let mut held = vec![];
    // three quarters of the places: as ever
    for _ in 0..IN_FLIGHT - 2 {
        let mut call = hang();
        assert!(is_waiting(&mut call).await);
        held.push(call);
    }
    assert_ne!(why(&list(&ask(&server).await)), "overload");
    // the last place: nobody's list, and no refusal
    held.push(hang());
    assert!(is_waiting(held.last_mut().unwrap()).await);
    let answer = ask(&server).await;
    let shed = list(&answer);
    assert_eq!((answer.status().as_u16(), why(&shed)), (200, json!("overload")), "{shed}");
    assert_eq!((&shed["personalised"], &shed["level"]), (&json!(false), &json!("popular")));
    assert!(!shed["items"].as_array().unwrap().is_empty());
    // and then
    held.push(hang());
    assert!(is_waiting(held.last_mut().unwrap()).await);
    let refused = ask(&server).await;
    assert_eq!(refused.status().as_u16(), 503);
    assert_eq!(refused.headers()["retry-after"], "1");
    // a client that goes away gives its place back
    drop(held);
    assert_ne!(why(&list(&ask(&server).await)), "overload");
}

#[test]
fn an_address_has_so_many_connections_and_the_next_one_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    copy_folder(&example("shop"), &shop);
    fs::write(shop.join("server.toml"), "[limits]\nconnections_per_address = 2\nread_ms = 60000\n").unwrap();
    let server = Server::serve(&shop, &folder.path().join("data"));
    let address = server.base.strip_prefix("http://").unwrap();
    let connect = || {
        let mut client = TcpStream::connect(address).unwrap();
        client.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        write!(client, "GET /health/live HTTP/1.1\r\nhost: {address}\r\n\r\n").unwrap();
        client
    };
    let status = |client: &mut TcpStream| {
        let mut said = [0; 12];
        client.read_exact(&mut said).unwrap();
        String::from_utf8_lossy(&said).into_owned()
    };
    let mut open = [connect(), connect()];
    assert_eq!(open.each_mut().map(status), ["HTTP/1.1 200", "HTTP/1.1 200"]);
    // it says nothing itself, so that what it is told is not lost
    let mut third = TcpStream::connect(address).unwrap();
    third.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut said = String::new();
    third.read_to_string(&mut said).unwrap();
    assert!(said.starts_with("HTTP/1.1 429 ") && said.contains("retry-after: 1\r\n"), "{said}");
    let (head, body) = said.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("content-length: {}", body.len())), "{said}");
    let problem: Value = serde_json::from_str(body).unwrap();
    assert_eq!(problem["type"], "urn:jardin:problem:rate-limited");
}

#[test]
fn a_body_may_come_as_gzip_and_no_longer_than_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::demo(folder.path());
    // python3 -c 'import gzip; print(gzip.compress(b"{\"placement\":\"home\"}", 9, mtime=0).hex())'
    let asked = "1f8b0800000000000203ab562ac8494c4ecd4dcd2b51b252cac8cf4d55aa050029a6415614000000";
    let asked: Vec<u8> = (0..asked.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(asked.get(at..at + 2).unwrap(), 16).unwrap())
        .collect();
    let send = |body: &[u8], coding: &str| {
        server
            .client
            .send("POST", "/v1/recommendations", Some(body), &[("content-encoding", coding)])
            .unwrap()
    };
    assert!(!send(&asked, "gzip").items().is_empty());
    send(&asked[..20], "gzip").expect(400);
    send(&asked, "br").expect(415);
    send(&asked, "identity").expect(400);
}

#[test]
fn a_head_is_bounded_in_bytes_and_in_fields() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::demo(folder.path());
    let address = server.base.strip_prefix("http://").unwrap();
    let status = |head: &str| {
        let mut client = TcpStream::connect(address).unwrap();
        client.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        client.write_all(head.as_bytes()).unwrap();
        let mut said = [0; 12];
        client.read_exact(&mut said).unwrap();
        String::from_utf8_lossy(&said).into_owned()
    };
    let begin = format!("GET /health/live HTTP/1.1\r\nhost: {address}\r\n");
    let fields = |n: usize| -> String { (0..n).map(|name| format!("x-{name}: y\r\n")).collect() };
    assert_eq!(status(&format!("{begin}{}\r\n", fields(99))), "HTTP/1.1 200");
    assert_eq!(status(&format!("{begin}{}\r\n", fields(100))), "HTTP/1.1 431");
    let long = |bytes: usize| format!("{begin}x: {}", "y".repeat(bytes - begin.len() - 3));
    assert_eq!(status(&format!("{}\r\n\r\n", long(60_000))), "HTTP/1.1 200");
    // it is told once so much has come, and nothing is waited for
    assert_eq!(status(&long(64 << 10)), "HTTP/1.1 431");
}

#[test]
fn a_list_in_a_body_and_its_depth_are_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::demo(folder.path());
    let events = |n: usize| json!({"events": vec![json!({"type": "view_item"}); n]});
    server.client.post("/v1/events", &events(1_000)).expect(202);
    server.client.post("/v1/events", &events(1_001)).expect(413);
    let batch = |n: usize| json!({"requests": vec![json!({"placement": "home"}); n]});
    server.client.post("/v1/recommendations/batch", &batch(20)).expect(200);
    server.client.post("/v1/recommendations/batch", &batch(21)).expect(413);
    let nested = |levels: usize| {
        // the object itself is the first
        let body = format!("{{\"nested\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
        server.client.send("POST", "/v1/recommendations", Some(body.as_bytes()), &[]).unwrap().status
    };
    assert_eq!((nested(127), nested(128)), (422, 400));
}

#[test]
fn the_page_of_limits_shows_what_the_program_obeys() {
    let page = include_str!("../docs/limits.md");
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter_map(|line| Some(line.strip_prefix("| ")?.trim_end_matches(" |").split(" | ").collect()))
        .skip(1)
        .collect();
    // the defaults of server.toml, which docs/http.md shows; a test of the program holds that page
    let shown = include_str!("../docs/http.md").split("```toml\n").nth(1).unwrap();
    let defaults: toml::Table = shown.split("[[keys]]").next().unwrap().parse().unwrap();
    let mut compared = 0;
    for row in &rows {
        let [what, _, default, set_by, _, tried] = row[..] else { panic!("{row:?}") };
        let default = default.parse::<i64>().unwrap();
        if let Some(key) = set_by.strip_prefix('`') {
            let key = key.trim_end_matches('`');
            let (table, key) =
                key.strip_prefix('[').and_then(|key| key.split_once("] ")).unwrap_or(("limits", key));
            assert_eq!(defaults[table][key].as_integer(), Some(default), "{what}");
            compared += 1;
        }
        for file in tried.split('`').filter(|part| part.contains('/')) {
            assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(file).exists(), "{file}");
        }
    }
    assert_eq!(compared, 10);
    for (what, fixed) in FIXED_LIMITS {
        let row = rows.iter().find(|row| row[0] == what).unwrap_or_else(|| panic!("no row of {what}"));
        assert_eq!((row[2], row[3]), (&*fixed.to_string(), "fixed"), "{what}");
    }
}
