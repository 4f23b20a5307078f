//! Takes events as a shop sends them.

use std::sync::Arc;

use jardin_contract::{Appended, Clock, EventLog, FeedEvent, StateStore};
use jardin_model::{Choice, ChoiceStatus, Namespace, Timestamp, item_choice_name};
use jardin_policy::{Admitted, Rejection};
use serde_json::Value as Json;

use super::admission::{Admission, Instruction, NotStored};
use crate::{
    api::{DroppedFields, PrivacySignals, Problem, Receipt, RefusedEntry, event_detail},
    clock_watch::ClockWatch,
    counters::{Counters, UNKNOWN_ITEMS},
    in_force::InForce,
    learning::Learning,
    privacy_signals::read_signals,
    schedule::Schedule,
    stop_switch::StopSwitch,
    store_trouble::StoreTrouble,
    subject_locks::SubjectLocks,
};

/// From how many events in one call popularity is counted soon.
const MANY_EVENTS: usize = 100;

/// The rule by which lines are cut out of an event.
const NEVER: &str = Rejection::Never.word();
const DISCREET: &str = Rejection::Discreet.word();

/// Judges events and makes those durable that the policy admits.
pub(crate) struct EventIntake {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) clock_watch: Arc<ClockWatch>,
    pub(crate) state: Arc<dyn StateStore>,
    pub(crate) events: Arc<dyn EventLog>,
    pub(crate) in_force: Arc<InForce>,
    pub(crate) stop: Arc<StopSwitch>,
    pub(crate) learning: Arc<Learning>,
    pub(crate) schedule: Arc<Schedule>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) trouble: Arc<StoreTrouble>,
    pub(crate) locks: Arc<SubjectLocks>,
}

/// What was judged of the events of one call.
struct Judged {
    taken: Vec<Admitted>,
    /// What was said of products.
    instructions: Vec<Instruction>,
    /// What became of the others; of those taken nothing is counted yet.
    receipt: Receipt,
}

impl EventIntake {
    /// Takes events as a shop sends them.
    pub(crate) async fn ingest(
        &self,
        events: Vec<Json>,
        narrowing: &PrivacySignals,
    ) -> Result<Receipt, Problem> {
        let now = self.clock.now();
        let Judged { taken, instructions, receipt } = self.judge_each(events, narrowing, now).await?;
        self.counters.add_overall(UNKNOWN_ITEMS, receipt.unknown_items);
        for said in instructions {
            self.obey_instruction(said, now).await?;
        }
        self.append_events(taken, now, receipt).await
    }

    /// What would be said of events; nothing is stored.
    pub(crate) async fn judge(
        &self,
        events: Vec<Json>,
        narrowing: &PrivacySignals,
    ) -> Result<Receipt, Problem> {
        let Judged { taken, receipt, .. } = self.judge_each(events, narrowing, self.clock.now()).await?;
        Ok(Receipt { accepted: receipt.accepted + taken.len(), ..receipt })
    }

    /// The events that may be stored, and what is said of the others.
    async fn judge_each(
        &self,
        events: Vec<Json>,
        narrowing: &PrivacySignals,
        now: Timestamp,
    ) -> Result<Judged, Problem> {
        let world = self.in_force.world();
        let stepped_back = self.clock_watch.has_stepped_back();
        let signals = read_signals(narrowing, &[], stepped_back, &world.policy)?;
        let stopped = self.stop.stopped();
        let mut admission = Admission::new(&*self.state, &*self.clock, &world, signals, &stopped.stop, now);
        let (mut taken, mut receipt) = (Vec::new(), Receipt::default());
        for (index, json) in events.into_iter().enumerate() {
            match admission.admit_event(json).await? {
                Ok(admitted) => {
                    receipt.set_aside.add(NEVER, admitted.never_lines());
                    receipt.set_aside.add(DISCREET, admitted.discreet_lines());
                    let redacted = admitted.redacted().iter().cloned();
                    let dropped = DroppedFields::of_entry(index, redacted, Namespace::Event, &world.policy);
                    receipt.redacted.extend(dropped);
                    taken.push(admitted);
                }
                Err(NotStored::Obeyed) => receipt.accepted += 1,
                Err(NotStored::SetAside { rule, count }) => receipt.set_aside.add(rule, count),
                Err(NotStored::Refused(problem)) => receipt.rejected.push(RefusedEntry {
                    index,
                    problem,
                    detail: event_detail(problem),
                    names: Vec::new(),
                }),
            }
        }
        receipt.unknown_items = admission.unknown_items();
        Ok(Judged { taken, instructions: admission.into_instructions(), receipt })
    }

    /// Remembers within a visit what somebody said of a product.
    async fn obey_instruction(&self, said: Instruction, now: Timestamp) -> Result<(), Problem> {
        let status = if said.dismissed { ChoiceStatus::Refused } else { ChoiceStatus::Granted };
        let choice = Choice { status, text_version: "".into(), at: now, source: "event".into() };
        let name = item_choice_name(&said.item);
        let visit = self.state.read_session(&said.session).await?;
        let last = visit.as_deref().and_then(|visit| visit.choices.get(name.as_str())?.last());
        if last.is_some_and(|last| last.status == status) {
            return Ok(());
        }
        self.trouble.watch(self.state.put_visit_choice(&said.session, &name, choice).await)?;
        Ok(())
    }

    async fn append_events(
        &self,
        taken: Vec<Admitted>,
        now: Timestamp,
        mut receipt: Receipt,
    ) -> Result<Receipt, Problem> {
        if taken.is_empty() {
            return Ok(receipt);
        }
        let mut stored: Vec<FeedEvent> = Vec::new();
        for verdict in self.trouble.watch(self.events.append_events(taken, now).await)? {
            match verdict {
                Appended::Stored(event) => stored.push(event),
                Appended::Duplicate => receipt.duplicates += 1,
            }
        }
        receipt.accepted += stored.len();
        if stored.len() >= MANY_EVENTS {
            self.schedule.count_soon();
        }
        self.learning.events_added(stored);
        self.learning.wake();
        Ok(receipt)
    }
}
