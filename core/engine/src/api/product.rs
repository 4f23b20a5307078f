//! What the catalogue shows of one item.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::ItemId;

/// One item; its confidential fields are left out.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemShown {
    /// Which product.
    pub id: ItemId,
    /// Its fields by name.
    pub fields: BTreeMap<Arc<str>, serde_json::Value>,
    /// The version, for ETag and If-Match, without quotes.
    pub version: String,
}
