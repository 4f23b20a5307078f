//! What of a person decides: computed once a request, and all that `decide` looks at.

use std::sync::Arc;

use jardin_model::{
    Choice, ChoiceStatus, Date, Namespace, OwnSwitch, PersonNumber, SubjectRecord, Timestamp, Value,
};

use super::{Signals, retention::account_has_ended};
use crate::{
    Policy,
    rules::{Age, ChildRule, ConsentRule, FieldId, OLDEST_AGE, PolicyRules},
};

/// What of a person decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flags {
    pub(crate) person: Option<PersonNumber>,
    /// They are too young for an answer of theirs to count.
    pub(crate) below_consent_age: bool,
    /// They are too young to be profiled.
    pub(crate) below_profiling_age: bool,
    pub(crate) restricted: bool,
    pub(crate) objected: bool,
    pub(crate) gpc: bool,
    /// They switched lists that are made for them off.
    pub(crate) lists_off: bool,
    /// They switched learning from what they do off.
    pub(crate) learning_off: bool,
    /// They paused this visit.
    pub(crate) paused: bool,
    /// A bit a consent, by its position.
    pub(crate) consents: u64,
}

impl Flags {
    /// True where they paused this visit.
    #[must_use]
    pub const fn is_paused(&self) -> bool {
        self.paused
    }

    /// True where processing is restricted.
    #[must_use]
    pub const fn is_restricted(&self) -> bool {
        self.restricted
    }

    /// True where they switched learning from what they do off.
    #[must_use]
    pub const fn has_switched_learning_off(&self) -> bool {
        self.learning_off
    }

    /// These flags with everything that narrows of the others as well: what either refused or is too young for, and of the
    /// consents those that both gave.
    #[must_use]
    pub const fn narrowed_by(self, others: &Self) -> Self {
        Self {
            person: self.person,
            below_consent_age: self.below_consent_age || others.below_consent_age,
            below_profiling_age: self.below_profiling_age || others.below_profiling_age,
            restricted: self.restricted || others.restricted,
            objected: self.objected || others.objected,
            gpc: self.gpc || others.gpc,
            lists_off: self.lists_off || others.lists_off,
            learning_off: self.learning_off || others.learning_off,
            paused: self.paused || others.paused,
            consents: self.consents & others.consents,
        }
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
        // an account that has ended is nobody's: nothing that they once agreed to outlives it
        let living = record.filter(|r| !account_has_ended(r, self.rules(), now));
        self.rules().flags_by(record, living, signals, Moment { now, until: Timestamp::from_ms(i64::MAX) })
    }

    /// The flags that a person had at an earlier time, by the answers that they had given until then: what was not
    /// permitted then is neither stored nor learned from because it is permitted now.
    #[must_use]
    pub fn flags_as_of(&self, record: &SubjectRecord, at: Timestamp) -> Flags {
        self.rules().flags_as_of(record, at)
    }

    /// True where a yes that somebody gives at that time can never count: their account tells the country, or any that
    /// a page may tell.
    #[must_use]
    pub fn is_too_young_to_agree(&self, record: Option<&SubjectRecord>, at: Timestamp) -> bool {
        let rules = self.rules();
        let signals = Signals { country: rules.lowest_country_of_pages(), ..Signals::default() };
        rules.flags_by(record, record, &signals, Moment { now: at, until: at }).below_consent_age
    }

    /// True where the last answer to a question is a yes that permits something now.
    #[must_use]
    pub fn consent_counts(&self, record: &SubjectRecord, consent: &str, now: Timestamp) -> bool {
        let flags = self.flags(Some(record), &Signals::default(), now);
        let number = self.rules().consents.iter().position(|rule| &*rule.name == consent);
        !flags.below_consent_age && number.is_some_and(|number| flags.has_consent(number))
    }
}

/// How long before a yes ends people may be asked again.
const ASKED_BEFORE_END: Age = Age::Months(1);

impl Policy {
    /// From when on a person may be asked a question again: a month before their yes ends, and after a no once the time
    /// that the policy sets has passed. `None` where nothing speaks against asking them now.
    #[must_use]
    pub fn ask_from(&self, record: &SubjectRecord, consent: &str) -> Option<Timestamp> {
        let rules = self.rules();
        let rule = rules.consents.iter().find(|rule| &*rule.name == consent)?;
        let last = record.choices.get(&rule.name)?.last()?;
        match last.status {
            ChoiceStatus::Granted if rule.texts.contains(&last.text_version) => {
                let ends = rule.lasts.after(last.at, &rules.zone);
                Some(ASKED_BEFORE_END.before(ends, &rules.zone).max(last.at))
            }
            ChoiceStatus::Granted | ChoiceStatus::GrantedAsChild => None,
            ChoiceStatus::Refused | ChoiceStatus::Withdrawn => {
                rule.ask_again_after.map(|after| after.after(last.at, &rules.zone))
            }
        }
    }
}

impl PolicyRules {
    pub(crate) fn flags_as_of(&self, record: &SubjectRecord, at: Timestamp) -> Flags {
        // whether their account has ended since is asked for now, not then
        self.flags_by(Some(record), Some(record), &Signals::default(), Moment { now: at, until: at })
    }

    /// Of the countries that a page may tell, the one in which answers count from the lowest age.
    fn lowest_country_of_pages(&self) -> Option<Arc<str>> {
        let by = self.children.as_ref()?.by.as_ref()?;
        let is_of_page =
            |id: &FieldId| self.field(*id).is_some_and(|f| f.path.namespace == Namespace::Context);
        let lowest = by.ages.iter().min_by_key(|(_, age)| **age).map(|(country, _)| Arc::clone(country));
        lowest.filter(|_| by.fields.iter().any(is_of_page))
    }

    fn flags_by(
        &self,
        record: Option<&SubjectRecord>,
        living: Option<&SubjectRecord>,
        signals: &Signals,
        moment: Moment,
    ) -> Flags {
        let children = self.children.as_ref();
        let age = children.map_or(KnownAge::Untold, |rule| told_age(rule, record, living, moment.now, self));
        let country = children.and_then(|rule| known_country(rule, living, signals, moment.now, self));
        let is_below = |years: fn(&ChildRule, Option<&str>) -> i16, at| {
            let is_younger = |rule: &ChildRule| age.is_below(years(rule, country.as_deref()), rule, at, self);
            children.is_some_and(is_younger)
        };
        let is_below_consent = |at| is_below(ChildRule::consent_age, at);
        let mut consents = 0_u64;
        for (number, rule) in self.consents.iter().enumerate().take(64) {
            let answers = record.map_or(Some(&signals.visit), |_| living.map(|r| &r.choices));
            let choices = answers.and_then(|said| said.get(&rule.name)).map_or(&[][..], Vec::as_slice);
            let agreed = has_agreed(rule, choices, moment, self).is_some_and(|at| !is_below_consent(at));
            if agreed && !signals.clock_stepped_back && !refused_by(rule, signals) {
                consents |= 1 << number;
            }
        }
        let since = |set: Option<Timestamp>| set.is_some_and(|since| since <= moment.until);
        let is_off = |switch: OwnSwitch| record.is_some_and(|r| switch.is_off(&r.choices, moment.until));
        let on_page_for_children =
            |rule: &ChildRule| rule.also_if.iter().any(|flag| signals.context_flags.contains(flag));
        let on_page = children.is_some_and(on_page_for_children);
        Flags {
            person: record.map(|r| r.person),
            below_consent_age: on_page || is_below_consent(moment.now),
            below_profiling_age: on_page || is_below(|rule, _| rule.profiling_from, moment.now),
            restricted: record.is_some_and(|r| since(r.restricted)),
            objected: signals.objected || record.is_some_and(|r| since(r.objected)),
            gpc: signals.gpc,
            lists_off: is_off(OwnSwitch::PersonalLists),
            learning_off: is_off(OwnSwitch::Learning),
            paused: signals.paused,
            consents,
        }
    }
}

/// When it is asked, and until when answers are looked at.
#[derive(Clone, Copy)]
struct Moment {
    now: Timestamp,
    until: Timestamp,
}

/// When a yes was given that counts.
fn has_agreed(
    rule: &ConsentRule,
    choices: &[Choice],
    moment: Moment,
    rules: &PolicyRules,
) -> Option<Timestamp> {
    let given = || choices.iter().filter(|c| c.at <= moment.until);
    // an answer from the future is unreadable: no
    let at = given().map(|c| c.at).max()?;
    // answers of one instant that disagree are in conflict: no
    let counts = given().filter(|c| c.at == at).all(|c| {
        c.status == ChoiceStatus::Granted
            && rule.texts.contains(&c.text_version)
            && c.at <= moment.now
            && rule.lasts.is_within(c.at, moment.now, &rules.zone)
    });
    counts.then_some(at)
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

/// What is known of somebody's age.
#[derive(Clone, Copy)]
enum KnownAge {
    /// They never told it.
    Untold,
    /// They told it, and what they told cannot be read, has expired or was taken away: a child until it is told again.
    Lost,
    /// They were born on this day.
    Born(Date),
}

impl KnownAge {
    /// True where they were younger than that many years at that time.
    fn is_below(self, years: i16, rule: &ChildRule, at: Timestamp, rules: &PolicyRules) -> bool {
        match self {
            Self::Untold => rule.unknown_is_child,
            Self::Lost => true,
            Self::Born(birth) => rules.zone.age(birth, at).is_none_or(|age| age < years),
        }
    }
}

/// In which country somebody is: by their account, which beats what the page says.
fn known_country(
    rule: &ChildRule,
    living: Option<&SubjectRecord>,
    signals: &Signals,
    now: Timestamp,
    rules: &PolicyRules,
) -> Option<Arc<str>> {
    let fields = rule.by.iter().flat_map(|by| &by.fields).filter_map(|id| rules.field(*id));
    let of_account = fields.filter(|f| f.path.namespace == Namespace::Subject).find_map(|field| {
        let stored = living?.fields.get(&field.path.name)?;
        let is_kept = super::retention::is_kept(field, stored.stored_at, now, rules);
        match &stored.value {
            Value::Text(country) if is_kept => Some(Arc::clone(country)),
            _ => None,
        }
    });
    of_account.or_else(|| signals.country.clone())
}

fn told_age(
    rule: &ChildRule,
    record: Option<&SubjectRecord>,
    living: Option<&SubjectRecord>,
    now: Timestamp,
    rules: &PolicyRules,
) -> KnownAge {
    let Some(field) = rule.age_from.and_then(|id| rules.field(id)) else {
        return KnownAge::Untold;
    };
    let Some(stored) = record.and_then(|r| r.fields.get(&field.path.name)) else {
        return KnownAge::Untold;
    };
    match stored.value {
        // a day on which nobody alive was born cannot be read; one in the future makes a child
        Value::Date(birth)
            if living.is_some()
                && super::retention::is_kept(field, stored.stored_at, now, rules)
                && rules.zone.age(birth, now).is_some_and(|age| age <= OLDEST_AGE) =>
        {
            KnownAge::Born(birth)
        }
        _ => KnownAge::Lost,
    }
}
