//! The plain way to arrange a list, whole and step by step: what [`ArrangedList`](super::ArrangedList) must
//! equal, whatever of it was asked for. Every list that is arranged in a test is compared with it.

use std::collections::BTreeMap;

use jardin_contract::{PageRule, PlainValue};
use jardin_model::ItemIndex;

use super::{
    Arrangement, FieldKey, ListRules, ScoredItem, Surroundings, diversify::diversify, turned::rotate_items,
};

/// One step of the order: all rules of its kind of one strategy. The items are the page that the strategy's
/// rules count over.
type ArrangeStep = fn(Vec<ScoredItem>, ListRules<'_>, &[ItemIndex], &Surroundings<'_>) -> Vec<ScoredItem>;

/// The whole list in its order.
pub(crate) fn arrange_plainly(items: &[ScoredItem], rules: &Arrangement<'_>) -> Vec<ScoredItem> {
    let around = &rules.around;
    let mut list: Vec<ScoredItem> = items.iter().copied().filter(|e| (around.may_show)(e.item)).collect();
    let steps: [ArrangeStep; 6] = [
        |list, side, _, _| diversify(list, side),
        cap_per_value,
        raise_to_least,
        |list, side, _, around| rotate_items(list, side, around),
        fill_slots,
        fill_pins,
    ];
    for step in steps {
        for (side, page) in rules.sides() {
            list = step(list, side, page, around);
        }
    }
    list
}

fn keys_of(side: ListRules<'_>, item: ItemIndex, field: &str) -> Vec<FieldKey> {
    side.fields.field_keys(item, field).collect()
}

/// Keeps the first `n` of each value, those that stand on the page counted in. An entry with several values
/// needs room in each; one without the field stays.
fn cap_per_value(
    mut list: Vec<ScoredItem>,
    side: ListRules<'_>,
    page: &[ItemIndex],
    _: &Surroundings<'_>,
) -> Vec<ScoredItem> {
    for rule in side.rules {
        if let PageRule::MaxPer { field, n } = rule {
            let mut counts: BTreeMap<FieldKey, usize> = BTreeMap::new();
            for item in page {
                add_to_counts(&mut counts, &keys_of(side, *item, field));
            }
            list.retain(|entry| {
                let keys = keys_of(side, entry.item, field);
                let has_room = keys.iter().all(|key| counts.get(key).copied().unwrap_or(0) < *n);
                if has_room {
                    add_to_counts(&mut counts, &keys);
                }
                has_room
            });
        }
    }
    list
}

fn add_to_counts(counts: &mut BTreeMap<FieldKey, usize>, keys: &[FieldKey]) {
    for key in keys {
        *counts.entry(*key).or_default() += 1;
    }
}

fn has_value(side: ListRules<'_>, item: ItemIndex, field: &str, value: &PlainValue) -> bool {
    side.fields.key_of(value).is_some_and(|key| keys_of(side, item, field).contains(&key))
}

/// Where fewer than `n` of the first `top` have the value, the best ones below come up; the last ones without
/// it make room and follow.
fn raise_to_least(
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
fn fill_slots(
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
        let best = list.iter().find(|e| has_value(side, e.item, field, value) && !is_taken(e.item)).copied();
        taken.extend(best.map(|entry| (at, entry)));
    }
    place_items(list, taken)
}

/// At each pin stands the first of its items that can be sold, whether the list has it or not. A list that is
/// too short has it last; an item that stands on the page already stays there.
fn fill_pins(
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
            .filter(|item| (around.may_pin)(*item) || around.page.contains(item))
            .find(|item| !taken.iter().any(|(_, e)| e.item == *item));
        if let Some(item) = pinned.filter(|item| !around.page.contains(item)) {
            let entry = list.iter().find(|e| e.item == item).copied();
            taken.push((at, entry.unwrap_or(ScoredItem { item, score: 0.0, at: None })));
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
