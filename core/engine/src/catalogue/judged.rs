//! What would become of an item, asked without a catalogue.

use jardin_model::{Item, Namespace};
use jardin_policy::Policy;
use serde_json::Value;

use super::raw::{RefusedItem, admit_entry};
use crate::{
    api::{DroppedFields, RefusedEntry},
    config::Config,
};

/// What would become of an item.
#[derive(Debug, Clone, PartialEq)]
pub enum JudgedItem {
    /// It would be taken without what was dropped.
    Taken(Item, Vec<DroppedFields>),
    /// It would be refused.
    Refused(RefusedEntry),
}

/// Judges an item `{"item_id": …, "fields": {…}}` as every door does; `index` is its place in what was sent.
#[must_use]
pub fn judge_item(json: &Value, index: usize, policy: &Policy, config: &Config) -> JudgedItem {
    match admit_entry(json, policy, config) {
        Ok((item, redacted)) => {
            let dropped = DroppedFields::of_entry(index, redacted, Namespace::Item, policy);
            JudgedItem::Taken(item, dropped)
        }
        Err(RefusedItem { problem, detail, names }) => {
            JudgedItem::Refused(RefusedEntry { index, problem, detail, names })
        }
    }
}
