//! Whether an event may be stored.

use std::{collections::HashMap, sync::Arc};

use jardin_contract::{Clock, StateStore};
use jardin_model::{EventKind, Namespace, SubjectId, SubjectRecord, Timestamp};
use jardin_policy::{Admitted, Flags, KeptUnder, Rejection, Signals};
use serde_json::Value as Json;

use super::raw;
use crate::{api::Problem, stored_person::read_person, world::World};

/// Why nothing of an event is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotStored {
    /// It is refused, by a stable word.
    Refused(&'static str),
    /// So many lines concern products of `[never]`, and there are no others.
    SetAside {
        /// How many; 1 for an event without lines.
        lines: usize,
    },
}

/// What the events of one call are judged by.
pub(super) struct Admission<'a> {
    state: &'a dyn StateStore,
    clock: &'a dyn Clock,
    world: &'a World,
    signals: Signals,
    now: Timestamp,
    known: HashMap<SubjectId, Option<Arc<SubjectRecord>>>,
}

impl<'a> Admission<'a> {
    pub(super) fn new(
        state: &'a dyn StateStore,
        clock: &'a dyn Clock,
        world: &'a World,
        signals: Signals,
        now: Timestamp,
    ) -> Self {
        Self { state, clock, world, signals, now, known: HashMap::new() }
    }

    /// The event as it may be stored, or why it may not.
    pub(super) async fn admit_event(&mut self, json: Json) -> Result<Result<Admitted, NotStored>, Problem> {
        let event = match raw::read_event(json, &self.world.policy) {
            Ok(event) => event,
            Err(word) => return Ok(Err(NotStored::Refused(word))),
        };
        let record = match &event.subject {
            Some(id) => self.read_record(id).await?,
            None => None,
        };
        let policy = &self.world.policy;
        let flags = policy.flags(record.as_deref(), &self.signals, self.now);
        let (kind, lines) = (event.kind, event.lines.len().max(1));
        let admitted = match policy.admit(event, &flags, &self.world.screened, self.now) {
            Ok(admitted) => admitted,
            Err(Rejection::Never) => return Ok(Err(NotStored::SetAside { lines })),
            Err(rejection) => return Ok(Err(NotStored::Refused(rejection.word()))),
        };
        let remembered = self.remembered_flags(record.as_deref(), admitted.keeper());
        let is_learned_as_said = self.is_learned_as_said(kind, admitted.keeper(), &flags, &remembered);
        Ok(if is_learned_as_said { Ok(admitted) } else { Err(NotStored::Refused("no-purpose")) })
    }

    async fn read_record(&mut self, id: &SubjectId) -> Result<Option<Arc<SubjectRecord>>, Problem> {
        if let Some(known) = self.known.get(id) {
            return Ok(known.clone());
        }
        // who cannot be looked up may have objected: nothing is stored then
        let person = read_person(self.state, self.clock, Some(id), None, None).await;
        let subject = person.map_err(|_| Problem::NotReady)?.subject;
        self.known.insert(id.clone(), subject.clone());
        Ok(subject)
    }

    /// The flags by which the learning feed will judge the event later, when all that is known is what is
    /// stored.
    fn remembered_flags(&self, record: Option<&SubjectRecord>, keeper: KeptUnder) -> Flags {
        let record = record.filter(|_| keeper == KeptUnder::Subject);
        self.world.policy.flags(record, &Signals::default(), self.now)
    }

    /// False where a strategy would learn from the event although the call refuses it: a refusal that cannot
    /// be remembered is obeyed by storing nothing.
    fn is_learned_as_said(
        &self,
        kind: EventKind,
        keeper: KeptUnder,
        said: &Flags,
        remembered: &Flags,
    ) -> bool {
        let policy = &self.world.policy;
        let is_kept_there = |namespace| match keeper {
            KeptUnder::Subject => namespace == Namespace::Subject,
            KeptUnder::Session => namespace == Namespace::Session,
        };
        let mut learners = self
            .world
            .learners
            .iter()
            .filter(|l| l.sources.iter().any(|s| is_kept_there(s.namespace) && s.kinds.contains(&kind)));
        learners.all(|l| policy.may_learn(&l.strategy, said) || !policy.may_learn(&l.strategy, remembered))
    }
}
