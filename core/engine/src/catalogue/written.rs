//! Items as they can be sent again.

use jardin_model::{FieldType, Item, Namespace};
use jardin_policy::Policy;
use serde_json::{Map, Value as Json, json};

use crate::values;

/// An item as every door takes it: `{"item_id": …, "fields": {…}}`, confidential fields among them. A field that repeats
/// the id of the item is left out.
#[must_use]
pub fn write_item(item: &Item, policy: &Policy) -> Json {
    let is_id = |name: &str| {
        let declared = policy.rules().declared(Namespace::Item, name);
        declared.is_some_and(|field| field.kind == FieldType::Id)
    };
    let written = item.fields.iter().map(|(name, value)| (name.to_string(), values::to_json(value)));
    let own = item.id.as_str();
    let fields: Map<String, Json> =
        written.filter(|(name, value)| value.as_str() != Some(own) || !is_id(name)).collect();
    json!({ "item_id": own, "fields": fields })
}
