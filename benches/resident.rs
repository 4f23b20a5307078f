//! Answers over HTTP while 15 million events are resident: an open load of 500 requests a second.
//!
//! `cargo bench --bench resident -- fill FOLDER` makes the shop once (minutes); `cargo bench --bench resident
//! -- FOLDER` serves and measures it. A request is timed from the moment at which it was due, not from when a
//! free client sent it: a server that stalls is charged for all who wait (no coordinated omission).
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    dead_code,
    unused_imports,
    reason = "a benchmark ends by panicking, prints its figures, reads the clock and uses a part of what the tests share"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use support::{Client, Server, program};

const ITEMS: u64 = 500_000;
const SESSIONS: u64 = 1_600_000;
const A_SECOND: u32 = 500;
const SECONDS: u32 = 60;
/// More than are ever under way at once.
const CLIENTS: usize = 32;
/// When the last session was: in the past of any clock that serves.
const NOW_MS: i64 = 1_700_000_000_000;

/// SplitMix64 (Steele, Lea, Flood, 2014).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    /// Small numbers often, large ones rarely.
    fn skewed(&mut self, n: u64) -> u64 {
        let unit = self.below(1 << 40) as f64 / (1_u64 << 40) as f64;
        ((n as f64).powf(unit) - 1.0) as u64
    }

    fn session(&mut self) -> Vec<u64> {
        let mut at = self.skewed(ITEMS);
        let mut items = Vec::new();
        for _ in 0..1 + self.skewed(40) {
            at = if self.below(3) == 0 { self.skewed(ITEMS) } else { (at + self.below(12)) % ITEMS };
            if !items.contains(&at) {
                items.push(at);
            }
        }
        items
    }
}

/// The policy of `jardin evaluate` with the fallback and session_knn alone.
fn policy() -> String {
    let whole = include_str!("../core/cli/src/evaluate/shop/policy.toml");
    let mut parts = whole.split("[strategies.");
    let mut text = parts.next().unwrap().to_owned();
    for part in parts.filter(|p| p.starts_with("popular-now]") || p.starts_with("session-knn]")) {
        text.push_str("[strategies.");
        text.push_str(part);
    }
    text
}

fn fill(folder: &Path) {
    let shop = folder.join("shop");
    std::fs::create_dir_all(shop.join("scripts")).unwrap();
    std::fs::write(shop.join("policy.toml"), policy()).unwrap();
    let config = include_str!("../core/cli/src/evaluate/shop/jardin.toml");
    let place = "[placements.next]\nchain = [\"session-knn\"]\nlimit = 20\nleave_out = [\"page item\"]\n";
    std::fs::write(shop.join("jardin.toml"), format!("{config}{place}")).unwrap();
    let mut file = BufWriter::new(File::create(folder.join("events.jsonl")).unwrap());
    for n in 0..ITEMS {
        writeln!(
            file,
            "{}",
            json!({"item_id": format!("i{n}"), "fields": {"sku": format!("i{n}"), "in_stock": true}})
        )
        .unwrap();
    }
    let (mut numbers, mut events) = (Numbers(1), 0);
    for n in 0..SESSIONS {
        let items = numbers.session();
        events += items.len();
        let at = jardin_model::Timestamp::from_ms(NOW_MS - (SESSIONS - n) as i64 * 5_000);
        let lines: Vec<Value> = items.iter().map(|i| json!({"item_id": format!("i{i}")})).collect();
        let event = json!({"type": "purchase", "occurred_at": at.to_string(), "session_id": format!("s{n}"), "items": lines});
        writeln!(file, "{event}").unwrap();
    }
    drop(file);
    println!("{events} events of {SESSIONS} sessions; importing them");
    assert!(program().args(["policy", "pin"]).arg(&shop).status().unwrap().success());
    let begun = Instant::now();
    let import = program().arg("import").arg(&shop).arg(folder.join("events.jsonl")).status().unwrap();
    assert!(import.success());
    println!("imported in {:.0} s", begun.elapsed().as_secs_f64());
}

fn question(numbers: &mut Numbers) -> Value {
    let visit = numbers.session();
    let id = |item: &u64| format!("i{item}");
    let basket: Vec<String> = visit.iter().take(9).map(id).collect();
    json!({"placement": "next", "context": {"page_item": basket.last()}, "session": {"basket": basket}})
}

/// Waits until the lists of some pages come from session_knn and stay as they are.
fn wait_until_learned(client: &Client) {
    let mut before = Vec::new();
    loop {
        let mut numbers = Numbers(7);
        let now: Vec<String> =
            (0..20).map(|_| client.recommend(&question(&mut numbers)).json()["items"].to_string()).collect();
        let learned = now.iter().filter(|list| list.contains("session-knn")).count();
        if learned > 15 && now == before {
            return;
        }
        before = now;
        thread::sleep(Duration::from_secs(2));
    }
}

/// The latency of each request in microseconds from when it was due, sorted.
fn load(base: &str) -> Vec<u64> {
    let bodies: Vec<Value> = {
        let mut numbers = Numbers(99);
        (0..2_000).map(|_| question(&mut numbers)).collect()
    };
    let (next, times) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let all = (A_SECOND * SECONDS) as usize;
    let begun = Instant::now() + Duration::from_millis(200);
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                let client = Client::new(base);
                let mut mine = Vec::new();
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= all {
                        break;
                    }
                    let due = begun + Duration::from_secs(1) * u32::try_from(n).unwrap() / A_SECOND;
                    thread::sleep(due.saturating_duration_since(Instant::now()));
                    let answer = client.recommend(&bodies[n % bodies.len()]);
                    assert_eq!(answer.status, 200, "{}", answer.text);
                    mine.push(u64::try_from(due.elapsed().as_micros()).unwrap());
                }
                times.lock().unwrap().extend(mine);
            });
        }
    });
    let mut times = times.into_inner().unwrap();
    times.sort_unstable();
    times
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["fill", folder] => fill(&PathBuf::from(folder)),
        [folder] => {
            let folder = PathBuf::from(folder);
            let server = Server::serve(&folder.join("shop"), &folder.join("shop/data"));
            let begun = Instant::now();
            wait_until_learned(&server.client);
            println!("learned {:.0} s after the start", begun.elapsed().as_secs_f64());
            let times = load(&server.base);
            let at = |share: usize| times[(times.len() - 1) * share / 1000] as f64 / 1000.0;
            println!(
                "{} requests, {A_SECOND} a second, from when each was due: p50 {:.2}   p90 {:.2}   p99 {:.2}   p99.9 {:.2}   most {:.2} ms",
                times.len(),
                at(500),
                at(900),
                at(990),
                at(999),
                at(1000)
            );
        }
        _ => println!("nothing measured: name a folder; `fill FOLDER` makes the shop in it first"),
    }
}
