//! Answers to consent questions.

use jardin_model::{Choice, ChoiceStatus, SubjectId, Timestamp};
use jardin_policy::{Policy, rules::ConsentRule};

use super::changed;
use crate::{ConsentGiven, ConsentShown, Problem, inner::Inner};

/// Stores an answer. One to a version that is not listed is stored and does not count.
pub(crate) async fn put_consent(
    inner: &Inner,
    id: &SubjectId,
    name: &str,
    given: ConsentGiven,
) -> Result<ConsentShown, Problem> {
    let world = inner.world();
    let rule = rule(&world.policy, name)?;
    let _turn = inner.turns.of(id).await;
    let now = inner.parts.clock.now();
    let choice =
        Choice { status: given.status, text_version: given.text_version, at: now, source: given.source };
    let record = inner.parts.state.put_choice(id, &rule.name, choice.clone()).await?;
    changed(inner, &record).await;
    Ok(shown(rule, &choice, now, &world.policy))
}

/// The last answer to a question.
pub(crate) async fn consent(inner: &Inner, id: &SubjectId, name: &str) -> Result<ConsentShown, Problem> {
    let world = inner.world();
    let rule = rule(&world.policy, name)?;
    let record = inner.parts.state.subject(id).await?;
    let last = record.as_ref().and_then(|r| r.choices.get(&rule.name)?.last());
    let last = last.ok_or(Problem::missing("consent"))?;
    Ok(shown(rule, last, inner.parts.clock.now(), &world.policy))
}

fn rule<'a>(policy: &'a Policy, name: &str) -> Result<&'a ConsentRule, Problem> {
    let consents = &policy.rules().consents;
    consents.iter().find(|c| &*c.name == name).ok_or_else(|| Problem::NotFound {
        what: "consent",
        known: consents.iter().map(|c| c.name.clone()).collect(),
    })
}

/// An answer with whether it permits anything now.
pub(super) fn shown(rule: &ConsentRule, choice: &Choice, now: Timestamp, policy: &Policy) -> ConsentShown {
    let is_fresh = choice.at <= now && choice.at > rule.lasts.before(now, &policy.rules().zone);
    ConsentShown {
        name: rule.name.clone(),
        status: choice.status,
        text_version: choice.text_version.clone(),
        source: choice.source.clone(),
        at: choice.at,
        counts: choice.status == ChoiceStatus::Granted
            && rule.texts.contains(&choice.text_version)
            && is_fresh,
    }
}
