//! What an engine is made of.

use std::{collections::BTreeMap, sync::Arc};

use jardin_contract::{Clock, EventLog, StateStore, Strategy};
use jardin_diagnostics::Finding;
use jardin_model::DAY_MS;
use jardin_policy::{FileState, Policy, StrategyName};

use crate::config::Config;

/// What an engine stands on for as long as it lives.
#[derive(Clone)]
pub struct EngineParts {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where people, items and switches are kept.
    pub state: Arc<dyn StateStore>,
    /// Where events are kept.
    pub events: Arc<dyn EventLog>,
    /// For how long a shop may stand still, in milliseconds: a clock that lies further ahead at a start leapt.
    pub longest_rest_ms: i64,
    /// Where the ids of answers begin, beside a secret of the store: another number each start, the same one
    /// in a test.
    pub seed: u64,
}

/// For how long a shop may stand still where nobody says otherwise: 30 days, in milliseconds.
pub const LONGEST_REST_MS: i64 = 30 * DAY_MS;

/// A strategy that was loaded.
#[derive(Clone)]
pub struct LoadedStrategy {
    /// The strategy.
    pub strategy: Arc<dyn Strategy>,
    /// What is known of its file.
    pub file: FileState,
}

/// The strategies that were loaded, by name. One that the policy declares and that is not here is `failed` in
/// answers.
pub type LoadedStrategies = BTreeMap<StrategyName, LoadedStrategy>;

/// What a shop folder says. A reload brings a new one.
#[derive(Clone)]
pub struct Shop {
    /// The policy.
    pub policy: Policy,
    /// The policy's text.
    pub policy_text: Arc<str>,
    /// jardin.toml.
    pub config: Arc<Config>,
    /// The strategies.
    pub strategies: LoadedStrategies,
    /// Warnings of the policy and of jardin.toml; those `not-enforced-yet` stand in health.
    pub findings: Vec<Finding>,
}
