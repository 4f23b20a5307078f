//! What all steps of one answer look at.

use std::sync::Arc;

use jardin_contract::{Ask, Clock, Deadline, Failure, PageRule, Seed};
use jardin_model::{ItemIndex, Timestamp};
use jardin_policy::{Decision, FileState, Flags, Grant, Profile, Reason, Stop, StrategyName, View};

use crate::{Level, Loaded, Status, Tried, counters::Counters, world::World};

/// One answer in the making. A strategy sees nothing of it but its own view.
pub(crate) struct Asking<'a> {
    pub(crate) world: &'a World,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) counters: &'a Counters,
    pub(crate) profile: &'a Profile,
    pub(crate) flags: Flags,
    pub(crate) stop: &'a Stop,
    pub(crate) now: Timestamp,
    pub(crate) place: &'a str,
    /// When the chain must have ended.
    pub(crate) chain_until: Option<Deadline>,
    /// When the answer must stand; what lies between belongs to the fallback.
    pub(crate) until: Option<Deadline>,
}

/// One candidate that came back, in the order of its list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) item: ItemIndex,
    /// Its place in the list that the strategy was given or made, from 0.
    pub(crate) place: usize,
    pub(crate) factor: f64,
    pub(crate) says: Option<Arc<str>>,
}

/// What a strategy gave, checked.
#[derive(Debug, Clone)]
pub(crate) struct List {
    pub(crate) strategy: StrategyName,
    /// Through which its page rules read items.
    pub(crate) view: Arc<View>,
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) rules: Vec<PageRule>,
    /// True where a subject or session field was granted to it or to one that it asked.
    pub(crate) personal: bool,
    pub(crate) level: Level,
}

/// Why a strategy gave no list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Without {
    Refused(Reason),
    Failed(Failure),
}

impl From<Failure> for Without {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl Without {
    /// What the answer says of it.
    pub(crate) fn told(&self, name: &StrategyName) -> Tried {
        let (status, why) = match self {
            Self::Refused(reason) => (Status::Refused, Some(reason.word())),
            Self::Failed(Failure::Starting) => (Status::Starting, None),
            Self::Failed(failure) => (Status::Failed, Some(failure.word())),
        };
        Tried { name: name.clone(), status, why }
    }
}

impl Asking<'_> {
    /// Leave to run, with the strategy itself. A file that was never found is nothing that the policy could
    /// have reviewed.
    pub(crate) fn leave(&self, name: &StrategyName) -> Result<(Grant, &Loaded), Without> {
        let loaded = self.world.loaded(name);
        let file = loaded.map_or(FileState::Reviewed, |l| l.file);
        match self.world.policy.decide(name, &self.flags, file, self.stop) {
            Decision::Refused(reason) => Err(Without::Refused(reason)),
            Decision::Run(grant) => match loaded {
                Some(loaded) => Ok((grant, loaded)),
                None => Err(Without::Failed(Failure::Error { what: "its file was not found".into() })),
            },
        }
    }

    pub(crate) fn ask(&self, grant: &Grant, limit: usize) -> Ask {
        let rule = grant.strategy();
        let params = self.world.config.params_for(rule.name.as_str(), self.place, self.now);
        let day = self.world.policy.rules().zone.day(self.now).map(|d| d.to_string()).unwrap_or_default();
        Ask {
            view: Arc::new(grant.view(self.profile, &self.world.screened, self.now)),
            params,
            limit,
            seed: Seed::of(&[self.place.as_bytes(), rule.name.as_str().as_bytes(), day.as_bytes()]),
            deadline: self.own_deadline(rule.limits.time_ms),
            explain: false,
        }
    }

    /// Counts that a strategy is handed its view.
    pub(crate) fn runs(&self, name: &StrategyName) {
        if let Some(tally) = self.world.tallies.get(name) {
            tally.ran();
        }
    }

    pub(crate) fn own_deadline(&self, time_ms: u32) -> Deadline {
        let own = Deadline::after(self.clock, std::time::Duration::from_millis(time_ms.into()));
        self.chain_until.map_or(own, |until| own.earlier(until))
    }

    /// Counts what went wrong with a strategy, once it is known.
    pub(crate) fn note(&self, name: &StrategyName, without: &Without) {
        if let Without::Failed(failure) = without {
            self.counters.add(Some(name), failure.word(), 1);
        }
    }
}
