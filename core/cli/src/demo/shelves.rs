//! The demo's products as shoppers see them: a shelf a category.

use std::collections::BTreeMap;

use jardin_contract::Seed;
use serde_json::Value;

/// A product on its shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Thing {
    pub(super) id: String,
    tags: Vec<String>,
}

impl Thing {
    fn is(&self, tag: &str) -> bool {
        self.tags.iter().any(|t| t == tag)
    }

    /// How well another goes with it: what both are for counts most, and children's things go among
    /// themselves.
    fn fit(&self, other: &Self) -> i32 {
        let of_one = |tag: &String| if self.is(tag) { 3 } else { -1 };
        let children = if self.is("family") == other.is("family") { 0 } else { -3 };
        other.tags.iter().map(of_one).sum::<i32>() + children
    }
}

/// The products of each category, in the order of the file.
pub(super) struct Shelves(BTreeMap<String, Vec<Thing>>);

/// So many products are taken into the hand before one is chosen.
const TRIES: usize = 4;

impl Shelves {
    pub(super) fn of(items: &[Value]) -> Self {
        let mut shelves = BTreeMap::<String, Vec<Thing>>::new();
        for item in items {
            let text = |place: &str| item.pointer(place).and_then(Value::as_str).map(str::to_owned);
            if let (Some(id), Some(category)) = (text("/item_id"), text("/fields/category")) {
                let tags = item.pointer("/fields/tags").and_then(Value::as_array).into_iter().flatten();
                let tags = tags.filter_map(Value::as_str).map(str::to_owned).collect();
                shelves.entry(category).or_default().push(Thing { id, tags });
            }
        }
        Self(shelves)
    }

    /// What somebody came for. Some are liked better: every second time the earlier of two is taken.
    pub(super) fn choose(&self, category: &str, seed: &mut Seed) -> Option<&Thing> {
        let screened = self.0.get(category)?;
        let place = below(seed, screened.len() as u64);
        let place = if below(seed, 2) == 0 { place.min(below(seed, screened.len() as u64)) } else { place };
        screened.get(place)
    }

    /// What is bought beside `anchor`: of some, the one that fits it best, so that a family's tent goes with
    /// wide mats.
    pub(super) fn choose_beside(&self, category: &str, anchor: &Thing, seed: &mut Seed) -> Option<&Thing> {
        let screened = self.0.get(category)?;
        let mut best: Option<(i32, &Thing)> = None;
        for _ in 0..TRIES {
            let thing = screened.get(below(seed, screened.len() as u64))?;
            let fit = anchor.fit(thing);
            if best.is_none_or(|(most, _)| fit > most) {
                best = Some((fit, thing));
            }
        }
        best.map(|(_, thing)| thing)
    }

    #[cfg(test)]
    pub(super) fn sells(&self, category: &str) -> bool {
        self.0.contains_key(category)
    }

    #[cfg(test)]
    pub(super) fn category_of(&self, id: &str) -> &str {
        let of = |things: &Vec<Thing>| things.iter().any(|t| t.id == id);
        self.0.iter().find(|(_, things)| of(things)).map_or("", |(category, _)| category)
    }
}

/// A number below `n`; 0 where `n` is 0.
pub(super) fn below(seed: &mut Seed, n: u64) -> usize {
    usize::try_from(seed.next() % n.max(1)).unwrap_or(0)
}
