//! What every task of the engine shares.

use std::{
    fmt::Debug,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64},
    },
};

use arc_swap::ArcSwap;
use jardin_policy::{Stop, StrategyName};
use tokio::sync::{Mutex, Notify};

use crate::{
    Parts,
    catalogue::{Popularity, ToPurge},
    counters::Counters,
    housekeeping::Due,
    learning::Learning,
    observed::Watch,
    recommend::{AnswerIds, Fallbacks},
    turns::Turns,
    version,
    world::World,
};

/// What is switched off beside the policy; each change has a number of its own.
#[derive(Debug, Default)]
pub(crate) struct Stopped {
    pub(crate) generation: u64,
    pub(crate) stop: Stop,
}

/// What every task of the engine shares.
pub(crate) struct Inner {
    pub(crate) parts: Parts,
    world: ArcSwap<World>,
    pub(crate) stop: ArcSwap<Stopped>,
    pub(crate) fallbacks: Fallbacks,
    pub(crate) answer_ids: AnswerIds,
    pub(crate) counters: Counters,
    pub(crate) watch: Watch,
    pub(crate) requests: AtomicU64,
    pub(crate) policy_stale: AtomicBool,
    /// Held while the world is changed, with what the host counted for items.
    pub(crate) changing: Mutex<Popularity>,
    pub(crate) turns: Turns,
    pub(crate) to_purge: ToPurge,
    pub(crate) learning: Learning,
    pub(crate) due: Due,
    /// Something of the catalogue has changed.
    pub(crate) wake: Arc<Notify>,
    /// There is something to learn or to forget.
    pub(crate) learn: Arc<Notify>,
    secret: [u8; 32],
}

impl Inner {
    pub(crate) fn new(parts: Parts, world: World, stop: Stop) -> Self {
        let secret = |usage: &str| parts.state.secret(usage);
        let watch = Watch::default();
        watch.follow(&world.tallies);
        Self {
            answer_ids: AnswerIds::new(secret("recommendation-id"), parts.clock.now(), parts.seed),
            secret: secret("version"),
            world: ArcSwap::from_pointee(world),
            stop: ArcSwap::from_pointee(Stopped { generation: 0, stop }),
            fallbacks: Fallbacks::default(),
            counters: Counters::default(),
            watch,
            requests: AtomicU64::new(0),
            policy_stale: AtomicBool::new(false),
            changing: Mutex::default(),
            turns: Turns::default(),
            to_purge: ToPurge::default(),
            learning: Learning::default(),
            due: Due::default(),
            wake: Arc::default(),
            learn: Arc::default(),
            parts,
        }
    }

    /// What is in force now.
    pub(crate) fn world(&self) -> Arc<World> {
        self.world.load_full()
    }

    /// Puts another world in force. The caller holds `changing`.
    pub(crate) fn set_world(&self, world: World) {
        self.world.store(Arc::new(world));
    }

    /// The version of what is shown.
    pub(crate) fn version(&self, state: &impl Debug) -> String {
        version::version(&self.secret, state)
    }

    /// True where the strategy is switched off by name or with everything.
    pub(crate) fn is_stopped(&self, world: &World, name: &StrategyName) -> bool {
        let stop = self.stop.load().stop.union(&world.policy.rules().stop);
        stop.everything || stop.strategies.contains(name)
    }
}
