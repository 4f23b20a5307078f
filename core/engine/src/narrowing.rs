//! From what a call says to what the policy looks at.

use jardin_model::Value;
use jardin_policy::{Policy, Signals, rules::FieldId};

use crate::{PrivacySignals, Problem, tcf};

/// The signals of a call. `sent` are the context fields that came with it.
///
/// # Errors
/// `unprocessable` where it names a consent that the policy does not ask for: somebody who means to refuse
/// must not be misread.
pub(crate) fn signals(
    narrowing: &PrivacySignals,
    sent: &[(FieldId, Value)],
    clock_stepped_back: bool,
    policy: &Policy,
) -> Result<Signals, Problem> {
    let valid = policy.rules();
    if !narrowing.consent.keys().all(|name| valid.consents.iter().any(|c| c.name == *name)) {
        return Err(Problem::Unprocessable {
            what: "`consent` names a question that the policy does not ask",
            names: valid.consents.iter().map(|c| c.name.clone()).collect(),
        });
    }
    let children = valid.children.as_ref();
    let is_set = |flag: &FieldId| sent.iter().any(|(id, value)| id == flag && *value == Value::Flag(true));
    Ok(Signals {
        gpc: narrowing.gpc,
        tcf_publisher_purposes: narrowing.tcf.as_deref().map(tcf::publisher_purposes),
        consent_mode: narrowing.consent_mode.clone(),
        consent: narrowing.consent.clone(),
        objected: narrowing.objected,
        context_flags: children
            .map(|c| c.also_if.iter().copied().filter(is_set).collect())
            .unwrap_or_default(),
        clock_stepped_back,
    })
}
