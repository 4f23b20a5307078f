//! The way of one event: flags, the door, durable, and then the learning feed.

mod raw;

use std::{collections::HashMap, sync::Arc};

use jardin_contract::{Appended, FeedEvent};
use jardin_model::{Event, EventKind, SubjectId, SubjectRecord, Timestamp};
use jardin_policy::{Admitted, Flags, Keeper, Signals};
use serde_json::Value as Json;

use crate::{
    PrivacySignals, Problem, Receipt, Refused,
    catalogue::dropped,
    inner::Inner,
    narrowing,
    recommend::{clock_stepped_back, stored},
    world::World,
};

/// From how many events in one call popularity is counted soon.
const MANY: usize = 100;

/// Takes events as a shop sends them.
pub(crate) async fn ingest(
    inner: &Inner,
    events: Vec<Json>,
    narrowing: &PrivacySignals,
) -> Result<Receipt, Problem> {
    let world = inner.world();
    let now = inner.parts.clock.now();
    let stepped_back = clock_stepped_back(&*inner.parts.state, now);
    let mut door = Door {
        inner,
        signals: narrowing::signals(narrowing, &[], stepped_back, &world.policy)?,
        world: &world,
        now,
        known: HashMap::new(),
    };
    let mut receipt = Receipt::default();
    let mut taken: Vec<(usize, Admitted)> = Vec::new();
    for (index, json) in events.into_iter().enumerate() {
        match door.admitted(json).await? {
            Ok(admitted) => taken.push((index, admitted)),
            Err(problem) => receipt.rejected.push(Refused { index, problem, names: Vec::new() }),
        }
    }
    append(inner, taken, now, receipt).await
}

async fn append(
    inner: &Inner,
    taken: Vec<(usize, Admitted)>,
    now: Timestamp,
    mut receipt: Receipt,
) -> Result<Receipt, Problem> {
    if taken.is_empty() {
        return Ok(receipt);
    }
    for (index, admitted) in &taken {
        receipt.redacted.extend(dropped(*index, admitted.redacted().iter().cloned()));
    }
    let admitted = taken.into_iter().map(|(_, admitted)| admitted).collect();
    let verdicts = inner.parts.events.append(admitted, now).await?;
    let mut stored: Vec<FeedEvent> = Vec::new();
    for verdict in verdicts {
        match verdict {
            Appended::Stored(event) => stored.push(event),
            Appended::Duplicate => receipt.duplicates += 1,
        }
    }
    receipt.accepted = stored.len();
    if stored.len() >= MANY {
        inner.due.count_soon.store(true, std::sync::atomic::Ordering::Relaxed);
    }
    inner.learning.events_added(stored);
    inner.learn.notify_one();
    Ok(receipt)
}

/// What the events of one call are judged by.
struct Door<'a> {
    inner: &'a Inner,
    world: &'a World,
    signals: Signals,
    now: Timestamp,
    known: HashMap<SubjectId, Option<Arc<SubjectRecord>>>,
}

impl Door<'_> {
    /// The event as it may be stored, or the word for why it may not.
    async fn admitted(&mut self, json: Json) -> Result<Result<Admitted, &'static str>, Problem> {
        let event = match raw::event(json, &self.world.policy) {
            Ok(event) => event,
            Err(word) => return Ok(Err(word)),
        };
        let record = match &event.subject {
            Some(id) => self.record(id).await?,
            None => None,
        };
        let policy = &self.world.policy;
        let flags = policy.flags(record.as_deref(), &self.signals, self.now);
        let kind = event.kind;
        let verdict = self.admit(event, &flags).map(|admitted| {
            let remembered = self.remembered(record.as_deref(), admitted.keeper());
            if self.is_learned_as_said(kind, admitted.keeper(), &flags, &remembered) {
                Ok(admitted)
            } else {
                Err("no-purpose")
            }
        });
        Ok(verdict.and_then(|v| v))
    }

    fn admit(&self, event: Event, flags: &Flags) -> Result<Admitted, &'static str> {
        self.world
            .policy
            .admit(event, flags, &self.world.screened, self.now)
            .map_err(|rejection| rejection.word())
    }

    async fn record(&mut self, id: &SubjectId) -> Result<Option<Arc<SubjectRecord>>, Problem> {
        if let Some(known) = self.known.get(id) {
            return Ok(known.clone());
        }
        // who cannot be looked up may have objected: nothing is stored then
        let stored = stored(&self.inner.parts, Some(id), None, None).await.map_err(|_| Problem::NotReady)?;
        self.known.insert(id.clone(), stored.subject.clone());
        Ok(stored.subject)
    }

    /// The flags by which the learning feed will judge the event later, when all that is known is what is
    /// stored.
    fn remembered(&self, record: Option<&SubjectRecord>, keeper: Keeper) -> Flags {
        let record = record.filter(|_| keeper == Keeper::Subject);
        self.world.policy.flags(record, &Signals::default(), self.now)
    }

    /// False where a strategy would learn from the event although the call refuses it: a refusal that cannot
    /// be remembered is obeyed by storing nothing.
    fn is_learned_as_said(&self, kind: EventKind, keeper: Keeper, said: &Flags, remembered: &Flags) -> bool {
        let policy = &self.world.policy;
        let of_keeper = |namespace| match keeper {
            Keeper::Subject => namespace == jardin_model::Namespace::Subject,
            Keeper::Session => namespace == jardin_model::Namespace::Session,
        };
        let learners = self
            .world
            .learners
            .iter()
            .filter(|l| l.sources.iter().any(|s| of_keeper(s.namespace) && s.kinds.contains(&kind)));
        let mut learners = learners;
        learners.all(|l| policy.may_learn(&l.strategy, said) || !policy.may_learn(&l.strategy, remembered))
    }
}
