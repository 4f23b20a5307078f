//! What a sweep takes, by the plan that the policy made.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_contract::FeedEvent;
use jardin_model::{ItemId, StoredValue, Value};
use jardin_policy::SweepPlan;

/// True for an event that nobody may keep any longer; the border itself is too old.
#[must_use]
pub fn is_too_old(plan: &SweepPlan, event: &FeedEvent) -> bool {
    let of_subject = event.subject.is_some();
    let mut cuts = plan.events.iter().filter(|cut| cut.of_subject == of_subject && cut.kind == event.kind);
    cuts.any(|cut| event.at <= cut.until)
}

/// True for an event that goes once its visit has ended: it is kept under nobody, and the plan does not let its kind
/// outlive the visit, or one of its items.
#[must_use]
pub fn ends_with_visit(plan: &SweepPlan, event: &FeedEvent) -> bool {
    let outlives = plan.outlive_their_visit.contains(&event.kind);
    event.subject.is_none()
        && !(outlives && event.lines.iter().all(|line| !plan.within_visit.contains(&line.item)))
}

/// True for a value of a profile that is still declared and not too old.
#[must_use]
pub fn keeps_field(plan: &SweepPlan, name: &Arc<str>, stored: &StoredValue) -> bool {
    plan.fields.iter().any(|(kept, until)| kept == name && stored.stored_at > *until)
}

/// True for a value of a profile that is, or lists, one of these items.
#[must_use]
pub fn names_item(stored: &StoredValue, items: &BTreeSet<ItemId>) -> bool {
    match &stored.value {
        Value::Item(item) => items.contains(item),
        Value::Items(listed) => listed.iter().any(|item| items.contains(item)),
        _ => false,
    }
}

/// Takes these items out of a profile: a value that is one of them goes, a list keeps the others.
pub fn remove_items(profile: &mut BTreeMap<Arc<str>, StoredValue>, items: &BTreeSet<ItemId>) {
    profile.retain(|_, stored| {
        if let Value::Items(listed) = &mut stored.value {
            *listed = listed.iter().filter(|item| !items.contains(item)).cloned().collect();
        }
        !names_item(stored, items)
    });
}
