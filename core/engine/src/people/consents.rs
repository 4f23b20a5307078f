//! Answers to consent questions.

use jardin_model::{Choice, ChoiceStatus, SubjectId, SubjectRecord, Timestamp};
use jardin_policy::{Policy, rules::ConsentRule};

use super::profiles::People;
use crate::api::{ChoiceImport, ConsentGiven, ConsentShown, Problem};

impl People {
    /// Stores an answer. One to a version that is not listed is stored and does not count.
    pub(crate) async fn put_consent(
        &self,
        id: &SubjectId,
        name: &str,
        given: ConsentGiven,
    ) -> Result<ConsentShown, Problem> {
        let world = self.in_force.world();
        let rule = find_consent(&world.policy, name)?;
        let _lock = self.locks.lock_subject(id).await;
        let now = self.clock.now();
        // a no waits for nothing
        let status = match given.status {
            ChoiceStatus::Granted => {
                let stored = self.state.read_subject(id).await?;
                answered_by_child(given.status, stored.as_deref(), now, &world.policy)
            }
            no => no,
        };
        let choice = Choice { status, text_version: given.text_version, at: now, source: given.source };
        let record = self.trouble.watch(self.state.put_choice(id, &rule.name, choice.clone()).await)?;
        self.relearn_person(&record).await;
        Ok(show_choice(rule, &choice, &record, now, &world.policy))
    }

    /// Stores an answer that was given earlier, unless it is there already or a later one is.
    pub(crate) async fn import_choice(
        &self,
        id: &SubjectId,
        name: &str,
        choice: Choice,
    ) -> Result<ChoiceImport, Problem> {
        let world = self.in_force.world();
        let rule = find_consent(&world.policy, name)?;
        let _lock = self.locks.lock_subject(id).await;
        let stored = self.state.read_subject(id).await?;
        let status = answered_by_child(choice.status, stored.as_deref(), choice.at, &world.policy);
        let choice = Choice { status, ..choice };
        let choices = stored.as_ref().and_then(|record| record.choices.get(&rule.name));
        let choices = choices.map_or(&[][..], Vec::as_slice);
        if choices.contains(&choice) {
            return Ok(ChoiceImport::Known);
        }
        if choices.last().is_some_and(|last| choice.at < last.at) {
            return Ok(ChoiceImport::Older);
        }
        let record = self.state.put_choice(id, &rule.name, choice).await?;
        self.relearn_person(&record).await;
        Ok(ChoiceImport::Stored)
    }

    /// Whether somebody's yes to any question counts now.
    pub(crate) async fn has_consented(&self, id: &SubjectId) -> Result<bool, Problem> {
        let policy = &self.in_force.world().policy;
        let Some(record) = self.state.read_subject(id).await? else { return Ok(false) };
        let now = self.clock.now();
        Ok(policy.rules().consents.iter().any(|rule| policy.consent_counts(&record, &rule.name, now)))
    }

    /// The last answer to a question.
    pub(crate) async fn consent(&self, id: &SubjectId, name: &str) -> Result<ConsentShown, Problem> {
        let world = self.in_force.world();
        let rule = find_consent(&world.policy, name)?;
        let record = self.state.read_subject(id).await?;
        let record = record.ok_or(Problem::not_found("consent"))?;
        let last = record.choices.get(&rule.name).and_then(|choices| choices.last());
        let last = last.ok_or(Problem::not_found("consent"))?;
        Ok(show_choice(rule, last, &record, self.clock.now(), &world.policy))
    }
}

pub(super) fn find_consent<'a>(policy: &'a Policy, name: &str) -> Result<&'a ConsentRule, Problem> {
    let consents = &policy.rules().consents;
    consents.iter().find(|c| &*c.name == name).ok_or_else(|| Problem::NotFound {
        what: "consent",
        known: consents.iter().map(|c| c.name.clone()).collect(),
    })
}

/// What somebody answered at a time; a yes of somebody who counted as a child then never counts.
fn answered_by_child(
    status: ChoiceStatus,
    record: Option<&SubjectRecord>,
    at: Timestamp,
    policy: &Policy,
) -> ChoiceStatus {
    let was_child = policy.is_too_young_to_agree(record, at);
    if status == ChoiceStatus::Granted && was_child { ChoiceStatus::GrantedAsChild } else { status }
}

/// The last answer to a question, with whether it permits anything now.
pub(super) fn show_choice(
    rule: &ConsentRule,
    choice: &Choice,
    record: &SubjectRecord,
    now: Timestamp,
    policy: &Policy,
) -> ConsentShown {
    ConsentShown {
        name: rule.name.clone(),
        status: choice.status,
        text_version: choice.text_version.clone(),
        source: choice.source.clone(),
        at: choice.at,
        counts: policy.consent_counts(record, &rule.name, now),
        ask_from: policy.ask_from(record, &rule.name),
    }
}
