//! What a sweep takes, by the plan that the policy made.

use std::sync::Arc;

use jardin_contract::FeedEvent;
use jardin_model::StoredValue;
use jardin_policy::SweepPlan;

/// True for an event that nobody may keep any longer; the border itself is too old.
#[must_use]
pub fn is_too_old(plan: &SweepPlan, event: &FeedEvent) -> bool {
    let of_subject = event.subject.is_some();
    let mut cuts = plan.events.iter().filter(|cut| cut.of_subject == of_subject && cut.kind == event.kind);
    cuts.any(|cut| event.at <= cut.until)
}

/// True for an event that goes once its visit has ended: it is kept under nobody, and the plan does not let its kind
/// outlive the visit.
#[must_use]
pub fn ends_with_visit(plan: &SweepPlan, event: &FeedEvent) -> bool {
    event.subject.is_none() && !plan.outlive_their_visit.contains(&event.kind)
}

/// True for a value of a profile that is still declared and not too old.
#[must_use]
pub fn keeps_field(plan: &SweepPlan, name: &Arc<str>, stored: &StoredValue) -> bool {
    plan.fields.iter().any(|(kept, until)| kept == name && stored.stored_at > *until)
}
