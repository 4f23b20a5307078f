//! Takes events as a shop sends them.

use std::sync::Arc;

use jardin_contract::{Appended, Clock, EventLog, FeedEvent, StateStore};
use jardin_model::Timestamp;
use jardin_policy::Admitted;
use serde_json::Value as Json;

use super::admission::{Admission, NotStored};
use crate::{
    api::{DroppedFields, PrivacySignals, Problem, Receipt, RefusedEntry},
    clock_watch::clock_stepped_back,
    in_force::InForce,
    learning::Learning,
    privacy_signals::read_signals,
    schedule::Schedule,
};

/// From how many events in one call popularity is counted soon.
const MANY_EVENTS: usize = 100;

/// Judges events and makes those durable that the policy admits.
pub(crate) struct EventIntake {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) state: Arc<dyn StateStore>,
    pub(crate) events: Arc<dyn EventLog>,
    pub(crate) in_force: Arc<InForce>,
    pub(crate) learning: Arc<Learning>,
    pub(crate) schedule: Arc<Schedule>,
}

impl EventIntake {
    /// Takes events as a shop sends them.
    pub(crate) async fn ingest(
        &self,
        events: Vec<Json>,
        narrowing: &PrivacySignals,
    ) -> Result<Receipt, Problem> {
        let world = self.in_force.world();
        let now = self.clock.now();
        let stepped_back = clock_stepped_back(&*self.state, now);
        let signals = read_signals(narrowing, &[], stepped_back, &world.policy)?;
        let mut admission = Admission::new(&*self.state, &*self.clock, &world, signals, now);
        let mut receipt = Receipt::default();
        let mut taken: Vec<(usize, Admitted)> = Vec::new();
        for (index, json) in events.into_iter().enumerate() {
            match admission.admit_event(json).await? {
                Ok(admitted) => {
                    receipt.set_aside += admitted.cut_lines();
                    taken.push((index, admitted));
                }
                Err(NotStored::SetAside { lines }) => receipt.set_aside += lines,
                Err(NotStored::Refused(problem)) => {
                    receipt.rejected.push(RefusedEntry { index, problem, names: Vec::new() })
                }
            }
        }
        self.append_events(taken, now, receipt).await
    }

    async fn append_events(
        &self,
        taken: Vec<(usize, Admitted)>,
        now: Timestamp,
        mut receipt: Receipt,
    ) -> Result<Receipt, Problem> {
        if taken.is_empty() {
            return Ok(receipt);
        }
        for (index, admitted) in &taken {
            receipt.redacted.extend(DroppedFields::of_entry(*index, admitted.redacted().iter().cloned()));
        }
        let admitted = taken.into_iter().map(|(_, admitted)| admitted).collect();
        let mut stored: Vec<FeedEvent> = Vec::new();
        for verdict in self.events.append_events(admitted, now).await? {
            match verdict {
                Appended::Stored(event) => stored.push(event),
                Appended::Duplicate => receipt.duplicates += 1,
            }
        }
        receipt.accepted = stored.len();
        if stored.len() >= MANY_EVENTS {
            self.schedule.count_soon();
        }
        self.learning.events_added(stored);
        self.learning.wake();
        Ok(receipt)
    }
}
