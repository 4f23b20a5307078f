//! A process that is killed while it writes loses nothing that it acknowledged, and leaves nothing half done.
//!
//! The test starts itself as the process that is killed; so it has a `main` of its own.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use jardin_contract::{Appended, EventLog as _, ProfileChange, Seed, StateStore as _};
use jardin_model::SubjectId;
use jardin_store_kit::laws::{TestShop, noon};
use jardin_store_sqlite::{Options, SqliteStore};

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

const ROUNDS: u64 = 6;
/// So many events are in one batch, which is stored whole or not at all.
const BATCH: u64 = 3;
const WRITERS: u64 = 8;

fn main() -> Outcome {
    let runtime = tokio::runtime::Runtime::new()?;
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, word, folder, round] = arguments.as_slice()
        && word == "write"
    {
        return runtime.block_on(write_until_killed(Path::new(folder), round.parse()?));
    }
    let folder = tempfile::tempdir()?;
    let mut said = Said::default();
    let mut seed = Seed(7);
    for round in 0..ROUNDS {
        kill_after(folder.path(), round, 20 + seed.next() % 200, &mut said)?;
        runtime.block_on(check_store(folder.path(), &said))?;
    }
    writeln!(
        std::io::stdout(),
        "killed {ROUNDS} times: {} batches and {} profiles are there, {} people are gone",
        said.bought.len(),
        said.told.len(),
        said.erased.len()
    )?;
    Ok(())
}

/// What was acknowledged before the process died.
#[derive(Default)]
struct Said {
    bought: BTreeSet<String>,
    told: BTreeSet<String>,
    erased: BTreeSet<String>,
}

/// Starts a process that writes, kills it after so many acknowledgements, and hears what it said until then.
fn kill_after(folder: &Path, round: u64, after: u64, said: &mut Said) -> Outcome {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["write".as_ref(), folder.as_os_str(), round.to_string().as_ref()])
        .stdout(Stdio::piped())
        .spawn()?;
    let output = child.stdout.take().ok_or("no output")?;
    for (count, line) in (1..).zip(BufReader::new(output).lines()) {
        let line = line?;
        match line.split_once(' ') {
            Some(("bought", name)) => drop(said.bought.insert(name.to_owned())),
            Some(("told", name)) => drop(said.told.insert(name.to_owned())),
            Some(("erased", name)) => drop(said.erased.insert(name.to_owned())),
            _ => return Err(format!("it said `{line}`").into()),
        }
        if count == after {
            child.kill()?;
        }
    }
    let status = child.wait()?;
    if status.success() { Err("it ended by itself".into()) } else { Ok(()) }
}

/// Writes until it is killed: people buy, tell their postcode, and every third is erased.
async fn write_until_killed(folder: &Path, round: u64) -> Outcome {
    let store = Arc::new(SqliteStore::open(folder, Options::default())?);
    let shop = Arc::new(TestShop::open());
    let writers = (0..WRITERS).map(|writer| {
        let (store, shop) = (Arc::clone(&store), Arc::clone(&shop));
        tokio::spawn(async move {
            for n in 0_u64.. {
                let end = if n % 3 == 0 { "-ends" } else { "" };
                live_life(&store, &shop, &format!("r{round}w{writer}n{n}{end}")).await?;
            }
            Outcome::Ok(())
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await??;
    }
    Ok(())
}

async fn live_life(store: &SqliteStore, shop: &TestShop, name: &str) -> Outcome {
    let id = SubjectId::new(name)?;
    store.append_events(purchases_of(shop, name), noon()).await?;
    acknowledge("bought", name)?;
    store.put_profile(&id, ProfileChange::replace_all(shop.profile_with(name)), noon()).await?;
    acknowledge("told", name)?;
    if name.ends_with("-ends") {
        store.erase_subject(&id, noon()).await?.ok_or("nobody was erased")?;
        acknowledge("erased", name)?;
    }
    Ok(())
}

fn purchases_of(shop: &TestShop, name: &str) -> Vec<jardin_policy::Admitted> {
    let one = |n: u64| {
        let id = format!("{name}-{n}");
        shop.purchase(Some(&id), name, None, &format!("item-{n}"), noon())
    };
    (0..BATCH).map(one).collect()
}

/// One write of a line is whole in a pipe.
fn acknowledge(what: &str, name: &str) -> Outcome {
    let mut output = std::io::stdout().lock();
    output.write_all(format!("{what} {name}\n").as_bytes())?;
    Ok(output.flush()?)
}

/// Everything that was acknowledged is there, once; everybody who was erased is not; every batch is whole.
async fn check_store(folder: &Path, said: &Said) -> Outcome {
    let (store, shop) = (SqliteStore::open(folder, Options::default())?, TestShop::open());
    for name in &said.bought {
        let record = store.read_subject(&SubjectId::new(name)?).await?;
        let there = record.as_ref().map(|r| r.events.len() as u64);
        // one who was about to be erased may be gone already
        let may_be_gone = name.ends_with("-ends");
        if there != Some(BATCH) && !(there.is_none() && may_be_gone) {
            return Err(format!("`{name}` has {there:?} events").into());
        }
        if said.erased.contains(name) && record.is_some() {
            return Err(format!("`{name}` was erased and is there").into());
        }
        let told = record.as_ref().is_some_and(|r| !r.fields.is_empty());
        if record.is_some() && said.told.contains(name) && !told {
            return Err(format!("`{name}` has lost what was told").into());
        }
        let again = store.append_events(purchases_of(&shop, name), noon()).await?;
        if again.iter().any(|appended| *appended != Appended::Duplicate) {
            return Err(format!("`{name}` is not known to repeat").into());
        }
    }
    let mut owners: BTreeMap<_, u64> = BTreeMap::new();
    for event in store.read_feed(0, usize::MAX).await? {
        *owners.entry(event.subject).or_default() += 1;
    }
    match owners.into_iter().find(|(_, count)| *count != BATCH) {
        Some((_, count)) => Err(format!("a batch of {BATCH} has {count} events").into()),
        None => Ok(()),
    }
}
