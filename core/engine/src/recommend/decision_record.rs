//! What is recorded of an answer: that somebody was looked at, and what the policy decided.

use std::sync::Arc;

use jardin_contract::DecidedAnswer;
use jardin_model::{PersonNumber, RecommendationId, SubjectId};
use jardin_policy::rules::AuditRule;

use super::{made_page::MadePage, resolved_request::ResolvedRequest};
use crate::api::AttemptStatus;

/// Who was looked at for a page.
#[derive(Debug, Clone, Default)]
pub(super) struct LookedAt {
    /// The person, where anything is stored of them.
    pub(super) person: Option<(SubjectId, PersonNumber)>,
    /// Whether a strategy was handed a value of a person or a visit.
    pub(super) is_read: bool,
}

/// What is to be recorded of a page; `None` where it depends on nobody, or the policy records less.
pub(super) fn decided_answer(
    resolved: &ResolvedRequest<'_>,
    answer: &RecommendationId,
    page: &MadePage,
    rule: &AuditRule,
) -> Option<DecidedAnswer> {
    let LookedAt { person, is_read } = &page.looked_at;
    let was_refused =
        person.is_some() && page.attempts.iter().any(|attempt| attempt.status == AttemptStatus::Refused);
    if !(was_refused || (rule.every_decision && *is_read)) {
        return None;
    }
    Some(DecidedAnswer {
        at: resolved.now,
        answer: answer.clone(),
        person: person.clone(),
        placement: Arc::clone(&resolved.placement.name),
        policy: Arc::clone(&resolved.world.revision),
        strategies: describe_attempts(page),
    })
}

/// `for-you ran; deals refused: consent`.
fn describe_attempts(page: &MadePage) -> Box<str> {
    let mut said = String::new();
    for attempt in &page.attempts {
        if !said.is_empty() {
            said.push_str("; ");
        }
        said.push_str(attempt.name.as_str());
        said.push(' ');
        said.push_str(attempt.status.word());
        if let Some(why) = attempt.why {
            said.push_str(": ");
            said.push_str(why);
        }
    }
    said.into_boxed_str()
}
