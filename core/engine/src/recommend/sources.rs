//! The candidates on which a strategy builds, out of the catalogue and of the lists that it asked for.

use std::sync::Arc;

use jardin_contract::{Failure, PlainValue, Sources};
use jardin_model::ItemIndex;
use jardin_policy::{StrategyName, View};

use crate::{
    api::Level,
    arrange::{FieldKey, PageFields},
    item_set::ItemSet,
    world::World,
};

/// Candidates with what they were made of.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SourceList {
    pub(super) items: Vec<ItemIndex>,
    pub(super) personal: bool,
    pub(super) level: Level,
}

/// A list that a strategy asks another one for.
pub(super) struct AskedList<'a> {
    pub(super) strategy: &'a StrategyName,
    pub(super) limit: usize,
}

impl Default for SourceList {
    fn default() -> Self {
        Self::of_catalogue(Vec::new())
    }
}

impl SourceList {
    const fn of_catalogue(items: Vec<ItemIndex>) -> Self {
        Self { items, personal: false, level: Level::Popular }
    }

    /// What two lists were made of, with the items of both.
    fn join(self, other: &Self, items: Vec<ItemIndex>) -> Self {
        Self { items, personal: self.personal || other.personal, level: self.level.max(other.level) }
    }
}

/// # Errors
/// [`Failure::Denied`] where the sources ask a strategy, or look at a field, that is not granted.
pub(super) fn check_granted(sources: &Sources, view: &View) -> Result<(), Failure> {
    let is_granted = match sources {
        Sources::Own | Sources::Empty | Sources::Everything => true,
        Sources::Catalogue { having, .. } => having.iter().all(|(field, _)| view.column(field).is_some()),
        Sources::Ask { strategy, .. } => view.strategy().may_ask.contains(strategy),
        Sources::Or(first, second) | Sources::Mix { first, second, .. } => {
            check_granted(first, view)?;
            return check_granted(second, view);
        }
    };
    if is_granted { Ok(()) } else { Err(Failure::Denied) }
}

/// The lists that are asked for, in the order in which [`join_sources`] takes them.
pub(super) fn asked_lists(sources: &Sources) -> Vec<AskedList<'_>> {
    match sources {
        Sources::Own | Sources::Empty | Sources::Everything | Sources::Catalogue { .. } => Vec::new(),
        Sources::Ask { strategy, limit } => {
            vec![AskedList { strategy, limit: (*limit).min(Sources::MOST) }]
        }
        Sources::Or(first, second) | Sources::Mix { first, second, .. } => {
            asked_lists(first).into_iter().chain(asked_lists(second)).collect()
        }
    }
}

/// The candidates that `sources` describe. `asked` gives the lists of [`asked_lists`].
pub(super) fn join_sources(
    world: &World,
    sources: &Sources,
    view: &View,
    asked: &mut dyn Iterator<Item = SourceList>,
) -> SourceList {
    match sources {
        Sources::Own | Sources::Empty => SourceList::default(),
        Sources::Everything => SourceList::of_catalogue(world.sellable_items().take(Sources::MOST).collect()),
        Sources::Catalogue { limit, having } => {
            SourceList::of_catalogue(matching_items(world, *limit, having, view))
        }
        Sources::Ask { .. } => asked.next().unwrap_or_default(),
        Sources::Or(first, second) => {
            let first = join_sources(world, first, view, asked);
            let second = join_sources(world, second, view, asked);
            let items = distinct_items(first.items.iter().chain(&second.items).copied());
            first.join(&second, items)
        }
        Sources::Mix { first, second, share } => {
            let first = join_sources(world, first, view, asked);
            let second = join_sources(world, second, view, asked);
            let items = mixed_items(&first.items, &second.items, *share);
            first.join(&second, items)
        }
    }
}

fn matching_items(
    world: &World,
    limit: usize,
    having: &[(Arc<str>, PlainValue)],
    view: &View,
) -> Vec<ItemIndex> {
    let wanted: Option<Vec<(&str, FieldKey)>> =
        having.iter().map(|(field, value)| Some((&**field, view.key_of(value)?))).collect();
    // a text that no item holds matches none
    let Some(wanted) = wanted else {
        return Vec::new();
    };
    let fits =
        |item: &ItemIndex| wanted.iter().all(|(field, key)| view.field_keys(*item, field).any(|k| k == *key));
    world.sellable_items().filter(fits).take(limit.min(Sources::MOST)).collect()
}

/// The first of each item, at most [`Sources::MOST`].
fn distinct_items(items: impl Iterator<Item = ItemIndex>) -> Vec<ItemIndex> {
    let mut seen = ItemSet::default();
    items.filter(|item| seen.insert(*item)).take(Sources::MOST).collect()
}

/// Both lists so that each beginning of n items holds n times `share` of the second one, rounded down. Where
/// one ends the other goes on.
#[expect(clippy::cast_precision_loss, reason = "at most some thousand")]
fn mixed_items(first: &[ItemIndex], second: &[ItemIndex], share: f64) -> Vec<ItemIndex> {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let mut seen = ItemSet::default();
    let (mut first, mut second) = (first.iter().copied(), second.iter().copied());
    let (mut out, mut of_second) = (Vec::new(), 0_usize);
    while out.len() < Sources::MOST {
        // the small term keeps 3 times a third at 1
        let wants_second = (out.len() + 1) as f64 * share + 1e-9 >= (of_second + 1) as f64;
        let mut next = |from_second: bool| {
            let list = if from_second { &mut second } else { &mut first };
            list.find(|item| seen.insert(*item)).map(|item| (item, from_second))
        };
        let Some((item, from_second)) = next(wants_second).or_else(|| next(!wants_second)) else {
            break;
        };
        of_second += usize::from(from_second);
        out.push(item);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> Vec<ItemIndex> {
        text.bytes().map(|b| ItemIndex(b.into())).collect()
    }

    #[test]
    fn a_mix_holds_the_share_in_each_beginning() {
        for (first, second, share, expected) in [
            ("abcd", "wxyz", 0.5, "awbxcydz"),
            ("abcd", "wxyz", 0.25, "abcwdxyz"),
            ("abcd", "wxyz", 0.0, "abcdwxyz"),
            ("abcd", "wxyz", 1.0, "wxyzabcd"),
            ("ab", "xyz", 1.0 / 3.0, "abxyz"),
            ("abc", "bcd", 0.5, "abcd"),
            ("", "xy", 0.5, "xy"),
            ("ab", "", 0.9, "ab"),
        ] {
            assert_eq!(
                mixed_items(&items(first), &items(second), share),
                items(expected),
                "{first} {second} {share}"
            );
        }
    }

    #[test]
    fn of_repeats_the_first_stays() {
        assert_eq!(distinct_items(items("abca").into_iter().chain(items("cxb"))), items("abcx"));
    }
}
