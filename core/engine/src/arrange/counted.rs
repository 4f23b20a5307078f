//! `max_per`: at most `n` items of one value.

use std::collections::BTreeMap;

use jardin_contract::PageRule;
use jardin_model::ItemIndex;

use super::{
    fields::FieldKey,
    list::{ListRules, ScoredItem, Surroundings},
};

/// Keeps the first `n` of each value, those that stand on the page counted in. An entry with several values
/// needs room in each; one without the field stays.
pub(super) fn cap_per_value(
    mut list: Vec<ScoredItem>,
    side: ListRules<'_>,
    page: &[ItemIndex],
    _: &Surroundings<'_>,
) -> Vec<ScoredItem> {
    for rule in side.rules {
        if let PageRule::MaxPer { field, n } = rule {
            let mut counts: BTreeMap<FieldKey, usize> = BTreeMap::new();
            for item in page {
                add_to_counts(&mut counts, &side.fields.field_keys(*item, field));
            }
            list.retain(|entry| {
                let keys = side.fields.field_keys(entry.item, field);
                let has_room = keys.iter().all(|key| counts.get(key).copied().unwrap_or(0) < *n);
                if has_room {
                    add_to_counts(&mut counts, &keys);
                }
                has_room
            });
        }
    }
    list
}

fn add_to_counts(counts: &mut BTreeMap<FieldKey, usize>, keys: &[FieldKey]) {
    for key in keys {
        *counts.entry(*key).or_default() += 1;
    }
}
