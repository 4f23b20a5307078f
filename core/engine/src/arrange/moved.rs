//! `at_least`, `slot` and `pin`: entries that are moved to where a rule wants them. No more of a list is made
//! than a rule must see.

use jardin_contract::{PageRule, PlainValue};
use jardin_model::ItemIndex;

use super::list::{ArrangedList, Arrangement, ListRules, ScoredItem};

fn has_value(side: ListRules<'_>, item: ItemIndex, field: &str, value: &PlainValue) -> bool {
    let mut keys = side.fields.field_keys(item, field);
    side.fields.key_of(value).is_some_and(|wanted| keys.any(|key| key == wanted))
}

/// Where fewer than `n` of the first `top` have the value, the best ones below come up; the last ones without
/// it make room and follow.
pub(super) fn raise_to_least(list: &mut ArrangedList, side: ListRules<'_>, rules: &Arrangement<'_>) {
    for rule in side.rules {
        if let PageRule::AtLeast { n, field, value, top } = rule {
            raise_items(list, *n, *top, &|e| has_value(side, e.item, field, value), rules);
        }
    }
}

fn raise_items(
    list: &mut ArrangedList,
    n: usize,
    top: usize,
    has: &dyn Fn(&ScoredItem) -> bool,
    rules: &Arrangement<'_>,
) {
    let top = list.make(top, rules);
    let mut head: Vec<ScoredItem> = list.made.drain(..top).collect();
    let have = head.iter().filter(|e| has(e)).count();
    let mut raised = Vec::new();
    let mut pushed = Vec::new();
    for _ in have..n {
        let Some(last) = head.iter().rposition(|e| !has(e)) else {
            break;
        };
        // what is made now is what lies below the head
        let Some(next) = list.find_place(has, rules) else {
            break;
        };
        raised.push(list.made.remove(next));
        pushed.push(head.remove(last));
    }
    pushed.reverse();
    list.made.splice(..0, head.into_iter().chain(raised).chain(pushed));
}

/// At each slot stands the best entry of its value that no slot before it took. Where the list does not reach
/// a slot, nothing moves.
pub(super) fn fill_slots(
    list: &mut ArrangedList,
    side: ListRules<'_>,
    page: &[ItemIndex],
    rules: &Arrangement<'_>,
) {
    let wanted = side.rules.iter().filter_map(|rule| match rule {
        PageRule::Slot { position, field, value } => Some((own_position(*position, page)?, (field, value))),
        _ => None,
    });
    let mut taken: Vec<(usize, ScoredItem)> = Vec::new();
    for (at, (field, value)) in order_by_position(wanted) {
        if list.make(at.saturating_add(1), rules) <= at {
            continue;
        }
        let is_best = |e: &ScoredItem| {
            has_value(side, e.item, field, value) && !taken.iter().any(|(_, t)| t.item == e.item)
        };
        let best = list.find_place(&is_best, rules).and_then(|place| list.made.get(place).copied());
        taken.extend(best.map(|entry| (at, entry)));
    }
    place_items(list, taken, rules);
}

/// At each pin stands the first of its items that can be sold, whether the list has it or not. A list that is
/// too short has it last; an item that stands on the page already stays there.
pub(super) fn fill_pins(
    list: &mut ArrangedList,
    side: ListRules<'_>,
    page: &[ItemIndex],
    rules: &Arrangement<'_>,
) {
    let around = &rules.around;
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
            let place = list.find_place(&|e| e.item == item, rules);
            let entry = place.and_then(|place| list.made.get(place).copied());
            taken.push((at, entry.unwrap_or(ScoredItem { item, score: 0.0, at: None })));
        }
    }
    place_items(list, taken, rules);
}

/// Puts these entries at their places, which rise.
fn place_items(list: &mut ArrangedList, taken: Vec<(usize, ScoredItem)>, rules: &Arrangement<'_>) {
    list.made.retain(|e| !taken.iter().any(|(_, t)| t.item == e.item));
    for (at, entry) in taken {
        let at = list.make(at, rules);
        list.made.insert(at, entry);
    }
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
