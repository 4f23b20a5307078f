//! People: profiles, consents, objections, restrictions, exports, erasures. Each is obeyed by the next answer.

mod consent;
mod export;

use std::{collections::BTreeMap, sync::Arc};

pub(crate) use consent::{consent, put_consent};
pub(crate) use export::{export, version};
use jardin_model::{Namespace, SubjectId, SubjectRecord, Value};

use crate::{ErasureReceipt, Fields, Problem, ProfileStored, catalogue::dropped, inner::Inner, values, version::matches};

/// Sets profile fields. With `replace` those that are not named go.
pub(crate) async fn put(
    inner: &Inner,
    id: &SubjectId,
    fields: Fields,
    replace: bool,
    if_match: Option<&str>,
) -> Result<ProfileStored, Problem> {
    let _turn = inner.turns.of(id).await;
    let world = inner.world();
    let present = if if_match.is_some() || !replace {
        inner.parts.state.subject(id).await?
    } else {
        None
    };
    matches(if_match, present.as_deref().map(|record| version(inner, record)).as_deref())?;
    let takes_away = !replace && fields.values().any(serde_json::Value::is_null);
    let mut offered = if takes_away { profile(present.as_deref()) } else { BTreeMap::new() };
    for (name, json) in fields {
        let kind = world.policy.valid().declared(Namespace::Subject, &name).map(|f| f.kind);
        if json.is_null() {
            offered.remove(name.as_str());
        } else {
            offered.insert(name.into(), values::offered(&json, kind));
        }
    }
    let admitted = world.policy.admit_profile(offered);
    let redacted = dropped(0, admitted.redacted().iter().cloned());
    let record = inner
        .parts
        .state
        .put_profile(id, admitted, replace || takes_away, inner.parts.clock.now())
        .await?;
    changed(inner, &record).await;
    Ok(ProfileStored {
        redacted,
        version: version(inner, &record),
    })
}

fn profile(record: Option<&SubjectRecord>) -> BTreeMap<Arc<str>, Value> {
    let fields = record.into_iter().flat_map(|r| &r.fields);
    fields.map(|(name, stored)| (Arc::clone(name), stored.value.clone())).collect()
}

/// What was learned obeys before the call returns.
async fn changed(inner: &Inner, record: &SubjectRecord) {
    inner.learning.person_changed(record.person);
    inner.learning.settle(inner).await;
}

/// Sets or lifts an objection.
pub(crate) async fn put_objection(inner: &Inner, id: &SubjectId, active: bool) -> Result<(), Problem> {
    let _turn = inner.turns.of(id).await;
    let record = inner.parts.state.put_objection(id, active, inner.parts.clock.now()).await?;
    changed(inner, &record).await;
    Ok(())
}

/// Sets or lifts a restriction.
pub(crate) async fn put_restriction(inner: &Inner, id: &SubjectId, active: bool) -> Result<(), Problem> {
    let _turn = inner.turns.of(id).await;
    let record = inner.parts.state.put_restriction(id, active, inner.parts.clock.now()).await?;
    changed(inner, &record).await;
    Ok(())
}

/// Erases a person, and what was learned from her.
pub(crate) async fn erase(inner: &Inner, id: &SubjectId, if_match: Option<&str>) -> Result<ErasureReceipt, Problem> {
    let _turn = inner.turns.of(id).await;
    if if_match.is_some() {
        let present = inner.parts.state.subject(id).await?;
        matches(if_match, present.as_deref().map(|record| version(inner, record)).as_deref())?;
    }
    let erasure = inner
        .parts
        .state
        .erase(id, inner.parts.clock.now())
        .await?
        .ok_or(Problem::missing("subject"))?;
    inner.learning.person_erased(erasure.person);
    inner.learning.settle(inner).await;
    Ok(receipt(erasure))
}

/// An erasure by its receipt.
pub(crate) async fn erasure(inner: &Inner, text: &str) -> Result<ErasureReceipt, Problem> {
    let found = inner.parts.state.erasure(text).await?;
    found.map(receipt).ok_or(Problem::missing("erasure"))
}

fn receipt(erasure: jardin_strategy::Erasure) -> ErasureReceipt {
    ErasureReceipt {
        receipt: erasure.receipt,
        at: erasure.at,
        events: erasure.events,
    }
}
