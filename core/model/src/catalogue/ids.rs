//! Which number each item id has.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use crate::{ItemChange, ItemId, ItemIndex};

/// Item ids and their indices: append-only, shared by a store and every state of its catalogue. It can only be
/// read; an index is given by an [`ItemNumbering`] and by nothing else.
#[derive(Debug, Default)]
pub struct ItemIds {
    ids: boxcar::Vec<ItemId>,
    indices: RwLock<HashMap<ItemId, ItemIndex>>,
}

impl ItemIds {
    /// The index of an id that has one.
    #[must_use]
    pub fn index(&self, id: &ItemId) -> Option<ItemIndex> {
        self.indices.read().unwrap_or_else(PoisonError::into_inner).get(id).copied()
    }

    /// The id of an index.
    #[must_use]
    pub fn id(&self, index: ItemIndex) -> Option<&ItemId> {
        self.ids.get(index.0 as usize)
    }

    /// The ids in the order of their indices.
    pub fn iter(&self) -> impl Iterator<Item = &ItemId> {
        self.ids.iter().map(|(_, id)| id)
    }

    /// How many ids have an index.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.count()
    }

    /// True where no id has an index.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[expect(clippy::cast_possible_truncation, reason = "4 billion ids do not fit into memory")]
    fn assign(&self, id: &ItemId) -> ItemIndex {
        let mut indices = self.indices.write().unwrap_or_else(PoisonError::into_inner);
        *indices.entry(id.clone()).or_insert_with(|| ItemIndex(self.ids.push(id.clone()) as u32))
    }
}

/// Gives item ids their indices, from 0 without a gap. A store owns one, since whoever numbers items must keep
/// the numbers; everybody else reads its [`ItemNumbering::ids`].
#[derive(Debug, Default)]
pub struct ItemNumbering {
    ids: Arc<ItemIds>,
}

impl ItemNumbering {
    /// The numbering that gave these ids their indices, in their order.
    #[must_use]
    pub fn restored(ids: impl IntoIterator<Item = ItemId>) -> Self {
        let restored = Self::default();
        for id in ids {
            restored.index_or_assign(&id);
        }
        restored
    }

    /// The indices given so far, and those to come.
    #[must_use]
    pub const fn ids(&self) -> &Arc<ItemIds> {
        &self.ids
    }

    /// The index of an id, given now if it has none.
    pub fn index_or_assign(&self, id: &ItemId) -> ItemIndex {
        self.ids.index(id).unwrap_or_else(|| self.ids.assign(id))
    }

    /// Each change with the index of its item.
    #[must_use]
    pub fn number_changes(&self, changes: Vec<ItemChange>) -> Vec<(ItemIndex, ItemChange)> {
        changes.into_iter().map(|change| (self.index_or_assign(change.id()), change)).collect()
    }
}
