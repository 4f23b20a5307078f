//! Which items can be sold, a bit each. A change of a few items looks at their chunks alone.

use std::sync::Arc;

use jardin_model::{CHUNK_ROWS, Catalogue, Chunk, ColumnView, ItemIndex};

use crate::item_set::ItemSet;

/// The live items that carry every flag that they must carry, by the chunks of a catalogue.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct SellableItems(Vec<Arc<ItemSet>>);

impl SellableItems {
    /// Those of a catalogue; `flags` are the columns of what they must carry.
    pub(crate) fn of_catalogue(catalogue: &Catalogue, flags: &[usize]) -> Self {
        Self(catalogue.chunks().iter().map(|chunk| Arc::new(sellable_rows(chunk, flags))).collect())
    }

    /// Those of `after`, where these are those of `before`, an earlier state of the same catalogue.
    #[must_use]
    pub(crate) fn follow_change(&self, before: &Catalogue, after: &Catalogue, flags: &[usize]) -> Self {
        let rows = after.chunks().iter().enumerate().map(|(c, chunk)| {
            let is_same = before.chunks().get(c).is_some_and(|old| Arc::ptr_eq(old, chunk));
            let known = self.0.get(c).filter(|_| is_same);
            known.map_or_else(|| Arc::new(sellable_rows(chunk, flags)), Arc::clone)
        });
        Self(rows.collect())
    }

    /// True for one of them.
    pub(crate) fn contains(&self, item: ItemIndex) -> bool {
        let (chunk, row) = (item.0 as usize / CHUNK_ROWS, item.0 as usize % CHUNK_ROWS);
        self.0.get(chunk).is_some_and(|rows| rows.contains(row_index(row)))
    }
}

fn sellable_rows(chunk: &Chunk, flags: &[usize]) -> ItemSet {
    let carries = |row: usize, column: &usize| match chunk.column(*column) {
        Some(ColumnView::Flags(all)) => all.get(row) == Some(&1),
        _ => false,
    };
    chunk.live_rows().filter(|row| flags.iter().all(|flag| carries(*row, flag))).map(row_index).collect()
}

/// A row of a chunk as if the chunk were a catalogue of its own.
fn row_index(row: usize) -> ItemIndex {
    ItemIndex(u32::try_from(row).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jardin_contract::Seed;
    use jardin_model::{
        Cell, ColumnKind, ColumnSpec, Item, ItemChange, ItemId, ItemNumbering, Schema, Value,
    };

    use super::*;

    fn make_item(n: u64, seed: &mut Seed) -> Item {
        let mut flag = |name: &str| {
            let value =
                [Some(true), Some(true), Some(false), None][usize::try_from(seed.next() % 4).unwrap()];
            value.map(|yes| (Arc::from(name), Value::Flag(yes)))
        };
        let fields: BTreeMap<Arc<str>, Value> =
            [flag("in_stock"), flag("listed")].into_iter().flatten().collect();
        Item { id: ItemId::new(&format!("i{n}")).unwrap(), fields }
    }

    #[test]
    fn what_follows_changes_is_what_the_cells_say() {
        let column = |name: &str| ColumnSpec { name: name.into(), kind: ColumnKind::Flag };
        let schema = Arc::new(Schema::new(vec![column("in_stock"), column("listed")]));
        let flags: Vec<usize> = ["in_stock", "listed"].iter().filter_map(|n| schema.position(n)).collect();
        let numbering = ItemNumbering::default();
        let mut catalogue = Catalogue::new(schema, Arc::clone(numbering.ids()));
        let (mut sellable, mut seed) = (SellableItems::of_catalogue(&catalogue, &flags), Seed(1));
        for round in 0..40 {
            let count = if round % 20 == 0 { 3_000 } else { seed.next() % 4 };
            let changes = (0..count).map(|_| {
                let n = seed.next() % 9_000;
                let item = make_item(n, &mut seed);
                if seed.next().is_multiple_of(5) {
                    ItemChange::Remove(item.id)
                } else {
                    ItemChange::Put(item)
                }
            });
            let after = catalogue.with_changes(&numbering.number_changes(changes.collect()));
            sellable = sellable.follow_change(&catalogue, &after, &flags);
            catalogue = after;
            for n in 0..u32::try_from(catalogue.ids().len()).unwrap() + 2 {
                let row = catalogue.row(ItemIndex(n));
                let expected = row.is_some_and(|row| flags.iter().all(|f| row.cell(*f) == Cell::Flag(true)));
                assert_eq!(sellable.contains(ItemIndex(n)), expected, "round {round}, item {n}");
            }
        }
        assert!(catalogue.chunks().len() > 1);
        let same = sellable.follow_change(&catalogue, &catalogue, &flags);
        assert!(same.0.iter().zip(&sellable.0).all(|(a, b)| Arc::ptr_eq(a, b)), "nothing is looked at again");
    }
}
