//! The order of all items: the most popular first, then by id. A change of a few items moves those alone.

use std::{cmp::Ordering, sync::Arc};

use jardin_model::{CHUNK_ROWS, Catalogue, Cell, ItemIndex};

/// Every item that has an index, in order; those that are not live are among the last. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ItemOrder(Arc<Vec<ItemIndex>>);

impl ItemOrder {
    /// The order of a catalogue whose number column `popularity` says how popular an item is; without such a
    /// column items go by id.
    pub(crate) fn of_catalogue(catalogue: &Catalogue, popularity: Option<usize>) -> Self {
        let mut order: Vec<ItemIndex> = (0..index_count(catalogue)).map(ItemIndex).collect();
        let popularities: Vec<f64> = order.iter().map(|i| popularity_of(catalogue, popularity, *i)).collect();
        let popularity_at =
            |i: ItemIndex| popularities.get(i.0 as usize).copied().unwrap_or(f64::NEG_INFINITY);
        order.sort_unstable_by(|a, b| {
            popularity_at(*b).total_cmp(&popularity_at(*a)).then_with(|| compare_ids(catalogue, *a, *b))
        });
        Self(Arc::new(order))
    }

    /// The order of `after`, where this is the order of `before`, an earlier state of the same catalogue. Of
    /// chunks in which both share who is live and how popular it is nothing is looked at.
    #[must_use]
    pub(crate) fn follow_change(
        &self,
        before: &Catalogue,
        after: &Catalogue,
        popularity: Option<usize>,
    ) -> Self {
        let moved = self.moved_items(before, after, popularity);
        if moved.is_empty() {
            return self.clone();
        }
        // many of them are sorted sooner than they are moved
        if moved.len() > self.0.len() / 8 {
            return Self::of_catalogue(after, popularity);
        }
        self.move_items(moved, after, popularity)
    }

    /// The items in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = ItemIndex> + '_ {
        self.0.iter().copied()
    }

    /// Items whose popularity changed, and those that are new, in the order of their indices.
    fn moved_items(
        &self,
        before: &Catalogue,
        after: &Catalogue,
        popularity: Option<usize>,
    ) -> Vec<ItemIndex> {
        let count = index_count(after);
        let known = u32::try_from(self.0.len()).unwrap_or(u32::MAX).min(count);
        let is_shared = |c: usize| match (before.chunks().get(c), after.chunks().get(c)) {
            (Some(old), Some(new)) => popularity.is_none_or(|column| {
                // one that is not live is not popular, whatever its cell holds
                new.shares_live_rows(old) && new.shares_column(old, column)
            }),
            (old, new) => old.is_none() && new.is_none(),
        };
        let changed = (0..known).step_by(CHUNK_ROWS).enumerate().filter(|(c, _)| !is_shared(*c));
        let has_moved = |i: &ItemIndex| {
            popularity_of(before, popularity, *i).to_bits() != popularity_of(after, popularity, *i).to_bits()
        };
        let rows = u32::try_from(CHUNK_ROWS).unwrap_or(u32::MAX);
        let rows_from = |first: u32| (first..known.min(first.saturating_add(rows))).map(ItemIndex);
        let moved = changed.flat_map(|(_, first)| rows_from(first).filter(has_moved));
        moved.chain((known..count).map(ItemIndex)).collect()
    }

    fn move_items(
        &self,
        mut moved: Vec<ItemIndex>,
        catalogue: &Catalogue,
        popularity: Option<usize>,
    ) -> Self {
        let compare = |a: ItemIndex, b: ItemIndex| {
            let (of_a, of_b) =
                (popularity_of(catalogue, popularity, a), popularity_of(catalogue, popularity, b));
            of_b.total_cmp(&of_a).then_with(|| compare_ids(catalogue, a, b))
        };
        let mut has_moved = vec![false; index_count(catalogue) as usize];
        for item in &moved {
            if let Some(mark) = has_moved.get_mut(item.0 as usize) {
                *mark = true;
            }
        }
        let stays = |i: &ItemIndex| has_moved.get(i.0 as usize) == Some(&false);
        let staying: Vec<ItemIndex> = self.iter().filter(stays).collect();
        moved.sort_unstable_by(|a, b| compare(*a, *b));
        let mut order = Vec::with_capacity(staying.len() + moved.len());
        let mut rest = staying.as_slice();
        for item in moved {
            let (ahead, behind) =
                rest.split_at(rest.partition_point(|other| compare(*other, item) == Ordering::Less));
            order.extend_from_slice(ahead);
            order.push(item);
            rest = behind;
        }
        order.extend_from_slice(rest);
        Self(Arc::new(order))
    }
}

fn index_count(catalogue: &Catalogue) -> u32 {
    u32::try_from(catalogue.ids().len()).unwrap_or(u32::MAX)
}

fn popularity_of(catalogue: &Catalogue, column: Option<usize>, item: ItemIndex) -> f64 {
    match column.and_then(|column| Some(catalogue.row(item)?.cell(column))) {
        Some(Cell::Number(n)) => n,
        _ => f64::NEG_INFINITY,
    }
}

/// Orders two items by their ids, which is how ties end.
pub(crate) fn compare_ids(catalogue: &Catalogue, a: ItemIndex, b: ItemIndex) -> Ordering {
    catalogue.ids().id(a).cmp(&catalogue.ids().id(b))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jardin_contract::Seed;
    use jardin_model::{ColumnKind, ColumnSpec, Item, ItemChange, ItemId, ItemNumbering, Schema, Value};

    use super::*;

    fn item(n: u64, popularity: Option<u64>) -> Item {
        let popularity = popularity.map(|p| ("popularity".into(), Value::Number(p as f64)));
        // ids that do not go with the indices
        let id = ItemId::new(&format!("{:02}-{n}", n * 7 % 100)).unwrap();
        Item { id, fields: popularity.into_iter().collect::<BTreeMap<_, _>>() }
    }

    #[test]
    fn what_follows_changes_equals_what_is_sorted_anew() {
        let schema = Schema::new(vec![ColumnSpec { name: "popularity".into(), kind: ColumnKind::Number }]);
        let numbering = ItemNumbering::default();
        let mut catalogue = Catalogue::new(Arc::new(schema), Arc::clone(numbering.ids()));
        let mut order = ItemOrder::of_catalogue(&catalogue, Some(0));
        let mut seed = Seed(1);
        for round in 0..300 {
            // few and many, new and known, liked, unknown and removed; sometimes across chunks
            let count = if round % 50 == 0 { 3000 } else { seed.next() % 4 };
            let changes = (0..count).map(|_| {
                let item =
                    item(seed.next() % 9000, (!seed.next().is_multiple_of(5)).then(|| seed.next() % 10));
                if seed.next().is_multiple_of(6) {
                    ItemChange::Remove(item.id)
                } else {
                    ItemChange::Put(item)
                }
            });
            let after = catalogue.with_changes(&numbering.number_changes(changes.collect()));
            order = order.follow_change(&catalogue, &after, Some(0));
            assert_eq!(order, ItemOrder::of_catalogue(&after, Some(0)), "round {round}");
            catalogue = after;
        }
        assert!(catalogue.chunks().len() > 1);
        // one that only an event named has an index and no row
        numbering.index_or_assign(&ItemId::new("unheard-of").unwrap());
        let followed = order.follow_change(&catalogue, &catalogue, Some(0));
        assert_eq!(followed, ItemOrder::of_catalogue(&catalogue, Some(0)));
    }

    #[test]
    fn a_change_that_moves_nothing_copies_nothing() {
        let schema = Schema::new(vec![ColumnSpec { name: "popularity".into(), kind: ColumnKind::Number }]);
        let catalogue = Catalogue::of_items(Arc::new(schema), (0..10).map(|n| item(n, Some(n))));
        let order = ItemOrder::of_catalogue(&catalogue, Some(0));
        let same = catalogue.with_changes(&[(ItemIndex(3), ItemChange::Put(item(3, Some(3))))]);
        assert!(Arc::ptr_eq(&order.0, &order.follow_change(&catalogue, &same, Some(0)).0));
        let names: Vec<u32> = order.iter().map(|i| i.0).collect();
        assert_eq!(names, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    }
}
