//! A compiled plugin as a strategy.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use async_trait::async_trait;
use jardin_model::{FieldPath, ItemIndex};
use jardin_policy::{Policy, StrategyRule, View, valid::Isolation};
use jardin_strategy::{
    Ask, Clock, Enforcement, Failure, Health, Kind, Learner, Observation, Params, Pick, Ranking, Sources, Strategy, StrategyInfo,
};
use tokio::sync::{mpsc, oneshot};

use crate::{
    Manifest, NativeError, PluginFile, Spawner,
    desk::{Desk, Job, Setting, Waiting},
    encode,
    shown::{Shown, State},
    spawn::How,
};

/// How many lessons may wait.
const LESSONS: usize = 64;

/// What a plugin's workers are started with, beside its file.
#[derive(Clone)]
pub struct Settings {
    /// Starts workers.
    pub spawner: Spawner,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The strategy's settings.
    pub params: Params,
    /// How many requests may wait.
    pub queue: usize,
}

/// A compiled plugin in a worker process. Dropping it ends the worker.
pub struct NativeStrategy {
    info: StrategyInfo,
    rule: Arc<StrategyRule>,
    manifest: Manifest,
    reads: BTreeSet<FieldPath>,
    shown: Arc<Shown>,
    requests: mpsc::Sender<Job>,
    lessons: mpsc::Sender<Job>,
}

impl NativeStrategy {
    /// Starts the worker of a plugin for the strategy `rule` of a policy, on the present tokio runtime. Until it is ready its answers are
    /// [`Failure::Starting`].
    ///
    /// # Errors
    /// [`NativeError::Withheld`] where the policy does not grant what the plugin needs, [`NativeError::DoesNotLearn`].
    pub fn start(file: PluginFile, rule: &Arc<StrategyRule>, policy: &Policy, settings: Settings) -> Result<Self, NativeError> {
        let granted = |path| rule.may_read.iter().any(|g| policy.field_id(path) == Some(g.field));
        let withheld: Vec<String> = file
            .manifest
            .needs
            .iter()
            .filter(|p| !granted(p))
            .map(|p| format!("`{p}`"))
            .collect();
        if !withheld.is_empty() {
            return Err(NativeError::Withheld {
                name: file.name,
                strategy: rule.name.to_string(),
                fields: withheld.join(", "),
            });
        }
        if !rule.may_learn_from.is_empty() && !file.manifest.learns {
            return Err(NativeError::DoesNotLearn {
                name: file.name,
                strategy: rule.name.to_string(),
            });
        }
        let open = rule.isolation == Isolation::Process;
        let enforcement = if open {
            Enforcement::ProcessOnly
        } else {
            Enforcement::Sandbox {
                measures: jardin_sandbox::MEASURES.to_vec(),
            }
        };
        let info = StrategyInfo {
            name: rule.name.clone(),
            kind: Kind::Plugin,
            digest: file.digest,
            enforcement,
        };
        let shown = Shown::new();
        let (requests, asked) = mpsc::channel(settings.queue.max(1));
        let (lessons, taught) = mpsc::channel(LESSONS);
        let manifest = file.manifest.clone();
        let desk = Desk::new(Setting {
            file,
            spawner: settings.spawner,
            clock: settings.clock,
            params: settings.params,
            time: Duration::from_millis(rule.limits.time_ms.into()),
            how: How {
                memory_bytes: u64::from(rule.limits.memory_mb) << 20,
                open,
            },
            shown: Arc::clone(&shown),
        });
        tokio::spawn(desk.run(asked, taught));
        Ok(Self {
            info,
            rule: Arc::clone(rule),
            reads: manifest.reads(),
            manifest,
            shown,
            requests,
            lessons,
        })
    }

    fn refusal(&self) -> Option<Failure> {
        match self.shown.state() {
            State::Ready => None,
            State::Starting => Some(Failure::Starting),
            State::Resting => Some(Failure::Resting),
        }
    }

    async fn lesson(&self, job: impl FnOnce(oneshot::Sender<Result<(), Failure>>) -> Job) -> Result<(), Failure> {
        let (reply, answer) = oneshot::channel();
        self.lessons.send(job(reply)).await.map_err(|_| Failure::Stale)?;
        answer.await.map_err(|_| Failure::Stale)?
    }
}

#[async_trait]
impl Strategy for NativeStrategy {
    fn info(&self) -> &StrategyInfo {
        &self.info
    }

    fn health(&self) -> Health {
        let shown = &self.shown;
        let counters = [
            ("deaths", &shown.deaths),
            ("deaths-by-signal", &shown.signals),
            ("refused-calls", &shown.refused_calls),
            ("killed-late", &shown.late),
            ("rejected-answers", &shown.rejected),
            ("requests", &shown.requests),
            ("starts", &shown.starts),
        ];
        let counters: BTreeMap<_, _> = counters.into_iter().map(|(name, n)| (name, n.load(Ordering::Relaxed))).collect();
        Health {
            ready: shown.state() == State::Ready,
            note: shown.note(),
            counters,
        }
    }

    fn reads(&self) -> Option<&BTreeSet<FieldPath>> {
        Some(&self.reads)
    }

    async fn sources(&self, _: &Ask) -> Result<Sources, Failure> {
        let asked = self.rule.may_ask.iter().map(|name| Sources::Ask {
            strategy: name.clone(),
            limit: Sources::MOST,
        });
        Ok(asked.reduce(|a, b| Sources::Or(Box::new(a), Box::new(b))).unwrap_or(Sources::Own))
    }

    async fn recommend(&self, ask: &Ask, candidates: &[ItemIndex]) -> Result<Ranking, Failure> {
        if let Some(refusal) = self.refusal() {
            return Err(refusal);
        }
        let given = !self.rule.may_ask.is_empty();
        let (reply, answer) = oneshot::channel();
        let job = Job::Recommend(Waiting {
            ask: ask.clone(),
            candidates: candidates.to_vec(),
            given,
            reply,
        });
        self.requests.try_send(job).map_err(|_| Failure::Overloaded)?;
        let picks = answer.await.map_err(|_| Failure::Starting)??;
        let most = usize::try_from(self.rule.limits.results).unwrap_or(Sources::MOST);
        let pick = |p: jardin_abi::Pick| {
            let reason = usize::try_from(p.reason)
                .ok()
                .and_then(|n| n.checked_sub(1))
                .and_then(|n| self.manifest.reasons.get(n));
            Pick {
                item: ItemIndex(p.index),
                score: p.score,
                reason: reason.cloned(),
            }
        };
        if picks.len() > most {
            return Err(Failure::Limit {
                limit: "number of results",
            });
        }
        Ok(Ranking::Picks(picks.into_iter().map(pick).collect()))
    }

    async fn prepare(&self, view: Arc<View>) -> Result<(), Failure> {
        self.lesson(|reply| Job::Prepare { view, reply }).await
    }

    fn learner(&self) -> Option<&dyn Learner> {
        self.manifest.learns.then_some(self as &dyn Learner)
    }
}

#[async_trait]
impl Learner for NativeStrategy {
    fn generation(&self) -> u64 {
        self.shown.generation.load(Ordering::Acquire)
    }

    async fn observe(&self, generation: u64, rows: &[Observation]) -> Result<(), Failure> {
        let frame = encode::observations(rows);
        self.lesson(|reply| Job::Observe { generation, frame, reply }).await
    }

    async fn forget(&self, generation: u64, sessions: &[u64]) -> Result<(), Failure> {
        let frame = encode::sessions(sessions);
        self.lesson(|reply| Job::Forget { generation, frame, reply }).await
    }
}
