//! People: profiles, consents, objections, restrictions, exports, erasures. Each is obeyed by the next
//! answer.

mod consent;
mod export;

use std::{collections::BTreeMap, sync::Arc};

pub(crate) use consent::{consent, put_consent};
pub(crate) use export::{export, version};
use jardin_contract::ProfileChange;
use jardin_model::{Namespace, SubjectId, SubjectRecord};

use crate::{
    ErasureReceipt, Fields, Problem, ProfileStored, catalogue::dropped, inner::Inner, values,
    version::matches,
};

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
    let present = match if_match {
        Some(_) => inner.parts.state.subject(id).await?,
        None => None,
    };
    matches(if_match, present.as_deref().map(|record| version(inner, record)).as_deref())?;
    let mut removed = Vec::new();
    let mut offered = BTreeMap::new();
    for (name, json) in fields {
        if json.is_null() {
            removed.push(Arc::from(name));
            continue;
        }
        let kind = world.policy.rules().declared(Namespace::Subject, &name).map(|f| f.kind);
        offered.insert(name.into(), values::offered(&json, kind));
    }
    let admitted = world.policy.admit_profile(offered);
    let redacted = dropped(0, admitted.redacted().iter().cloned());
    let change =
        if replace { ProfileChange::whole(admitted) } else { ProfileChange::part(admitted, removed) };
    let record = inner.parts.state.put_profile(id, change, inner.parts.clock.now()).await?;
    changed(inner, &record).await;
    Ok(ProfileStored { redacted, version: version(inner, &record) })
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
pub(crate) async fn erase(
    inner: &Inner,
    id: &SubjectId,
    if_match: Option<&str>,
) -> Result<ErasureReceipt, Problem> {
    let _turn = inner.turns.of(id).await;
    if if_match.is_some() {
        let present = inner.parts.state.subject(id).await?;
        matches(if_match, present.as_deref().map(|record| version(inner, record)).as_deref())?;
    }
    let erasure =
        inner.parts.state.erase(id, inner.parts.clock.now()).await?.ok_or(Problem::missing("subject"))?;
    inner.learning.person_erased(erasure.person);
    inner.learning.settle(inner).await;
    Ok(receipt(erasure))
}

/// An erasure by its receipt.
pub(crate) async fn erasure(inner: &Inner, text: &str) -> Result<ErasureReceipt, Problem> {
    let found = inner.parts.state.erasure(text).await?;
    found.map(receipt).ok_or(Problem::missing("erasure"))
}

fn receipt(erasure: jardin_contract::Erasure) -> ErasureReceipt {
    ErasureReceipt { receipt: erasure.receipt, at: erasure.at, events: erasure.events }
}
