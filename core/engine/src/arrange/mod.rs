//! How a list is arranged, in one fixed order: sellable, drop, boost and bury, diversify, `max_per`,
//! `at_least`, rotate, slot, pin. Paid places, the limit and the last look at what can be sold follow on the
//! page.
//!
//! A strategy's rules speak of its own list. A finish's `max_per`, `slot` and `pin` speak of the page as
//! filled so far.

mod counted;
mod diversify;
mod fields;
mod list;
mod moved;
mod turned;

#[cfg(test)]
mod tests;

pub(crate) use fields::{FieldKey, PageFields, keys_of};
use jardin_contract::PageRule;
use jardin_model::ItemIndex;
pub(crate) use list::{ArrangedList, ListRules, ScoredItem, Surroundings};

/// One step of the order: all rules of its kind of one strategy. The items are the page that the strategy's
/// rules count over.
type ArrangeStep = fn(Vec<ScoredItem>, ListRules<'_>, &[ItemIndex], &Surroundings<'_>) -> Vec<ScoredItem>;

/// The starting score of a place, from 0: a boost of 2 halves an item's way to the top.
#[expect(clippy::cast_precision_loss, reason = "a place is at most some thousand")]
pub(crate) fn starting_score(place: usize) -> f64 {
    1.0 / (place as f64 + 10.0)
}

/// Arranges a list by its strategy's rules and those of the finish. Items that are dropped are not among
/// `items`.
pub(crate) fn arrange_list(
    items: Vec<ScoredItem>,
    own: ListRules<'_>,
    finish: Option<ListRules<'_>>,
    around: &Surroundings<'_>,
) -> ArrangedList {
    let mut list: Vec<ScoredItem> = items.into_iter().filter(|e| (around.may_show)(e.item)).collect();
    list.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| (around.by_id)(a.item, b.item)));
    // (rules, the page they count over)
    let sides: Vec<(ListRules<'_>, &[ItemIndex])> =
        std::iter::once((own, &[][..])).chain(finish.map(|f| (f, around.page))).collect();
    let steps: [ArrangeStep; 6] = [
        diversify::diversify,
        counted::cap_per_value,
        moved::raise_to_least,
        turned::rotate_first,
        moved::fill_slots,
        moved::fill_pins,
    ];
    for step in steps {
        for (side, page) in &sides {
            list = step(list, *side, page, around);
        }
    }
    let most = sides.iter().map(|(side, page)| list_limit(side.rules).saturating_sub(page.len())).min();
    ArrangedList { items: list, most: most.unwrap_or(usize::MAX) }
}

fn list_limit(rules: &[PageRule]) -> usize {
    let limits = rules.iter().filter_map(|rule| if let PageRule::Limit(n) = rule { Some(*n) } else { None });
    limits.min().unwrap_or(usize::MAX)
}
