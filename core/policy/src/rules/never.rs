//! What is never allowed.

use std::collections::BTreeSet;

use jardin_model::FieldPath;

use super::{ListedItems, PathSeparators, Texts};

/// Fields that may not be declared, and products that are never tied to a person.
#[derive(Debug, Clone, Default)]
pub struct NeverRule {
    /// Fields that may not be declared.
    pub fields: BTreeSet<FieldPath>,
    /// Products that are never tied to a person.
    pub items: ListedItems,
    /// How a path of categories is written.
    pub separators: PathSeparators,
    /// What people are told of it.
    pub says: Option<Texts>,
}
