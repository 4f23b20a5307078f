//! What may still be kept of a person: what no ground covers any longer is erased.
//!
//! A ground ends with a recorded no, with the end of the rest after a yes has ended by itself, with a recorded objection, or
//! with a policy that no longer has the purpose. It never ends by a signal or refusal of one request, by a stop, by a
//! policy that waits for its approval, or by a restriction, which leaves everything as it is.

use std::sync::Arc;

use jardin_model::{
    Choice, ChoiceStatus, DAY_MS, EventKind, HOUR_MS, HistoryEvent, Namespace, StoredValue, SubjectRecord,
    Timestamp,
};

use super::{Flags, Signals};
use crate::{
    Policy,
    policy::FieldUse,
    rules::{Basis, ConsentRule, FieldId, PolicyRules, PurposeRule, StopSignal},
};

/// For how long what has lost its ground is kept: a yes within that time keeps it.
const GRACE_MS: i64 = 24 * HOUR_MS;

/// For how long what somebody did is kept, closed to everything, after they told an age at which it could not have been
/// permitted: they may have told it by mistake.
const CLOSED_MS: i64 = 30 * DAY_MS;

/// What nothing permits to keep of a person any longer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Groundless<'a> {
    /// What they did, oldest first.
    pub events: Vec<&'a HistoryEvent>,
    /// What they told, by the names of fields.
    pub values: Vec<&'a Arc<str>>,
}

impl Policy {
    /// What of a person nothing permits to keep any longer. Of somebody restricted nothing.
    #[must_use]
    pub fn groundless<'a>(&self, record: &'a SubjectRecord, now: Timestamp) -> Groundless<'a> {
        if record.restricted.is_some() {
            return Groundless::default();
        }
        let policy = self.ground_policy();
        let flags = policy.flags(Some(record), &Signals::default(), now);
        let grounds = Grounds { policy, record, now, flags };
        let values = record.fields.iter().filter(|(name, stored)| !grounds.cover_value(name, stored));
        Groundless {
            events: record.events.iter().filter(|event| !grounds.cover_event(event)).collect(),
            values: values.map(|(name, _)| name).collect(),
        }
    }
}

/// What permits to keep things of one person.
struct Grounds<'a> {
    policy: &'a Policy,
    record: &'a SubjectRecord,
    now: Timestamp,
    flags: Flags,
}

impl Grounds<'_> {
    fn cover_event(&self, event: &HistoryEvent) -> bool {
        let mut uses = self.uses_of(event.kind).peekable();
        if uses.peek().is_none() {
            return !self.policy_is_past_grace();
        }
        uses.any(|used| {
            let purpose = self.rules().purpose(used.purpose);
            purpose.is_some_and(|purpose| self.permit_keeping(purpose, event.at))
        })
    }

    /// What tells a child goes with the account, and what is no longer declared with the sweep.
    fn cover_value(&self, name: &str, stored: &StoredValue) -> bool {
        let Some(field) = self.rules().field_named(Namespace::Subject, name) else { return true };
        let uses = self.policy.uses_of(field);
        if self.policy.tells_a_child(field) || uses.is_empty() && !self.policy_is_past_grace() {
            return true;
        }
        let mut purposes = uses.iter().filter_map(|used| self.rules().purpose(used.purpose));
        purposes.any(|purpose| self.permit_keeping(purpose, stored.stored_at))
    }

    fn rules(&self) -> &PolicyRules {
        self.policy.rules()
    }

    /// What reads, counts or learns from events of that kind, stopped or not.
    fn uses_of(&self, kind: EventKind) -> impl Iterator<Item = &FieldUse> {
        let fields = self.rules().fields.iter().enumerate();
        let listing =
            fields.filter(move |(_, f)| f.path.namespace == Namespace::Subject && f.of.contains(&kind));
        listing.flat_map(|(id, _)| self.policy.uses_of(FieldId(id)))
    }

    /// What a policy no longer has is gone a day after it was written or approved.
    fn policy_is_past_grace(&self) -> bool {
        let rules = self.rules();
        let days = [rules.revised_on(), rules.record.approved.as_ref().map(|approved| approved.on)];
        let written = days.into_iter().flatten().max().and_then(|day| rules.zone.instant(day, 0));
        written.is_none_or(|written| self.now.ms_since(written) >= GRACE_MS)
    }

    /// True where a purpose could use it then and has not lost its ground since.
    fn permit_keeping(&self, purpose: &PurposeRule, at: Timestamp) -> bool {
        if purpose.basis == Basis::NothingRead || self.has_objected(purpose, at) {
            return false;
        }
        if self.is_closed(purpose) {
            return !self.closed_for_good();
        }
        let consents = purpose.needs.iter().filter_map(|number| self.rules().consents.get(*number));
        consents.into_iter().all(|consent| {
            let choices = self.record.choices.get(&consent.name).map_or(&[][..], Vec::as_slice);
            Answers { consent, choices, rules: self.rules() }.hold_since(at, self.now)
        })
    }

    fn has_objected(&self, purpose: &PurposeRule, at: Timestamp) -> bool {
        let stops = purpose.stop_if.contains(&StopSignal::Objection);
        let objected = self.record.objected.filter(|_| stops);
        objected.is_some_and(|since| since <= at || self.now.ms_since(since) >= GRACE_MS)
    }

    /// True where somebody is too young for a purpose by what they told.
    fn is_closed(&self, purpose: &PurposeRule) -> bool {
        let rests_on_consent = purpose.basis == Basis::Consent || !purpose.needs.is_empty();
        self.flags.below_profiling_age && purpose.profiling
            || self.flags.below_consent_age && rests_on_consent
    }

    fn closed_for_good(&self) -> bool {
        let told = self.policy.age_field().and_then(|field| self.record.fields.get(&field.path.name));
        told.is_none_or(|told| self.now.ms_since(told.stored_at) >= CLOSED_MS)
    }
}

/// The answers of somebody to one question.
struct Answers<'a> {
    consent: &'a ConsentRule,
    /// Oldest first.
    choices: &'a [Choice],
    rules: &'a PolicyRules,
}

impl Answers<'_> {
    /// True where a yes counted at that time, and no no has counted for longer than the grace since, nor has a yes ended
    /// by itself and its rest after it. Which version of the question it was does not matter: another one asks again, and
    /// takes nothing back.
    fn hold_since(&self, at: Timestamp, now: Timestamp) -> bool {
        let known = || self.choices.iter().filter(|choice| choice.at <= now);
        let then = known().map(|choice| choice.at).filter(|answered| *answered <= at).max();
        let Some(then) = then.filter(|then| *then > self.consent.lasts.before(at, &self.rules.zone)) else {
            return false;
        };
        let mut times: Vec<Timestamp> = known().map(|choice| choice.at).filter(|t| *t >= then).collect();
        times.dedup();
        let ends = times.iter().skip(1).copied().chain([now]);
        let (mut agreed, mut refused_since) = (then, None);
        for (answered, end) in times.iter().copied().zip(ends) {
            if self.is_yes(answered) {
                (agreed, refused_since) = (answered, None);
            } else if answered <= at {
                return false;
            }
            let is_yes = agreed == answered;
            let since = (!is_yes).then(|| *refused_since.get_or_insert(answered));
            // a yes may have ended by itself before the no
            if self.has_rested(agreed, end) || since.is_some_and(|since| end.ms_since(since) >= GRACE_MS) {
                return false;
            }
        }
        true
    }

    /// Answers of one instant that disagree are in conflict: no.
    fn is_yes(&self, at: Timestamp) -> bool {
        self.choices.iter().filter(|c| c.at == at).all(|c| c.status == ChoiceStatus::Granted)
    }

    /// True where a yes had ended by itself, and its rest and the grace after it, before `end`.
    fn has_rested(&self, answered: Timestamp, end: Timestamp) -> bool {
        let zone = &self.rules.zone;
        let rested = self.consent.rests_for.before(end.plus_ms(-GRACE_MS), zone);
        answered <= self.consent.lasts.before(rested, zone)
    }
}
