//! What a store holds that strategies may learn from, outside of a running engine: for an evaluation, which
//! looks at that and nothing else.

use std::{collections::BTreeMap, sync::Arc};

use jardin_contract::{EventLog, FeedEvent, StateStore, StoreError};
use jardin_model::{ItemIndex, PersonNumber, SubjectRecord, Timestamp};
use jardin_policy::{Learnable, PolicyInForce, ScreenedCatalogue};

use super::{
    archive::{Archive, LearnableEvent, MAX_EVENTS_READ, Owner},
    judge::{Judge, without_history},
    sessions::group_events,
};
use crate::catalogue::read_catalogue;

/// A session that some strategy of a policy may learn from.
#[derive(Debug, Clone, PartialEq)]
pub struct PastSession {
    /// Whose it is, with their record without its history; `None` for nobody known.
    pub subject: Option<Arc<SubjectRecord>>,
    /// Its events in the order of time. Each holds the products that may be tied to people, and at least one.
    pub events: Vec<FeedEvent>,
}

/// Every session of a store that some strategy of the policy may learn from at `now`, or that `strategy`
/// may where one is named, in the order in which sessions began. An event that none may learn from is left
/// out, and so is everything of people who do not permit it.
///
/// # Errors
/// What the store says.
pub async fn past_sessions<S>(
    store: &S,
    policy: &PolicyInForce,
    now: Timestamp,
    strategy: Option<&str>,
) -> Result<Vec<PastSession>, StoreError>
where
    S: StateStore + EventLog + ?Sized,
{
    let screened = read_catalogue(store, policy).await?;
    let archive = read_archive(store).await?;
    let mut learners = policy.learners();
    learners.retain(|learner| strategy.is_none_or(|name| learner.strategy.as_str() == name));
    let mut found = Vec::new();
    for owner in archive.owners() {
        let record = match owner {
            Owner::Subject(person) => store.subject_by_number(person).await?,
            Owner::Visit(_) | Owner::Event(_) => None,
        };
        let judges: Vec<Judge<'_>> = learners
            .iter()
            .map(|l: &Learnable| Judge::new(policy, l, owner, record.as_deref(), now))
            .collect();
        let mut events = archive.events_of(owner);
        events.retain(|event| judges.iter().any(|judge| judge.may_learn(event)));
        let subject = record.as_deref().map(|record| Arc::new(without_history(record)));
        found.extend(owner_sessions(owner, events, &screened, subject.as_ref()));
    }
    found.sort_by_key(|session| session.events.iter().map(|e| e.sequence).min());
    Ok(found)
}

async fn read_archive<S: EventLog + ?Sized>(store: &S) -> Result<Archive, StoreError> {
    let (mut archive, mut after) = (Archive::default(), 0);
    loop {
        let events = store.read_feed(after, MAX_EVENTS_READ).await?;
        let Some(last) = events.last() else {
            return Ok(archive);
        };
        after = last.sequence;
        for event in events {
            archive.add_event(event);
        }
    }
}

fn owner_sessions(
    owner: Owner,
    mut events: Vec<LearnableEvent>,
    screened: &ScreenedCatalogue,
    subject: Option<&Arc<SubjectRecord>>,
) -> Vec<PastSession> {
    let may_learn_from = |item: ItemIndex| screened.may_be_learned_from(item);
    for event in &mut events {
        event.lines = event.lines.iter().filter(|line| may_learn_from(line.item)).copied().collect();
    }
    let person: Option<PersonNumber> = if let Owner::Subject(person) = owner { Some(person) } else { None };
    let of = |kept: &LearnableEvent| FeedEvent {
        sequence: kept.sequence,
        subject: person,
        session: kept.visit,
        kind: kept.kind,
        at: kept.at,
        lines: kept.lines.clone(),
    };
    let sessions: BTreeMap<_, Vec<&LearnableEvent>> = group_events(&events, &may_learn_from);
    let sessions = sessions.into_values().map(|events| PastSession {
        subject: subject.cloned(),
        events: events.into_iter().map(of).collect(),
    });
    sessions.collect()
}
