//! A compiled plugin as a strategy.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use jardin_contract::{
    Clock, Enforcement, Failure, Health, Kind, Learner, Observation, Params, Pick, Ranking, Sources,
    Strategy, StrategyInfo, StrategyRequest,
};
use jardin_model::{FieldPath, ItemIndex};
use jardin_policy::{Policy, StrategyRule, View, rules::Isolation};
use tokio::sync::{mpsc, oneshot};

use crate::{
    error::NativeError,
    link::{
        frames,
        spawner::{Spawner, WorkerLimits},
        worker_handle::MAX_SETUP_TIME,
        worker_spec::WorkerSpec,
        worker_stats::WorkerStats,
    },
    plugin_file::{PluginFile, manifest::Manifest},
    pool::{Reply, Supervisor, WorkerPool, WorkerUpdate},
};

/// How many updates may wait at one worker.
const MAX_UPDATES: usize = 64;

/// How long each call to a twin may take: it works at low priority, and nobody waits for it.
const TWIN_TIME: Duration = Duration::from_secs(30);

/// What is said of a plugin that answered from what it was told to forget.
const DISTRUSTED: &str = "it kept what it was told to forget, and is stopped";

/// What is done where a plugin was told to forget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterForgetting {
    /// It is not trusted: its workers are replaced, and the new ones are taught what is left.
    Replace,
    /// From time to time it is compared with one that never knew ([`Learner::start_twin`]).
    Verify,
    /// Nothing: it is trusted.
    Trust,
}

/// What a plugin's workers are started with, beside its file.
#[derive(Clone)]
pub struct Settings {
    /// Starts workers.
    pub spawner: Spawner,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The strategy's settings.
    pub params: Params,
    /// How many workers it has, each with one thread; at least one.
    pub workers: usize,
    /// How many requests may wait for a worker to be free.
    pub queue: usize,
    /// What is done where it was told to forget.
    pub after_forgetting: AfterForgetting,
}

/// A compiled plugin in worker processes. Dropping it ends them.
///
/// A learning strategy's workers all learn the same. Where one loses what it learned, everything is taught
/// again under a new generation; the others answer from what they know until the first update of that
/// generation, which a new worker takes in their place.
pub struct NativeStrategy {
    info: StrategyInfo,
    rule: Arc<StrategyRule>,
    manifest: Manifest,
    reads: BTreeSet<FieldPath>,
    pool: Arc<WorkerPool>,
    after_forgetting: AfterForgetting,
    is_distrusted: AtomicBool,
    /// To each worker's supervisor, which ends with it.
    updates: Vec<mpsc::Sender<WorkerUpdate>>,
}

impl NativeStrategy {
    /// Starts the worker of a plugin for the strategy `rule` of a policy, on the present tokio runtime. Until
    /// it is ready its answers are [`Failure::Starting`].
    ///
    /// # Errors
    /// [`NativeError::Withheld`] where the policy does not grant what the plugin needs,
    /// [`NativeError::Settings`], [`NativeError::DoesNotLearn`], [`NativeError::DoesNotCountPeople`].
    pub fn start(
        file: PluginFile,
        rule: &Arc<StrategyRule>,
        policy: &Policy,
        settings: Settings,
    ) -> Result<Self, NativeError> {
        let granted = |path| rule.may_read.iter().any(|g| policy.field_id(path) == Some(g.field));
        let withheld: Vec<String> =
            file.manifest.needs.iter().filter(|p| !granted(p)).map(|p| format!("`{p}`")).collect();
        if !withheld.is_empty() {
            return Err(NativeError::Withheld {
                name: file.name,
                strategy: rule.name.to_string(),
                fields: withheld.join(", "),
            });
        }
        if !rule.may_learn_from.is_empty() && !file.manifest.learns {
            return Err(NativeError::DoesNotLearn { name: file.name, strategy: rule.name.to_string() });
        }
        // a rule that asks for several people links visits
        let counts_people = rule.people.links_visits() && !rule.may_learn_from.is_empty();
        if counts_people && !file.manifest.counts_people {
            let (name, strategy, at_least) = (file.name, rule.name.to_string(), rule.people.at_least);
            return Err(NativeError::DoesNotCountPeople { name, strategy, at_least });
        }
        let problems = file.manifest.setting_problems(&settings.params);
        if !problems.is_empty() {
            return Err(NativeError::Settings {
                name: file.name,
                strategy: rule.name.to_string(),
                what: problems.join("; "),
            });
        }
        let open = rule.isolation == Isolation::Process;
        let enforcement = if open {
            Enforcement::ProcessOnly
        } else {
            Enforcement::Sandbox { measures: jardin_sandbox::MEASURES.to_vec() }
        };
        let info =
            StrategyInfo { name: rule.name.clone(), kind: Kind::Plugin, digest: file.digest, enforcement };
        let spec = WorkerSpec {
            file,
            spawner: settings.spawner,
            clock: settings.clock,
            params: settings.params,
            time: Duration::from_millis(rule.limits.time_ms.into()),
            setup_time: MAX_SETUP_TIME,
            limits: WorkerLimits {
                memory_bytes: u64::from(rule.limits.memory_mb) << 20,
                open,
                is_unhurried: false,
            },
            one_person_a_frame: policy.rules().reads_a_person(rule),
            people: (!rule.may_learn_from.is_empty()).then_some(rule.people),
            stats: WorkerStats::new(),
        };
        let sizes = (settings.workers.max(1), settings.queue.max(1));
        Ok(Self::over_workers(info, Arc::clone(rule), spec, sizes, settings.after_forgetting))
    }

    /// Starts so many workers, for which so many requests may wait.
    fn over_workers(
        info: StrategyInfo,
        rule: Arc<StrategyRule>,
        spec: WorkerSpec,
        (workers, queue): (usize, usize),
        after_forgetting: AfterForgetting,
    ) -> Self {
        let manifest = spec.manifest().clone();
        let pool = WorkerPool::new(spec, workers, queue);
        let supervise = |slot| {
            let (sender, updates) = mpsc::channel(MAX_UPDATES);
            tokio::spawn(Supervisor::new(Arc::clone(&pool), slot, updates).run());
            sender
        };
        let updates = (0..workers).map(supervise).collect();
        let reads = manifest.declared_fields();
        let is_distrusted = AtomicBool::new(false);
        Self { info, rule, manifest, reads, pool, after_forgetting, is_distrusted, updates }
    }

    fn is_distrusted(&self) -> bool {
        self.is_distrusted.load(Ordering::Relaxed)
    }

    /// Gives each worker the update, and says whether all took it; how it went wrong where one did not, and
    /// whether another did.
    async fn send_update(&self, update: impl Fn(Reply<()>) -> WorkerUpdate) -> Result<(), (Failure, bool)> {
        let mut answers = Vec::with_capacity(self.updates.len());
        for supervisor in &self.updates {
            let (reply, answer) = oneshot::channel();
            // one that does not come to its supervisor is answered by the dropped reply
            let _ = supervisor.send(update(reply)).await;
            answers.push(answer);
        }
        let (mut failure, mut taken) = (None, false);
        for answer in answers {
            match answer.await.unwrap_or(Err(Failure::Stale)) {
                Ok(()) => taken = true,
                Err(why) => failure = failure.or(Some(why)),
            }
        }
        failure.map_or(Ok(()), |failure| Err((failure, taken)))
    }

    /// What only some of the workers learned makes what they hold differ: everything is taught again.
    async fn teach(&self, update: impl Fn(Reply<()>) -> WorkerUpdate) -> Result<(), Failure> {
        match self.send_update(update).await {
            Ok(()) => Ok(()),
            Err((failure, false)) => Err(failure),
            Err((_, true)) => {
                self.pool.lose_learned();
                Err(Failure::Stale)
            }
        }
    }

    /// Ends every worker that was taught, by the first message of another generation: new ones know nothing.
    async fn replace_workers(&self) -> Result<(), Failure> {
        self.pool.lose_learned();
        let generation = self.pool.generation();
        let empty = |reply| WorkerUpdate::Forget { generation, message: frames::forget_frame(&[]), reply };
        self.teach(empty).await
    }

    fn reason_of(&self, code: u32) -> Option<Arc<str>> {
        let place = usize::try_from(code).ok()?.checked_sub(1)?;
        self.manifest.reasons.get(place).cloned()
    }
}

#[async_trait]
impl Strategy for NativeStrategy {
    fn info(&self) -> &StrategyInfo {
        &self.info
    }

    fn health(&self) -> Health {
        let stats = &self.pool.spec.stats;
        let counters = [
            ("deaths", &stats.deaths),
            ("deaths-by-signal", &stats.signals),
            ("refused-calls", &stats.refused_calls),
            ("killed-late", &stats.late),
            ("killed-computing-unasked", &stats.unasked),
            ("out-of-memory", &stats.out_of_memory),
            ("rejected-answers", &stats.rejected),
            ("requests", &stats.requests),
            ("starts", &stats.starts),
        ];
        let counters = counters.into_iter().map(|(name, n)| (name, n.load(Ordering::Relaxed)));
        let counters: BTreeMap<_, _> = counters.chain(stats.round_trips.cumulative_counts()).collect();
        let is_distrusted = self.is_distrusted();
        let note = if is_distrusted { Some(DISTRUSTED.to_owned()) } else { stats.note() };
        Health { ready: !is_distrusted && self.pool.is_usable(), note, counters }
    }

    fn reads(&self) -> Option<&BTreeSet<FieldPath>> {
        Some(&self.reads)
    }

    async fn sources(&self, _: &StrategyRequest) -> Result<Sources, Failure> {
        let asked = self
            .rule
            .may_ask
            .iter()
            .map(|name| Sources::Ask { strategy: name.clone(), limit: Sources::MOST });
        Ok(asked.reduce(|a, b| Sources::Or(Box::new(a), Box::new(b))).unwrap_or(Sources::Own))
    }

    async fn recommend(&self, ask: &StrategyRequest, candidates: &[ItemIndex]) -> Result<Ranking, Failure> {
        if self.is_distrusted() {
            return Err(Failure::Error { what: DISTRUSTED.into() });
        }
        let given = !self.rule.may_ask.is_empty();
        let picks = self.pool.recommend(ask, candidates, given).await?;
        let most = usize::try_from(self.rule.limits.results).unwrap_or(Sources::MOST);
        if picks.len() > most {
            return Err(Failure::Limit { limit: "number of results" });
        }
        let pick = |pick: jardin_abi::Pick| Pick {
            item: ItemIndex(pick.index),
            score: pick.score,
            reason: self.reason_of(pick.reason),
        };
        Ok(Ranking::Picks(picks.into_iter().map(pick).collect()))
    }

    async fn prepare_catalogue(&self, view: Arc<View>) -> Result<(), Failure> {
        let update = |reply| WorkerUpdate::Catalogue { view: Arc::clone(&view), reply };
        self.send_update(update).await.map_err(|(failure, _)| failure)
    }

    fn has_constant_list(&self) -> bool {
        !self.manifest.learns
    }

    fn learner(&self) -> Option<&dyn Learner> {
        (self.manifest.learns && !self.is_distrusted()).then_some(self as &dyn Learner)
    }
}

#[async_trait]
impl Learner for NativeStrategy {
    fn generation(&self) -> u64 {
        self.pool.generation()
    }

    async fn observe(&self, generation: u64, rows: &[Observation]) -> Result<(), Failure> {
        let message = || frames::observe_frame(&self.manifest, rows);
        let update = |reply| WorkerUpdate::Observe { generation, message: message(), reply };
        self.teach(update).await
    }

    async fn forget(&self, generation: u64, sessions: &[u64]) -> Result<(), Failure> {
        let update =
            |reply| WorkerUpdate::Forget { generation, message: frames::forget_frame(sessions), reply };
        self.teach(update).await?;
        match self.after_forgetting {
            AfterForgetting::Replace => self.replace_workers().await,
            AfterForgetting::Verify | AfterForgetting::Trust => Ok(()),
        }
    }

    fn start_twin(&self) -> Option<Arc<dyn Strategy>> {
        if self.after_forgetting != AfterForgetting::Verify {
            return None;
        }
        let spec = self.pool.spec.unhurried(TWIN_TIME);
        let (info, rule) = (self.info.clone(), Arc::clone(&self.rule));
        Some(Arc::new(Self::over_workers(info, rule, spec, (1, 1), AfterForgetting::Trust)))
    }

    async fn stop_trusting(&self) {
        self.is_distrusted.store(true, Ordering::Relaxed);
        // where one cannot be replaced it has died, and what it held with it
        let _ = self.replace_workers().await;
    }
}
