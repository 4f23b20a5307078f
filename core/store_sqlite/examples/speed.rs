//! How fast the store is on this machine, beside SQLite itself in the same run: `cargo run --release -p
//! jardin-store-sqlite --example speed`.
//!
//! The ratios say more than the figures, which are those of a disk.

use std::{error::Error, io::Write as _, path::Path, sync::Arc, time::Duration};

use jardin_contract::{
    Clock as _, EventLog as _, ProfileChange, Seed, StateStore as _, Store as _, SystemClock,
};
use jardin_model::SubjectId;
use jardin_store_kit::laws::{TestShop, noon};
use jardin_store_sqlite::{Options, SqliteStore};
use rusqlite::Connection;

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

const BATCH: usize = 256;
const BATCHES: usize = 200;
const SINGLE: usize = 500;
const PEOPLE: u64 = 20_000;
const CLIENTS: usize = 64;

fn main() -> Outcome {
    tokio::runtime::Runtime::new()?.block_on(run())
}

async fn run() -> Outcome {
    let folder = tempfile::tempdir()?;
    let raw = raw_rates(&folder.path().join("raw.db"))?;
    let shop = Arc::new(TestShop::open());
    let store = Arc::new(SqliteStore::open(&folder.path().join("store"), Options::default())?);
    // everybody is known, so that only events are measured
    let import = store.begin_import().await?;
    for n in 0..PEOPLE {
        let id = SubjectId::new(&format!("person-{n}"))?;
        store.put_profile(&id, ProfileChange::replace_all(shop.profile_with("38000")), noon()).await?;
    }
    import.commit().await?;
    let mut log = Log::new(&shop, &store);
    let batches = log.batch_rate(BATCHES, BATCH).await?;
    let single = log.batch_rate(SINGLE, 1).await?;
    let crowd = crowd_rate(&shop, &store).await?;
    print_line(&format!(
        "{:<44} {:>10} {:>10} {:>7}",
        "durable events a second", "store", "SQLite", "ratio"
    ))?;
    print_rates(&format!("in batches of {BATCH}"), batches, raw.batches)?;
    print_rates("singly, one client", single, raw.single)?;
    print_rates(&format!("singly, {CLIENTS} clients"), crowd, raw.single)?;
    print_line("")?;
    print_line(&format!("{:<44} {:>10} {:>10}", "microseconds", "p50", "p99"))?;
    print_spans("read of a cached person", time_reads(&store, true).await?)?;
    drop(log);
    drop(store);
    let options = Options { cache_bytes: 0, ..Options::default() };
    let store = Arc::new(SqliteStore::open(&folder.path().join("store"), options)?);
    print_spans("read of a person who is not cached", time_reads(&store, false).await?)?;
    print_spans("erasure, until its answer", time_erasures(&store).await?)
}

/// Events of random people.
struct Log {
    shop: Arc<TestShop>,
    store: Arc<SqliteStore>,
    seed: Seed,
    next: u64,
}

impl Log {
    fn new(shop: &Arc<TestShop>, store: &Arc<SqliteStore>) -> Self {
        Self { shop: Arc::clone(shop), store: Arc::clone(store), seed: Seed(1), next: 0 }
    }

    fn one(&mut self) -> jardin_policy::Admitted {
        self.next += 1;
        let (person, item) = (self.seed.next() % PEOPLE, self.seed.next() % 5_000);
        self.shop.purchase(
            Some(&format!("event-{}", self.next)),
            &format!("person-{person}"),
            None,
            &format!("item-{item}"),
            noon(),
        )
    }

    /// Events a second, one batch after the other.
    async fn batch_rate(&mut self, batches: usize, size: usize) -> Outcome<f64> {
        let ready: Vec<Vec<_>> = (0..batches).map(|_| (0..size).map(|_| self.one()).collect()).collect();
        let since = SystemClock.steady_now();
        for batch in ready {
            self.store.append_events(batch, noon()).await?;
        }
        Ok(a_second(batches * size, since.elapsed()))
    }
}

/// Events a second of many clients, each of which waits for its answer before the next event.
async fn crowd_rate(shop: &Arc<TestShop>, store: &Arc<SqliteStore>) -> Outcome<f64> {
    let since = SystemClock.steady_now();
    let clients = (0..CLIENTS).map(|client| {
        let mut log = Log::new(shop, store);
        log.next = 1_000_000_000 * (client as u64 + 1);
        tokio::spawn(async move {
            for _ in 0..SINGLE / 5 {
                let event = log.one();
                log.store.append_events(vec![event], noon()).await?;
            }
            Outcome::Ok(())
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await??;
    }
    Ok(a_second(CLIENTS * (SINGLE / 5), since.elapsed()))
}

async fn time_reads(store: &SqliteStore, cached: bool) -> Outcome<Vec<Duration>> {
    let mut seed = Seed(2);
    let mut spans = Vec::new();
    for _ in 0..5_000 {
        let id = SubjectId::new(&format!("person-{}", seed.next() % PEOPLE))?;
        if cached {
            store.read_subject(&id).await?;
        }
        let since = SystemClock.steady_now();
        if cached {
            store.cached_subject(&id);
        } else {
            store.read_subject(&id).await?;
        }
        spans.push(since.elapsed());
    }
    Ok(spans)
}

async fn time_erasures(store: &SqliteStore) -> Outcome<Vec<Duration>> {
    let mut spans = Vec::new();
    for n in 0..100 {
        let since = SystemClock.steady_now();
        store.erase_subject(&SubjectId::new(&format!("person-{n}"))?, noon()).await?;
        spans.push(since.elapsed());
    }
    Ok(spans)
}

/// What SQLite gives with the same care for durability, one index, and nothing else to do.
struct Raw {
    batches: f64,
    single: f64,
}

fn raw_rates(path: &Path) -> Outcome<Raw> {
    let mut sql = Connection::open(path)?;
    sql.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 10000;
        CREATE TABLE events (sequence INTEGER PRIMARY KEY, subject INTEGER, kind INTEGER, at INTEGER, lines BLOB);
        CREATE INDEX events_subject ON events (subject);",
    )?;
    let mut rate = |batches: usize, size: usize| -> Outcome<f64> {
        let mut seed = Seed(3);
        let since = SystemClock.steady_now();
        for _ in 0..batches {
            let transaction = sql.transaction()?;
            for _ in 0..size {
                let subject = (seed.next() % PEOPLE).cast_signed();
                let mut insert = transaction.prepare_cached(
                    "INSERT INTO events (subject, kind, at, lines) VALUES (?1, 8, 1, x'0101')",
                )?;
                insert.execute([subject])?;
            }
            transaction.commit()?;
        }
        Ok(a_second(batches * size, since.elapsed()))
    };
    Ok(Raw { batches: rate(BATCHES, BATCH)?, single: rate(SINGLE, 1)? })
}

#[expect(clippy::cast_precision_loss, reason = "counts of a benchmark")]
fn a_second(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

fn print_rates(what: &str, store: f64, raw: f64) -> Outcome {
    print_line(&format!("{what:<44} {store:>10.0} {raw:>10.0} {:>7.2}", store / raw))
}

fn print_spans(what: &str, mut spans: Vec<Duration>) -> Outcome {
    spans.sort_unstable();
    let at = |percent: usize| spans.get(spans.len() * percent / 100).map_or(0.0, |s| s.as_secs_f64() * 1e6);
    print_line(&format!("{what:<44} {:>10.1} {:>10.1}", at(50), at(99)))
}

fn print_line(text: &str) -> Outcome {
    Ok(writeln!(std::io::stdout(), "{text}")?)
}
