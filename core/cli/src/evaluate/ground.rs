//! A shop of its own for one evaluation: throwaway store, real policy, real workers.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context as _, anyhow};
use jardin_contract::{Clock as _, FixedClock};
use jardin_engine::{MOST_EVENTS, PrivacySignals};
use jardin_model::Timestamp;
use jardin_policy::{
    Policy, StrategyKind,
    lock::{Lock, digest},
};
use jardin_store_sqlite::{Options, Store};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::{folder::Folder, host::Host, plugins::find_plugin, print, serve::runtime};

/// What a ground is made of.
pub(super) struct Plan<'a> {
    /// The policy's text.
    pub(super) policy: &'a str,
    /// The text of jardin.toml.
    pub(super) config: &'a str,
    /// The shop folder whose scripts and plugins are used.
    pub(super) shop: Option<&'a Folder>,
    /// When it is.
    pub(super) now: Timestamp,
    /// What is put into the new store before anything starts.
    pub(super) fill: &'a dyn Fn(&Store, &Runtime) -> anyhow::Result<()>,
    /// A change of the policy once it was read.
    pub(super) change: &'a dyn Fn(Policy) -> Policy,
}

impl Plan<'_> {
    /// An empty store under a policy as it is.
    pub(super) const fn plain<'a>(policy: &'a str, config: &'a str, now: Timestamp) -> Plan<'a> {
        Plan { policy, config, shop: None, now, fill: &|_, _| Ok(()), change: &|policy| policy }
    }
}

/// A host on a store that goes with it.
pub(super) struct Ground {
    pub(super) host: Host,
    pub(super) clock: Arc<FixedClock>,
    pub(super) runtime: Runtime,
    /// Dropped last: the store is in it.
    _folder: tempfile::TempDir,
}

impl Ground {
    /// Starts a host.
    ///
    /// # Errors
    /// Where policy or settings are refused, or a worker does not start.
    pub(super) fn open(plan: &Plan<'_>) -> anyhow::Result<Self> {
        let temporary = tempfile::tempdir().context("no temporary folder can be made")?;
        let path = temporary.path();
        if let Some(shop) = plan.shop {
            for part in [&*shop.files.scripts, "plugins"] {
                copy(&shop.path.join(part), &path.join(part))?;
            }
        }
        let policy_file = plan.shop.map_or("policy.toml", |shop| &*shop.files.policy);
        for (name, text) in [(policy_file, plan.policy), ("jardin.toml", plan.config)] {
            write(&path.join(name), text)?;
        }
        let mut folder = Folder::quietly(path)?;
        folder.lock = pinned(&folder.policy, path)?;
        folder.policy = (plan.change)(folder.policy);
        let clock = Arc::new(FixedClock::at(plan.now));
        let runtime = runtime()?;
        (plan.fill)(&Store::open(&path.join("data"), Options::default())?, &runtime)?;
        let host = runtime.block_on(Host::start(&folder, &path.join("data"), Arc::clone(&clock) as _, 0))?;
        Ok(Self { host, clock, runtime, _folder: temporary })
    }

    /// What time it is.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Puts items on the shelf, each as the HTTP API takes it.
    pub(super) fn put_items(&self, items: Vec<Value>) -> anyhow::Result<()> {
        let receipt = self
            .runtime
            .block_on(self.host.engine.put_items(items))
            .map_err(|p| anyhow!("items are refused: {p}"))?;
        match receipt.rejected.first() {
            None => Ok(()),
            Some(first) => {
                Err(anyhow!("item {} is refused: {} {:?}", first.index + 1, first.problem, first.names))
            }
        }
    }

    /// Stores events, each as the HTTP API takes it; says how many were refused.
    pub(super) fn ingest(
        &self,
        events: impl Iterator<Item = Value>,
        mut progress: impl FnMut(usize),
    ) -> anyhow::Result<usize> {
        self.runtime.block_on(self.host.store.hold())?;
        let mut refused = 0;
        let mut events = events.peekable();
        while events.peek().is_some() {
            let part: Vec<Value> = events.by_ref().take(MOST_EVENTS).collect();
            let count = part.len();
            let receipt = self.runtime.block_on(self.host.engine.ingest(part, &PrivacySignals::default()));
            refused += receipt.map_err(|p| anyhow!("events are refused: {p}"))?.rejected.len();
            progress(count);
        }
        self.runtime.block_on(self.host.store.release())?;
        Ok(refused)
    }

    /// Lets every strategy learn what it may; says how many sessions each one learned.
    pub(super) fn teach(&self) -> BTreeMap<String, usize> {
        self.runtime.block_on(async {
            self.host.engine.tick().await;
            let learned = self.host.engine.learned().await;
            learned.into_iter().map(|(name, count)| (name.to_string(), count)).collect()
        })
    }
}

/// Every plugin that the policy names, as it is found: an evaluation reviews nothing.
fn pinned(policy: &Policy, shop: &Path) -> anyhow::Result<Lock> {
    let mut files = BTreeMap::new();
    for rule in policy.rules().strategies.values() {
        let (name, path) = match &rule.kind {
            StrategyKind::Plugin(name) => (name, find_plugin(shop, name)),
            StrategyKind::Script(file) if rule.pinned => (file, Some(shop.join("scripts").join(&**file))),
            StrategyKind::Script(_) => continue,
        };
        let Some(path) = path else { continue };
        let bytes = fs::read(&path).with_context(|| format!("`{}` cannot be read", path.display()))?;
        files.insert(Arc::clone(name), digest(&bytes));
    }
    // one evaluation starts many grounds
    static TOLD: Mutex<bool> = Mutex::new(false);
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    if !*told {
        let names: Vec<&str> = files.keys().map(|name| &**name).collect();
        print::error(&format!("for this run, these files count as reviewed: {}", names.join(", ")));
        *told = true;
    }
    Ok(Lock::new(files))
}

/// Writes a file of the temporary folder.
fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent)
        .and_then(|()| fs::write(path, text))
        .with_context(|| format!("`{}` cannot be written", path.display()))
}

/// Copies a folder, where there is one.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    if !from.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(to).with_context(|| format!("`{}` cannot be made", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("`{}` cannot be read", from.display()))? {
        let entry = entry?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(&path, target).with_context(|| format!("`{}` cannot be copied", path.display()))?;
        }
    }
    Ok(())
}
