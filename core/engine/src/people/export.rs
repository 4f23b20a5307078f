//! The person's export (GDPR Art. 15 and 20).

use std::sync::Arc;

use jardin_model::{Choice, HistoryEvent, Namespace, SessionId, SubjectId, SubjectRecord, Timestamp};
use jardin_policy::{Policy, valid::Class};

use super::consent;
use crate::{ConsentShown, ExportedEvent, ExportedValue, PersonShown, Problem, inner::Inner, values, world::World};

/// Everything that is stored of a person.
pub(crate) async fn export(inner: &Inner, id: &SubjectId) -> Result<PersonShown, Problem> {
    let world = inner.world();
    let export = inner.parts.state.export(id).await?.ok_or(Problem::missing("subject"))?;
    let record = &*export.record;
    let sessions = export.sessions.into_iter().chain(std::iter::repeat(None));
    Ok(PersonShown {
        fields: record
            .fields
            .iter()
            .filter(|(name, _)| !is_secret(&world, name))
            .map(|(name, stored)| {
                let value = ExportedValue {
                    value: values::to_json(&stored.value),
                    stored_at: stored.stored_at,
                };
                (Arc::clone(name), value)
            })
            .collect(),
        events: record
            .events
            .iter()
            .zip(sessions)
            .map(|(event, session)| exported(&world, event, session))
            .collect(),
        consents: consents(record, inner.parts.clock.now(), &world.policy),
        objected: record.objected,
        restricted: record.restricted,
        last_seen: record.last_seen,
        version: version(inner, record),
    })
}

/// The version of a record: its profile, and not her history, which grows by itself.
pub(crate) fn version(inner: &Inner, record: &SubjectRecord) -> String {
    inner.version(&(&record.fields, &record.choices, record.objected, record.restricted))
}

/// A secret of the shop leaves by no way.
fn is_secret(world: &World, name: &str) -> bool {
    world
        .policy
        .valid()
        .declared(Namespace::Subject, name)
        .is_some_and(|f| f.class == Class::Confidential)
}

fn exported(world: &World, event: &HistoryEvent, session: Option<SessionId>) -> ExportedEvent {
    let ids = world.shelf.catalogue().ids();
    ExportedEvent {
        kind: event.kind,
        occurred_at: event.at,
        session,
        items: event
            .lines
            .iter()
            .filter_map(|line| Some((ids.id(line.item)?.clone(), line.quantity)))
            .collect(),
    }
}

/// Every answer that was given; of a question that the policy no longer asks none counts.
fn consents(record: &SubjectRecord, now: Timestamp, policy: &Policy) -> Vec<ConsentShown> {
    let all = record.choices.iter().flat_map(|(name, choices)| {
        let rule = policy.valid().consents.iter().find(|c| c.name == *name);
        let last = choices.len().saturating_sub(1);
        choices.iter().enumerate().map(move |(at, choice)| match rule {
            Some(rule) if at == last => consent::shown(rule, choice, now, policy),
            _ => past(name, choice),
        })
    });
    all.collect()
}

fn past(name: &Arc<str>, choice: &Choice) -> ConsentShown {
    ConsentShown {
        name: Arc::clone(name),
        status: choice.status,
        text_version: Arc::clone(&choice.text_version),
        source: Arc::clone(&choice.source),
        at: choice.at,
        counts: false,
    }
}
