//! What of a person counts for a number that the host makes of many people.

use jardin_model::{HistoryEvent, SubjectRecord, Timestamp};

use super::{
    Signals,
    decide::purpose_refuses,
    past_permission::PastPermission,
    retention::{account_has_ended, is_kept},
};
use crate::{
    Policy,
    rules::{FieldRule, PopularityRule},
};

impl Policy {
    /// The events of a person that count for a field with `derived_from`: of its histories and still kept, where the
    /// field's own purpose may run for them now and could when each of them happened. Of an account that has ended
    /// none, and none of somebody who switched learning off.
    #[must_use]
    pub fn counted_events<'a>(
        &self,
        field: &PopularityRule,
        record: &'a SubjectRecord,
        signals: &Signals,
        now: Timestamp,
    ) -> Vec<&'a HistoryEvent> {
        let rules = self.rules();
        let flags = self.flags(Some(record), signals, now);
        let may_run = |purpose| purpose_refuses(purpose, &flags).is_none() && !flags.learning_off;
        let purpose = rules.purpose(field.purpose).filter(|purpose| may_run(purpose));
        let Some(purpose) = purpose.filter(|_| !account_has_ended(record, rules, now)) else {
            return Vec::new();
        };
        let histories: Vec<&FieldRule> = field.from.iter().filter_map(|id| rules.field(*id)).collect();
        let permission = PastPermission::new(rules, purpose, Some(record), &record.events, now);
        let is_listed = |event: &HistoryEvent| {
            histories.iter().any(|f| f.of.contains(&event.kind) && is_kept(f, event.at, now, rules))
        };
        record.events.iter().filter(|event| is_listed(event) && permission.could_run(event.at)).collect()
    }
}
