//! How often a list asks for memory: `cargo bench --bench allocations`. Counted is every thread of the host, from
//! the request's bytes to the answer's; what carries them over a socket and what a plugin's worker does is not.
#![expect(
    unsafe_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    dead_code,
    unused_imports,
    reason = "the border to the allocator; a benchmark ends by panicking, prints, and uses a part of what the tests share"
)]

#[path = "../tests/noninterference/engines.rs"]
mod engines;
#[path = "../tests/support/mod.rs"]
mod support;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::body::Bytes;
use http_body_util::Full;
use jardin_access::Keys;
use jardin_server::{Access, Limits, Peer, Program, Server, ServerRules};
use serde_json::{Value, json};
use support::{example, unhurried};
use ureq::http::{Request, StatusCode};

/// How many lists of a kind are counted, after as many that are not.
const LISTS: u64 = 1_000;

/// The kinds of lists, each with its request.
const KINDS: [(&str, &str); 4] = [
    ("from memory", r#"{"placement":"home","signals":{"gpc":true}}"#),
    ("through a plugin", r#"{"placement":"also_viewed","context":{"page_item":"TEN-103"}}"#),
    ("by a script over the catalogue", r#"{"placement":"deals"}"#),
    ("by a script over a plugin", r#"{"placement":"product_page","context":{"page_item":"TEN-103"}}"#),
];

static COUNT: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);

fn count(size: usize) {
    COUNT.fetch_add(1, Ordering::Relaxed);
    BYTES.fetch_add(size as u64, Ordering::Relaxed);
}

/// The system's allocator, counted.
struct Counted;

// SAFETY: every call goes on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: what `System` asks of its caller is what this method asks of its own; the arguments go on unchanged.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as in `alloc`.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        // SAFETY: as in `alloc`.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counted = Counted;

/// One new store, as the engines ask for it.
fn new_store(folder: &Path) -> PathBuf {
    let data = folder.join("new-data");
    drop(jardin_store_sqlite::SqliteStore::open(&data, jardin_store_sqlite::Options::default()).unwrap());
    data
}

fn rules() -> ServerRules {
    let limits = Limits {
        body_bytes: 1 << 20,
        read: std::time::Duration::from_secs(60),
        in_flight: 8,
        connections: 8,
        connections_per_address: None,
    };
    let access =
        Access::new(Keys::new(Vec::new()), std::net::SocketAddr::from(([127, 0, 0, 1], 7700))).unwrap();
    ServerRules::new(access, limits)
}

async fn call(server: &Server, path: &str, body: Bytes) -> Bytes {
    let request =
        Request::post(path).header("host", "127.0.0.1:7700").header("content-type", "application/json");
    let response = server.call(Peer::Network, request.body(Full::from(body)).unwrap()).await;
    assert_eq!(response.status(), StatusCode::OK, "{path}: {:?}", response.body());
    response.into_body()
}

/// The demo's shop with its catalogue and nobody's history.
async fn filled_shop(folder: &Path) -> Server {
    let shop = folder.join("shop");
    unhurried(&example("shop"), &shop);
    let pair = engines::Pair::open(&shop, folder, "2026-11-20T10:00:00Z").await;
    let [engine, _] = pair.engines;
    let rules = Arc::new(arc_swap::ArcSwap::from_pointee(rules()));
    let server = Server::new(engine, rules, Program { version: "1.2.3", abi: (1, 0) });
    let lines = std::fs::read_to_string(example("shop").join("items.jsonl")).unwrap();
    let items: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    call(&server, "/v1/items/batch", json!({ "items": items }).to_string().into()).await;
    server
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let server = filled_shop(folder.path()).await;
    for (kind, body) in KINDS {
        let body = Bytes::from_static(body.as_bytes());
        let mut answer = Bytes::new();
        let mut before = (0, 0);
        for list in 0..2 * LISTS {
            if list == LISTS {
                before = (COUNT.load(Ordering::Relaxed), BYTES.load(Ordering::Relaxed));
            }
            answer = call(&server, "/v1/recommendations", body.clone()).await;
        }
        let count = (COUNT.load(Ordering::Relaxed) - before.0) as f64 / LISTS as f64;
        let bytes = (BYTES.load(Ordering::Relaxed) - before.1) as f64 / LISTS as f64;
        let items = serde_json::from_slice::<Value>(&answer).unwrap()["items"].as_array().unwrap().len();
        println!("{kind:<32} {items:>3} items   {count:>6.1} allocations   {:>7.1} KB", bytes / 1024.0);
    }
}
