//! `at_least`, `slot` and `pin`: entries that are moved to where a rule wants them.

use jardin_contract::{PageRule, PlainValue};
use jardin_model::ItemIndex;

use super::{Entry, Rules, Surroundings};

fn has(side: Rules<'_>, item: ItemIndex, field: &str, value: &PlainValue) -> bool {
    side.fields.key_of(value).is_some_and(|key| side.fields.keys(item, field).contains(&key))
}

/// Where fewer than `n` of the first `top` have the value, the best ones below come up; the last ones without
/// it make room and follow.
pub(super) fn at_least(
    mut list: Vec<Entry>,
    side: Rules<'_>,
    _: &[ItemIndex],
    _: &Surroundings<'_>,
) -> Vec<Entry> {
    for rule in side.rules {
        if let PageRule::AtLeast { n, field, value, top } = rule {
            list = raise(list, *n, *top, &|item| has(side, item, field, value));
        }
    }
    list
}

fn raise(list: Vec<Entry>, n: usize, top: usize, has: &dyn Fn(ItemIndex) -> bool) -> Vec<Entry> {
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
pub(super) fn slots(
    list: Vec<Entry>,
    side: Rules<'_>,
    page: &[ItemIndex],
    _: &Surroundings<'_>,
) -> Vec<Entry> {
    let wanted = side.rules.iter().filter_map(|rule| match rule {
        PageRule::Slot { position, field, value } => {
            Some((own_place(*position, page).filter(|at| *at < list.len())?, (field, value)))
        }
        _ => None,
    });
    let mut taken = Vec::new();
    for (at, (field, value)) in in_order(wanted) {
        let is_taken = |item| taken.iter().any(|(_, e): &(usize, Entry)| e.item == item);
        let best = list.iter().find(|e| has(side, e.item, field, value) && !is_taken(e.item)).cloned();
        taken.extend(best.map(|entry| (at, entry)));
    }
    placed(list, taken)
}

/// At each pin stands the first of its items that can be sold, whether the list has it or not. A list that is
/// too short has it last; an item that stands on the page already stays there.
pub(super) fn pins(
    list: Vec<Entry>,
    side: Rules<'_>,
    page: &[ItemIndex],
    around: &Surroundings<'_>,
) -> Vec<Entry> {
    let wanted = side.rules.iter().filter_map(|rule| match rule {
        PageRule::Pin { position, items } => Some((own_place(*position, page)?, items)),
        _ => None,
    });
    let mut taken: Vec<(usize, Entry)> = Vec::new();
    for (at, items) in in_order(wanted) {
        let known = items.iter().filter_map(|id| (around.find)(id));
        let pinned = known
            .filter(|item| (around.may_show)(*item) || around.page.contains(item))
            .find(|item| !taken.iter().any(|(_, e)| e.item == *item));
        if let Some(item) = pinned.filter(|item| !around.page.contains(item)) {
            let entry = list.iter().find(|e| e.item == item).cloned();
            taken.push((at, entry.unwrap_or(Entry { item, score: 0.0, says: None })));
        }
    }
    placed(list, taken)
}

/// The list with these entries at their places, which rise.
fn placed(mut list: Vec<Entry>, taken: Vec<(usize, Entry)>) -> Vec<Entry> {
    list.retain(|e| !taken.iter().any(|(_, t)| t.item == e.item));
    for (at, entry) in taken {
        list.insert(at.min(list.len()), entry);
    }
    list
}

fn in_order<T>(wanted: impl Iterator<Item = (usize, T)>) -> Vec<(usize, T)> {
    let mut wanted: Vec<(usize, T)> = wanted.collect();
    wanted.sort_by_key(|(at, _)| *at);
    wanted
}

/// A position of the page, from 1, as a place of this list, from 0; `None` where an earlier list has filled
/// it.
fn own_place(position: usize, page: &[ItemIndex]) -> Option<usize> {
    position.checked_sub(1)?.checked_sub(page.len())
}
