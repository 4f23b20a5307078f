//! Scripts are rewritten under load: valid and broken in turn. No request fails, and the last good script
//! answers.

use std::{
    path::Path,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};

use serde_json::json;

use crate::support::{Client, Server, example, program, unhurried};

/// How often a script is rewritten.
const ROUNDS: usize = 3;

/// A rule that leaves out everything but what stands in it by category.
fn only(category: &str) -> String {
    format!(
        "fn candidates(sources) {{ sources.catalogue(1000, #{{}}) }}\nfn adjust(item) {{ if item.category != \"{category}\" {{ item.drop(\"another\"); }} }}\n"
    )
}

fn write(shop: &Path, source: &str) {
    // as an editor saves: the new file takes the place of the old one
    let (new, file) = (shop.join("clearance.new"), shop.join("scripts/clearance.rhai"));
    std::fs::write(&new, source).unwrap();
    std::fs::rename(new, file).unwrap();
}

/// Asks until health says so.
fn until(client: &Client, stale: bool) {
    for _ in 0..2_000 {
        if client.get("/health/ready").json()["policy_stale"] == stale {
            return;
        }
        thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("health does not say `policy_stale: {stale}`");
}

/// The categories of the first items of the list.
fn shows(client: &Client, category: &str) -> bool {
    let answer = client.recommend(&json!({"placement": "deals"}));
    answer.tried("clearance") == Some(("ran".to_owned(), None))
        && answer.items().first().is_some_and(|id| id.starts_with(category))
}

#[test]
fn scripts_are_reloaded_under_load_without_a_failed_request() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    unhurried(&example("shop"), &shop);
    assert!(program().args(["policy", "pin"]).arg(&shop).output().unwrap().status.success());
    let server = Server::serve(&shop, &folder.path().join("data"));
    let items = std::fs::read_to_string(example("shop").join("items.jsonl")).unwrap();
    let items: Vec<serde_json::Value> = items.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    server.client.post("/v1/items/batch", &json!({"items": items})).expect(200);
    for _ in 0..500 {
        if !server.client.recommend(&json!({"placement": "deals"})).items().is_empty() {
            break;
        }
        thread::sleep(std::time::Duration::from_millis(20));
    }
    let (going, asked) = (AtomicBool::new(true), AtomicUsize::new(0));
    let load = || {
        let client = Client::new(&server.base);
        let body = serde_json::to_vec(&json!({"placement": "deals"})).unwrap();
        while going.load(Ordering::Relaxed) {
            let answer = client.send(
                "POST",
                "/v1/recommendations",
                Some(&body),
                &[("content-type", "application/json")],
            );
            let answer = answer.unwrap_or_else(|error| panic!("a request failed: {error}"));
            assert_eq!(answer.status, 200, "{}", answer.text);
            let (status, why) = answer.tried("clearance").unwrap();
            assert_eq!(status, "ran", "{why:?}: {}", answer.text);
            assert!(!answer.items().is_empty(), "{}", answer.text);
            asked.fetch_add(1, Ordering::Relaxed);
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..3).map(|_| scope.spawn(load)).collect();
        for _ in 0..ROUNDS {
            for (category, id) in [("tents", "TEN"), ("boots", "BOO")] {
                write(&shop, &only(category));
                until(&server.client, false);
                while !shows(&server.client, id) && workers.iter().all(|w| !w.is_finished()) {
                    thread::yield_now();
                }
                write(&shop, "fn adjust(item) { if item.categry == 1 { item.boost(2) } ");
                until(&server.client, true);
                assert!(shows(&server.client, id), "the last good script answers");
            }
        }
        going.store(false, Ordering::Relaxed);
        for worker in workers {
            worker.join().unwrap();
        }
    });
    let asked = asked.load(Ordering::Relaxed);
    println!("{asked} requests, none of which failed, over {} rewritten scripts", ROUNDS * 4);
    assert!(asked > ROUNDS * 4, "{asked}");
}
