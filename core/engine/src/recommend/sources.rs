//! The lists on which a strategy builds.

use std::{collections::HashSet, future::Future, pin::Pin, sync::Arc};

use jardin_contract::{Failure, PlainValue, Sources};
use jardin_model::ItemIndex;
use jardin_policy::View;

use super::{asking::Asking, page, run};
use crate::{
    Level,
    arrange::{FieldKey, PageFields},
};

/// Candidates with what they were made of.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) items: Vec<ItemIndex>,
    pub(super) personal: bool,
    pub(super) level: Level,
}

impl Found {
    const fn of_catalogue(items: Vec<ItemIndex>) -> Self {
        Self { items, personal: false, level: Level::Popular }
    }

    fn with(self, other: &Self, items: Vec<ItemIndex>) -> Self {
        Self { items, personal: self.personal || other.personal, level: self.level.max(other.level) }
    }
}

type Resolving<'a> = Pin<Box<dyn Future<Output = Result<Found, Failure>> + Send + 'a>>;

/// Makes the lists that `sources` describes, for the strategy of `view`. A strategy that is asked decides and
/// sees by itself: where it may not run or fails, its list is empty.
pub(super) fn resolve<'a>(
    asking: &'a Asking<'a>,
    sources: &'a Sources,
    view: &'a Arc<View>,
    depth: usize,
) -> Resolving<'a> {
    Box::pin(async move {
        Ok(match sources {
            Sources::Own | Sources::Empty => Found::of_catalogue(Vec::new()),
            Sources::Everything => {
                Found::of_catalogue(asking.world.sellable_items().take(Sources::MOST).collect())
            }
            Sources::Catalogue { limit, having } => {
                Found::of_catalogue(catalogue(asking, *limit, having, view)?)
            }
            Sources::Ask { strategy, limit } => {
                if !view.strategy().may_ask.contains(strategy) {
                    return Err(Failure::Denied);
                }
                asked(asking, strategy, (*limit).min(Sources::MOST), depth).await
            }
            Sources::Or(first, second) => {
                let first = resolve(asking, first, view, depth).await?;
                let second = resolve(asking, second, view, depth).await?;
                let items = distinct(first.items.iter().chain(&second.items).copied());
                first.with(&second, items)
            }
            Sources::Mix { first, second, share } => {
                let first = resolve(asking, first, view, depth).await?;
                let second = resolve(asking, second, view, depth).await?;
                let items = mixed(&first.items, &second.items, *share);
                first.with(&second, items)
            }
        })
    })
}

async fn asked(asking: &Asking<'_>, name: &jardin_policy::StrategyName, limit: usize, depth: usize) -> Found {
    let Ok(list) = run::at_depth(asking, name, limit, depth).await else {
        return Found::of_catalogue(Vec::new());
    };
    let items: Vec<ItemIndex> = page::alone(asking, &list).into_iter().take(limit).collect();
    // a list that gave nothing is no ground of anything
    let level = if items.is_empty() { Level::Popular } else { list.level };
    Found { personal: list.personal && !items.is_empty(), items, level }
}

fn catalogue(
    asking: &Asking<'_>,
    limit: usize,
    having: &[(Arc<str>, PlainValue)],
    view: &View,
) -> Result<Vec<ItemIndex>, Failure> {
    if having.iter().any(|(field, _)| view.column(field).is_none()) {
        return Err(Failure::Denied);
    }
    let wanted: Option<Vec<(&str, FieldKey)>> =
        having.iter().map(|(field, value)| Some((&**field, view.key_of(value)?))).collect();
    // a text that no item holds matches none
    let Some(wanted) = wanted else {
        return Ok(Vec::new());
    };
    let fits = |item: &ItemIndex| wanted.iter().all(|(field, key)| view.keys(*item, field).contains(key));
    Ok(asking.world.sellable_items().filter(fits).take(limit.min(Sources::MOST)).collect())
}

/// The first of each item, at most [`Sources::MOST`].
fn distinct(items: impl Iterator<Item = ItemIndex>) -> Vec<ItemIndex> {
    let mut seen = HashSet::new();
    items.filter(|item| seen.insert(*item)).take(Sources::MOST).collect()
}

/// Both lists so that each beginning of n items holds n times `share` of the second one, rounded down. Where
/// one ends the other goes on.
#[expect(clippy::cast_precision_loss, reason = "at most some thousand")]
fn mixed(first: &[ItemIndex], second: &[ItemIndex], share: f64) -> Vec<ItemIndex> {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let mut seen = HashSet::new();
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
                mixed(&items(first), &items(second), share),
                items(expected),
                "{first} {second} {share}"
            );
        }
    }

    #[test]
    fn of_repeats_the_first_stays() {
        assert_eq!(distinct(items("abca").into_iter().chain(items("cxb"))), items("abcx"));
    }
}
