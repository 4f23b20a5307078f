//! What a strategy may learn from.

use jardin_model::{EventKind, Namespace, Timestamp};

use super::{Flags, decide::purpose_refuses};
use crate::{
    Policy, PolicyInForce,
    rules::{Age, StrategyName},
};

/// One history that a strategy learns from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearningSource {
    /// Whose history: the subject's or the session's.
    pub namespace: Namespace,
    /// Which events it lists.
    pub kinds: Vec<EventKind>,
    /// From how long ago at most, the field's `keep` included.
    oldest: Vec<Age>,
}

/// What a strategy may learn from, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learnable {
    /// The strategy.
    pub strategy: StrategyName,
    /// Its histories.
    pub sources: Vec<LearningSource>,
    /// True where it is told which visits are one person's.
    pub links_visits: bool,
}

impl Policy {
    /// The strategies that learn, in the order of their names.
    #[must_use]
    pub fn learners(&self) -> Vec<Learnable> {
        let rules = self.rules();
        let learning = rules.strategies.values().filter(|s| !s.may_learn_from.is_empty());
        learning
            .map(|rule| {
                let sources = rule.may_learn_from.iter().filter_map(|l| {
                    let field = rules.field(l.field)?;
                    let keep = if let crate::rules::Keep::For(age) = field.keep { Some(age) } else { None };
                    Some(LearningSource {
                        namespace: field.path.namespace,
                        kinds: field.of.clone(),
                        oldest: keep.into_iter().chain(l.newest).collect(),
                    })
                });
                Learnable {
                    strategy: rule.name.clone(),
                    sources: sources.collect(),
                    links_visits: rule.people.links_visits(),
                }
            })
            .collect()
    }

    /// The instant at or before which an event of this source is too old to be learned from.
    #[must_use]
    pub fn learn_since(&self, source: &LearningSource, now: Timestamp) -> Timestamp {
        let oldest = source.oldest.iter().map(|age| age.before(now, &self.rules().zone));
        oldest.max().unwrap_or(Timestamp::from_ms(i64::MIN))
    }
}

impl PolicyInForce {
    /// True where the strategy is not stopped by the file and its learning purpose may run for a person of
    /// these flags, who has not switched learning off. Ask with the flags of the event's time and with those of now: both must agree.
    #[must_use]
    pub fn may_learn(&self, strategy: &StrategyName, flags: &Flags) -> bool {
        let rules = self.rules();
        let rule = rules.strategies.get(strategy).filter(|rule| !self.is_stopped(rule));
        let purpose =
            rule.and_then(|r| r.learning_purpose.or(Some(r.purpose))).and_then(|id| rules.purpose(id));
        let may_run = purpose.is_some_and(|p| purpose_refuses(p, flags).is_none());
        may_run && !flags.learning_off && !flags.paused
    }
}
