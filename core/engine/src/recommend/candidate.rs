//! One candidate of a list.

use std::sync::Arc;

use jardin_model::ItemIndex;

/// One candidate that came back, in the order of its list.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Candidate {
    pub(super) item: ItemIndex,
    /// Its position in the list that the strategy was given or made, from 0.
    pub(super) position: usize,
    pub(super) factor: f64,
    pub(super) says: Option<Arc<str>>,
}
