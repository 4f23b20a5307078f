//! How long a store with many events takes to be filled and to be opened again: `cargo run --release -p jardin-store-sqlite
//! --example reopen -- 10000000`, the number of events.

use std::{error::Error, io::Write as _, path::Path, time::Duration};

use jardin_contract::{Clock as _, EventLog as _, Seed, SystemClock};
use jardin_store_kit::laws::{TestShop, noon};
use jardin_store_sqlite::{Options, SqliteStore};

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

const BATCH: usize = 1_000;
const PEOPLE: u64 = 200_000;
const ITEMS: u64 = 5_000;
const OPENINGS: usize = 5;

fn main() -> Outcome {
    let count = std::env::args().nth(1).map_or(Ok(1_000_000), |count| count.parse())?;
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let took = runtime.block_on(fill_store(folder.path(), count))?;
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let rate = count as f64 / took.as_secs_f64();
    print_line(&format!("{count} events in batches of {BATCH}, each durable: {rate:.0} a second"))?;
    let mut spans = (0..OPENINGS).map(|_| time_opening(folder.path())).collect::<Outcome<Vec<_>>>()?;
    spans.sort_unstable();
    print_line(&format!(
        "opened again {OPENINGS} times, in milliseconds: {:?}",
        spans.iter().map(Duration::as_millis).collect::<Vec<_>>()
    ))
}

/// Appends events of random people; says how long that took, apart from making them.
async fn fill_store(folder: &Path, count: usize) -> Outcome<Duration> {
    let (shop, store, mut seed) = (TestShop::open(), SqliteStore::open(folder, Options::default())?, Seed(1));
    let mut took = Duration::ZERO;
    for batch in 0..count / BATCH {
        let events = (0..BATCH).map(|n| {
            let (person, item) = (seed.next() % PEOPLE, seed.next() % ITEMS);
            let id = format!("event-{}", batch * BATCH + n);
            shop.purchase(Some(&id), &format!("person-{person}"), None, &format!("item-{item}"), noon())
        });
        let events = events.collect();
        let since = SystemClock.steady_now();
        store.append_events(events, noon()).await?;
        took += since.elapsed();
    }
    Ok(took)
}

fn time_opening(folder: &Path) -> Outcome<Duration> {
    let since = SystemClock.steady_now();
    let store = SqliteStore::open(folder, Options::default())?;
    let took = since.elapsed();
    drop(store);
    Ok(took)
}

fn print_line(text: &str) -> Outcome {
    Ok(writeln!(std::io::stdout(), "{text}")?)
}
