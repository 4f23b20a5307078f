//! Items as a shop sends them.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{Currency, Item, ItemId, Namespace, Value};
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
            let value = values::offered_value(json, declared.map(|field| field.kind));
            offered.fields.insert(name, hold_decimals(value, &config.currency));
        }
    }
    policy.admit_item(offered, present, &config.sellable)
}

/// An amount with more decimals than the shop's currency has is none, and is left to the policy as the text that it is.
fn hold_decimals(value: Value, currency: &str) -> Value {
    match (&value, Currency::from_code(currency)) {
        (Value::Money(amount), Some(currency)) if !currency.has_amount(*amount) => {
            Value::Text(amount.to_string().into())
        }
        _ => value,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_has_no_more_decimals_than_its_currency() {
        for (currency, amount, holds) in [
            ("EUR", "14.90", true),
            ("EUR", "14.905", false),
            ("KWD", "1.299", true),
            ("KWD", "1.2995", false),
            ("JPY", "1299.00", true),
            ("JPY", "12.50", false),
        ] {
            let value = Value::Money(amount.parse().unwrap());
            assert_eq!(hold_decimals(value.clone(), currency) == value, holds, "{currency} {amount}");
        }
    }
}
