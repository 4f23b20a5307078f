//! Products.

use std::{collections::BTreeMap, sync::Arc};

use crate::{ItemId, Value};

/// The number of an item: given once to an item id, append-only, never reused, the same in every revision and
/// after every restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemIndex(pub u32);

/// One product with its catalogue fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Which product.
    pub id: ItemId,
    /// Its fields by name, without the namespace.
    pub fields: BTreeMap<Arc<str>, Value>,
}

/// One change of the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub enum ItemChange {
    /// The item is now exactly this.
    Put(Item),
    /// The item is no longer sold or shown; its index stays taken.
    Remove(ItemId),
}

impl ItemChange {
    /// Which product changes.
    #[must_use]
    pub const fn id(&self) -> &ItemId {
        match self {
            Self::Put(item) => &item.id,
            Self::Remove(id) => id,
        }
    }
}
