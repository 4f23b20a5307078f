//! Who runs.

use std::{fmt, sync::Arc};

use jardin_model::PersonNumber;

use super::{Flags, GrantedColumn};
use crate::{
    PolicyInForce,
    rules::{Basis, PolicyRules, PurposeRule, Stop, StopSignal, StrategyName, StrategyRule},
};

/// What is known of a strategy's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// It needs no pin, or it is the file that was reviewed.
    Reviewed,
    /// It stands in no lock.
    NotPinned,
    /// It is another file than the one that was reviewed.
    Differs,
}

/// Why a strategy does not run. The order is that in which they are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The policy has no such strategy.
    Unknown,
    /// It is switched off.
    Stopped,
    /// Its file is not the one that was reviewed.
    NotPinned,
    /// She counts as a child.
    Child,
    /// Processing is restricted (GDPR Art. 18).
    Restricted,
    /// She objected (GDPR Art. 21).
    Objection,
    /// Her browser sends Global Privacy Control.
    GlobalPrivacyControl,
    /// A consent is absent, expired, of another text, unreadable or in conflict.
    Consent,
    /// They paused this visit.
    Paused,
    /// They switched lists that are made for them off.
    SwitchedOff,
}

impl Reason {
    /// The word for it in answers and audit.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown-strategy",
            Self::Stopped => "stopped",
            Self::NotPinned => "not-pinned",
            Self::Child => "child",
            Self::Restricted => "restricted",
            Self::Objection => "objection",
            Self::GlobalPrivacyControl => "global-privacy-control",
            Self::Consent => "consent",
            Self::Paused => "paused",
            Self::SwitchedOff => "switched-off",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Leave to read the granted fields of one person, or of nobody. Made only by [`PolicyInForce::decide`].
#[derive(Debug, Clone)]
pub struct Grant {
    pub(crate) rules: Arc<PolicyRules>,
    pub(crate) rule: Arc<StrategyRule>,
    pub(crate) person: Option<PersonNumber>,
    pub(crate) secret: Option<[u8; 32]>,
    /// The granted columns of the catalogue.
    pub(crate) columns: Arc<[GrantedColumn]>,
}

impl Grant {
    /// The strategy that it is for.
    #[must_use]
    pub fn strategy(&self) -> &Arc<StrategyRule> {
        &self.rule
    }

    /// True where a subject or session field is granted.
    #[must_use]
    pub fn reads_a_person(&self) -> bool {
        self.rules.reads_a_person(&self.rule)
    }
}

/// Whether a strategy runs.
#[derive(Debug, Clone)]
pub enum Decision {
    /// It runs and may read this.
    Run(Grant),
    /// It does not run.
    Refused(Reason),
}

impl PolicyInForce {
    /// Decides whether `strategy` runs for a person of these flags: the first reason that applies refuses.
    /// `stop` is what is stopped beside the file's own `[stop]`.
    #[must_use]
    pub fn decide(&self, strategy: &StrategyName, flags: &Flags, file: FileState, stop: &Stop) -> Decision {
        let rules = self.rules();
        let Some(rule) = rules.strategies.get(strategy) else {
            return Decision::Refused(Reason::Unknown);
        };
        let refusal = self
            .stops(rule, stop)
            .or_else(|| (file != FileState::Reviewed).then_some(Reason::NotPinned))
            .or_else(|| {
                let purpose = rules.purpose(rule.purpose);
                purpose.map_or(Some(Reason::Unknown), |purpose| purpose_refuses(purpose, flags))
            })
            .or_else(|| own_choice_refuses(flags).filter(|_| rules.reads_a_person(rule)));
        match refusal {
            Some(reason) => Decision::Refused(reason),
            None => Decision::Run(Grant {
                rules: Arc::clone(rules),
                rule: Arc::clone(rule),
                person: flags.person,
                secret: self.secret(),
                columns: self.columns(strategy),
            }),
        }
    }

    /// True where the file itself stops a strategy.
    pub(crate) fn is_stopped(&self, rule: &StrategyRule) -> bool {
        self.stops(rule, &Stop::default()).is_some()
    }

    fn stops(&self, rule: &StrategyRule, stop: &Stop) -> Option<Reason> {
        let rules = self.rules();
        let named = |s: &Stop| s.strategies.contains(&rule.name);
        let is_fallback = rule.name == rules.fallback;
        if !is_fallback && (named(&rules.stop) || named(stop)) {
            return Some(Reason::Stopped);
        }
        let everything = rules.stop.everything || stop.everything;
        let spared = is_fallback || self.is_finish(&rule.name);
        (everything && !spared).then_some(Reason::Stopped)
    }
}

/// Why somebody is given no list that is made for them: they want none.
const fn own_choice_refuses(flags: &Flags) -> Option<Reason> {
    match (flags.paused, flags.lists_off) {
        (true, _) => Some(Reason::Paused),
        (false, true) => Some(Reason::SwitchedOff),
        (false, false) => None,
    }
}

/// Why a purpose may not run for a person of these flags.
pub(crate) fn purpose_refuses(purpose: &PurposeRule, flags: &Flags) -> Option<Reason> {
    if purpose.basis == Basis::NothingRead {
        return None;
    }
    let stops = |signal| purpose.stop_if.contains(&signal);
    let rests_on_consent = purpose.basis == Basis::Consent || !purpose.needs.is_empty();
    if flags.below_profiling_age && purpose.profiling || flags.below_consent_age && rests_on_consent {
        Some(Reason::Child)
    } else if flags.restricted {
        Some(Reason::Restricted)
    } else if flags.objected && stops(StopSignal::Objection) {
        Some(Reason::Objection)
    } else if flags.gpc && stops(StopSignal::GlobalPrivacyControl) {
        Some(Reason::GlobalPrivacyControl)
    } else if purpose.needs.iter().any(|need| !flags.has_consent(*need)) {
        Some(Reason::Consent)
    } else {
        None
    }
}
