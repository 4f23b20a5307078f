//! The figures as every report names them.

use crate::{Figures, Interval};

/// One figure.
pub(super) struct Column {
    /// In tables.
    pub(super) name: &'static str,
    /// In JSON.
    pub(super) key: &'static str,
    pub(super) meaning: &'static str,
    /// How that is counted within a question.
    pub(super) counted: &'static str,
    pub(super) of: fn(&Figures) -> Interval,
}

const fn column(
    name: &'static str,
    key: &'static str,
    meaning: &'static str,
    counted: &'static str,
    of: fn(&Figures) -> Interval,
) -> Column {
    Column { name, key, meaning, counted, of }
}

/// What the next item makes of a list, and what the list is by itself.
pub(super) const OF_LIST: [Column; 4] = [
    column("HR", "hr", "the next item is in the list", "1 or 0", |f| f.hr),
    column("MRR", "mrr", "how far up the next item stands", "1 / its rank", |f| f.mrr),
    column("popularity", "popularity", "how popular the recommended items are", "mean over the list", |f| {
        f.popularity
    }),
    column(
        "novelty",
        "novelty",
        "how few visits hold the recommended items, in bits",
        "mean over the list",
        |f| f.novelty,
    ),
];

/// What all that followed makes of a list.
pub(super) const OF_FOLLOWED: [Column; 8] = [
    column("any HR", "hr_any", "anything that followed is in the list", "1 or 0", |f| f.hr_any),
    column("any MRR", "mrr_any", "how far up the first thing that followed stands", "1 / its rank", |f| {
        f.mrr_any
    }),
    column("precision", "precision", "the share of the list that followed", "right items / k", |f| {
        f.precision
    }),
    column(
        "recall",
        "recall",
        "the share of what followed that is in the list",
        "right items / all that followed",
        |f| f.recall,
    ),
    column(
        "capped recall",
        "capped_recall",
        "the share of what could be in the list that is",
        "right items / all that followed, at most k",
        |f| f.capped_recall,
    ),
    column(
        "NDCG",
        "ndcg",
        "how far up all that followed stands",
        "sum of 1 / log2(rank + 1) of right items / that of all that followed, at most k",
        |f| f.ndcg,
    ),
    column(
        "MAP",
        "map",
        "how pure the list is down to each right item",
        "precisions there / all that followed",
        |f| f.map,
    ),
    column(
        "capped MAP",
        "capped_map",
        "how pure it is of what could be in it",
        "precisions there / all that followed, at most k",
        |f| f.capped_map,
    ),
];

/// Every figure.
pub(super) fn all() -> impl Iterator<Item = &'static Column> {
    const { &OF_LIST }.iter().chain(const { &OF_FOLLOWED })
}
