//! Whether a purpose could run when something happened: what was observed before a consent or in childhood is not used
//! because it is permitted now.

use std::ops::RangeInclusive;

use jardin_model::{HistoryEvent, SubjectRecord, Timestamp};

use super::decide::purpose_refuses;
use crate::rules::{PolicyRules, PurposeRule};

/// When a purpose could run for one person.
pub(super) struct PastPermission<'a> {
    rules: &'a PolicyRules,
    purpose: &'a PurposeRule,
    /// Nobody known has given no answer that could have changed.
    record: Option<&'a SubjectRecord>,
    /// A time over which it could run throughout, so that few events are looked at one by one.
    throughout: Option<RangeInclusive<Timestamp>>,
}

impl<'a> PastPermission<'a> {
    /// The permission of a purpose for the times of these events, oldest first.
    pub(super) fn new(
        rules: &'a PolicyRules,
        purpose: &'a PurposeRule,
        record: Option<&'a SubjectRecord>,
        events: &[HistoryEvent],
        now: Timestamp,
    ) -> Self {
        let mut permission = Self { rules, purpose, record, throughout: None };
        if let (Some(record), Some(oldest)) = (record, events.first()) {
            // between two changes of mind a consent can only end and a child only grow up: what could run at both
            // ends could run all the time
            let since = last_change(record, now).map_or(oldest.at, |change| change.max(oldest.at));
            let could_run = since <= now && [since, now].into_iter().all(|at| permission.could_run_as_of(at));
            permission.throughout = could_run.then_some(since..=now);
        }
        permission
    }

    pub(super) const fn rules(&self) -> &'a PolicyRules {
        self.rules
    }

    /// True where the purpose could run at that time.
    pub(super) fn could_run(&self, at: Timestamp) -> bool {
        self.throughout.as_ref().is_some_and(|throughout| throughout.contains(&at))
            || self.could_run_as_of(at)
    }

    fn could_run_as_of(&self, at: Timestamp) -> bool {
        self.record
            .is_none_or(|record| purpose_refuses(self.purpose, &self.rules.flags_as_of(record, at)).is_none())
    }
}

/// The last time until `now` at which a person said something that permits or refuses.
fn last_change(record: &SubjectRecord, now: Timestamp) -> Option<Timestamp> {
    let answers = record.choices.values().flatten().map(|choice| choice.at);
    answers.chain(record.objected).chain(record.restricted).filter(|at| *at <= now).max()
}
