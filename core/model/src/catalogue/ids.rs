//! Which index each item id has.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use crate::{ItemId, ItemIndex};

/// Item ids and their indices: append-only, shared by every state of a catalogue and by the store.
#[derive(Debug, Default)]
pub struct ItemIds {
    ids: boxcar::Vec<ItemId>,
    indices: RwLock<HashMap<ItemId, ItemIndex>>,
}

impl ItemIds {
    /// The ids of a store, in the order of their indices from 0.
    #[must_use]
    pub fn from_ids(ids: impl IntoIterator<Item = ItemId>) -> Self {
        let restored = Self::default();
        for id in ids {
            restored.index_or_assign(&id);
        }
        restored
    }

    /// The index of an id that has one.
    #[must_use]
    pub fn index(&self, id: &ItemId) -> Option<ItemIndex> {
        self.indices.read().unwrap_or_else(PoisonError::into_inner).get(id).copied()
    }

    /// The index of an id, given now if it has none.
    #[expect(clippy::cast_possible_truncation, reason = "4 billion ids do not fit into memory")]
    pub fn index_or_assign(&self, id: &ItemId) -> ItemIndex {
        if let Some(index) = self.index(id) {
            return index;
        }
        let mut indices = self.indices.write().unwrap_or_else(PoisonError::into_inner);
        *indices.entry(id.clone()).or_insert_with(|| ItemIndex(self.ids.push(id.clone()) as u32))
    }

    /// The id of an index.
    #[must_use]
    pub fn id(&self, index: ItemIndex) -> Option<&ItemId> {
        self.ids.get(index.0 as usize)
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
}
