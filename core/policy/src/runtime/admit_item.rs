//! At the door: what of an item the catalogue may hold.

use std::sync::Arc;

use jardin_model::{FieldType, Item, Namespace, Value};

use super::{FieldFault, Redacted, admit::Dropped};
use crate::{
    Policy,
    rules::{FieldId, FieldRule},
};

/// An item that the catalogue may hold. Made only by [`Policy::admit_item`].
#[derive(Debug, Clone, PartialEq)]
pub struct AdmittedItem {
    item: Item,
    redacted: Vec<Redacted>,
}

impl AdmittedItem {
    /// The item, without what was dropped.
    #[must_use]
    pub const fn item(&self) -> &Item {
        &self.item
    }

    /// What was dropped.
    #[must_use]
    pub fn redacted(&self) -> &[Redacted] {
        &self.redacted
    }

    /// The item and what was dropped.
    #[must_use]
    pub fn into_parts(self) -> (Item, Vec<Redacted>) {
        (self.item, self.redacted)
    }
}

impl Policy {
    /// Lays the fields of `offered` over `present`, the item as it is or an empty one, checks them against the declared
    /// item fields and fills fields of type id with the item's own id. `guards` are the fields on which something rests
    /// beside `[never]` and `[discreet]`, such as the flags without which an item is not sold. Where another field cannot be read, what
    /// was offered is dropped and what is present stays.
    ///
    /// # Errors
    /// What is wrong with fields on which a guard rests, and which fields are missing: nothing of the item may change.
    pub fn admit_item(
        &self,
        offered: Item,
        present: Option<Item>,
        guards: &[Arc<str>],
    ) -> Result<AdmittedItem, Vec<FieldFault>> {
        let mut item = present.unwrap_or_else(|| Item { id: offered.id, fields: Default::default() });
        let (mut dropped, mut faults) = (Dropped::default(), Vec::new());
        for (name, value) in offered.fields {
            match self.item_field(&name) {
                None => dropped.note("undeclared", &name),
                Some((_, field)) if field.accepts(&value) => drop(item.fields.insert(name, value)),
                Some((id, field)) if self.guards_items(id, field, guards) => {
                    faults.push(FieldFault::unreadable(field));
                }
                Some(_) => dropped.note("wrong-type", &name),
            }
        }
        self.fill_ids(&mut item);
        faults.extend(self.missing_fields(&item, &faults));
        if faults.is_empty() { Ok(AdmittedItem { item, redacted: dropped.redacted() }) } else { Err(faults) }
    }

    fn item_field(&self, name: &str) -> Option<(FieldId, &FieldRule)> {
        let id = self.rules().field_named(Namespace::Item, name)?;
        self.rules().field(id).filter(|field| field.popularity.is_none()).map(|field| (id, field))
    }

    /// True where something rests on an item field, so that no item is taken in which it cannot be read.
    fn guards_items(&self, id: FieldId, field: &FieldRule, guards: &[Arc<str>]) -> bool {
        field.always
            || guards.contains(&field.path.name)
            || [&self.rules().never.items, &self.rules().discreet]
                .iter()
                .any(|listed| listed.of_field(id).is_some())
    }

    fn fill_ids(&self, item: &mut Item) {
        for field in self.item_fields().filter(|field| field.kind == FieldType::Id) {
            let id = item.id.shared();
            item.fields.entry(Arc::clone(&field.path.name)).or_insert(Value::Text(id));
        }
    }

    fn missing_fields(&self, item: &Item, unreadable: &[FieldFault]) -> Vec<FieldFault> {
        let is_unreadable =
            |field: &FieldRule| unreadable.iter().any(|fault| *fault.name() == field.path.name);
        self.item_fields()
            .filter(|field| {
                field.always && !item.fields.contains_key(&field.path.name) && !is_unreadable(field)
            })
            .map(FieldFault::missing)
            .collect()
    }

    fn item_fields(&self) -> impl Iterator<Item = &FieldRule> {
        self.rules().fields.iter().filter(|field| field.path.namespace == Namespace::Item)
    }
}
