//! From what a call says to what the policy looks at.

use std::sync::Arc;

use jardin_model::Value;
use jardin_policy::{
    Policy, Signals,
    rules::{ChildRule, FieldId},
};

use crate::{
    api::{PrivacySignals, Problem},
    tcf,
};

/// The signals of a call. `sent` are the context fields that came with it.
///
/// # Errors
/// `unprocessable` where it names a consent that the policy does not ask for: somebody who means to refuse
/// must not be misread.
pub(crate) fn read_signals(
    said: &PrivacySignals,
    sent: &[(FieldId, Value)],
    clock_stepped_back: bool,
    policy: &Policy,
) -> Result<Signals, Problem> {
    let rules = policy.rules();
    if !said.consent.keys().all(|name| rules.consents.iter().any(|c| c.name == *name)) {
        return Err(Problem::Unprocessable {
            what: "`consent` names a question that the policy does not ask",
            names: rules.consents.iter().map(|c| c.name.clone()).collect(),
        });
    }
    let children = rules.children.as_ref();
    let is_set = |flag: &FieldId| sent.iter().any(|(id, value)| id == flag && *value == Value::Flag(true));
    Ok(Signals {
        gpc: said.gpc,
        tcf_publisher_purposes: said.tcf.as_deref().map(tcf::publisher_purposes),
        consent_mode: said.consent_mode.clone(),
        consent: said.consent.clone(),
        objected: said.objected,
        context_flags: children
            .map(|c| c.also_if.iter().copied().filter(is_set).collect())
            .unwrap_or_default(),
        country: children.and_then(|rule| sent_country(rule, sent)),
        clock_stepped_back,
        ..Signals::default()
    })
}

/// The country that the page says, where an age of consent depends on it.
fn sent_country(rule: &ChildRule, sent: &[(FieldId, Value)]) -> Option<Arc<str>> {
    let fields = &rule.by.as_ref()?.fields;
    sent.iter().find_map(|(id, value)| match value {
        Value::Text(country) if fields.contains(id) => Some(Arc::clone(country)),
        _ => None,
    })
}
