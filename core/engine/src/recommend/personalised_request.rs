//! A request with what decides about the person: from here a strategy is authorised, and asked.

use std::{
    io::{Cursor, Write as _},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jardin_contract::{Clock, Deadline, Failure, Seed, Strategy, StrategyRequest};
use jardin_model::{Date, Namespace, Timestamp};
use jardin_policy::{Decision, FileState, Flags, Grant, Profile, Reason, Stop, StrategyName};

use super::decision_record::LookedAt;
use crate::{
    api::{AttemptStatus, StrategyAttempt},
    counters::Counters,
    world::World,
};

/// What all steps of one answer look at. A strategy sees nothing of it but its own view.
pub(super) struct PersonalisedRequest<'a> {
    pub(super) world: &'a World,
    pub(super) clock: &'a dyn Clock,
    pub(super) counters: &'a Counters,
    pub(super) profile: Profile,
    pub(super) flags: Flags,
    pub(super) stop: &'a Stop,
    pub(super) now: Timestamp,
    /// The shop's day, once a strategy has asked for it.
    pub(super) day: OnceLock<Option<Date>>,
    pub(super) place: &'a str,
    /// When the chain must have ended.
    pub(super) chain_until: Option<Deadline>,
    /// When the answer must stand; what lies between belongs to the fallback.
    pub(super) until: Option<Deadline>,
    /// Whether a strategy was handed a value of a person or a visit.
    pub(super) is_read: AtomicBool,
}

/// A strategy that may run, with its grant.
pub(super) struct Authorized<'a> {
    pub(super) grant: Grant,
    pub(super) strategy: &'a Arc<dyn Strategy>,
}

/// Why a strategy gave no list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoListReason {
    Refused(Reason),
    Failed(Failure),
    /// The chain could not be run at all, for a fixed word.
    Skipped(&'static str),
}

impl From<Failure> for NoListReason {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl NoListReason {
    /// What the answer says of it.
    pub(super) fn as_attempt(&self, name: &StrategyName) -> StrategyAttempt {
        let (status, why) = match self {
            Self::Refused(reason) => (AttemptStatus::Refused, Some(reason.word())),
            Self::Failed(Failure::Starting) => (AttemptStatus::Starting, None),
            Self::Failed(failure) => (AttemptStatus::Failed, Some(failure.word())),
            Self::Skipped(word) => (AttemptStatus::Failed, Some(*word)),
        };
        StrategyAttempt { name: name.clone(), status, why }
    }
}

impl PersonalisedRequest<'_> {
    /// Decides whether a strategy runs. A file that was never found is nothing that the policy could have
    /// reviewed.
    pub(super) fn authorize(&self, name: &StrategyName) -> Result<Authorized<'_>, NoListReason> {
        let loaded = self.world.loaded_strategy(name);
        let file = loaded.map_or(FileState::Reviewed, |l| l.file);
        match self.world.policy.decide(name, &self.flags, file, self.stop) {
            Decision::Refused(reason) => Err(NoListReason::Refused(reason)),
            Decision::Run(grant) => match loaded {
                Some(loaded) => Ok(Authorized { grant, strategy: &loaded.strategy }),
                None => Err(Failure::Error { what: "its file was not found".into() }.into()),
            },
        }
    }

    /// The request as one strategy sees it.
    pub(super) fn strategy_request(&self, grant: &Grant, limit: usize) -> StrategyRequest {
        let rule = grant.strategy();
        let params = self.world.settings.params_for(&rule.name, self.place, self.now);
        let day = self.day.get_or_init(|| self.world.policy.rules().zone.day(self.now));
        let view = grant.view(&self.profile, &self.world.screened, self.now);
        if view.widest().is_some_and(Namespace::is_personal) {
            self.is_read.store(true, Ordering::Relaxed);
        }
        StrategyRequest {
            view: Arc::new(view),
            params,
            limit,
            seed: seed_of(self.place, &rule.name, *day),
            deadline: self.strategy_deadline(rule.limits.time_ms),
            explain: false,
        }
    }

    /// Who was looked at so far.
    pub(super) fn looked_at(&self) -> LookedAt {
        let record = self.profile.subject.as_ref();
        LookedAt {
            person: self.profile.subject_id.clone().zip(record.map(|record| record.person)),
            is_read: self.is_read.load(Ordering::Relaxed),
        }
    }

    /// When a strategy must have ended, as it is told: how much time others took does not show in it.
    pub(super) fn strategy_deadline(&self, time_ms: u32) -> Deadline {
        Deadline::after(self.clock, Duration::from_millis(time_ms.into()))
    }

    /// How long a strategy of the chain is waited for.
    pub(super) fn chain_deadline(&self, own: Deadline) -> Deadline {
        self.chain_until.map_or(own, |until| own.earlier_of(until))
    }

    /// How long a finish is waited for. Its time may use what is kept for the fallback, since it is laid over
    /// the fallback too.
    pub(super) fn finish_deadline(&self, own: Deadline) -> Deadline {
        self.until.map_or(own, |until| own.earlier_of(until))
    }

    pub(super) fn is_chain_late(&self) -> bool {
        self.chain_until.is_some_and(|until| until.time_left(self.clock).is_zero())
    }

    /// Counts that a strategy is handed its view.
    pub(super) fn count_run(&self, name: &StrategyName) {
        if let Some(tally) = self.world.tallies.get(name) {
            tally.count_run();
        }
    }

    /// Counts what went wrong with a strategy.
    pub(super) fn count_failure(&self, name: &StrategyName, reason: &NoListReason) {
        if let NoListReason::Failed(failure) = reason {
            self.counters.add_failure(name, failure);
        }
    }
}

/// So many bytes hold any day as a text.
const MAX_DAY_BYTES: usize = 32;

/// The seed of a strategy's list in a place on a day: that of their texts.
fn seed_of(place: &str, name: &StrategyName, day: Option<Date>) -> Seed {
    let mut text = Cursor::new([0; MAX_DAY_BYTES]);
    let is_written = day.is_some_and(|day| write!(text, "{day}").is_ok());
    let length = usize::try_from(text.position()).unwrap_or(0);
    let day = text.get_ref().get(..length).filter(|_| is_written).unwrap_or_default();
    Seed::of(&[place.as_bytes(), name.as_str().as_bytes(), day])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_is_that_of_the_day_as_it_is_written() {
        let name = StrategyName::new("popular-now").unwrap();
        let of_texts = |day: &str| Seed::of(&[b"home", b"popular-now", day.as_bytes()]);
        assert_eq!(seed_of("home", &name, Some(Date::constant(2026, 11, 9))), of_texts("2026-11-09"));
        for longest in [Date::MIN, Date::MAX] {
            assert_eq!(seed_of("home", &name, Some(longest)), of_texts(&longest.to_string()));
        }
        assert_eq!(seed_of("home", &name, None), of_texts(""));
    }
}
