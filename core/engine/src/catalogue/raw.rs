//! Items as a shop sends them.

use std::sync::Arc;

use jardin_model::{Item, ItemId, Namespace};
use jardin_policy::Redacted;
use serde_json::Value as Json;

use crate::{api::Fields, values, world::World};

/// An item of JSON fields, over those of `base`; `null` takes a field away.
pub(super) fn lay_fields(id: &ItemId, fields: Fields, base: Option<Item>, world: &World) -> Item {
    let mut item = base.unwrap_or_else(|| Item { id: id.clone(), fields: std::collections::BTreeMap::new() });
    for (name, json) in fields {
        if json.is_null() {
            item.fields.remove(name.as_str());
        } else {
            let kind = world.policy.rules().declared(Namespace::Item, &name).map(|f| f.kind);
            item.fields.insert(name.into(), values::offered_value(&json, kind));
        }
    }
    item
}

/// A stable word, and the declared names that it concerns.
pub(super) type RefusedItem = (&'static str, Vec<Arc<str>>);

/// An item of `{"item_id": …, "fields": {…}}`, as the policy admits it.
///
/// # Errors
/// The refusal.
pub(super) fn admit_entry(json: Json, world: &World) -> Result<(Item, Vec<Redacted>), RefusedItem> {
    let Json::Object(mut object) = json else {
        return Err(("not-an-object", Vec::new()));
    };
    let id = object.remove("item_id");
    let id = id
        .as_ref()
        .and_then(Json::as_str)
        .and_then(|t| ItemId::new(t).ok())
        .ok_or(("item-id", Vec::new()))?;
    let fields = match object.remove("fields") {
        Some(Json::Object(fields)) => fields,
        None => Fields::new(),
        Some(_) => return Err(("not-an-object", vec!["fields".into()])),
    };
    if !object.is_empty() {
        return Err(("unknown-key", Vec::new()));
    }
    let admitted = world
        .policy
        .admit_item(lay_fields(&id, fields, None, world))
        .map_err(|names| ("missing-field", names))?;
    Ok(admitted.into_parts())
}
