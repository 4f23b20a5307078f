//! What is said beside a file, because it does not stand in it.

use jardin_model::Currency;

use crate::{ColumnMap, Locale};

/// What is said beside a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// How its numbers are written.
    pub locale: Option<Locale>,
    /// The currency of the shop's amounts; where it is not said, the one that every price of the file names.
    pub currency: Option<Currency>,
    /// What an item is, where a file has products and their variants.
    pub level: ItemLevel,
    /// Which columns become which fields, over what is known of the shape.
    pub map: ColumnMap,
}

/// What an item is, where a file has products and their variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ItemLevel {
    /// What all sizes and colours have in common.
    Product,
    /// What can be put into a basket.
    #[default]
    Variant,
}
