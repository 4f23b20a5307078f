//! `[[campaigns]]`: settings laid over the others while they last.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::Timestamp;
use jardin_policy::StrategyName;
use jardin_strategy::Params;

/// One campaign.
#[derive(Debug, Clone, PartialEq)]
pub struct Campaign {
    /// Its name.
    pub name: Arc<str>,
    /// Who answers for it.
    pub owner: Option<Arc<str>>,
    /// In which placements; empty for all.
    pub places: Vec<Arc<str>>,
    /// Its first instant.
    pub from: Timestamp,
    /// The instant at which it is over.
    pub until: Timestamp,
    /// Where two touch one setting the higher wins.
    pub priority: i64,
    /// What it lays over.
    pub params: BTreeMap<StrategyName, Params>,
}
