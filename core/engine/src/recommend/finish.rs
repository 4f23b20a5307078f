//! House rules: a placement's `finish` is laid over every list, the fallback's too.

use std::{collections::HashMap, sync::Arc};

use jardin_contract::{Ask, Deadline, Effect, Failure, PageRule, Ranking, Strategy};
use jardin_model::ItemIndex;
use jardin_policy::{StrategyName, View};

use super::{
    asking::{Asking, Without},
    check,
    run::within,
};

/// A finish that may run. The same view serves every list of an answer.
pub(super) struct Finish {
    name: StrategyName,
    strategy: Arc<dyn Strategy>,
    ask: Ask,
    time_ms: u32,
}

/// What a finish did to one list.
pub(super) struct Finished {
    pub(super) effects: HashMap<ItemIndex, Effect>,
    pub(super) rules: Vec<PageRule>,
    pub(super) view: Arc<View>,
}

impl Finish {
    /// The finish of a placement.
    pub(super) fn of(asking: &Asking<'_>, name: &StrategyName, limit: usize) -> Result<Self, Without> {
        let (grant, loaded) = asking.leave(name)?;
        Ok(Self {
            name: name.clone(),
            strategy: Arc::clone(&loaded.strategy),
            ask: asking.ask(&grant, limit),
            time_ms: grant.strategy().limits.time_ms,
        })
    }

    /// Lays the finish over these items. Its time may use what is kept for the fallback, since it is laid
    /// over the fallback too.
    pub(super) async fn over(&self, asking: &Asking<'_>, items: &[ItemIndex]) -> Result<Finished, Failure> {
        let own = Deadline::after(asking.clock, std::time::Duration::from_millis(self.time_ms.into()));
        let mut ask = self.ask.clone();
        ask.deadline = asking.until.map_or(own, |until| own.earlier(until));
        asking.runs(&self.name);
        let finished = match within(ask.deadline, self.strategy.recommend(&ask, items)).await {
            Ok(Ranking::Adjusted(adjusted)) => check::effects_fit(&adjusted, items.len())
                .and_then(|()| check::rules_are_granted(&ask.view, &adjusted.page))
                .map(|()| adjusted),
            Ok(Ranking::Picks(_)) => {
                Err(Failure::Rejected { what: "a finish moves items and picks none".into() })
            }
            Err(failure) => Err(failure),
        };
        let adjusted =
            finished.inspect_err(|failure| asking.note(&self.name, &Without::Failed(failure.clone())))?;
        Ok(Finished {
            effects: items
                .iter()
                .copied()
                .zip(adjusted.effects.into_iter().map(|e| self.checked(asking, e)))
                .collect(),
            rules: adjusted.page,
            view: ask.view,
        })
    }

    fn checked(&self, asking: &Asking<'_>, mut effect: Effect) -> Effect {
        let valid = asking.world.policy.rules();
        let purpose = valid.strategies.get(&self.name).and_then(|rule| valid.purpose(rule.purpose));
        effect.factor = check::bounded(effect.factor);
        effect.says = effect.says.filter(|code| check::may_say(asking, purpose, code));
        effect
    }
}
