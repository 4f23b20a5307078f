//! How a list is arranged, in one fixed order: sellable, drop, boost and bury, diversify, `max_per`,
//! `at_least`, rotate, slot, pin. Paid places, the limit and the last look at what can be sold follow on the
//! page.
//!
//! A strategy's rules speak of its own list. A finish's `max_per`, `slot` and `pin` speak of the page as
//! filled so far.

mod counted;
mod diversify;
mod fields;
mod moved;
mod turned;

#[cfg(test)]
mod tests;

use std::{cmp::Ordering, sync::Arc};

pub(crate) use fields::{FieldKey, PageFields, keys_of};
use jardin_contract::PageRule;
use jardin_model::{ItemId, ItemIndex, Timestamp, Zone};

/// One item of a list on its way to the page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) item: ItemIndex,
    /// The starting score of its place times every factor.
    pub(crate) score: f64,
    /// A declared reason's code.
    pub(crate) says: Option<Arc<str>>,
}

/// The rules of one strategy with what they may read.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'a> {
    pub(crate) rules: &'a [PageRule],
    pub(crate) fields: &'a dyn PageFields,
}

/// One step of the order: all rules of its kind of one strategy. The items are the page that the strategy's
/// rules count over.
type Step = fn(Vec<Entry>, Rules<'_>, &[ItemIndex], &Surroundings<'_>) -> Vec<Entry>;

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
pub(crate) struct Arranged {
    pub(crate) entries: Vec<Entry>,
    /// How many of them may be shown at most.
    pub(crate) most: usize,
}

/// The starting score of a place, from 0: a boost of 2 halves an item's way to the top.
#[expect(clippy::cast_precision_loss, reason = "a place is at most some thousand")]
pub(crate) fn starting_score(place: usize) -> f64 {
    1.0 / (place as f64 + 10.0)
}

/// Arranges a list by its strategy's rules and those of the finish. Entries that are dropped are not among
/// `entries`.
pub(crate) fn arrange(
    entries: Vec<Entry>,
    own: Rules<'_>,
    finish: Option<Rules<'_>>,
    around: &Surroundings<'_>,
) -> Arranged {
    let mut list: Vec<Entry> = entries.into_iter().filter(|e| (around.may_show)(e.item)).collect();
    list.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| (around.by_id)(a.item, b.item)));
    // (rules, the page they count over)
    let sides: Vec<(Rules<'_>, &[ItemIndex])> =
        std::iter::once((own, &[][..])).chain(finish.map(|f| (f, around.page))).collect();
    let steps: [Step; 6] =
        [diversify::apply, counted::max_per, moved::at_least, turned::rotate, moved::slots, moved::pins];
    for step in steps {
        for (side, page) in &sides {
            list = step(list, *side, page, around);
        }
    }
    let most = sides.iter().map(|(side, page)| limit(side.rules).saturating_sub(page.len())).min();
    Arranged { entries: list, most: most.unwrap_or(usize::MAX) }
}

fn limit(rules: &[PageRule]) -> usize {
    let limits = rules.iter().filter_map(|rule| if let PageRule::Limit(n) = rule { Some(*n) } else { None });
    limits.min().unwrap_or(usize::MAX)
}
