//! The events that some strategy may learn from, by whose they are: integers only.

use std::collections::{BTreeMap, BTreeSet};

use jardin_contract::FeedEvent;
use jardin_model::{EventKind, HistoryLine, ItemIndex, PersonNumber, Timestamp};
use jardin_policy::SweepPlan;

use super::sent_back::undo_refunds;

/// How many events are read at once while the feed is replayed.
pub(super) const MAX_EVENTS_READ: usize = 500;

/// Whose an event is: what is learned of it stands and falls with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Owner {
    /// It is kept under a person.
    Subject(PersonNumber),
    /// It is kept under a visit.
    Visit(PersonNumber),
    /// It is kept under neither.
    Event(u64),
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LearnableEvent {
    pub(crate) sequence: u64,
    pub(crate) visit: Option<PersonNumber>,
    pub(crate) kind: EventKind,
    pub(crate) at: Timestamp,
    pub(crate) lines: Box<[HistoryLine]>,
}

/// Every event that some strategy may learn from: some 100 bytes for each, as most owners have few.
#[derive(Debug, Default)]
pub(crate) struct Archive {
    /// The events of each owner by their numbers, ascending.
    owners: BTreeMap<Owner, Vec<LearnableEvent>>,
}

impl Archive {
    /// Adds an event; one that is there stays as it is.
    pub(crate) fn add_event(&mut self, event: FeedEvent) -> Owner {
        let owner = match (event.subject, event.session) {
            (Some(person), _) => Owner::Subject(person),
            (None, Some(visit)) => Owner::Visit(visit),
            (None, None) => Owner::Event(event.sequence),
        };
        let kept = LearnableEvent {
            sequence: event.sequence,
            visit: event.session,
            kind: event.kind,
            at: event.at,
            lines: event.lines,
        };
        let events = self.owners.entry(owner).or_default();
        if let Err(place) = events.binary_search_by_key(&kept.sequence, |e| e.sequence) {
            // most have one event or a few, and room for four would be set aside for each
            if events.len() == events.capacity() {
                events.reserve_exact(events.len() / 4 + 1);
            }
            events.insert(place, kept);
        }
        owner
    }

    /// The events of one owner by their numbers, without what was sent back.
    pub(crate) fn events_of(&self, owner: Owner) -> Vec<LearnableEvent> {
        let mut events = self.owners.get(&owner).cloned().unwrap_or_default();
        undo_refunds(&mut events);
        events
    }

    /// Every owner.
    pub(crate) fn owners(&self) -> impl Iterator<Item = Owner> + '_ {
        self.owners.keys().copied()
    }

    /// Takes away everything of an owner.
    pub(crate) fn erase_owner(&mut self, owner: Owner) {
        self.owners.remove(&owner);
    }

    /// Takes away events by their numbers; says whose they were.
    pub(crate) fn remove_events(&mut self, sequences: &BTreeSet<u64>) -> BTreeSet<Owner> {
        self.retain_events(|_, event| !sequences.contains(&event.sequence))
    }

    /// Takes away what a sweep takes away; says whose it was.
    pub(crate) fn sweep(&mut self, plan: &SweepPlan) -> BTreeSet<Owner> {
        self.retain_events(|owner, event| {
            let of_subject = matches!(owner, Owner::Subject(_));
            !plan
                .events
                .iter()
                .any(|s| s.of_subject == of_subject && s.kind == event.kind && event.at <= s.until)
        })
    }

    fn retain_events(&mut self, keep: impl Fn(Owner, &LearnableEvent) -> bool) -> BTreeSet<Owner> {
        let mut touched = BTreeSet::new();
        for (owner, events) in &mut self.owners {
            let before = events.len();
            events.retain(|event| keep(*owner, event));
            if events.len() < before {
                touched.insert(*owner);
            }
        }
        self.owners.retain(|_, events| !events.is_empty());
        touched
    }

    /// Whose events hold one of these items.
    pub(crate) fn owners_holding(&self, items: &BTreeSet<ItemIndex>) -> BTreeSet<Owner> {
        let holds = |event: &LearnableEvent| event.lines.iter().any(|line| items.contains(&line.item));
        let owners = self.owners.iter().filter(|(_, events)| events.iter().any(holds));
        owners.map(|(owner, _)| *owner).collect()
    }
}
