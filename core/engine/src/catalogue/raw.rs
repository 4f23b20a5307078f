//! Items as a shop sends them.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{Item, ItemId, Namespace};
use jardin_policy::{AdmittedItem, FieldFault, Policy, Redacted};
use serde_json::Value as Json;

use crate::{
    api::{Fields, item_detail, list_faults},
    config::Config,
    values,
};

/// An item of JSON fields, over what is present of it, as the policy admits it; `null` takes a field away.
///
/// # Errors
/// What is wrong with fields on which something rests.
pub(super) fn admit_fields(
    id: &ItemId,
    fields: &Fields,
    mut present: Option<Item>,
    policy: &Policy,
    config: &Config,
) -> Result<AdmittedItem, Vec<FieldFault>> {
    let mut offered = Item { id: id.clone(), fields: BTreeMap::new() };
    for (name, json) in fields {
        if json.is_null() {
            present.iter_mut().for_each(|item| drop(item.fields.remove(name.as_str())));
        } else {
            let declared = policy.rules().declared(Namespace::Item, name);
            let name = declared.map_or_else(|| name.as_str().into(), |field| Arc::clone(&field.path.name));
            offered.fields.insert(name, values::offered_value(json, declared.map(|field| field.kind)));
        }
    }
    policy.admit_item(offered, present, &config.sellable)
}

/// Why an item is refused: a stable word, a sentence, and the declared names that it concerns.
pub(crate) struct RefusedItem {
    pub(crate) problem: &'static str,
    pub(crate) detail: String,
    pub(crate) names: Vec<Arc<str>>,
}

impl RefusedItem {
    fn of_shape(problem: &'static str) -> Self {
        Self { problem, detail: item_detail(problem).to_owned(), names: Vec::new() }
    }

    fn of_fields(faults: &[FieldFault]) -> Self {
        let is_missing = faults.iter().all(FieldFault::is_missing);
        Self {
            problem: if is_missing { "missing-field" } else { "unreadable-field" },
            detail: list_faults(faults),
            names: faults.iter().map(|fault| Arc::clone(fault.name())).collect(),
        }
    }
}

/// An item of `{"item_id": …, "fields": {…}}`, as the policy admits it.
///
/// # Errors
/// The refusal.
pub(crate) fn admit_entry(
    json: &Json,
    policy: &Policy,
    config: &Config,
) -> Result<(Item, Vec<Redacted>), RefusedItem> {
    let Json::Object(object) = json else {
        return Err(RefusedItem::of_shape("not-an-object"));
    };
    let id = object.get("item_id").and_then(Json::as_str).and_then(|text| ItemId::new(text).ok());
    let id = id.ok_or_else(|| RefusedItem::of_shape("item-id"))?;
    let none = Fields::new();
    let fields = match object.get("fields") {
        Some(Json::Object(fields)) => fields,
        None => &none,
        Some(_) => return Err(RefusedItem::of_shape("not-an-object")),
    };
    if object.keys().any(|key| key != "item_id" && key != "fields") {
        return Err(RefusedItem::of_shape("unknown-key"));
    }
    let admitted =
        admit_fields(&id, fields, None, policy, config).map_err(|faults| RefusedItem::of_fields(&faults))?;
    Ok(admitted.into_parts())
}
