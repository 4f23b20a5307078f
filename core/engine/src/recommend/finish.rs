//! House rules: a placement's `finish` is laid over every list, the fallback's too.

use std::{collections::HashMap, sync::Arc};

use jardin_contract::{Adjusted, Effect, Failure, PageRule, Ranking, Strategy, StrategyRequest};
use jardin_model::ItemIndex;
use jardin_policy::{StrategyName, View};

use super::{
    check::{bound_factor, check_effects, check_granted_rules, may_say},
    deadline::run_until,
    personalised_request::{NoListReason, PersonalisedRequest},
};

/// A finish that may run. The same view serves every list of an answer.
pub(super) struct Finish {
    name: StrategyName,
    strategy: Arc<dyn Strategy>,
    request: StrategyRequest,
    time_ms: u32,
}

/// What a finish did to one list.
pub(super) struct FinishedList {
    pub(super) effects: HashMap<ItemIndex, Effect>,
    pub(super) rules: Vec<PageRule>,
    pub(super) view: Arc<View>,
}

impl FinishedList {
    pub(super) fn drops(&self, item: ItemIndex) -> bool {
        self.effects.get(&item).is_some_and(|e| e.dropped.is_some())
    }

    /// True where the finish saw the item and left it there.
    pub(super) fn keeps(&self, item: ItemIndex) -> bool {
        self.effects.get(&item).is_some_and(|e| e.dropped.is_none())
    }
}

impl Finish {
    /// The finish of a placement.
    pub(super) fn authorize(
        request: &PersonalisedRequest<'_>,
        name: &StrategyName,
        limit: usize,
    ) -> Result<Self, NoListReason> {
        let authorized = request.authorize(name).inspect_err(|reason| request.count_failure(name, reason))?;
        Ok(Self {
            name: name.clone(),
            strategy: Arc::clone(authorized.strategy),
            request: request.strategy_request(&authorized.grant, limit),
            time_ms: authorized.grant.strategy().limits.time_ms,
        })
    }

    /// Lays the finish over these items.
    pub(super) async fn finish_list(
        &self,
        request: &PersonalisedRequest<'_>,
        items: &[ItemIndex],
    ) -> Result<FinishedList, Failure> {
        let mut own = self.request.clone();
        own.deadline = request.strategy_deadline(self.time_ms);
        request.count_run(&self.name);
        let ranking =
            run_until(request.finish_deadline(own.deadline), self.strategy.recommend(&own, items)).await;
        let adjusted = ranking
            .and_then(|ranking| check_finish(ranking, &own.view, items.len()))
            .inspect_err(|failure| request.count_failure(&self.name, &failure.clone().into()))?;
        let effects = adjusted.effects.into_iter().map(|effect| self.bound_effect(request, effect));
        Ok(FinishedList {
            effects: items.iter().copied().zip(effects).collect(),
            rules: adjusted.page,
            view: own.view,
        })
    }

    fn bound_effect(&self, request: &PersonalisedRequest<'_>, mut effect: Effect) -> Effect {
        let rules = request.world.policy.rules();
        let purpose = rules.strategies.get(&self.name).and_then(|rule| rules.purpose(rule.purpose));
        effect.factor = bound_factor(effect.factor);
        effect.says = effect.says.filter(|code| may_say(request.world, purpose, code));
        effect
    }
}

fn check_finish(ranking: Ranking, view: &View, count: usize) -> Result<Adjusted, Failure> {
    let Ranking::Adjusted(adjusted) = ranking else {
        return Err(Failure::Rejected { what: "a finish moves items and picks none".into() });
    };
    check_effects(&adjusted, count)?;
    check_granted_rules(view, &adjusted.page)?;
    Ok(adjusted)
}
