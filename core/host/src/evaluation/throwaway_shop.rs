//! A shop of its own for one evaluation: throwaway store, real policy, real workers.

use std::{collections::BTreeMap, sync::Arc};

use jardin_contract::{Clock as _, FixedClock, Store};
use jardin_engine::{MAX_EVENTS, PrivacySignals};
use jardin_model::Timestamp;
use jardin_policy::{Policy, lock::Lock};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::{
    Host, HostError, Notice, ShopContent, ShopFolder, SourceText, StartOptions, StoreConfig, open_store,
    strategy_files,
};

/// What a throwaway shop is made of.
pub struct ThrowawayPlan<'a> {
    /// The policy's text.
    pub policy: &'a str,
    /// The text of jardin.toml.
    pub config: &'a str,
    /// The folder whose scripts and plugins are used.
    pub folder: &'a ShopFolder,
    /// When it is.
    pub now: Timestamp,
    /// What is put into the new store before anything starts.
    pub fill: &'a dyn Fn(&dyn Store, &Runtime) -> Result<(), HostError>,
    /// A change of the policy once it was read.
    pub change: &'a dyn Fn(Policy) -> Policy,
}

/// A host on a store that goes with it.
pub struct ThrowawayShop {
    /// The host.
    pub host: Host,
    /// Its clock, which stands still.
    pub clock: Arc<FixedClock>,
    /// Where it runs.
    pub runtime: Runtime,
    /// What there is to tell of its start.
    pub notices: Vec<Notice>,
    /// Dropped last: the store is in it.
    _folder: tempfile::TempDir,
}

impl ThrowawayShop {
    /// Starts a host.
    ///
    /// # Errors
    /// Where policy or settings are refused, or a worker does not start.
    pub fn start(plan: &ThrowawayPlan<'_>) -> Result<Self, HostError> {
        let temporary = tempfile::tempdir().map_err(|source| {
            let what = "no temporary folder can be made".to_owned();
            HostError::File { what, source }
        })?;
        let text = |file: &str, text: &str| SourceText { file: file.to_owned(), text: text.to_owned() };
        let (policy, config) = (text("policy.toml", plan.policy), text("jardin.toml", plan.config));
        let mut content = ShopContent::of_texts(plan.folder, policy, config)?;
        content.lock = lock_of_all(plan.folder, &content.policy);
        content.policy = (plan.change)(content.policy);
        let clock = Arc::new(FixedClock::at(plan.now));
        let runtime = start_runtime()?;
        let data = temporary.path().join("data");
        (plan.fill)(&*open_store(StoreConfig::embedded(&data))?, &runtime)?;
        let options =
            StartOptions { data: Some(data), listen: None, clock: Arc::clone(&clock) as _, seed: 0 };
        let started = Host::start(&content, options);
        let (host, notices) = runtime.block_on(started)?;
        Ok(Self { host, clock, runtime, notices, _folder: temporary })
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Sets items, each as the HTTP API takes it.
    ///
    /// # Errors
    /// The first one that is refused.
    pub fn put_items(&self, items: Vec<Value>) -> Result<(), HostError> {
        let receipt = self
            .runtime
            .block_on(self.host.engine.put_items(items))
            .map_err(|problem| HostError::from(problem).within("items are refused"))?;
        match receipt.rejected.first() {
            None => Ok(()),
            Some(first) => {
                let (item, names) = (first.index + 1, first.names.join(", "));
                Err(HostError::Unusable(format!("item {item} is refused: {} {names}", first.problem)))
            }
        }
    }

    /// Stores events, each as the HTTP API takes it; says how many were refused.
    ///
    /// # Errors
    /// What the engine or the store says.
    pub fn put_events(
        &self,
        events: impl Iterator<Item = Value>,
        mut progress: impl FnMut(usize),
    ) -> Result<usize, HostError> {
        let import = self.runtime.block_on(self.host.store.begin_import())?;
        let mut refused = 0;
        let mut events = events.peekable();
        while events.peek().is_some() {
            let part: Vec<Value> = events.by_ref().take(MAX_EVENTS).collect();
            let count = part.len();
            let receipt = self.runtime.block_on(self.host.engine.ingest(part, &PrivacySignals::default()));
            let receipt = receipt.map_err(|problem| HostError::from(problem).within("events are refused"))?;
            refused += receipt.rejected.len() + receipt.set_aside.count();
            progress(count);
        }
        self.runtime.block_on(import.commit())?;
        Ok(refused)
    }

    /// Lets every strategy learn what it may; says how many sessions each one learned.
    pub fn teach_strategies(&self) -> BTreeMap<String, usize> {
        self.runtime.block_on(async {
            self.host.engine.tick().await;
            let learned = self.host.engine.learned().await;
            learned.into_iter().map(|(name, count)| (name.to_string(), count)).collect()
        })
    }
}

/// The names of the files that an evaluation runs though nobody may have reviewed them: every plugin, and the
/// scripts that the policy pins.
#[must_use]
pub fn files_to_pin(folder: &ShopFolder, policy: &Policy) -> Vec<Arc<str>> {
    lock_of_all(folder, policy).files().map(|(name, _)| Arc::from(name)).collect()
}

/// A lock of every file that must be pinned, as it is found: an evaluation reviews nothing.
pub(crate) fn lock_of_all(folder: &ShopFolder, policy: &Policy) -> Lock {
    let files = strategy_files(folder, policy, None);
    let to_pin = files.iter().filter(|file| !file.is_script() || file.rule.pinned);
    Lock::new(to_pin.filter_map(|file| Some((Arc::clone(&file.name), file.digest()?))).collect())
}

fn start_runtime() -> Result<Runtime, HostError> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|source| HostError::File { what: "no threads can be started".to_owned(), source })
}
