//! What a strategy is asked so that its answers can be compared with those of another one.

use std::{sync::Arc, time::Duration};

use jardin_contract::{Clock, Deadline, Ranking, Seed, Sources, Strategy, StrategyRequest};
use jardin_model::{ItemIndex, Timestamp};
use jardin_policy::StrategyRule;
use tokio::time::timeout;

use crate::world::World;

/// Questions to one strategy beside one product after another, of nobody. The same product is the same question.
pub(super) struct Questions<'a> {
    clock: &'a dyn Clock,
    world: &'a World,
    rule: &'a StrategyRule,
    now: Timestamp,
    candidates: Vec<ItemIndex>,
}

impl<'a> Questions<'a> {
    pub(super) fn new(clock: &'a dyn Clock, world: &'a World, rule: &'a StrategyRule) -> Self {
        let builds_on_lists = !rule.may_ask.is_empty();
        let candidates = world.sellable_items().take(if builds_on_lists { Sources::MOST } else { 0 });
        Self { clock, world, rule, now: clock.now(), candidates: candidates.collect() }
    }

    pub(super) fn products(&self) -> impl Iterator<Item = ItemIndex> {
        self.world.sellable_items()
    }

    /// The answer beside a product; `None` where there is none in so long.
    pub(super) async fn ask_about(
        &self,
        strategy: &dyn Strategy,
        product: ItemIndex,
        time: Duration,
    ) -> Option<Ranking> {
        let Self { world, rule, .. } = self;
        let name = rule.name.as_str();
        let id = world.screened.catalogue().ids().id(product)?;
        let ask = StrategyRequest {
            view: Arc::new(world.policy.question_view(name, id, &world.screened, self.now)?),
            params: world.config.params.get(name).cloned().unwrap_or_default(),
            limit: usize::try_from(rule.limits.results).unwrap_or(Sources::MOST),
            seed: Seed(product.0.into()),
            deadline: Deadline::after(self.clock, time),
            explain: false,
        };
        let answer = timeout(time, strategy.recommend(&ask, &self.candidates)).await;
        answer.ok()?.ok()
    }
}
