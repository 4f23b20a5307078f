//! Erasing, sweeping and purging.

use std::{collections::BTreeSet, sync::Arc};

use jardin_contract::{Erasure, FeedEvent, FindGroundless, Whose};
use jardin_model::{EventKind, ItemId, ItemIndex, PersonNumber, SubjectId, Timestamp};
use jardin_policy::SweepPlan;
use jardin_store_kit::{ends_with_visit, is_too_old, keeps_field, names_item, remove_items};

use crate::state::State;

impl State {
    /// Erases a person; `None` where they are unknown.
    pub(crate) fn erase_subject(&mut self, id: &SubjectId, now: Timestamp) -> Option<Erasure> {
        let (person, events) = self.remove_subject(id)?;
        self.note_time(now);
        let receipt = format!("receipt-{}", self.next_number());
        let erasure = Erasure { receipt: receipt.into(), at: now, events, person };
        self.erased.insert(id.clone(), now);
        self.erasures.insert(Arc::clone(&erasure.receipt), erasure.clone());
        Some(erasure)
    }

    /// Removes what the plan names; gives how many events went.
    pub(crate) fn sweep_by(&mut self, plan: &SweepPlan) -> u64 {
        let restricted = self.restricted_people();
        let idle = plan.sessions_idle_since;
        let going_on: BTreeSet<PersonNumber> =
            self.visits.values().filter(|v| v.last_seen > idle).map(|v| v.person).collect();
        let gone = self.remove_events(|event| {
            let is_free = !event.subject.is_some_and(|person| restricted.contains(&person));
            let has_ended = event.session.is_some_and(|visit| !going_on.contains(&visit));
            is_free && (is_too_old(plan, event) || (ends_with_visit(plan, event) && has_ended))
        });
        let of_accounts = self.sweep_people(plan);
        let named: BTreeSet<PersonNumber> = self.events.values().filter_map(|e| e.event.session).collect();
        for visit in
            self.visits.values_mut().filter(|visit| visit.last_seen <= idle && !visit.choices.is_empty())
        {
            Arc::make_mut(visit).choices.clear();
        }
        self.visits.retain(|_, visit| visit.last_seen > idle || named.contains(&visit.person));
        gone.len() as u64 + of_accounts
    }

    /// Accounts that have ended go whole; of others the values that nobody may keep.
    fn sweep_people(&mut self, plan: &SweepPlan) -> u64 {
        let is_free = |record: &jardin_model::SubjectRecord| record.restricted.is_none();
        let people = self.people.iter();
        let ended = people.filter(|(_, r)| is_free(r) && r.last_seen <= plan.accounts_idle_since);
        let ended: Vec<SubjectId> = ended.map(|(id, _)| id.clone()).collect();
        let gone = ended.iter().filter_map(|id| self.remove_subject(id)).map(|(_, events)| events).sum();
        for record in self.people.values_mut().filter(|r| is_free(r)) {
            Arc::make_mut(record).fields.retain(|name, stored| keeps_field(plan, name, stored));
        }
        gone
    }

    /// Removes what is groundless of people, but of a restricted person nothing; gives the running numbers of events.
    pub(crate) fn erase_groundless(&mut self, find: &FindGroundless<'_>) -> Vec<u64> {
        let mut named: BTreeSet<u64> = BTreeSet::new();
        for record in self.people.values_mut().filter(|record| record.restricted.is_none()) {
            let groundless = find(record);
            named.extend(groundless.events.iter().map(|event| event.sequence));
            let values: Vec<Arc<str>> = groundless.values.into_iter().cloned().collect();
            if !values.is_empty() {
                Arc::make_mut(record).fields.retain(|name, _| !values.contains(name));
            }
        }
        self.remove_events(|event| named.contains(&event.sequence))
    }

    /// Removes what somebody did since a time, of these kinds; gives the events' running numbers.
    pub(crate) fn forget_history(
        &mut self,
        whose: Whose<'_>,
        kinds: &[EventKind],
        since: Timestamp,
    ) -> Vec<u64> {
        self.remove_events_of(whose, |event| event.at >= since && kinds.contains(&event.kind))
    }

    /// Removes events of one person or visit; gives their running numbers.
    pub(crate) fn remove_events_of(
        &mut self,
        whose: Whose<'_>,
        goes: impl Fn(&FeedEvent) -> bool,
    ) -> Vec<u64> {
        let (person, visit) = match whose {
            Whose::Person(id) => (self.people.get(id).map(|record| record.person), None),
            Whose::Visit(id) => (None, self.visits.get(id).map(|record| record.person)),
        };
        if person.is_none() && visit.is_none() {
            return Vec::new();
        }
        self.remove_events(|event| {
            let is_theirs = event.subject == person && (person.is_some() || event.session == visit);
            is_theirs && goes(event)
        })
    }

    /// Removes the events with one of these items and takes them out of profiles; gives the events' running
    /// numbers.
    pub(crate) fn purge_items(&mut self, items: &[ItemIndex], named: &BTreeSet<ItemId>) -> Vec<u64> {
        let restricted = self.restricted_people();
        for record in self.people.values_mut().filter(|r| r.restricted.is_none()) {
            if record.fields.values().any(|stored| names_item(stored, named)) {
                remove_items(&mut Arc::make_mut(record).fields, named);
            }
        }
        self.remove_events(|event| {
            event.lines.iter().any(|line| items.contains(&line.item))
                && !event.subject.is_some_and(|person| restricted.contains(&person))
        })
    }
}
