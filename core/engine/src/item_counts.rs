//! What the host counted for items, by popularity field: a change of an item does not lose it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use jardin_model::{Catalogue, Item, ItemIndex, Namespace, Value};
use jardin_policy::Policy;

/// The count of each item, by the name of a popularity field.
#[derive(Debug, Default)]
pub(crate) struct ItemCounts(BTreeMap<Arc<str>, HashMap<ItemIndex, f64>>);

impl ItemCounts {
    /// False where the counts of a field are what they were.
    pub(crate) fn is_new(&self, field: &str, counts: &HashMap<ItemIndex, f64>) -> bool {
        self.0.get(field) != Some(counts)
    }

    pub(crate) fn set_counts(&mut self, field: &Arc<str>, counts: HashMap<ItemIndex, f64>) {
        self.0.insert(Arc::clone(field), counts);
    }

    /// Keeps the counts of fields that the policy still declares as counted.
    pub(crate) fn retain_counted(&mut self, policy: &Policy) {
        let is_counted = |name: &str| {
            policy.rules().declared(Namespace::Item, name).is_some_and(|f| f.popularity.is_some())
        };
        self.0.retain(|name, _| is_counted(name));
    }

    /// An item with what was counted for it.
    pub(crate) fn add_to_item(&self, mut item: Item, index: ItemIndex) -> Item {
        for (field, counts) in &self.0 {
            if let Some(n) = counts.get(&index) {
                item.fields.insert(Arc::clone(field), Value::Number(*n));
            }
        }
        item
    }

    /// A catalogue with what was counted for its items.
    pub(crate) fn add_to_catalogue(&self, mut catalogue: Catalogue) -> Catalogue {
        for (field, counts) in &self.0 {
            if let Some(column) = catalogue.schema().position(field) {
                catalogue = catalogue.with_numbers(column, |item| counts.get(&item).copied());
            }
        }
        catalogue
    }
}
