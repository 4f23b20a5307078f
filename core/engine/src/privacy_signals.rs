//! From what a call says to what the policy looks at.

use jardin_model::Value;
use jardin_policy::{Policy, Signals, rules::FieldId};

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
        clock_stepped_back,
    })
}
