//! What is in force, and the lock of whoever changes it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use arc_swap::ArcSwap;
use tokio::sync::{Mutex, MutexGuard};

use crate::{api::ApprovalShown, item_counts::ItemCounts, world::World};

/// What is in force now. A request keeps the world that it began with.
pub(crate) struct InForce {
    world: ArcSwap<World>,
    catalogue_lock: Mutex<ItemCounts>,
    policy_stale: AtomicBool,
    approval: ArcSwap<ApprovalShown>,
}

/// The right to put another world in force; one holds it at a time, with what the host counted for items.
pub(crate) struct WorldChange<'a> {
    in_force: &'a InForce,
    pub(crate) counts: MutexGuard<'a, ItemCounts>,
}

impl InForce {
    pub(crate) fn new(world: World) -> Self {
        Self {
            world: ArcSwap::from_pointee(world),
            catalogue_lock: Mutex::default(),
            policy_stale: AtomicBool::new(false),
            approval: ArcSwap::default(),
        }
    }

    pub(crate) fn world(&self) -> Arc<World> {
        self.world.load_full()
    }

    /// Waits until nobody else changes the world.
    pub(crate) async fn begin_change(&self) -> WorldChange<'_> {
        WorldChange { in_force: self, counts: self.catalogue_lock.lock().await }
    }

    /// True where a newer policy was refused and the last good one stays.
    pub(crate) fn is_policy_stale(&self) -> bool {
        self.policy_stale.load(Ordering::Relaxed)
    }

    /// How the policy of the folder stands to its controller's approval.
    pub(crate) fn approval(&self) -> Arc<ApprovalShown> {
        self.approval.load_full()
    }

    pub(crate) fn set_approval(&self, approval: ApprovalShown) {
        self.approval.store(Arc::new(approval));
    }

    pub(crate) fn set_policy_stale(&self, is_stale: bool) {
        self.policy_stale.store(is_stale, Ordering::Relaxed);
    }
}

impl WorldChange<'_> {
    pub(crate) fn put_in_force(&self, world: World) {
        self.in_force.world.store(Arc::new(world));
    }
}
