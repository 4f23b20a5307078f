//! The contract of every strategy, native or script.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use async_trait::async_trait;
use jardin_model::{FieldPath, ItemIndex};
use jardin_policy::{StrategyName, View};

use crate::{Deadline, Failure, Learner, Params, Ranking, Seed, Sources};

/// What a strategy is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A compiled plugin.
    Plugin,
    /// A Rhai script.
    Script,
}

impl Kind {
    /// The word for it in answers.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plugin => "plugin",
            Self::Script => "script",
        }
    }
}

/// By what a strategy is kept from what it was not granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Enforcement {
    /// The interpreter has no other way to data than the view.
    Interpreter,
    /// A process of its own without sight of the host, under these measures of the kernel.
    Sandbox {
        /// Such as `seccomp`, `landlock`.
        measures: Vec<&'static str>,
    },
    /// A process of its own and nothing more: its grants are advisory.
    ProcessOnly,
}

impl Enforcement {
    /// The word for it in answers.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Interpreter => "interpreter",
            Self::Sandbox { .. } => "sandbox",
            Self::ProcessOnly => "advisory",
        }
    }
}

/// What a strategy is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrategyInfo {
    /// Its name in the policy.
    pub name: StrategyName,
    /// What it is made of.
    pub kind: Kind,
    /// The sha256 of its file.
    pub digest: [u8; 32],
    /// By what it is kept from what it was not granted.
    pub enforcement: Enforcement,
}

/// How a strategy is doing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Health {
    /// False while it cannot answer.
    pub ready: bool,
    /// Why not, or what happened last.
    pub note: Option<String>,
    /// Named counts since the start, such as `deaths` or `late`.
    pub counters: BTreeMap<&'static str, u64>,
}

/// One question to a strategy. Everything it may know stands here.
#[derive(Debug, Clone)]
pub struct StrategyRequest {
    /// What it sees of the request.
    pub view: Arc<View>,
    /// Its settings.
    pub params: Params,
    /// How many items are wanted; it may give more, up to its own limit.
    pub limit: usize,
    /// Where pseudo-random choices begin.
    pub seed: Seed,
    /// When it must have ended.
    pub deadline: Deadline,
    /// True where the shop wants to see why items moved ([`crate::Effect::notes`]).
    pub explain: bool,
}

/// A recommendation strategy. It is handed a view and candidates, and nothing else.
#[async_trait]
pub trait Strategy: Send + Sync {
    /// What it is.
    fn info(&self) -> &StrategyInfo;

    /// How it is doing.
    fn health(&self) -> Health;

    /// On which lists it builds. Called before [`Strategy::recommend`], with the same question.
    ///
    /// # Errors
    /// [`Failure`]: the chain goes on without it.
    async fn sources(&self, ask: &StrategyRequest) -> Result<Sources, Failure>;

    /// Orders the candidates, or finds items by itself where [`Strategy::sources`] said [`Sources::Own`]
    /// (`candidates` is empty then).
    ///
    /// # Errors
    /// [`Failure`]: the chain goes on without it.
    async fn recommend(&self, ask: &StrategyRequest, candidates: &[ItemIndex]) -> Result<Ranking, Failure>;

    /// The fields that its file says or is proved to read, whichever way a run takes; `None` where nothing is
    /// known but the grants.
    fn reads(&self) -> Option<&BTreeSet<FieldPath>> {
        None
    }

    /// True where what it does to a candidate, and how it arranges the page, follow from the candidate's granted
    /// fields, the settings and what the view holds beside: whatever the time, the other candidates and how often
    /// it is asked. Its effects may be kept then.
    fn has_constant_effects(&self) -> bool {
        false
    }

    /// True where its list follows from the catalogue, the settings, the limit and the seed, as far as an hour
    /// changes nothing: not from what it learned, nor from how often it is asked. Then the list may be kept.
    fn has_constant_list(&self) -> bool {
        false
    }

    /// Told a new state of the catalogue, off the way of any request. `view` holds granted item fields and no
    /// person.
    ///
    /// # Errors
    /// [`Failure`] where it could not take it; it is told again with the next request.
    async fn prepare_catalogue(&self, view: Arc<View>) -> Result<(), Failure> {
        let _ = view;
        Ok(())
    }

    /// Its learning side, where it has one.
    fn learner(&self) -> Option<&dyn Learner> {
        None
    }
}
