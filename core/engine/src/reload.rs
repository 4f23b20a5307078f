//! Puts a new state of the shop folder in force.

use std::sync::Arc;

use jardin_contract::StateStore;
use jardin_model::ItemIndex;

use crate::{
    api::Problem,
    catalogue::{UntiedItems, read_catalogue},
    field_usage::FieldUsage,
    in_force::InForce,
    learning::Learning,
    parts::Shop,
    schedule::Schedule,
    world::World,
};

/// Takes new states of the shop folder.
pub(crate) struct ShopReload {
    pub(crate) state: Arc<dyn StateStore>,
    pub(crate) in_force: Arc<InForce>,
    pub(crate) usage: Arc<FieldUsage>,
    pub(crate) learning: Arc<Learning>,
    pub(crate) untied_items: Arc<UntiedItems>,
    pub(crate) schedule: Arc<Schedule>,
}

impl ShopReload {
    /// The next request obeys the new state. What was counted goes on to count, where the new policy still
    /// declares the field in the same way; the next count is due at once.
    pub(crate) async fn put_shop(&self, shop: Shop) -> Result<(), Problem> {
        let mut change = self.in_force.begin_change().await;
        let before = self.in_force.world();
        let stored = read_catalogue(&*self.state, &shop.policy).await?;
        change.counts.retain_counted(&shop.policy);
        let counted = change.counts.add_to_catalogue(stored.catalogue().clone());
        let screened = Arc::new(shop.policy.screen(counted, Some(&stored)));
        let world = World::new(shop, Arc::clone(&screened), self.state.derive_secret("pseudonym"));
        self.usage.follow_tallies(&world.tallies);
        change.put_in_force(world);
        drop(change);
        self.in_force.set_policy_stale(false);
        self.learning.policy_changed();
        let all = u32::try_from(screened.catalogue().ids().len()).unwrap_or(u32::MAX);
        self.untied_items.follow_change(&before.screened, &screened, (0..all).map(ItemIndex)).await;
        self.schedule.count_soon();
        self.learning.settle().await;
        self.schedule.wake();
        self.learning.wake();
        Ok(())
    }
}
