//! An engine for trials: the shop's policy, settings, scripts and plugins over a store in memory, each
//! strategy watched.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use jardin_contract::{Clock, FixedClock, StateStore as _, Store, SystemClock};
use jardin_diagnostics::did_you_mean;
use jardin_engine::{Answer, Engine, EngineParts, Request, Shop};
use jardin_model::{ItemId, ItemIndex, SessionId, SubjectId, Timestamp, read_json};
use jardin_policy::StrategyName;
use jardin_store_memory::MemoryStore;
use serde_json::Value;

use super::{
    MadeUpPerson, TrialQuestion, made_up_visit,
    watched_strategy::{RunLog, StrategyRun, WatchedStrategy},
};
use crate::{
    HostError, Loader, Notice, ShopContent, SourceText, StoreConfig, escape_controls,
    loader::wait_for_workers, reach_store,
};

/// Where the items of a trial come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemsFrom {
    /// The shop's own store, with what strategies learned there.
    Store,
    /// A file of items; nothing was learned.
    File,
}

/// What a trial stands on: a store, and items that are put into it once the engine runs.
pub struct TrialStore {
    store: MemoryStore,
    items: Vec<Value>,
    /// Where the items come from.
    pub from: ItemsFrom,
}

impl TrialStore {
    /// One with these items, each as the HTTP API takes it; nothing was learned.
    #[must_use]
    pub fn with_items(items: Vec<Value>) -> Self {
        Self { store: MemoryStore::default(), items, from: ItemsFrom::File }
    }

    /// The items of a shop that this process runs, with what was learned there; nobody of its people is in it.
    ///
    /// # Errors
    /// Where its items cannot be read.
    pub(crate) async fn over_running(store: Arc<dyn Store>) -> Result<Self, HostError> {
        Ok(Self { store: MemoryStore::over_store(store).await?, items: Vec::new(), from: ItemsFrom::Store })
    }

    /// The items of the shop, from its store where there is one, whoever holds it, otherwise from items.jsonl.
    ///
    /// # Errors
    /// Where there is neither, or the store or the file cannot be read.
    pub async fn of_shop(content: &ShopContent, data: &Path) -> Result<Self, HostError> {
        if data.join("store.db").is_file() {
            let base =
                reach_store(content, StoreConfig::for_one_reader(data, &content.folder, &content.server))?;
            let store = MemoryStore::over_store(base).await?;
            return Ok(Self { store, items: Vec::new(), from: ItemsFrom::Store });
        }
        let source = SourceText::read(&content.folder.items_path())
            .map_err(|error| error.within(format!("the shop has no data in `{}`", data.display())))?;
        Ok(Self::with_items(json_lines(&source.text)?))
    }
}

/// An engine for trials.
pub struct TrialEngine {
    engine: Engine,
    store: MemoryStore,
    loader: Loader,
    log: Arc<RunLog>,
    clock: Arc<FixedClock>,
    /// How many visits were made up.
    visits: AtomicUsize,
}

/// What came of one question.
pub struct TrialAnswer {
    /// The answer.
    pub answer: Answer,
    /// The runs of all strategies, in the order in which the answer names them, then those that finish lists.
    pub runs: Vec<StrategyRun>,
    /// How long it took.
    pub took: Duration,
}

impl TrialEngine {
    /// An engine over a shop folder at a time that stands still; what there is to tell comes with it.
    ///
    /// # Errors
    /// Where a script has errors, or an item is refused.
    pub async fn start(
        content: &ShopContent,
        store: TrialStore,
        at: Timestamp,
    ) -> Result<(Self, Vec<Notice>), HostError> {
        let TrialStore { store, items, .. } = store;
        let clock = Arc::new(FixedClock::at(at));
        let log = Arc::default();
        let loader = Loader::new(&content.folder, Arc::clone(&clock) as _)?;
        let loaded = loader.load_shop(content)?;
        wait_for_workers(&loaded.shop.strategies).await;
        let shop = with_watched_strategies(loaded.shop, &log);
        let parts = EngineParts {
            longest_rest_ms: jardin_engine::LONGEST_REST_MS,
            clock: Arc::clone(&clock) as _,
            state: Arc::new(store.clone()),
            events: Arc::new(store.clone()),
            seed: 0,
        };
        let engine = Engine::start(parts, shop).await?;
        let engine = Self { engine, store, loader, log, clock, visits: AtomicUsize::new(0) };
        engine.put_items(items).await?;
        Ok((engine, loaded.notices))
    }

    /// Puts another state of the folder in force: a draft beside what is live.
    ///
    /// # Errors
    /// Where a script has errors.
    pub async fn reload(&self, content: &ShopContent) -> Result<Vec<Notice>, HostError> {
        let loaded = self.loader.load_shop(content)?;
        wait_for_workers(&loaded.shop.strategies).await;
        self.engine.reload(with_watched_strategies(loaded.shop, &self.log)).await?;
        self.settle().await;
        Ok(loaded.notices)
    }

    /// Sets items; the policy decides what of them is kept.
    async fn put_items(&self, items: Vec<Value>) -> Result<(), HostError> {
        let receipt = self.engine.put_items(items).await?;
        match receipt.rejected.first() {
            None => Ok(()),
            Some(refused) => Err(HostError::Unusable(format!(
                "item {} is refused: {} {}",
                refused.index + 1,
                refused.problem,
                refused.names.join(", ")
            ))),
        }
    }

    /// Tells of a person.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn put_person(&self, id: &SubjectId, person: &MadeUpPerson) -> Result<(), HostError> {
        person.tell_engine(&self.engine, id, self.clock.now()).await
    }

    /// Holds a question to the catalogue: a shop can ask about a product that it no longer has, and whoever tries a
    /// script has mistyped it.
    ///
    /// # Errors
    /// The first product that the catalogue does not have.
    pub fn check_items(&self, question: &TrialQuestion) -> Result<(), HostError> {
        let policy = self.engine.policy().policy;
        let is_known = |id: &str| ItemId::new(id).is_ok_and(|id| self.engine.item(&id).is_ok());
        match question.named_items(&policy).into_iter().find(|id| !is_known(id)) {
            Some(id) => {
                let ids = self.store.item_ids();
                let near = did_you_mean(id, ids.iter().map(ItemId::as_str));
                let meant = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                Err(HostError::Unusable(format!(
                    "the catalogue has no product `{}`{meant}",
                    escape_controls(id)
                )))
            }
            None => Ok(()),
        }
    }

    /// Learns what is to be learned, and asks the fallback.
    pub async fn settle(&self) {
        self.engine.tick().await;
        let _of_the_fallback = self.log.take_runs();
    }

    /// What health says of a strategy: why it cannot answer, or what happened to it last.
    #[must_use]
    pub fn health_note(&self, strategy: &StrategyName) -> Option<String> {
        let strategies = self.engine.health().strategies;
        strategies.into_iter().find(|health| health.name == *strategy)?.note
    }

    /// Moves the time.
    pub fn set_time(&self, at: Timestamp) {
        self.clock.set(at);
    }

    /// Asks.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn ask(&self, question: &TrialQuestion) -> Result<TrialAnswer, HostError> {
        let request = self.make_visit(question).await?;
        let _of_others = self.log.take_runs();
        let begun: Instant = SystemClock.steady_now();
        let answer = self.engine.recommend(&request).await?;
        let took = SystemClock.steady_now().saturating_duration_since(begun);
        let mut runs = self.log.take_runs();
        // those of a chain may run at the same moment and end in any order; what finishes a list comes last
        let place = |name: &StrategyName| answer.strategies.iter().position(|asked| asked.name == *name);
        runs.sort_by_key(|run| place(&run.strategy).unwrap_or(usize::MAX));
        Ok(TrialAnswer { answer, took, runs })
    }

    /// The request of a question, in a visit of its own.
    async fn make_visit(&self, question: &TrialQuestion) -> Result<Request, HostError> {
        let mut request = question.to_request();
        if !question.session.is_empty() {
            let number = self.visits.fetch_add(1, Ordering::Relaxed);
            let session = SessionId::new(&format!("trial-{number}"))
                .map_err(|error| HostError::Unusable(error.to_string()))?;
            let now = self.clock.now();
            request.session_fields =
                made_up_visit::tell_engine(&self.engine, &session, &question.session, now).await?;
            request.session = Some(session);
        }
        Ok(request)
    }

    /// The fields of an item that are no secret; none of one that the catalogue does not have.
    pub(crate) fn item_fields(&self, id: &ItemId) -> BTreeMap<Arc<str>, Value> {
        self.engine.item(id).map(|item| item.fields).unwrap_or_default()
    }

    /// The ids of all items.
    pub(crate) fn item_ids(&self) -> Arc<[ItemId]> {
        self.store.item_ids().iter().cloned().collect()
    }

    /// The id of an item.
    #[must_use]
    pub fn item_id(&self, item: ItemIndex) -> Option<ItemId> {
        self.store.item_ids().id(item).cloned()
    }
}

/// The same shop with every strategy watched.
fn with_watched_strategies(mut shop: Shop, log: &Arc<RunLog>) -> Shop {
    for loaded in shop.strategies.values_mut() {
        loaded.strategy = Arc::new(WatchedStrategy {
            strategy: Arc::clone(&loaded.strategy),
            log: Arc::clone(log),
            clock: Arc::new(SystemClock),
        });
    }
    shop
}

/// JSON, a value a line.
///
/// # Errors
/// The first line that is not JSON.
pub fn json_lines(text: &str) -> Result<Vec<Value>, HostError> {
    let filled = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let parse = |(n, line): (usize, &str)| {
        read_json(line.as_bytes()).map_err(|error| {
            let (line, column) = (n + 1, error.column);
            HostError::Unusable(format!("line {line} cannot be read: {}, at column {column}", error.what))
        })
    };
    filled.map(parse).collect()
}
