//! What every task of the engine shares.

use std::sync::{Arc, atomic::AtomicBool, atomic::AtomicU64};

use arc_swap::ArcSwap;
use jardin_policy::Stop;

use crate::{
    Parts,
    counters::Counters,
    recommend::{AnswerIds, Fallbacks},
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
    pub(crate) requests: AtomicU64,
    pub(crate) policy_stale: AtomicBool,
    /// Held while the world is changed.
    pub(crate) changing: tokio::sync::Mutex<()>,
}

impl Inner {
    /// What is in force now.
    pub(crate) fn world(&self) -> Arc<World> {
        self.world.load_full()
    }
}
