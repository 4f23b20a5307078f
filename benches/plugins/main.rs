//! What the boundary of a plugin costs: `cargo bench --bench plugins`. Ratios hold within one run only.
#![expect(
    unsafe_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark ends by panicking, prints its figures, reads the clock, and opens a plugin without a worker to compare"
)]

mod colluding;
mod floor;
mod in_process;
mod memory;
mod times;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use in_process::InProcess;
use jardin_contract::{
    Clock, Deadline, Failure, Param, Params, Seed, Strategy as _, StrategyRequest, SystemClock,
};
use jardin_model::{ItemIndex, Timestamp};
use jardin_native::{AfterForgetting, NativeStrategy, PluginFile, Settings, Spawner};
use jardin_policy::{Decision, FileState, Policy, Profile, Signals, Stop, View};
use times::Times;

const POLICY: &str = r#"
language = 1
[policy]
controller = "A shop"
contact = "privacy@shop.example"
languages = ["en"]
revision = "2026-11-20.1"
time_zone = "UTC"
fallback = "popular-now"
[fields.item]
sku = { type = "id", class = "none", always = true }
[purposes.shop-window]
says = { en = "Show what sells well." }
profiling = false
basis = "nothing about a person is read"
[strategies.popular-now]
plugin = "popular"
purpose = "shop-window"
may_read = { "item.sku" = "exact" }
[strategies.timed]
plugin = "timed"
purpose = "shop-window"
limits = { time_ms = 2000 }
may_ask = ["popular-now"]
may_read = { "item.sku" = "exact" }
[fields.session]
basket = { type = "items", class = "personal", keep = "session" }
[purposes.visit]
says = { en = "Help with the basket." }
profiling = false
profiling_because = "reacts to this visit"
basis = "legitimate interests"
interest = { en = "Forget nothing." }
balance = "LIA-1"
stop_if = ["objection"]
[strategies.timed-visits]
plugin = "timed"
purpose = "visit"
limits = { time_ms = 2000 }
may_ask = ["popular-now"]
may_read = { "item.sku" = "exact", "session.basket" = "exact" }
[strategies.colluding]
plugin = "colluding"
purpose = "shop-window"
limits = { time_ms = 2000 }
may_ask = ["popular-now"]
may_read = { "item.sku" = "exact" }
"#;

const ROUNDS: usize = 20_000;
/// 2 KB.
const CANDIDATES: u32 = 500;

/// Builds a plugin of this folder.
fn build(folder: &Path, name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = folder.join(format!("lib{name}.so"));
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O2", "-I"])
        .arg(root.join("plugins"))
        .arg("-o")
        .arg(&out)
        .arg(root.join(format!("benches/plugins/{name}.c")))
        .status();
    assert!(built.is_ok_and(|s| s.success()), "the benchmark needs a C compiler `cc`");
    out
}

/// What a strategy is started from and asked with.
struct Bench {
    policy: Policy,
    file: PluginFile,
    spawner: Spawner,
    clock: Arc<dyn Clock>,
    view: Arc<View>,
}

impl Bench {
    fn new(file: &Path) -> Self {
        let (policy, _) = Policy::load("policy.toml", POLICY).unwrap_or_else(|r| panic!("{}", r.rendered()));
        let now = Timestamp::parse("2026-11-20T10:00:00Z").unwrap();
        let name = &policy.strategy("timed").unwrap().name;
        let flags = policy.flags(None, &Signals::default(), now);
        let screened = Arc::new(policy.empty_catalogue());
        let view = match policy.clone().bind(BTreeSet::new(), None).decide(
            name,
            &flags,
            FileState::Reviewed,
            &Stop::default(),
        ) {
            Decision::Run(grant) => Arc::new(grant.view(&Profile::default(), &screened, now)),
            Decision::Refused(reason) => panic!("refused: {reason}"),
        };
        Self {
            file: PluginFile::from_bytes("timed", std::fs::read(file).unwrap()).unwrap(),
            spawner: Spawner::new(env!("CARGO_BIN_EXE_jardin").into()).unwrap(),
            clock: Arc::new(SystemClock),
            view,
            policy,
        }
    }

    async fn start(&self, params: &[(&str, f64)]) -> Arc<NativeStrategy> {
        self.start_as("timed", params).await
    }

    async fn start_as(&self, strategy: &str, params: &[(&str, f64)]) -> Arc<NativeStrategy> {
        self.start_file(&self.file, strategy, params).await
    }

    async fn start_file(
        &self,
        file: &PluginFile,
        strategy: &str,
        params: &[(&str, f64)],
    ) -> Arc<NativeStrategy> {
        let params: BTreeMap<Arc<str>, Param> =
            params.iter().map(|(k, v)| (Arc::from(*k), Param::Number(*v))).collect();
        let settings = Settings {
            spawner: self.spawner.clone(),
            clock: Arc::clone(&self.clock),
            params: Params(Arc::new(params)),
            workers: 1,
            queue: 64,
            after_forgetting: AfterForgetting::Trust,
        };
        let rule = self.policy.strategy(strategy).unwrap();
        let strategy = NativeStrategy::start(file.clone(), rule, &self.policy, settings).unwrap();
        while !strategy.health().ready {
            // the runtime's timer counts in milliseconds; without the yield a task that waits in this
            // thread's own slot would never run
            std::thread::sleep(Duration::from_micros(50));
            tokio::task::yield_now().await;
        }
        Arc::new(strategy)
    }

    fn ask(&self) -> StrategyRequest {
        StrategyRequest {
            view: Arc::clone(&self.view),
            params: Params::default(),
            limit: 64,
            seed: Seed(1),
            deadline: Deadline::after(&*self.clock, Duration::from_secs(600)),
            explain: false,
        }
    }

    async fn calls(&self, strategy: &NativeStrategy, rounds: usize) -> Times {
        let (ask, candidates) = (self.ask(), candidates());
        let mut times = Vec::with_capacity(rounds);
        for round in 0..rounds + rounds / 10 {
            let begun = Instant::now();
            strategy.recommend(&ask, &candidates).await.unwrap();
            if round >= rounds / 10 {
                times.push(begun.elapsed());
            }
        }
        Times::of(times)
    }
}

fn candidates() -> Vec<ItemIndex> {
    (0..CANDIDATES).map(ItemIndex).collect()
}

fn main() {
    if std::env::args().nth(1).is_some_and(|argument| argument == floor::ECHO_ARGUMENT) {
        return floor::echo();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap().block_on(measure());
}

async fn measure() {
    let folder = tempfile::tempdir().unwrap();
    let file = build(folder.path(), "timed");
    let bench = Arc::new(Bench::new(&file));
    // a task, as a request of the server is one; the main task would run outside the runtime's threads
    let begun = tokio::spawn(async move { run(&bench, &file).await });
    begun.await.unwrap();
}

async fn run(bench: &Arc<Bench>, file: &Path) {
    let candidates: Vec<u32> = (0..CANDIDATES).collect();
    println!("2 KB to a plugin, 1 KB back, {ROUNDS} rounds");
    let apart = floor::round_trips(false).await.show("nothing but the socket");
    let floor = floor::round_trips(true).await.show("nothing but the socket, both on one core");
    let in_process = in_process(file, 0.0, ROUNDS, &candidates).show("in-process");
    let strategy = bench.start(&[]).await;
    let sandboxed = bench.calls(&strategy, ROUNDS).await.show("sandboxed, from a tokio task");
    println!("  sandboxed − in-process {:.2} µs", sandboxed - in_process);
    println!(
        "  (sandboxed − in-process) ÷ socket {:.2}, on one core {:.2}",
        (sandboxed - in_process) / apart,
        (sandboxed - in_process) / floor
    );
    two_clients(bench, &strategy, sandboxed).await;
    many_clients(bench, &strategy).await;
    with_work(bench, file, &candidates, in_process, floor).await;
    start_and_crash(bench).await;
    memory::show();
    colluding::show(bench, file.parent().unwrap()).await;
}

fn in_process(file: &Path, work: f64, rounds: usize, candidates: &[u32]) -> Times {
    let mut direct = InProcess::open(file, work);
    Times::measured(rounds, || drop(direct.call(candidates)))
}

async fn two_clients(bench: &Arc<Bench>, strategy: &Arc<NativeStrategy>, one: f64) {
    let client = || {
        let (bench, strategy) = (Arc::clone(bench), Arc::clone(strategy));
        tokio::spawn(async move { bench.calls(&strategy, ROUNDS).await })
    };
    let (a, b) = (client(), client());
    let (a, b) = (a.await.unwrap(), b.await.unwrap());
    a.show("sandboxed, the first of two clients");
    b.show("sandboxed, the second of two clients");
    println!("  two clients ÷ one {:.2}", a.at(50).max(b.at(50)) / one);
}

/// Requests that wait travel together, but for a strategy that reads about people, to which each goes alone.
async fn many_clients(bench: &Arc<Bench>, together: &Arc<NativeStrategy>) {
    const CLIENTS: usize = 32;
    let alone = bench.start_as("timed-visits", &[]).await;
    let mut took = Vec::new();
    for strategy in [together, &alone] {
        let begun = Instant::now();
        let client = |_| {
            let (bench, strategy) = (Arc::clone(bench), Arc::clone(strategy));
            tokio::spawn(async move { bench.calls(&strategy, ROUNDS / CLIENTS).await })
        };
        let clients: Vec<_> = (0..CLIENTS).map(client).collect();
        for client in clients {
            client.await.unwrap();
        }
        took.push(begun.elapsed().as_secs_f64() / (ROUNDS + ROUNDS / 10) as f64 * 1e6);
    }
    println!("{CLIENTS} clients: an answer each {:.2} µs together, {:.2} µs one by one", took[0], took[1]);
    println!("  one by one ÷ together {:.2}", took[1] / took[0]);
}

/// The strategy computes for 40 µs, as a small model does.
async fn with_work(bench: &Bench, file: &Path, candidates: &[u32], idle: f64, floor: f64) {
    const TRIED: f64 = 100_000.0;
    let work = in_process(file, TRIED, 200, candidates).at(50) - idle;
    let rounds = TRIED * 40.0 / work;
    let in_process = in_process(file, rounds, ROUNDS / 4, candidates).show("in-process, with 40 µs of work");
    let strategy = bench.start(&[("rounds", rounds)]).await;
    let sandboxed = bench.calls(&strategy, ROUNDS / 4).await.show("sandboxed, with 40 µs of work");
    println!(
        "  sandboxed ÷ in-process {:.2}, of which the socket on one core alone makes {:.2}",
        sandboxed / in_process,
        1.0 + floor / in_process
    );
}

async fn start_and_crash(bench: &Bench) {
    let (mut starts, mut crashes) = (Vec::new(), Vec::new());
    for _ in 0..50 {
        let begun = Instant::now();
        let strategy = bench.start(&[("crash", 1.0)]).await;
        starts.push(begun.elapsed());
        let (ask, candidates) = (bench.ask(), candidates());
        let begun = Instant::now();
        let answer = strategy.recommend(&ask, &candidates).await;
        crashes.push(begun.elapsed());
        assert!(matches!(answer, Err(Failure::Died { .. })), "it did not crash");
    }
    Times::of(starts).show("from spawn to ready");
    Times::of(crashes).show("from a crash to the refused request");
}
