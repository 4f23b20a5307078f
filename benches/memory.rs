//! What a product, a person and an event take: `cargo bench --bench memory`, some minutes. The demo's shop is filled
//! by `import`; the host is measured by its resident memory (workers are not in it) and by its data folder.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    dead_code,
    unused_imports,
    reason = "a benchmark ends by panicking, prints its figures and uses a part of what the tests share"
)]

#[path = "http/cpu_time.rs"]
mod cpu_time;
#[path = "../tests/support/mod.rs"]
mod support;

use std::{
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::Path,
    thread,
    time::Duration,
};

use jardin_contract::{Clock as _, SystemClock};
use serde_json::{Value, json};
use support::{Server, copy_folder, example, program};

const PRODUCTS: u64 = 300_000;
const PEOPLE: u64 = 20_000;
/// Of each of them.
const EVENTS: u64 = 20;

/// A product as a shop has them: titles in two languages, a path of categories, tags, a brand and a price.
fn product(n: u64) -> Value {
    json!({"item_id": format!("SKU-{n:06}"), "fields": {
        "category": format!("c{}/d{}", n % 50, n % 500), "brand": format!("b{}", n % 300), "tags": [format!("t{}", n % 97), "hiking"],
        "title_en": format!("Tent number {n}, light"), "title_fr": format!("Tente numéro {n}, légère"),
        "price": format!("{}.50", 5 + n % 90), "in_stock": true, "weight": 100 + n % 700,
    }})
}

fn consent(n: u64, at: &str) -> Value {
    json!({"subject_id": format!("person-{n:06}"), "consent": "personalisation", "status": "granted", "text_version": "2026-10", "at": at, "source": "banner"})
}

fn event(n: u64, at: &str) -> Value {
    let item = json!({"item_id": format!("SKU-{:06}", n * 7_919 % PRODUCTS)});
    json!({"type": "view_item", "occurred_at": at, "subject_id": format!("person-{:06}", n / EVENTS), "items": [item]})
}

fn write_lines(path: &Path, lines: impl Iterator<Item = Value>) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    lines.for_each(|line| writeln!(file, "{line}").unwrap());
}

fn import(shop: &Path, files: &[&str]) {
    let done = program().arg("import").arg(shop).args(files).current_dir(shop).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
}

/// What the host took at one moment.
#[derive(Clone, Copy)]
struct Taken {
    resident: u64,
    stored: u64,
    cpu: Duration,
}

impl Taken {
    fn by(server: &Server, data: &Path) -> Self {
        let status = fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
        let stored = fs::read_dir(data).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).sum();
        Self { resident: kilobytes << 10, stored, cpu: cpu_time::cpu_time(server.pid()) }
    }

    fn print_since(self, before: Self, what: &str, count: u64) {
        let each = |now: u64, before: u64| now.saturating_sub(before) / count;
        let (resident, stored) = (each(self.resident, before.resident), each(self.stored, before.stored));
        println!("{what:<52} {resident:>6} bytes of memory   {stored:>6} bytes stored");
    }
}

/// Starts the shop and waits until it answers lists.
fn started(shop: &Path, what: &str) -> (Server, Taken) {
    let server = Server::serve(shop, &shop.join("data"));
    while server.client.get("/health/ready").status != 200 {
        thread::sleep(Duration::from_millis(20));
    }
    let taken = Taken::by(&server, &shop.join("data"));
    println!(
        "{what}: {:.0} MB resident, ready after {:.2} s of CPU",
        taken.resident as f64 / 1e6,
        taken.cpu.as_secs_f64()
    );
    (server, taken)
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    copy_folder(&example("shop"), &shop);
    assert!(program().args(["policy", "pin"]).arg(&shop).output().unwrap().status.success());
    let days_ago = |days: i64| SystemClock.now().plus_ms(-days * jardin_model::DAY_MS).to_string();
    let (consented, looked) = (days_ago(20), days_ago(1));

    let (server, empty) = started(&shop, "an empty shop");
    drop(server);
    write_lines(&shop.join("items.jsonl"), (0..PRODUCTS).map(product));
    import(&shop, &["items.jsonl"]);
    let (server, filled) = started(&shop, "with 300,000 products");
    filled.print_since(empty, "a product", PRODUCTS);
    drop(server);

    write_lines(&shop.join("answers.jsonl"), (0..PEOPLE).map(|n| consent(n, &consented)));
    // an import reads a file, too: a product that is known
    write_lines(&shop.join("known.jsonl"), std::iter::once(product(0)));
    import(&shop, &["known.jsonl", "--consents", "answers.jsonl"]);
    let (server, known) = started(&shop, "and 20,000 people who agreed");
    known.print_since(filled, "a person, not asked for", PEOPLE);
    drop(server);

    write_lines(&shop.join("events.jsonl"), (0..PEOPLE * EVENTS).map(|n| event(n, &looked)));
    import(&shop, &["events.jsonl"]);
    let (server, told) = started(&shop, "and 20 events of each");
    told.print_since(known, "an event", PEOPLE * EVENTS);
    for n in 0..PEOPLE {
        let asked = json!({"placement": "home", "subject_id": format!("person-{n:06}")});
        server.client.post("/v1/recommendations", &asked).expect(200);
    }
    let asked = Taken::by(&server, &shop.join("data"));
    asked.print_since(told, "a person with 20 events, once they were asked for", PEOPLE);
}
