//! What is in force, for merchants, compliance and operations.

use std::{collections::BTreeMap, sync::Arc};

use jardin_policy::{Policy, StrategyName};

/// One placement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacementShown {
    /// Its name.
    pub name: Arc<str>,
    /// Its title by language.
    pub title: BTreeMap<Arc<str>, Arc<str>>,
    /// Its strategies in order, without the policy's fallback.
    pub chain: Vec<StrategyName>,
    /// The strategy that is laid over every list.
    pub finish: Option<StrategyName>,
    /// How many items.
    pub limit: usize,
    /// What is left out, in the words of jardin.toml.
    pub leave_out: Vec<&'static str>,
}

/// One granted field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessShown {
    /// Such as `subject.birth_date`.
    pub field: String,
    /// In which form, such as `age band of 10 years`.
    pub form: String,
    /// From how long ago at most, such as `30 days`.
    pub newest: Option<String>,
}

/// One strategy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrategyShown {
    /// Its name.
    pub name: StrategyName,
    /// `plugin` or `script`.
    pub kind: &'static str,
    /// The sha256 of its file as 64 hexadecimal digits; `None` where no file was found.
    pub digest: Option<String>,
    /// `reviewed`, `not-pinned` or `differs`; `None` where no file was found.
    pub file: Option<&'static str>,
    /// Its purpose's name.
    pub purpose: Arc<str>,
    /// The purpose under which it learns, where it learns.
    pub learning_purpose: Option<Arc<str>>,
    /// What it may read.
    pub may_read: Vec<AccessShown>,
    /// What it may learn from.
    pub may_learn_from: Vec<AccessShown>,
    /// Whose lists it may build on.
    pub may_ask: Vec<StrategyName>,
    /// By what it is kept from the rest: `interpreter`, `sandbox` or `advisory`.
    pub enforcement: Option<&'static str>,
    /// The kernel's measures, for a sandbox.
    pub measures: Vec<&'static str>,
    /// Why it does not run for anybody now, where it does not.
    pub stopped: bool,
}

/// How one strategy is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrategyHealth {
    /// Its name.
    pub name: StrategyName,
    /// False while it cannot answer.
    pub ready: bool,
    /// Why not, or what happened last.
    pub note: Option<String>,
    /// `interpreter`, `sandbox` or `advisory`; `None` where no file was found.
    pub enforcement: Option<&'static str>,
    /// Counts since the start: the strategy's own and those of the engine, such as `foreign-items`.
    pub counters: BTreeMap<&'static str, u64>,
}

/// How the policy of the folder stands to its controller's approval.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ApprovalShown {
    /// `signed`, `recorded`, `stated` in the policy itself, `not needed`, by `first start`, `missing` although the
    /// policy is in force, or `awaited`; empty where nobody looked.
    pub standing: &'static str,
    /// What reaches further and is not in force before somebody approves it, one line each.
    pub waiting: Vec<String>,
    /// The revision of the history that stands in the place of what the folder holds.
    pub rolled_back_to: Option<Arc<str>>,
}

/// How the whole is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthShown {
    /// True once the fallback can be answered from memory.
    pub ready: bool,
    /// The policy in force.
    pub policy_revision: Arc<str>,
    /// True where a newer policy was refused and the last good one stays.
    pub policy_stale: bool,
    /// How the policy of the folder stands to its approval.
    pub approval: ApprovalShown,
    /// True where the clock stepped back against the last durable time.
    pub clock_stepped_back: bool,
    /// What somebody must look at, in words.
    pub warnings: Vec<String>,
    /// Each strategy of the policy.
    pub strategies: Vec<StrategyHealth>,
    /// The messages of every finding `not-enforced-yet`.
    pub not_enforced_yet: Vec<String>,
    /// What is wrong with the whole, in words.
    pub notes: Vec<&'static str>,
    /// The engine's own counts since the start.
    pub counters: BTreeMap<&'static str, u64>,
}

/// The policy in force.
#[derive(Debug, Clone)]
pub struct PolicyShown {
    /// Its revision.
    pub revision: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
    /// The policy itself, for the tools of compliance.
    pub policy: Policy,
}
