//! From events to sessions: a visit's id, else 30 minutes without an event, else the event itself; a purchase
//! is its own basket.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit as _, Mac as _};
use jardin_contract::Observation;
use jardin_model::{EventKind, HOUR_MS, ItemIndex, MINUTE_MS, PersonNumber};
use sha2::Sha256;

use super::archive::{LearnableEvent, Owner};

/// How long a person without a visit's id may be idle within one session.
const IDLE_MS: i64 = 30 * MINUTE_MS;

/// What makes a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SessionKey {
    Visit(PersonNumber),
    /// A run of events, by its first one's number.
    Run(u64),
    Purchase(u64),
}

/// The sessions that learnable events make, as rows in their order by session number. Numbers are keyed: they
/// tell nothing of a person, and those of two strategies cannot be joined. `person` is what stands in the rows for
/// whose they are.
pub(crate) fn make_sessions(
    owner: Owner,
    learnable: &[LearnableEvent],
    may_learn_from: &dyn Fn(ItemIndex) -> bool,
    secret: &[u8; 32],
    person: Option<u32>,
) -> BTreeMap<u64, Vec<Observation>> {
    group_events(learnable, may_learn_from)
        .into_iter()
        .map(|(key, events)| {
            let session = session_number(secret, owner, key);
            (session, session_rows((session, person), &events, may_learn_from))
        })
        .collect()
}

/// The events of each session in the order of time; those without a product that may be learned from are
/// left out.
pub(super) fn group_events<'a>(
    learnable: &'a [LearnableEvent],
    may_learn_from: &dyn Fn(ItemIndex) -> bool,
) -> BTreeMap<SessionKey, Vec<&'a LearnableEvent>> {
    let mut events: Vec<&LearnableEvent> =
        learnable.iter().filter(|e| e.lines.iter().any(|l| may_learn_from(l.item))).collect();
    events.sort_by_key(|e| (e.at, e.sequence));
    let mut grouped: BTreeMap<SessionKey, Vec<&LearnableEvent>> = BTreeMap::new();
    let mut run: Option<(SessionKey, jardin_model::Timestamp)> = None;
    for event in events {
        let key = match event.visit {
            _ if event.kind == EventKind::Purchase => SessionKey::Purchase(event.sequence),
            Some(visit) => SessionKey::Visit(visit),
            None => {
                let going_on = run.filter(|(_, last)| event.at.ms_since(*last) <= IDLE_MS);
                let key = going_on.map_or(SessionKey::Run(event.sequence), |(key, _)| key);
                run = Some((key, event.at));
                key
            }
        };
        grouped.entry(key).or_default().push(event);
    }
    grouped
}

fn session_rows(
    (session, person): (u64, Option<u32>),
    events: &[&LearnableEvent],
    may_learn_from: &dyn Fn(ItemIndex) -> bool,
) -> Vec<Observation> {
    let sequence = events.iter().map(|e| e.sequence).min().unwrap_or(0);
    let lines =
        events.iter().flat_map(|e| e.lines.iter().filter(|l| may_learn_from(l.item)).map(move |l| (e, l)));
    let rows = (0_u32..).zip(lines).map(|(ordinal, (event, line))| Observation {
        session,
        sequence,
        ordinal,
        item: line.item,
        kind: event.kind,
        hour: u32::try_from(event.at.ms().div_euclid(HOUR_MS)).unwrap_or(0),
        person,
    });
    rows.collect()
}

fn session_number(secret: &[u8; 32], owner: Owner, key: SessionKey) -> u64 {
    let Ok(mut mac) = <Hmac<Sha256>>::new_from_slice(secret) else {
        return 0;
    };
    let (whose, who) = match owner {
        Owner::Subject(person) => (1_u8, person.0),
        Owner::Visit(visit) => (2, visit.0),
        Owner::Event(sequence) => (3, sequence),
    };
    let (what, which) = match key {
        SessionKey::Visit(visit) => (1_u8, visit.0),
        SessionKey::Run(sequence) => (2, sequence),
        SessionKey::Purchase(sequence) => (3, sequence),
    };
    for (tag, number) in [(whose, who), (what, which)] {
        mac.update(&[tag]);
        mac.update(&number.to_le_bytes());
    }
    let digest = mac.finalize().into_bytes();
    digest.iter().take(8).fold(0, |n, byte| n << 8 | u64::from(*byte))
}
