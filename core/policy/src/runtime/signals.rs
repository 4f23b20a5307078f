//! What a request says beside the stored record.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use jardin_model::{Choice, ChoiceStatus, OwnSwitch, SessionRecord, Timestamp};

use super::retention::session_has_ended;
use crate::{Policy, rules::FieldId};

/// What a request says beside the stored record. It can only narrow.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Signals {
    /// `Sec-GPC: 1` came with the request.
    pub gpc: bool,
    /// The publisher purposes that a TCF string allows; `None` where no string came.
    pub tcf_publisher_purposes: Option<Vec<u8>>,
    /// Google consent mode: key to granted or not.
    pub consent_mode: BTreeMap<Arc<str>, bool>,
    /// Answers that the request repeats; a yes changes nothing.
    pub consent: BTreeMap<Arc<str>, bool>,
    /// The request objects.
    pub objected: bool,
    /// Context flags that came with the request, of those that make everybody a child.
    pub context_flags: Vec<FieldId>,
    /// The country that the page says, where an age of consent depends on it.
    pub country: Option<Arc<str>>,
    /// What was decided for this visit alone, by name: a no of it narrows, and its yes counts where nobody is known.
    pub visit: BTreeMap<Arc<str>, Vec<Choice>>,
    /// This visit is paused: nothing of it is recorded, and nothing in it is made for them.
    pub paused: bool,
    /// The clock stepped back against the last durable time: no consent can be trusted to be fresh.
    pub clock_stepped_back: bool,
}

/// How old the note of a visit's last use may be, in milliseconds.
const TOUCH_MS: i64 = 60_000;

impl Policy {
    /// What was decided for a visit alone, until it has ended; `None` where nothing was.
    #[must_use]
    pub fn visit_choices<'a>(
        &self,
        visit: &'a SessionRecord,
        now: Timestamp,
    ) -> Option<&'a BTreeMap<Arc<str>, Vec<Choice>>> {
        let holds = !visit.choices.is_empty() && !session_has_ended(visit, self.rules(), now);
        holds.then_some(&visit.choices)
    }

    /// True where something was decided for a visit that has ended: it must go before the visit's id is used again.
    #[must_use]
    pub fn has_outlived_choices(&self, visit: &SessionRecord, now: Timestamp) -> bool {
        !visit.choices.is_empty() && session_has_ended(visit, self.rules(), now)
    }

    /// True where something was decided for a visit that has not ended, and its last use was noted a while ago: it is to be
    /// noted again, so that a pause lasts as long as somebody browses.
    #[must_use]
    pub fn is_visit_to_be_touched(&self, visit: &SessionRecord, now: Timestamp) -> bool {
        self.visit_choices(visit, now).is_some() && visit.last_seen.plus_ms(TOUCH_MS) < now
    }

    /// The signals of a request in its visit, with what was decided for this visit alone. Where somebody is named, known
    /// or not, a yes of the visit is none of theirs.
    #[must_use]
    pub fn signals_in_visit<'a>(
        &self,
        signals: &'a Signals,
        visit: Option<&SessionRecord>,
        names_somebody: bool,
        now: Timestamp,
    ) -> Cow<'a, Signals> {
        let Some(decided) = visit.and_then(|visit| self.visit_choices(visit, now)) else {
            return Cow::Borrowed(signals);
        };
        let mut signals = signals.clone();
        let is_off = |switch: OwnSwitch| switch.is_off(decided, Timestamp::from_ms(i64::MAX));
        signals.paused |= is_off(OwnSwitch::Visit);
        signals.objected |= is_off(OwnSwitch::NoObjection);
        for rule in &self.rules().consents {
            let last = decided.get(&rule.name).and_then(|said| said.last());
            if last.is_some_and(|last| last.status != ChoiceStatus::Granted) {
                signals.consent.insert(Arc::clone(&rule.name), false);
            }
        }
        if !names_somebody {
            signals.visit.clone_from(decided);
        }
        Cow::Owned(signals)
    }
}
