//! The switch beside the policy's own `[stop]`.

use std::sync::Arc;

use arc_swap::ArcSwap;
use jardin_contract::{StateStore, StoreError};
use jardin_policy::{Stop, StrategyName};
use tokio::sync::Mutex;

use crate::{api::Problem, world::World};

/// What is switched off beside the policy; each change has a number of its own.
#[derive(Debug, Default)]
pub(crate) struct Stopped {
    pub(crate) generation: u64,
    pub(crate) stop: Stop,
}

/// Switches strategies off and on.
pub(crate) struct StopSwitch {
    state: Arc<dyn StateStore>,
    stopped: ArcSwap<Stopped>,
    /// Held by one change at a time, so that the last one that was stored is the one that is obeyed.
    change_lock: Mutex<()>,
}

impl StopSwitch {
    /// The switch as it was left.
    pub(crate) async fn load(state: Arc<dyn StateStore>) -> Result<Self, StoreError> {
        let stop = state.read_stop().await?;
        let stopped = ArcSwap::from_pointee(Stopped { generation: 0, stop });
        Ok(Self { state, stopped, change_lock: Mutex::default() })
    }

    pub(crate) fn stopped(&self) -> Arc<Stopped> {
        self.stopped.load_full()
    }

    /// Switches off and on; durable first, then obeyed, also by answers in flight.
    pub(crate) async fn put_stop(
        &self,
        world: &World,
        everything: bool,
        names: &[&str],
    ) -> Result<Stop, Problem> {
        let stop = Stop { everything, strategies: declared_strategies(world, names)? };
        let _lock = self.change_lock.lock().await;
        self.state.put_stop(&stop).await?;
        let generation = self.stopped.load().generation + 1;
        self.stopped.store(Arc::new(Stopped { generation, stop: stop.clone() }));
        Ok(stop)
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
