//! What of a person decides: computed once a request, and all that `decide` looks at.

use std::sync::Arc;

use jardin_model::{Choice, ChoiceStatus, PersonNumber, SubjectRecord, Timestamp, Value};

use super::{Signals, history::account_has_ended};
use crate::{
    Policy,
    rules::{ChildRule, ConsentRule, OLDEST_AGE, PolicyRules},
};

/// What of a person decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flags {
    pub(crate) person: Option<PersonNumber>,
    pub(crate) child: bool,
    pub(crate) restricted: bool,
    pub(crate) objected: bool,
    pub(crate) gpc: bool,
    /// A bit a consent, by its position.
    pub(crate) consents: u64,
}

impl Flags {
    /// True where she counts as a child.
    #[must_use]
    pub const fn is_child(&self) -> bool {
        self.child
    }

    /// True where processing is restricted.
    #[must_use]
    pub const fn is_restricted(&self) -> bool {
        self.restricted
    }

    pub(crate) const fn has_consent(&self, number: usize) -> bool {
        number < 64 && self.consents >> number & 1 == 1
    }
}

impl Policy {
    /// The flags of a person, or of somebody unknown. It alone reads `age_from`. Where signals conflict the
    /// stricter wins.
    #[must_use]
    pub fn flags(&self, record: Option<&SubjectRecord>, signals: &Signals, now: Timestamp) -> Flags {
        let rules = self.rules();
        let mut consents = 0_u64;
        // an account that has ended is nobody's: nothing that she once agreed to outlives it
        let living = record.filter(|r| !account_has_ended(r, rules, now));
        for (number, rule) in rules.consents.iter().enumerate().take(64) {
            let choices = living.and_then(|r| r.choices.get(&rule.name)).map_or(&[][..], Vec::as_slice);
            if !signals.clock_stepped_back
                && has_agreed(rule, choices, now, rules)
                && !refused_by(rule, signals)
            {
                consents |= 1 << number;
            }
        }
        Flags {
            person: record.map(|r| r.person),
            child: rules.children.as_ref().is_some_and(|rule| is_child(rule, record, signals, now, rules)),
            restricted: record.is_some_and(|r| r.restricted.is_some()),
            objected: signals.objected || record.is_some_and(|r| r.objected.is_some()),
            gpc: signals.gpc,
            consents,
        }
    }
}

impl Policy {
    /// The flags that a person had at an earlier time, by the answers that she had given until then; for the
    /// learning feed.
    #[must_use]
    pub fn flags_as_of(&self, record: &SubjectRecord, at: Timestamp) -> Flags {
        let until_then = |choices: &Vec<Choice>| choices.iter().filter(|c| c.at <= at).cloned().collect();
        let choices = record.choices.iter().map(|(name, choices)| (Arc::clone(name), until_then(choices)));
        let then = SubjectRecord {
            person: record.person,
            fields: record.fields.clone(),
            events: Vec::new(),
            choices: choices.collect(),
            objected: record.objected.filter(|since| *since <= at),
            restricted: record.restricted.filter(|since| *since <= at),
            // whether her account has ended since is asked for now, not then
            last_seen: record.last_seen.max(at),
        };
        self.flags(Some(&then), &Signals::default(), at)
    }
}

fn has_agreed(rule: &ConsentRule, choices: &[Choice], now: Timestamp, rules: &PolicyRules) -> bool {
    // an answer from the future is unreadable: no
    let Some(at) = choices.iter().map(|c| c.at).max() else {
        return false;
    };
    // answers of one instant that disagree are in conflict: no
    choices.iter().filter(|c| c.at == at).all(|c| {
        c.status == ChoiceStatus::Granted
            && rule.texts.contains(&c.text_version)
            && c.at <= now
            && c.at > rule.lasts.before(now, &rules.zone)
    })
}

fn refused_by(rule: &ConsentRule, signals: &Signals) -> bool {
    let said_no = signals.consent.get(&rule.name) == Some(&false);
    let signalled = rule.signals.as_ref().is_some_and(|signal| {
        let tcf = signals.tcf_publisher_purposes.as_ref();
        let tcf_refuses =
            tcf.is_some_and(|allowed| signal.tcf_publisher_purposes.iter().any(|p| !allowed.contains(p)));
        let mode_refuses =
            signal.consent_mode.as_ref().is_some_and(|key| signals.consent_mode.get(key) == Some(&false));
        tcf_refuses || mode_refuses
    });
    said_no || signalled
}

fn is_child(
    rule: &ChildRule,
    record: Option<&SubjectRecord>,
    signals: &Signals,
    now: Timestamp,
    rules: &PolicyRules,
) -> bool {
    if rule.also_if.iter().any(|flag| signals.context_flags.contains(flag)) {
        return true;
    }
    let birth = rule.age_from.and_then(|id| rules.field(id)).and_then(|field| {
        let record = record.filter(|r| !account_has_ended(r, rules, now))?;
        match record.fields.get(&field.path.name) {
            Some(stored) if super::history::is_kept(field, stored.stored_at, now, rules) => {
                match stored.value {
                    Value::Date(birth) => Some(birth),
                    _ => None,
                }
            }
            _ => None,
        }
    });
    // a date that nobody alive can have is no answer; one in the future makes a child
    birth
        .and_then(|birth| rules.zone.age(birth, now))
        .filter(|age| *age <= OLDEST_AGE)
        .map_or(rule.unknown_is_child, |age| age < rule.under)
}
