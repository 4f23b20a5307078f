//! On which lists a strategy builds.

use std::sync::Arc;

use jardin_policy::StrategyName;

use crate::PlainValue;

/// The most candidates that any list holds.
pub(crate) const MOST: usize = 1000;

/// A list of candidates as a strategy describes it; the engine makes it. The strategy passes no data to the
/// strategies that it asks.
#[derive(Debug, Clone, PartialEq)]
pub enum Sources {
    /// None: the strategy finds items by itself, as a plugin without `may_ask` does.
    Own,
    /// The first 1,000 sellable items by popularity, then id.
    Everything,
    /// Nothing.
    Empty,
    /// The list of a strategy that it may ask; empty where that one may not run or failed.
    Ask {
        /// Which strategy.
        strategy: StrategyName,
        /// How many items at most.
        limit: usize,
    },
    /// Sellable items whose granted fields have these values, by popularity, then id.
    Catalogue {
        /// How many items at most.
        limit: usize,
        /// Field names with the value that each must have; a texts field has a value that it contains.
        having: Vec<(Arc<str>, PlainValue)>,
    },
    /// The first list, then the second; of repeats the first stays.
    Or(Box<Sources>, Box<Sources>),
    /// Both interleaved, so that each beginning of the list holds a `share` (0 to 1) of the second one; of
    /// repeats the first stays.
    Mix {
        /// The first list.
        first: Box<Sources>,
        /// The second list.
        second: Box<Sources>,
        /// How much of the second one.
        share: f64,
    },
}

impl Sources {
    /// The most candidates that any list holds.
    pub const MOST: usize = MOST;
}
