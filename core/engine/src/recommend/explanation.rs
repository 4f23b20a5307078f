//! How an answer came about, from what is remembered of it and from what its id says.

use std::sync::Arc;

use jardin_model::{Namespace, RecommendationId};
use jardin_policy::{
    StrategyName,
    rules::{FieldGrant, FieldId, Texts},
};

use super::{recent_answers::GivenAnswer, recommender::Recommender};
use crate::{
    api::{
        AccessShown, AnswerExplained, AskedBy, DecisionShown, ItemExplained, Problem, ReasonText,
        StrategyExplained,
    },
    config::Placement,
    world::World,
};

impl Recommender {
    /// How an answer came about. Nobody but the shop is told of an answer that was not given to them: it is answered as
    /// one that never was.
    pub(crate) fn explain_answer(
        &self,
        id: &RecommendationId,
        asked_by: AskedBy<'_>,
        locale: Option<&str>,
    ) -> Result<AnswerExplained, Problem> {
        let world = self.in_force.world();
        let origin = self.answer_ids.read_id(id);
        let given = self.recent_answers.find_answer(id, asked_by, self.clock.now());
        let origin = origin.filter(|_| given.is_some() || asked_by == AskedBy::Shop);
        let origin = origin.ok_or(Problem::not_found("answer"))?;
        let placement = (origin.revision == world.rules_digest)
            .then(|| world.config.placements.values().nth(origin.placement.into()))
            .flatten();
        let words = Words { world: &world, locale };
        Ok(AnswerExplained {
            recommendation: id.clone(),
            at: origin.at,
            placement: placement.map(|placement| Arc::clone(&placement.name)),
            title: placement.and_then(|placement| words.find_text(&placement.title)),
            policy_revision: Arc::clone(&world.revision),
            decision: given.map(|given| words.decision(&given)),
            strategies: placement.map(|placement| words.strategies(placement)).unwrap_or_default(),
        })
    }
}

/// Says things in the language of whoever asks.
struct Words<'a> {
    world: &'a World,
    locale: Option<&'a str>,
}

impl Words<'_> {
    fn find_text(&self, texts: &Texts) -> Option<Arc<str>> {
        texts.for_locale(self.locale, &self.world.config.languages).cloned()
    }

    fn decision(&self, given: &GivenAnswer) -> DecisionShown {
        let items = given.items.iter().map(|item| ItemExplained {
            item: item.item.clone(),
            strategy: item.strategy.clone(),
            reason: item.reason.as_ref().and_then(|code| self.reason(code)),
            is_sponsored: item.is_sponsored,
        });
        DecisionShown {
            level: given.level,
            policy_revision: Arc::clone(&given.policy_revision),
            attempts: given.attempts.clone(),
            items: items.collect(),
        }
    }

    fn reason(&self, code: &Arc<str>) -> Option<ReasonText> {
        let of_policy = || self.world.policy.rules().reasons.get(code);
        let texts = self.world.config.reasons.get(code).or_else(of_policy)?;
        Some(ReasonText { code: Arc::clone(code), text: self.find_text(texts)? })
    }

    fn strategies(&self, placement: &Placement) -> Vec<StrategyExplained> {
        let fallback = self.world.fallback();
        let chain = placement.chain.iter().filter(|name| *name != fallback);
        chain.chain([fallback]).filter_map(|name| self.strategy(name)).collect()
    }

    fn strategy(&self, name: &StrategyName) -> Option<StrategyExplained> {
        let rules = self.world.policy.rules();
        let rule = rules.strategies.get(name)?;
        let purpose = rules.purpose(rule.purpose)?;
        let is_personal = |id: FieldId| {
            rules
                .field(id)
                .is_some_and(|f| matches!(f.path.namespace, Namespace::Subject | Namespace::Session))
        };
        let show = |grant: &FieldGrant| AccessShown {
            field: rules.field(grant.field).map(|f| f.path.to_string()).unwrap_or_default(),
            form: grant.transform.to_string(),
            newest: grant.newest.map(|age| age.to_string()),
        };
        let (of_person, others): (Vec<_>, Vec<_>) =
            rule.may_read.iter().partition(|grant| is_personal(grant.field));
        Some(StrategyExplained {
            name: name.clone(),
            purpose: Arc::clone(&purpose.name),
            says: self.find_text(&purpose.says).unwrap_or_default(),
            reads_of_person: of_person.into_iter().map(show).collect(),
            reads_else: others.into_iter().map(show).collect(),
        })
    }
}
