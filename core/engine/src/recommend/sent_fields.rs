//! What came with a request for declared session and context fields.

use jardin_model::{FieldPath, Namespace, Value};
use jardin_policy::{
    FieldFault, Policy,
    rules::{FieldId, FieldRule},
};

use crate::{
    api::{Fields, Problem},
    values,
};

/// The values that came with a request, typed by the policy.
///
/// # Errors
/// `unprocessable` for a field that is not declared (its name is not repeated) or whose value does not fit
/// (its declared name is told).
pub(crate) fn read_sent(
    session: &Fields,
    context: &Fields,
    policy: &Policy,
) -> Result<Vec<(FieldId, Value)>, Problem> {
    let mut sent = Vec::with_capacity(session.len() + context.len());
    for (namespace, fields) in [(Namespace::Session, session), (Namespace::Context, context)] {
        for (name, json) in fields {
            let declared = policy
                .field_id(&FieldPath::new(namespace, name))
                .and_then(|id| Some((id, policy.rules().field(id)?)));
            let Some((id, field)) = declared.filter(|(_, field)| is_sent(field)) else {
                return Err(Problem::unprocessable(unknown_field(namespace)));
            };
            if json.is_null() {
                continue;
            }
            let value = values::read_value(json, field.kind).filter(|value| field.accepts(value));
            let unreadable = || vec![FieldFault::unreadable(field).with_namespace(namespace)];
            let value = value.ok_or_else(|| Problem::UnreadableFields(unreadable()))?;
            sent.push((id, value));
        }
    }
    Ok(sent)
}

/// False for what the host itself knows: histories, the clock, what is derived.
fn is_sent(field: &FieldRule) -> bool {
    field.of.is_empty() && !field.from_clock && field.derived.is_none()
}

const fn unknown_field(namespace: Namespace) -> &'static str {
    match namespace {
        Namespace::Session => "`session` holds a field that the policy does not declare for requests",
        _ => "`context` holds a field that the policy does not declare for requests",
    }
}
