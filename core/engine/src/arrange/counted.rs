//! `max_per`: at most so many items of one value.

use std::collections::BTreeMap;

use jardin_contract::PageRule;
use jardin_model::ItemIndex;

use super::{Entry, FieldKey, Rules, Surroundings};

/// Keeps the first `n` of each value, those that stand on the page counted in. An entry with several values
/// needs room in each; one without the field stays.
pub(super) fn max_per(
    mut list: Vec<Entry>,
    side: Rules<'_>,
    page: &[ItemIndex],
    _: &Surroundings<'_>,
) -> Vec<Entry> {
    for rule in side.rules {
        if let PageRule::MaxPer { field, n } = rule {
            let mut counts: BTreeMap<FieldKey, usize> = BTreeMap::new();
            for item in page {
                count(&mut counts, &side.fields.keys(*item, field));
            }
            list.retain(|entry| {
                let keys = side.fields.keys(entry.item, field);
                let has_room = keys.iter().all(|key| counts.get(key).copied().unwrap_or(0) < *n);
                if has_room {
                    count(&mut counts, &keys);
                }
                has_room
            });
        }
    }
    list
}

fn count(counts: &mut BTreeMap<FieldKey, usize>, keys: &[FieldKey]) {
    for key in keys {
        *counts.entry(*key).or_default() += 1;
    }
}
