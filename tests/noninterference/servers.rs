//! Over HTTP: answers with their headers, health, and what the servers write beside.

use jardin_model::Namespace;
use jardin_policy::Policy;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};

use super::{closure, denied, new_store, value, without_durations};
use crate::support::{Answer, Server, copy_folder, example, program, unhurried};

const CLOCK: &str = "2026-11-20T10:00:00Z";

fn serve(folder: &std::path::Path, store: &std::path::Path, name: &str) -> Server {
    let (shop, data) = (folder.join(format!("{name}-shop")), folder.join(format!("{name}-data")));
    unhurried(&example("shop"), &shop);
    copy_folder(store, &data);
    assert!(
        program()
            .args(["policy", "pin"])
            .arg(&shop)
            .stdout(std::process::Stdio::null())
            .status()
            .unwrap()
            .success()
    );
    Server::serve_at(&shop, &data, CLOCK, 7)
}

/// What an answer shows, its date aside, and its length where figures of the machine's clock stand in it.
fn shown(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let text = without_durations(&answer.text);
    let told = |name: &str| name != "date" && (name != "content-length" || text == answer.text);
    let headers = answer.headers.iter().filter(|(k, _)| told(k)).cloned().collect();
    (answer.status, headers, text)
}

fn both(pair: &[Server; 2], act: impl Fn(&Server) -> Answer) {
    assert_eq!(shown(&act(&pair[0])), shown(&act(&pair[1])));
}

#[test]
fn a_denied_field_changes_no_byte_over_http() {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(example("shop").join("policy.toml")).unwrap();
    let policy = Policy::load("policy.toml", &text).unwrap_or_else(|r| panic!("{}", r.rendered())).0;
    let store = new_store(folder.path());
    let pair = [serve(folder.path(), &store, "a"), serve(folder.path(), &store, "b")];
    let items: Vec<Value> = std::fs::read_to_string(example("shop").join("items.jsonl"))
        .unwrap()
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    for server in &pair {
        server.client.post("/v1/items/batch", &json!({"items": items})).expect(200);
    }
    let placements = [("product_page", "complete-the-look"), ("basket", "goes-with-basket")];
    let cases = placements.map(|(place, chain)| {
        let mut denied = denied(&policy, &closure(&policy, &[chain], "house-rules"));
        denied.retain(|f| f.path.namespace == Namespace::Subject && f.of.is_empty());
        (place, denied)
    });
    assert!(
        cases.iter().all(|(_, denied)| !denied.is_empty()),
        "the shop's policy denies nothing, so that nothing is tested"
    );
    let number = std::cell::Cell::new(0_u64);
    let mut runner = TestRunner::new(Config { cases: 150, failure_persistence: None, ..Config::default() });
    let inputs = (
        any::<u64>(),
        any::<u64>(),
        any::<bool>(),
        any::<bool>(),
        0..items.len(),
        0..items.len(),
        0..placements.len(),
    );
    runner
        .run(&inputs, |(a, b, consents, objects, basket, page, place)| {
            number.set(number.get() + 1);
            let (place, denied) = &cases[place];
            let id = format!("p{}", number.get());
            if consents {
                pair.iter().for_each(|s| s.client.consent(&id, "personalisation"));
            }
            for (server, seed) in pair.iter().zip([a, b]) {
                let fields: serde_json::Map<String, Value> = denied
                    .iter()
                    .map(|f| (f.path.name.to_string(), value(f.kind, &f.choices, seed)))
                    .collect();
                let stored = server
                    .client
                    .put(&format!("/v1/subjects/{id}"), &json!({"fields": fields}))
                    .expect(200);
                let set_aside = |dropped: &Value| dropped["rule"] == "no-purpose";
                let redacted = stored["redacted"].as_array().unwrap();
                assert!(redacted.iter().all(set_aside), "the fields are of their types: {stored}");
            }
            let ask = json!({
                "placement": place, "subject_id": id, "objected": objects,
                "session": {"basket": [items[basket]["item_id"]]}, "context": {"page_item": items[page]["item_id"]},
            });
            both(&pair, |s| s.client.recommend(&ask));
            both(&pair, |s| s.client.get("/v1/placements"));
            both(&pair, |s| s.client.get("/v1/strategies"));
            Ok(())
        })
        .unwrap();
    both(&pair, |s| s.client.get("/health/ready"));
    // what a server says of itself while it works, its own address and the checkpoints aside, which are signed by its own key
    let said = pair.each_ref().map(|s| without_checkpoints(&s.said()));
    assert_eq!(said[0].replace("a-shop", "b-shop"), said[1]);
}

fn without_checkpoints(said: &str) -> String {
    said.lines()
        .filter(|line| !line.starts_with("jardin-audit-checkpoint"))
        .map(|line| format!("{line}\n"))
        .collect()
}
