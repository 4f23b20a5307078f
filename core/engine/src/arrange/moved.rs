//! `at_least`, `slot` and `pin`: entries that are moved to where a rule wants them.

use jardin_contract::{PageRule, PlainValue};
use jardin_model::ItemIndex;

use super::list::{ListRules, ScoredItem, Surroundings};

fn has_value(side: ListRules<'_>, item: ItemIndex, field: &str, value: &PlainValue) -> bool {
    side.fields.key_of(value).is_some_and(|key| side.fields.field_keys(item, field).contains(&key))
}

/// Where fewer than `n` of the first `top` have the value, the best ones below come up; the last ones without
/// it make room and follow.
pub(super) fn raise_to_least(
    mut list: Vec<ScoredItem>,
    side: ListRules<'_>,
    _: &[ItemIndex],
    _: &Surroundings<'_>,
) -> Vec<ScoredItem> {
    for rule in side.rules {
        if let PageRule::AtLeast { n, field, value, top } = rule {
            list = raise_items(list, *n, *top, &|item| has_value(side, item, field, value));
        }
    }
    list
}

fn raise_items(
    list: Vec<ScoredItem>,
    n: usize,
    top: usize,
    has: &dyn Fn(ItemIndex) -> bool,
) -> Vec<ScoredItem> {
    let mut head = list;
    let mut tail = head.split_off(top.min(head.len()));
    let have = head.iter().filter(|e| has(e.item)).count();
    let mut raised = Vec::new();
    let mut pushed = Vec::new();
    for _ in have..n {
        let next = tail.iter().position(|e| has(e.item));
        let last = head.iter().rposition(|e| !has(e.item));
        let (Some(next), Some(last)) = (next, last) else {
            break;
        };
        raised.push(tail.remove(next));
        pushed.push(head.remove(last));
    }
    pushed.reverse();
    head.into_iter().chain(raised).chain(pushed).chain(tail).collect()
}

/// At each slot stands the best entry of its value that no slot before it took. Where the list does not reach
/// a slot, nothing moves.
pub(super) fn fill_slots(
    list: Vec<ScoredItem>,
    side: ListRules<'_>,
    page: &[ItemIndex],
    _: &Surroundings<'_>,
) -> Vec<ScoredItem> {
    let wanted = side.rules.iter().filter_map(|rule| match rule {
        PageRule::Slot { position, field, value } => {
            Some((own_position(*position, page).filter(|at| *at < list.len())?, (field, value)))
        }
        _ => None,
    });
    let mut taken = Vec::new();
    for (at, (field, value)) in order_by_position(wanted) {
        let is_taken = |item| taken.iter().any(|(_, e): &(usize, ScoredItem)| e.item == item);
        let best = list.iter().find(|e| has_value(side, e.item, field, value) && !is_taken(e.item)).cloned();
        taken.extend(best.map(|entry| (at, entry)));
    }
    place_items(list, taken)
}

/// At each pin stands the first of its items that can be sold, whether the list has it or not. A list that is
/// too short has it last; an item that stands on the page already stays there.
pub(super) fn fill_pins(
    list: Vec<ScoredItem>,
    side: ListRules<'_>,
    page: &[ItemIndex],
    around: &Surroundings<'_>,
) -> Vec<ScoredItem> {
    let wanted = side.rules.iter().filter_map(|rule| match rule {
        PageRule::Pin { position, items } => Some((own_position(*position, page)?, items)),
        _ => None,
    });
    let mut taken: Vec<(usize, ScoredItem)> = Vec::new();
    for (at, items) in order_by_position(wanted) {
        let known = items.iter().filter_map(|id| (around.find)(id));
        let pinned = known
            .filter(|item| (around.may_show)(*item) || around.page.contains(item))
            .find(|item| !taken.iter().any(|(_, e)| e.item == *item));
        if let Some(item) = pinned.filter(|item| !around.page.contains(item)) {
            let entry = list.iter().find(|e| e.item == item).cloned();
            taken.push((at, entry.unwrap_or(ScoredItem { item, score: 0.0, says: None })));
        }
    }
    place_items(list, taken)
}

/// The list with these entries at their places, which rise.
fn place_items(mut list: Vec<ScoredItem>, taken: Vec<(usize, ScoredItem)>) -> Vec<ScoredItem> {
    list.retain(|e| !taken.iter().any(|(_, t)| t.item == e.item));
    for (at, entry) in taken {
        list.insert(at.min(list.len()), entry);
    }
    list
}

fn order_by_position<T>(wanted: impl Iterator<Item = (usize, T)>) -> Vec<(usize, T)> {
    let mut wanted: Vec<(usize, T)> = wanted.collect();
    wanted.sort_by_key(|(at, _)| *at);
    wanted
}

/// A position of the page, from 1, as a place of this list, from 0; `None` where an earlier list has filled
/// it.
fn own_position(position: usize, page: &[ItemIndex]) -> Option<usize> {
    position.checked_sub(1)?.checked_sub(page.len())
}
