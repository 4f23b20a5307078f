//! `[[sponsored]]`: paid places.

use std::sync::Arc;

use jardin_model::Timestamp;
use jardin_policy::valid::Texts;
use jardin_strategy::PlainValue;

/// One paid place.
#[derive(Debug, Clone, PartialEq)]
pub struct Sponsored {
    /// Who pays.
    pub advertiser: Arc<str>,
    /// The contract's reference.
    pub contract: Option<Arc<str>>,
    /// In which placements.
    pub places: Vec<Arc<str>>,
    /// At which position, from 1.
    pub position: usize,
    /// Item fields with the value that each must have.
    pub item: Vec<(Arc<str>, PlainValue)>,
    /// Its first instant.
    pub from: Timestamp,
    /// The instant at which it is over.
    pub until: Timestamp,
    /// What marks it.
    pub label: Texts,
}
