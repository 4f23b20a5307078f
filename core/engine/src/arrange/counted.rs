//! `max_per`: at most `n` items of one value.

use std::collections::BTreeMap;

use jardin_contract::PageRule;
use jardin_model::ItemIndex;

use super::{
    fields::{FieldKey, FieldKeys, PageFields},
    list::Arrangement,
};

/// How many items of each value every `max_per` has let through so far, the strategy's own rules first.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct ValueCounts(Vec<BTreeMap<FieldKey, usize>>);

impl ValueCounts {
    /// Before the first entry: what stands on the page is counted in by the finish.
    pub(super) fn over_page(rules: &Arrangement<'_>) -> Self {
        let counts = caps(rules).map(|cap| {
            let mut counts = BTreeMap::new();
            for item in cap.page {
                add_to_counts(&mut counts, cap.fields.field_keys(*item, cap.field));
            }
            counts
        });
        Self(counts.collect())
    }

    /// Lets the next entry of the list through, unless one of its values has no room left. One without the
    /// field passes.
    pub(super) fn let_through(&mut self, item: ItemIndex, rules: &Arrangement<'_>) -> bool {
        self.0.iter_mut().zip(caps(rules)).all(|(counts, cap)| {
            let keys = cap.fields.field_keys(item, cap.field);
            let has_room = keys.clone().all(|key| counts.get(&key).copied().unwrap_or(0) < cap.n);
            if has_room {
                add_to_counts(counts, keys);
            }
            has_room
        })
    }
}

/// One `max_per` with the page that it counts over.
struct Cap<'a> {
    fields: &'a dyn PageFields,
    field: &'a str,
    n: usize,
    page: &'a [ItemIndex],
}

fn caps<'a>(rules: &Arrangement<'a>) -> impl Iterator<Item = Cap<'a>> + use<'a> {
    rules.sides().flat_map(|(side, page)| {
        side.rules.iter().filter_map(move |rule| match rule {
            PageRule::MaxPer { field, n } => Some(Cap { fields: side.fields, field, n: *n, page }),
            _ => None,
        })
    })
}

fn add_to_counts(counts: &mut BTreeMap<FieldKey, usize>, keys: FieldKeys<'_>) {
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
}
