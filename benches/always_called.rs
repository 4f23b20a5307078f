//! What a place pays whose plugin is called for every request, since it stands behind a strategy that reads about the
//! person: `cargo bench --bench always_called`, at one client on loopback. The ratio holds within one run only.
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

use std::time::Instant;

use serde_json::{Value, json};
use support::{Client, Server, copy_folder, example, program};

const ROUNDS: usize = 2_000;

/// Half, nine tenths and 99 hundredths of the rounds were faster, in microseconds.
fn measured(name: &str, mut round: impl FnMut()) -> f64 {
    (0..ROUNDS / 10).for_each(|_| round());
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let begun = Instant::now();
            round();
            begun.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times[times.len() * share / 100];
    println!("{name:<58} p50 {:>8.0} µs   p90 {:>8.0} µs   p99 {:>8.0} µs", at(50), at(90), at(99));
    at(50)
}

/// True where a page is filled by the first strategy of its chain.
fn ask_filled(client: &Client, body: &Value) -> bool {
    let items = client.recommend(body).expect(200)["items"].as_array().unwrap().clone();
    items.len() == 6 && items.iter().all(|item| item["strategy"] == "seen-before")
}

/// The demo shop with 1,500 items and two more places.
fn large_shop(folder: &std::path::Path) -> Server {
    let shop = folder.join("shop");
    copy_folder(&example("shop"), &shop);
    let mut config = std::fs::read_to_string(shop.join("jardin.toml")).unwrap();
    // of these two only the second pays: its plugin stands behind a strategy that reads about the person
    for (place, chain) in
        [("seen", "\"seen-before\""), ("seen_or_bought", "\"seen-before\", \"bought-together\"")]
    {
        config.push_str(&format!(
            "[placements.{place}]\ntitle = {{ fr = \"x\", en = \"x\" }}\nchain = [{chain}]\nlimit = 6\n"
        ));
    }
    std::fs::write(shop.join("jardin.toml"), config).unwrap();
    assert!(
        program()
            .args(["policy", "pin"])
            .arg(&shop)
            .stdout(std::process::Stdio::null())
            .status()
            .unwrap()
            .success()
    );
    let server = Server::serve(&shop, &folder.join("data"));
    let items: Vec<Value> = (0..1_500)
        .map(|n| {
            json!({"item_id": format!("i{n}"), "fields": {
                "category": format!("c{}", n % 3), "brand": format!("b{}", n % 40), "price": format!("{}.00", 5 + n % 90), "in_stock": true, "weight": 100 + n % 700,
            }})
        })
        .collect();
    server.client.post("/v1/items/batch", &json!({"items": items})).expect(200);
    let now = jardin_model::Timestamp::from_ms(
        i64::try_from(
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis(),
        )
        .unwrap(),
    );
    for n in 0..200 {
        server.client.consent(&format!("s{n}"), "improvement");
        let lines: Vec<Value> =
            (0..5).map(|k| json!({"item_id": format!("i{}", (n * 7 + k * 3) % 300)})).collect();
        let event = json!({"type": "purchase", "occurred_at": now.plus_ms(1_000).to_string(), "subject_id": format!("s{n}"), "items": lines});
        server.client.post("/v1/events", &json!({"events": [event]})).expect(202);
    }
    server.client.consent("s0", "personalisation");
    let viewed: Vec<Value> = (0..20)
        .map(|n| json!({"type": "view_item", "occurred_at": now.plus_ms(2_000 + n).to_string(), "subject_id": "s0", "items": [{"item_id": format!("i{n}")}]}))
        .collect();
    server.client.post("/v1/events", &json!({"events": viewed})).expect(202);
    server
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let server = large_shop(folder.path());
    let client = &server.client;
    let seen =
        |place: &str| json!({"placement": place, "subject_id": "s0", "session": {"basket": ["i7", "i10"]}});
    assert!(ask_filled(client, &seen("seen")), "the plugin behind it would be called in any case");
    let without =
        measured("a page that its first strategy fills", || assert!(ask_filled(client, &seen("seen"))));
    let with = measured("the same with a plugin behind it that is always called", || {
        assert!(ask_filled(client, &seen("seen_or_bought")));
    });
    println!("always called ÷ not called: {:.2}", with / without);
}
