//! Who may call changes while the server runs, and the control socket needs no key.

use std::{net::TcpStream, os::unix::net::UnixStream, path::Path, sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use jardin_access::{Key, Keys, Role};
use jardin_model::Timestamp;
use jardin_server::{Access, CalledBy, Limits, Peer, Program, Server, ServerRules};
use tokio::net::{TcpListener, UnixListener};

use crate::{
    noninterference::engines::Pair,
    support::{example, unhurried},
};

// printf %s first | sha256sum, printf %s second | sha256sum
const FIRST: [u8; 32] = [
    0xa7, 0x93, 0x7b, 0x64, 0xb8, 0xca, 0xa5, 0x8f, 0x03, 0x72, 0x1b, 0xb6, 0xba, 0xcf, 0x5c, 0x78, 0xcb,
    0x23, 0x5f, 0xeb, 0xe0, 0xe7, 0x0b, 0x1b, 0x84, 0xcd, 0x99, 0x54, 0x14, 0x61, 0xa0, 0x8e,
];
const SECOND: [u8; 32] = [
    0x16, 0x36, 0x7a, 0xac, 0xb6, 0x7a, 0x4a, 0x01, 0x7c, 0x8d, 0xa8, 0xab, 0x95, 0x68, 0x2c, 0xcb, 0x39,
    0x08, 0x63, 0x78, 0x0f, 0x71, 0x14, 0xdd, 0xa0, 0xa0, 0xe0, 0xc5, 0x56, 0x44, 0xc7, 0xc4,
];

fn rules_with(sha256: [u8; 32]) -> ServerRules {
    let keys = vec![Key { name: "office".into(), sha256, roles: vec![Role::Compliance], until: None }];
    let read = Duration::from_secs(30);
    let limits =
        Limits { body_bytes: 1_000, read, in_flight: 8, connections: 8, connections_per_address: None };
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    ServerRules::new(Access::new(Keys::new(keys), address).unwrap(), limits)
}

async fn server_of(folder: &Path, rules: &Arc<ArcSwap<ServerRules>>) -> Server {
    let shop = folder.join("shop");
    unhurried(&example("shop"), &shop);
    let [engine, _] = Pair::open(&shop, folder, "2026-11-20T10:00:00Z").await.engines;
    Server::new(engine, Arc::clone(rules), Program { version: "1.2.3", abi: (1, 0) })
}

/// The status of the stop switch, asked with a key or without one.
fn status_of(mut stream: impl std::io::Read + std::io::Write, key: &str) -> u16 {
    let key = if key.is_empty() { String::new() } else { format!("authorization: Bearer {key}\r\n") };
    write!(stream, "GET /v1/policy/stop HTTP/1.1\r\nhost: x\r\n{key}connection: close\r\n\r\n").unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    said.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{said}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_is_refused_by_the_next_request() {
    let folder = tempfile::tempdir().unwrap();
    let rules = Arc::new(ArcSwap::from_pointee(rules_with(FIRST)));
    let server = server_of(folder.path(), &rules).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(async move { server.serve(listener, std::future::pending()).await });
    tokio::task::spawn_blocking(move || {
        let ask = |key| status_of(TcpStream::connect(address).unwrap(), key);
        assert_eq!([ask("first"), ask("second"), ask("")], [200, 401, 401]);
        rules.store(Arc::new(rules_with(SECOND)));
        assert_eq!([ask("first"), ask("second"), ask("")], [401, 200, 401]);
    })
    .await
    .unwrap();
    serving.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_control_socket_needs_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let rules = Arc::new(ArcSwap::from_pointee(rules_with(FIRST)));
    let server = server_of(folder.path(), &rules).await;
    let path = folder.path().join("control.sock");
    let listener = UnixListener::bind(&path).unwrap();
    let serving =
        tokio::spawn(async move { server.serve_local(listener, None, std::future::pending()).await });
    let asked = tokio::task::spawn_blocking(move || status_of(UnixStream::connect(path).unwrap(), ""));
    assert_eq!(asked.await.unwrap(), 200);
    serving.abort();
}

#[test]
fn a_caller_is_known_by_the_name_of_the_key_or_by_the_socket() {
    let (access, now) = (rules_with(FIRST).access, Timestamp::from_ms(0));
    let headers = |value: &str| {
        let mut headers = ureq::http::HeaderMap::new();
        headers.insert("authorization", value.parse().unwrap());
        headers
    };
    let known = access.identify(&headers("Bearer first"), Peer::Network, now);
    assert_eq!((known.by, known.roles.to_vec()), (CalledBy::Key("office".into()), vec![Role::Compliance]));
    for (sent, is_known) in [
        ("bearer first", true),
        ("BEARER  first ", true),
        ("Bearer firs", false),
        ("Bearer firstt", false),
        ("Bearer", false),
        ("Bearerfirst", false),
        ("Basic first", false),
        ("first", false),
    ] {
        let caller = access.identify(&headers(sent), Peer::Network, now);
        assert_eq!(caller.by == CalledBy::Key("office".into()), is_known, "{sent}");
    }
    let stranger = access.identify(&headers("Bearer second"), Peer::Network, now);
    assert_eq!((stranger.by, stranger.roles.to_vec()), (CalledBy::Anybody, vec![]));
    let local = access.identify(&headers("Bearer second"), Peer::Local, now);
    assert_eq!((local.by, local.roles.to_vec()), (CalledBy::Local, Role::ALL.to_vec()));
}

#[test]
fn without_a_key_a_program_of_this_machine_is_answered_and_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let server = crate::support::Server::demo(folder.path());
    let address = server.base.strip_prefix("http://").unwrap();
    let ask = |verb: &str, path: &str, headers: &[(&str, &str)]| {
        let body = (verb != "GET").then_some(br#"{"placement":"home"}"#.as_slice());
        server.client.send(verb, path, body, headers).unwrap()
    };
    let origin = format!("http://{address}");
    let own: [&[(&str, &str)]; 2] = [&[], &[("origin", &origin)]];
    for headers in own {
        ask("POST", "/v1/recommendations", headers).expect(200);
    }
    let named = format!("shop.example:{}", address.rsplit_once(':').unwrap().1);
    let others: [&[(&str, &str)]; 4] = [
        &[("host", &named)],
        &[("origin", "http://shop.example")],
        &[("x-forwarded-for", "127.0.0.1")],
        &[("forwarded", "for=127.0.0.1")],
    ];
    for headers in others {
        for (verb, path) in
            [("POST", "/v1/recommendations"), ("GET", "/v1/subjects/ada"), ("GET", "/v1/policy/stop")]
        {
            let refused = ask(verb, path, headers).expect(403);
            assert!(
                refused["detail"].as_str().unwrap().contains("add `[[keys]]` to server.toml"),
                "{refused}"
            );
        }
        // it learns what a stranger does
        assert_eq!(ask("GET", "/health/ready", headers).json().as_object().unwrap().len(), 1, "{headers:?}");
        ask("GET", "/health/live", headers).expect(200);
    }
    // where the page itself is asked whether it may, nothing allows it
    assert_eq!(ask("OPTIONS", "/v1/recommendations", others[1]).header("access-control-allow-origin"), None);
}
