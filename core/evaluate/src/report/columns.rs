//! The figures as every report names them.

use crate::{Figures, Interval};

/// One figure.
pub(super) struct Column {
    /// In tables.
    pub(super) name: &'static str,
    /// In JSON.
    pub(super) key: &'static str,
    pub(super) meaning: &'static str,
    /// What it is divided by within a question.
    pub(super) over: &'static str,
    pub(super) of: fn(&Figures) -> Interval,
}

const fn column(
    name: &'static str,
    key: &'static str,
    meaning: &'static str,
    over: &'static str,
    of: fn(&Figures) -> Interval,
) -> Column {
    Column { name, key, meaning, over, of }
}

/// What the next item makes of a list, and what the list is by itself.
pub(super) const OF_LIST: [Column; 4] = [
    column("HR", "hr", "the next item is in the list", "1", |f| f.hr),
    column("MRR", "mrr", "how far up the next item stands", "its rank", |f| f.mrr),
    column("popularity", "popularity", "how popular the recommended items are", "items of the list", |f| {
        f.popularity
    }),
    column(
        "novelty",
        "novelty",
        "how few visits hold the recommended items, in bits",
        "items of the list",
        |f| f.novelty,
    ),
];

/// What all that followed makes of a list.
pub(super) const OF_FOLLOWED: [Column; 8] = [
    column("any HR", "hr_any", "anything that followed is in the list", "1", |f| f.hr_any),
    column("any MRR", "mrr_any", "how far up the first thing that followed stands", "its rank", |f| {
        f.mrr_any
    }),
    column("precision", "precision", "right items", "k", |f| f.precision),
    column("recall", "recall", "right items", "all that followed", |f| f.recall),
    column("capped recall", "capped_recall", "right items", "all that followed, at most k", |f| {
        f.capped_recall
    }),
    column("NDCG", "ndcg", "how far up right items stand", "the same of all that followed, at most k", |f| {
        f.ndcg
    }),
    column("MAP", "map", "the precisions at right items", "all that followed", |f| f.map),
    column(
        "capped MAP",
        "capped_map",
        "the precisions at right items",
        "all that followed, at most k",
        |f| f.capped_map,
    ),
];

/// Every figure.
pub(super) fn all() -> impl Iterator<Item = &'static Column> {
    const { &OF_LIST }.iter().chain(const { &OF_FOLLOWED })
}
