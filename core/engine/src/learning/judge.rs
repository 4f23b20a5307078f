//! Whether an event may be learned from: its purpose may run at the event's time, now, and at every moment
//! between.

use jardin_model::{Namespace, SubjectRecord, Timestamp};
use jardin_policy::{Flags, Learnable, PolicyInForce, Signals};

use super::archive::{LearnableEvent, Owner};

/// What decides about one owner's events for one strategy.
pub(crate) struct Judge<'a> {
    policy: &'a PolicyInForce,
    learnable: &'a Learnable,
    namespace: Namespace,
    now: Timestamp,
    may_now: bool,
    /// The person without the history, where the events are a person's.
    person: Option<SubjectRecord>,
    /// The last moment at which they did not permit it; what happened until then never comes back.
    refused: Option<Timestamp>,
}

impl<'a> Judge<'a> {
    /// The judge of one owner. `record` is what is stored of them, `None` where there is nobody or nothing.
    pub(crate) fn new(
        policy: &'a PolicyInForce,
        learnable: &'a Learnable,
        owner: Owner,
        record: Option<&SubjectRecord>,
        now: Timestamp,
    ) -> Self {
        let of_subject = matches!(owner, Owner::Subject(_));
        let person = record.filter(|_| of_subject).map(without_history);
        let valid = policy.rules();
        let is_there =
            person.as_ref().is_none_or(|p| p.last_seen > valid.account_ends_after.before(now, &valid.zone));
        let flags: Flags = policy.flags(person.as_ref(), &Signals::default(), now);
        let may_now =
            policy.may_learn(&learnable.strategy, &flags) && is_there && (!of_subject || person.is_some());
        let mut judge = Self {
            policy,
            learnable,
            namespace: if of_subject { Namespace::Subject } else { Namespace::Session },
            now,
            may_now,
            person,
            refused: None,
        };
        judge.refused = judge.last_refusal();
        judge
    }

    /// True where the event may be learned from.
    pub(crate) fn may_learn(&self, event: &LearnableEvent) -> bool {
        let mut sources = self
            .learnable
            .sources
            .iter()
            .filter(|s| s.namespace == self.namespace && s.kinds.contains(&event.kind));
        self.may_now
            && self.refused.is_none_or(|refused| event.at > refused)
            && sources.any(|source| event.at > self.policy.learn_since(source, self.now))
            && self.is_permitted(event.at)
    }

    fn is_permitted(&self, at: Timestamp) -> bool {
        let Some(person) = &self.person else {
            return self.may_now;
        };
        self.policy.may_learn(&self.learnable.strategy, &self.policy.flags_as_of(person, at))
    }

    /// What a person permits changes when they answer, and ends by itself between two answers: so each answer
    /// and the moment before it are looked at, the latest first.
    fn last_refusal(&self) -> Option<Timestamp> {
        let person = self.person.as_ref()?;
        let mut moments: Vec<Timestamp> =
            person.choices.values().flatten().flat_map(|c| [c.at, c.at.plus_ms(-1)]).collect();
        moments.retain(|at| *at <= self.now);
        moments.sort_unstable();
        moments.into_iter().rev().find(|at| !self.is_permitted(*at))
    }
}

pub(super) fn without_history(record: &SubjectRecord) -> SubjectRecord {
    SubjectRecord {
        events: Vec::new(),
        person: record.person,
        fields: record.fields.clone(),
        choices: record.choices.clone(),
        objected: record.objected,
        restricted: record.restricted,
        last_seen: record.last_seen,
    }
}
