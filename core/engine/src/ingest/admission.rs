//! Whether an event may be stored.

use std::{collections::HashMap, sync::Arc};

use jardin_contract::{Clock, StateStore};
use jardin_model::{
    Event, EventKind, ItemId, Namespace, SessionId, SessionRecord, SubjectId, SubjectRecord, Timestamp,
};
use jardin_policy::{Admitted, Flags, KeptUnder, Rejection, Signals, Stop};
use serde_json::Value as Json;

use super::raw;
use crate::{api::Problem, people::MAX_VISIT_CHOICES, stored_person::read_person, world::World};

/// Why nothing of an event is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotStored {
    /// It is refused, by a stable word.
    Refused(&'static str),
    /// A rule of the policy keeps it out, which is no fault of it.
    SetAside {
        /// The rule, by a stable word.
        rule: &'static str,
        /// How much: lines where their products may not be tied to a person, otherwise one event.
        count: usize,
    },
    /// It says of products that they are for somebody or not, which is obeyed within the visit; there is nothing more to
    /// store.
    Obeyed,
}

/// What somebody said of a product, obeyed within their visit without any consent: it is their own instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Instruction {
    pub(super) session: SessionId,
    pub(super) item: ItemId,
    /// Not for them, or useful.
    pub(super) dismissed: bool,
}

/// The most products that one call may say something of.
const MAX_INSTRUCTIONS: usize = 100;

impl NotStored {
    /// A clock that is ahead is a fault of the sender; all else the policy decides.
    const fn of_rejection(rejection: Rejection, lines: usize) -> Self {
        match rejection {
            Rejection::Ahead => Self::Refused(rejection.word()),
            Rejection::Never | Rejection::Discreet => Self::SetAside { rule: rejection.word(), count: lines },
            Rejection::TooOld
            | Rejection::Restricted
            | Rejection::Paused
            | Rejection::Stopped
            | Rejection::NoPurpose => Self::SetAside { rule: rejection.word(), count: 1 },
        }
    }
}

/// What the events of one call are judged by.
pub(super) struct Admission<'a> {
    state: &'a dyn StateStore,
    clock: &'a dyn Clock,
    world: &'a World,
    signals: Signals,
    stop: &'a Stop,
    now: Timestamp,
    known: HashMap<SubjectId, Option<Arc<SubjectRecord>>>,
    visits: HashMap<SessionId, Option<Arc<SessionRecord>>>,
    instructions: Vec<Instruction>,
    /// How many lines named an item that the catalogue does not have.
    unknown_items: usize,
    /// How many more ids may be remembered that name no item.
    free_ids: usize,
}

/// The most ids of items that are remembered without there being such items. Those of the catalogue are always.
const MAX_UNKNOWN_IDS: usize = 100_000;

impl<'a> Admission<'a> {
    pub(super) fn new(
        state: &'a dyn StateStore,
        clock: &'a dyn Clock,
        world: &'a World,
        signals: Signals,
        stop: &'a Stop,
        now: Timestamp,
    ) -> Self {
        let catalogue = world.screened.catalogue();
        let nameless = catalogue.ids().len().saturating_sub(catalogue.len());
        let free_ids = MAX_UNKNOWN_IDS.saturating_sub(nameless);
        let (known, visits, instructions, unknown_items) = Default::default();
        Self { state, clock, world, signals, stop, now, known, visits, instructions, unknown_items, free_ids }
    }

    /// What was said of products, in its order.
    pub(super) fn into_instructions(self) -> Vec<Instruction> {
        self.instructions
    }

    /// How many lines named an item that the catalogue does not have.
    pub(super) const fn unknown_items(&self) -> usize {
        self.unknown_items
    }

    /// Counts the items of an event that the catalogue does not have. False where remembering their ids would take
    /// memory without end.
    fn has_room_for(&mut self, event: &Event) -> bool {
        let catalogue = self.world.screened.catalogue();
        for line in event.lines.iter().filter(|line| catalogue.find_row(&line.item).is_none()) {
            self.unknown_items += 1;
            if catalogue.ids().index(&line.item).is_none() {
                let Some(left) = self.free_ids.checked_sub(1) else { return false };
                self.free_ids = left;
            }
        }
        true
    }

    /// The event as it may be stored, or why it may not.
    pub(super) async fn admit_event(&mut self, json: Json) -> Result<Result<Admitted, NotStored>, Problem> {
        let event = match raw::read_event(json, &self.world.policy) {
            Ok(event) => event,
            Err(word) => return Ok(Err(NotStored::Refused(word))),
        };
        if !self.has_room_for(&event) {
            return Ok(Err(NotStored::Refused("unknown-item")));
        }
        let record = match &event.subject {
            Some(id) => self.read_record(id).await?,
            None => None,
        };
        let visit = match &event.session {
            Some(id) => self.read_visit(id).await?,
            None => None,
        };
        let policy = &self.world.policy;
        let names_somebody = event.subject.is_some();
        let signals = policy.signals_in_visit(&self.signals, visit.as_deref(), names_somebody, self.now);
        let flags = policy.flags(record.as_deref(), &signals, self.now);
        let instructions = if flags.is_paused() { Vec::new() } else { read_instructions(&event, self.world) };
        let of_visit = visit.as_deref().map_or(0, |visit| visit.choices.len());
        let is_full = of_visit + instructions.len() > MAX_VISIT_CHOICES;
        if is_full || self.instructions.len() + instructions.len() > MAX_INSTRUCTIONS {
            return Ok(Err(NotStored::Refused("too-many-instructions")));
        }
        let obeys = !instructions.is_empty();
        self.instructions.extend(instructions);
        let (kind, lines) = (event.kind, event.lines.len().max(1));
        let then = record.as_deref().map_or(flags, |record| policy.flags_as_of(record, event.occurred_at));
        let admitted = match policy.admit(event, &flags, &then, &self.world.screened, self.now, self.stop) {
            Ok(admitted) => admitted,
            Err(Rejection::NoPurpose) if obeys => return Ok(Err(NotStored::Obeyed)),
            Err(rejection) => return Ok(Err(NotStored::of_rejection(rejection, lines))),
        };
        let remembered = self.remembered_flags(record.as_deref(), admitted.kept_under());
        let is_learned_as_said = self.is_learned_as_said(kind, admitted.kept_under(), &flags, &remembered);
        Ok(if is_learned_as_said {
            Ok(admitted)
        } else if obeys {
            Err(NotStored::Obeyed)
        } else {
            Err(NotStored::of_rejection(Rejection::NoPurpose, lines))
        })
    }

    async fn read_visit(&mut self, id: &SessionId) -> Result<Option<Arc<SessionRecord>>, Problem> {
        if let Some(known) = self.visits.get(id) {
            return Ok(known.clone());
        }
        // what was decided for a visit that cannot be looked up may have been a no
        let person = read_person(self.state, self.clock, None, Some(id), None).await;
        let visit = person.map_err(|_| Problem::NotReady)?.session;
        // an event makes the visit go on under its id, and what was decided for the one before must not with it
        match visit.as_deref() {
            Some(seen) if self.world.policy.has_outlived_choices(seen, self.now) => {
                self.state.end_visit(id).await?
            }
            Some(seen) if self.world.policy.is_visit_to_be_touched(seen, self.now) => {
                self.state.touch_visit(id, self.now).await?;
            }
            _ => {}
        }
        self.visits.insert(id.clone(), visit.clone());
        Ok(visit)
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

/// What an event says of products within its visit; nothing of those that may not be tied even to that.
fn read_instructions(event: &Event, world: &World) -> Vec<Instruction> {
    let dismissed = match event.kind {
        EventKind::Dismiss => true,
        EventKind::Useful => false,
        _ => return Vec::new(),
    };
    let Some(session) = &event.session else { return Vec::new() };
    let ids = world.screened.catalogue().ids();
    let may_be_kept =
        |item: &ItemId| ids.index(item).is_some_and(|i| world.screened.may_be_tied_to(KeptUnder::Session, i));
    let items = event.lines.iter().map(|line| &line.item).filter(|item| may_be_kept(item));
    items.map(|item| Instruction { session: session.clone(), item: item.clone(), dismissed }).collect()
}
