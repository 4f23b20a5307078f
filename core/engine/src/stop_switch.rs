//! What is stopped beside the policy in force: by the switch, and by a policy file that is not in force.

use std::sync::Arc;

use arc_swap::ArcSwap;
use jardin_contract::{StateStore, StoppedBy, StoreError};
use jardin_policy::{Stop, StrategyName, WrittenStop};
use tokio::sync::Mutex;

use crate::{api::Problem, world::World};

/// What is stopped beside the policy in force; each change has a number of its own.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stopped {
    pub(crate) generation: u64,
    pub(crate) by_switch: Stop,
    by_file: Stop,
    /// By either.
    pub(crate) stop: Stop,
    /// Why a policy file stops everything, where what it says of a stop is not understood.
    not_understood: Option<String>,
    /// A stop could not be stored.
    is_not_durable: bool,
}

/// Switches strategies off and on.
pub(crate) struct StopSwitch {
    state: Arc<dyn StateStore>,
    stopped: ArcSwap<Stopped>,
    /// Held by one change at a time, so that the last one that was stored is the one that is obeyed.
    change_lock: Mutex<()>,
}

impl StopSwitch {
    /// As it was left.
    pub(crate) async fn load(state: Arc<dyn StateStore>) -> Result<Self, StoreError> {
        let by_switch = state.read_stop(StoppedBy::Switch).await?;
        let by_file = state.read_stop(StoppedBy::PolicyFile).await?;
        let switch = Self { state, stopped: ArcSwap::default(), change_lock: Mutex::default() };
        switch.change_stopped(|stopped| (stopped.by_switch, stopped.by_file) = (by_switch, by_file));
        Ok(switch)
    }

    pub(crate) fn stopped(&self) -> Arc<Stopped> {
        self.stopped.load_full()
    }

    /// Switches off and on, also for answers in flight. What is switched off is obeyed at once, whatever the store does;
    /// what is switched on again is durable first.
    pub(crate) async fn put_stop(
        &self,
        world: &World,
        everything: bool,
        names: &[&str],
    ) -> Result<Stop, Problem> {
        let stop = Stop { everything, strategies: declared_strategies(world, names)? };
        let _lock = self.change_lock.lock().await;
        let before = self.stopped().by_switch.clone();
        let both = before.union(&stop);
        let stops_more = both != before;
        if stops_more {
            self.change_stopped(|stopped| stopped.by_switch = both);
        }
        match self.state.put_stop(StoppedBy::Switch, &stop).await {
            Ok(()) => {
                let obeyed = stop.clone();
                self.change_stopped(|stopped| (stopped.by_switch, stopped.is_not_durable) = (obeyed, false));
                Ok(stop)
            }
            Err(_) if stops_more => {
                self.change_stopped(|stopped| stopped.is_not_durable = true);
                Err(Problem::InForceNotDurable)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Obeys what a policy file says that is refused, or ends that where the file is in force.
    pub(crate) async fn follow_file(&self, refused: Option<&WrittenStop>) {
        match refused {
            Some(written) => self.obey_file(written).await,
            None => self.end_file_stop().await,
        }
    }

    /// Obeys what a policy file that is not in force says of a stop: it adds to what was understood before, and takes
    /// nothing back. In force at once, whatever the store does.
    async fn obey_file(&self, written: &WrittenStop) {
        let _lock = self.change_lock.lock().await;
        let before = self.stopped().by_file.clone();
        let (added, why) = match written {
            WrittenStop::Unsaid => return,
            WrittenStop::Understood(stop) => (stop.clone(), None),
            WrittenStop::NotUnderstood(why) => {
                (Stop { everything: true, strategies: Vec::new() }, Some(why.clone()))
            }
        };
        let both = before.union(&added);
        self.change_stopped(|stopped| {
            stopped.by_file = both.clone();
            stopped.not_understood = why.or(stopped.not_understood.take());
        });
        if both != before {
            let stored = self.state.put_stop(StoppedBy::PolicyFile, &both).await;
            self.change_stopped(|stopped| stopped.is_not_durable = stored.is_err());
        }
    }

    /// Ends what a policy file stopped beside the policy in force: the file itself is in force now.
    async fn end_file_stop(&self) {
        let _lock = self.change_lock.lock().await;
        if self.stopped().by_file == Stop::default() {
            return;
        }
        // one that cannot be stored stops again at the next start, until the file is in force then
        let _ = self.state.put_stop(StoppedBy::PolicyFile, &Stop::default()).await;
        self.change_stopped(|stopped| (stopped.by_file, stopped.not_understood) = (Stop::default(), None));
    }

    /// What somebody must look at.
    pub(crate) fn stop_warnings(&self) -> Vec<String> {
        let stopped = self.stopped();
        let why = stopped.not_understood.as_ref();
        let not_understood =
            why.map(|why| format!("everything is stopped, since policy.toml is not understood: {why}"));
        let not_durable = stopped.is_not_durable.then(|| "a stop is in force and not durable".to_owned());
        not_understood.into_iter().chain(not_durable).collect()
    }

    fn change_stopped(&self, change: impl FnOnce(&mut Stopped)) {
        let mut stopped = Stopped::clone(&self.stopped.load());
        change(&mut stopped);
        stopped.generation += 1;
        stopped.stop = stopped.by_switch.union(&stopped.by_file);
        self.stopped.store(Arc::new(stopped));
    }

    /// True where the strategy is switched off by name or with everything, here or in the policy.
    pub(crate) fn is_stopped(&self, world: &World, name: &StrategyName) -> bool {
        let stop = self.stopped.load().stop.union(&world.policy.rules().stop);
        stop.everything || stop.strategies.contains(name)
    }
}

/// The strategies of these names, each once. The fallback ends every chain and cannot be stopped.
fn declared_strategies(world: &World, names: &[&str]) -> Result<Vec<StrategyName>, Problem> {
    let known = &world.policy.rules().strategies;
    let can_stop = |name: &&StrategyName| *name != world.fallback();
    let mut strategies: Vec<StrategyName> = Vec::new();
    for name in names {
        let declared = known.get_key_value(*name).map(|(name, _)| name).filter(can_stop);
        let Some(declared) = declared else {
            return Err(Problem::Unprocessable {
                what: "it names a strategy that the policy does not declare, or the fallback, which ends every chain",
                names: known.keys().filter(can_stop).map(|n| n.as_str().into()).collect(),
            });
        };
        if !strategies.contains(declared) {
            strategies.push(declared.clone());
        }
    }
    Ok(strategies)
}
