//! How much of a person a policy removes: to be told before it comes into force.

use jardin_model::{HistoryEvent, Namespace, StoredValue, SubjectRecord, Timestamp};

use super::retention::{account_has_ended, is_kept};
use crate::Policy;

/// How much of a person is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RemovedCount {
    /// Events.
    pub events: usize,
    /// Values of the profile.
    pub values: usize,
}

impl Policy {
    /// How much of a person the next sweep removes: what is too old, what is not declared any longer, and what nothing
    /// permits to keep. Of somebody restricted nothing.
    #[must_use]
    pub fn count_removed(&self, record: &SubjectRecord, now: Timestamp) -> RemovedCount {
        if record.restricted.is_some() {
            return RemovedCount::default();
        }
        if account_has_ended(record, self.rules(), now) {
            return RemovedCount { events: record.events.len(), values: record.fields.len() };
        }
        let groundless = self.groundless(record, now);
        let goes = |event: &&HistoryEvent| {
            !self.keeps_event(event, now)
                || groundless.events.iter().any(|other| other.sequence == event.sequence)
        };
        let values = record.fields.iter().filter(|(name, stored)| {
            !self.keeps_value(name, stored, now) || groundless.values.contains(name)
        });
        RemovedCount { events: record.events.iter().filter(goes).count(), values: values.count() }
    }

    /// True where a history of the person lists such events and keeps them for so long.
    fn keeps_event(&self, event: &HistoryEvent, now: Timestamp) -> bool {
        let mut fields = self.rules().fields.iter().filter(|f| f.path.namespace == Namespace::Subject);
        fields.any(|field| field.of.contains(&event.kind) && is_kept(field, event.at, now, self.rules()))
    }

    fn keeps_value(&self, name: &str, stored: &StoredValue, now: Timestamp) -> bool {
        let field = self.rules().declared(Namespace::Subject, name);
        let field = field.filter(|field| field.of.is_empty() && field.derived.is_none());
        field.is_some_and(|field| is_kept(field, stored.stored_at, now, self.rules()))
    }
}
