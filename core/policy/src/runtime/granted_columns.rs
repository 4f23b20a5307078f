//! The columns of the catalogue that a strategy is granted.

use std::sync::Arc;

use jardin_model::{ColumnKind, FieldType, Namespace};

use crate::rules::{PolicyRules, StrategyRule};

/// One granted column of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantedColumn {
    /// The field's name without the namespace.
    pub name: Arc<str>,
    /// How it is stored.
    pub kind: ColumnKind,
    /// What the policy calls its type.
    pub field_type: FieldType,
    pub(super) column: usize,
    /// Whether an item without it is refused.
    pub always: bool,
}

/// The columns of the catalogue that a strategy is granted.
pub(crate) fn granted_columns(rules: &PolicyRules, rule: &StrategyRule) -> Arc<[GrantedColumn]> {
    let item_fields = rule
        .may_read
        .iter()
        .filter_map(|g| rules.field(g.field))
        .filter(|f| f.path.namespace == Namespace::Item);
    let columns = item_fields.filter_map(|field| {
        let column = rules.schema.position(&field.path.name)?;
        let kind = rules.schema.columns().get(column)?.kind;
        Some(GrantedColumn {
            name: Arc::clone(&field.path.name),
            kind,
            field_type: field.kind,
            column,
            always: field.always,
        })
    });
    let mut columns: Vec<GrantedColumn> = columns.collect();
    columns.sort_by_key(|column| column.column);
    columns.into()
}
