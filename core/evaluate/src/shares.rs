//! What stands in the training, for coverage, popularity and novelty.

use std::{
    borrow::Borrow,
    collections::{HashMap, HashSet},
};

use crate::sessions::Item;

/// How often items stand in the training, and in how many of its visits.
#[derive(Debug, Clone, Default)]
pub struct Shares {
    counts: HashMap<Item, Count>,
    most: u32,
    visits: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    times: u32,
    visits: u32,
}

impl Shares {
    /// Counts the items of visits.
    #[must_use]
    pub fn count_visits<V>(visits: impl IntoIterator<Item = V>) -> Self
    where
        V: IntoIterator<Item: Borrow<Item>>,
    {
        let mut shares = Self::default();
        for visit in visits {
            shares.visits += 1;
            let mut in_visit: HashSet<Item> = HashSet::new();
            for item in visit {
                let item: &Item = item.borrow();
                let count = shares.counts.entry(Item::clone(item)).or_default();
                count.times += 1;
                count.visits += u32::from(in_visit.insert(Item::clone(item)));
            }
        }
        shares.most = shares.counts.values().map(|count| count.times).max().unwrap_or(0);
        shares
    }

    /// How many different items there are.
    #[must_use]
    pub fn items(&self) -> usize {
        self.counts.len()
    }

    /// How many visits were counted.
    #[must_use]
    pub const fn visits(&self) -> usize {
        self.visits as usize
    }

    pub(crate) fn holds(&self, item: &str) -> bool {
        self.counts.contains_key(item)
    }

    /// Every item, the most frequent first, ties to the lower id.
    pub(crate) fn most_popular(&self) -> Vec<Item> {
        let mut items: Vec<(&Item, u32)> =
            self.counts.iter().map(|(item, count)| (item, count.times)).collect();
        items.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        items.into_iter().map(|(item, _)| Item::clone(item)).collect()
    }

    /// Occurrences of an item over those of the most popular one, from 0 to 1.
    pub(crate) fn popularity(&self, item: &str) -> f64 {
        let times = self.counts.get(item).map_or(0, |count| count.times);
        f64::from(times) / f64::from(self.most.max(1))
    }

    /// The self-information of an item in bits: −log2 of the share of visits that hold it (Zhou et al. 2010). What no
    /// visit holds counts as if one did.
    pub(crate) fn novelty(&self, item: &str) -> f64 {
        let visits = self.counts.get(item).map_or(1, |count| count.visits);
        #[expect(clippy::disallowed_methods, reason = "a figure that is printed to four digits")]
        let bits = (f64::from(self.visits.max(1)) / f64::from(visits)).log2();
        bits
    }
}
