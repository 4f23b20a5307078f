//! `[placements.*]`: places on pages.

use std::sync::Arc;

use jardin_policy::{StrategyName, valid::Texts};

/// What is not shown at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeaveOut {
    /// The product of the page.
    PageItem,
    /// What lies in the basket, while a strategy of the chain that may run is granted it.
    Basket,
    /// What the lists above on the same page show.
    ShownAbove,
}

impl LeaveOut {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::PageItem, Self::Basket, Self::ShownAbove];

    /// The words of jardin.toml for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::PageItem => "page item",
            Self::Basket => "basket",
            Self::ShownAbove => "shown above",
        }
    }
}

/// One place on a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Placement {
    /// Its name.
    pub name: Arc<str>,
    /// What stands above it.
    pub title: Texts,
    /// Its strategies in order; the policy's fallback follows.
    pub chain: Vec<StrategyName>,
    /// The strategy that is laid over every list.
    pub finish: Option<StrategyName>,
    /// How many items.
    pub limit: usize,
    /// What is not shown.
    pub leave_out: Vec<LeaveOut>,
}
