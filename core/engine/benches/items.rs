//! One PATCH of an item, by how many products the shop has, beside another durable change of the same run:
//! `cargo bench -p jardin-engine`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark ends by panicking and prints its figures"
)]

use std::{path::Path, sync::Arc, time::Duration};

use async_trait::async_trait;
use jardin_contract::{
    Clock as _, Enforcement, Failure, FixedClock, Health, Kind, Pick, Ranking, Seed, Sources, Strategy,
    StrategyInfo, StrategyRequest, SystemClock,
};
use jardin_engine::{Config, Engine, EngineParts, LoadedStrategies, LoadedStrategy, Shop};
use jardin_model::{ItemId, ItemIndex, SubjectId, Timestamp};
use jardin_policy::{FileState, Policy};
use jardin_store_sqlite::{Options, SqliteStore};
use serde_json::{Value, json};

const SIZES: [u64; 3] = [3_000, 30_000, 300_000];
const CHANGES: usize = 500;

/// Gives the first items of the catalogue.
struct FirstItems(StrategyInfo);

#[async_trait]
impl Strategy for FirstItems {
    fn info(&self) -> &StrategyInfo {
        &self.0
    }

    fn health(&self) -> Health {
        Health { ready: true, ..Health::default() }
    }

    async fn sources(&self, _: &StrategyRequest) -> Result<Sources, Failure> {
        Ok(Sources::Own)
    }

    async fn recommend(&self, request: &StrategyRequest, _: &[ItemIndex]) -> Result<Ranking, Failure> {
        let items = request.view.live_items().take(200);
        Ok(Ranking::Picks(items.map(|item| Pick { item, score: 1.0, reason: None }).collect()))
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    println!("{:>9} {:>22} {:>22} {:>7}", "products", "PATCH p50 (p99)", "objection p50 (p99)", "ratio");
    for size in SIZES {
        runtime.block_on(measure(size));
    }
}

async fn measure(size: u64) {
    let folder = tempfile::tempdir().unwrap();
    let engine = start_engine(folder.path()).await;
    for first in (0..size).step_by(10_000) {
        let items: Vec<Value> = (first..size.min(first + 10_000)).map(item).collect();
        assert!(engine.put_items(items).await.unwrap().rejected.is_empty());
    }
    engine.tick().await;
    let (mut patches, mut objections, mut seed) = (Vec::new(), Vec::new(), Seed(1));
    let person = SubjectId::new("somebody").unwrap();
    for n in 0..CHANGES {
        let id = ItemId::new(&format!("item-{}", seed.next() % size)).unwrap();
        let Value::Object(fields) = json!({"stock": n}) else { panic!("no object") };
        let begun = SystemClock.steady_now();
        engine.patch_item(&id, fields, None).await.unwrap();
        patches.push(begun.elapsed());
        let begun = SystemClock.steady_now();
        engine.put_objection(&person, n % 2 == 0).await.unwrap();
        objections.push(begun.elapsed());
    }
    let (patch, objection) = (quantiles(patches), quantiles(objections));
    let shown = |(p50, p99): (f64, f64)| format!("{p50:.2} ms ({p99:.2})");
    println!("{size:>9} {:>22} {:>22} {:>7.2}", shown(patch), shown(objection), patch.0 / objection.0);
}

async fn start_engine(data: &Path) -> Engine {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/shop");
    let text = |name: &str| std::fs::read_to_string(shop.join(name)).unwrap();
    let policy_text = text("policy.toml");
    let (policy, _) =
        Policy::load("policy.toml", &policy_text).unwrap_or_else(|r| panic!("{}", r.rendered()));
    let (config, _) = Config::load("jardin.toml", &text("jardin.toml"), &policy)
        .unwrap_or_else(|r| panic!("{}", r.rendered()));
    let name = policy.rules().fallback.clone();
    let info = StrategyInfo {
        name: name.clone(),
        kind: Kind::Script,
        digest: [1; 32],
        enforcement: Enforcement::Interpreter,
    };
    let loaded = LoadedStrategy { strategy: Arc::new(FirstItems(info)), file: FileState::Reviewed };
    let strategies: LoadedStrategies = [(name, loaded)].into();
    let shop = Shop {
        policy,
        policy_text: policy_text.into(),
        config: Arc::new(config),
        strategies,
        findings: Vec::new(),
    };
    let store = Arc::new(SqliteStore::open(data, Options::default()).unwrap());
    let clock = Arc::new(FixedClock::at(Timestamp::parse("2026-11-20T12:00:00Z").unwrap()));
    let parts = EngineParts {
        longest_rest_ms: jardin_engine::LONGEST_REST_MS,
        clock,
        state: Arc::clone(&store) as _,
        events: store,
        seed: 1,
    };
    Engine::start(parts, shop).await.unwrap()
}

fn item(n: u64) -> Value {
    json!({"item_id": format!("item-{n}"), "fields": {
        "sku": format!("item-{n}"), "category": format!("category-{}", n % 300), "brand": format!("brand-{}", n % 900),
        "title_fr": format!("Article {n}"), "title_en": format!("Item {n}"), "tags": ["new", "light"],
        "price": format!("{}.90", n % 500), "in_stock": true, "stock": n % 40
    }})
}

/// The median and the 99th percentile, in milliseconds.
fn quantiles(mut spans: Vec<Duration>) -> (f64, f64) {
    spans.sort_unstable();
    let at = |share: usize| spans[(spans.len() - 1) * share / 100].as_secs_f64() * 1000.0;
    (at(50), at(99))
}
