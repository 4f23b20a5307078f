//! A shop of its own for one evaluation: throwaway store, real policy, real workers.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context as _, anyhow};
use jardin_engine::{MOST_EVENTS, Narrowing};
use jardin_model::Timestamp;
use jardin_policy::{
    Policy, StrategyKind,
    lock::{Lock, digest},
};
use jardin_strategy::FixedClock;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::cli::{folder::Folder, host::Host, plugins::find_plugin, print, serve::runtime};

/// What a ground is made of.
pub(super) struct Plan<'a> {
    /// The policy's text.
    pub(super) policy: &'a str,
    /// The text of jardin.toml.
    pub(super) config: &'a str,
    /// The shop folder whose scripts and plugins are used.
    pub(super) shop: Option<&'a Path>,
    /// When it is.
    pub(super) now: Timestamp,
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
            copy(shop, path)?;
        }
        for (name, text) in [("policy.toml", plan.policy), ("jardin.toml", plan.config)] {
            fs::write(path.join(name), text).with_context(|| format!("`{name}` cannot be written into a temporary folder"))?;
        }
        let mut folder = Folder::read(path)?;
        folder.lock = pinned(&folder.policy, path)?;
        let clock = Arc::new(FixedClock::at(plan.now));
        let runtime = runtime()?;
        let host = runtime.block_on(Host::start(&folder, &path.join("data"), Arc::clone(&clock) as _, 0))?;
        Ok(Self {
            host,
            clock,
            runtime,
            _folder: temporary,
        })
    }

    /// Puts items on the shelf, each as the HTTP API takes it.
    pub(super) fn put_items(&self, items: Vec<Value>) -> anyhow::Result<()> {
        let receipt = self
            .runtime
            .block_on(self.host.engine.put_items(items))
            .map_err(|p| anyhow!("items are refused: {p}"))?;
        match receipt.rejected.first() {
            None => Ok(()),
            Some(first) => Err(anyhow!("item {} is refused: {} {:?}", first.index + 1, first.problem, first.names)),
        }
    }

    /// Stores events, each as the HTTP API takes it; says how many were refused.
    pub(super) fn ingest(&self, events: Vec<Value>, mut progress: impl FnMut(usize)) -> anyhow::Result<usize> {
        self.runtime.block_on(self.host.store.hold())?;
        let mut refused = 0;
        let mut events = events.into_iter().peekable();
        while events.peek().is_some() {
            let part: Vec<Value> = events.by_ref().take(MOST_EVENTS).collect();
            let count = part.len();
            let receipt = self.runtime.block_on(self.host.engine.ingest(part, &Narrowing::default()));
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
    for rule in policy.valid().strategies.values() {
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

/// Copies scripts and plugins.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(from).with_context(|| format!("`{}` cannot be read", from.display()))? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        if entry.file_type()?.is_dir() {
            // the shop's own store is read elsewhere, and never copied
            if path.join("jardin.db").exists() || name == "data" {
                continue;
            }
            fs::create_dir_all(to.join(&name))?;
            copy(&path, &to.join(&name))?;
        } else {
            fs::copy(&path, to.join(&name)).with_context(|| format!("`{}` cannot be copied", path.display()))?;
        }
    }
    Ok(())
}
