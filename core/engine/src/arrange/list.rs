//! A list on its way to the page, and what arranging it looks at.

use std::{cmp::Ordering, sync::Arc};

use jardin_contract::PageRule;
use jardin_model::{ItemId, ItemIndex, Timestamp, Zone};

use super::fields::PageFields;

/// One item of a list on its way to the page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ScoredItem {
    pub(crate) item: ItemIndex,
    /// The starting score of its place times every factor.
    pub(crate) score: f64,
    /// A declared reason's code.
    pub(crate) says: Option<Arc<str>>,
}

/// The rules of one strategy with what they may read.
#[derive(Clone, Copy)]
pub(crate) struct ListRules<'a> {
    pub(crate) rules: &'a [PageRule],
    pub(crate) fields: &'a dyn PageFields,
}

/// Everything else that arranging looks at.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    /// The page as filled by the lists before.
    pub(crate) page: &'a [ItemIndex],
    pub(crate) place: &'a str,
    pub(crate) now: Timestamp,
    pub(crate) zone: &'a Zone,
    /// What may stand on this list: sellable, not left out, not on the page already.
    pub(crate) may_show: &'a (dyn Fn(ItemIndex) -> bool + Sync),
    pub(crate) find: &'a (dyn Fn(&ItemId) -> Option<ItemIndex> + Sync),
    pub(crate) by_id: &'a (dyn Fn(ItemIndex, ItemIndex) -> Ordering + Sync),
}

/// A list in its order, with more items than are shown, so that it can be refilled.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ArrangedList {
    pub(crate) items: Vec<ScoredItem>,
    /// How many of them may be shown at most.
    pub(crate) most: usize,
}
