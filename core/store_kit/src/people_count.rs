//! How many people have an item, without a name.

use std::collections::BTreeMap;

use jardin_model::{EventKind, ItemIndex, SubjectRecord, Timestamp};

/// Counts for each item the different people who have an event of some kinds with it, each once, by the newest one
/// and decayed. Add people in an order that is always the same: then a sum is the same bits each time.
pub struct PeopleCount<'a> {
    kinds: &'a [EventKind],
    half_life_ms: i64,
    now: Timestamp,
    totals: BTreeMap<ItemIndex, (u32, f64)>,
}

impl<'a> PeopleCount<'a> {
    /// Counts nobody yet. After `half_life_ms` milliseconds a person counts half.
    #[must_use]
    pub const fn new(kinds: &'a [EventKind], half_life_ms: i64, now: Timestamp) -> Self {
        Self { kinds, half_life_ms, now, totals: BTreeMap::new() }
    }

    /// Counts a person.
    pub fn add_person(&mut self, record: &SubjectRecord) {
        for (item, at) in self.newest_events(record) {
            let total = self.totals.entry(item).or_default();
            total.0 += 1;
            total.1 += decayed_weight(self.now.ms_since(at), self.half_life_ms);
        }
    }

    /// Each item with how many people have it, and their sum after decay; in the order of the items.
    #[must_use]
    pub fn into_totals(self) -> Vec<(ItemIndex, u32, f64)> {
        self.totals.into_iter().map(|(item, (people, weight))| (item, people, weight)).collect()
    }

    /// When a person last had an event of these kinds with each item.
    fn newest_events(&self, record: &SubjectRecord) -> BTreeMap<ItemIndex, Timestamp> {
        let counts = |kind, at| self.kinds.contains(&kind) && at <= self.now;
        // oldest first, so that the newest stays
        let events = record.events.iter().filter(|e| counts(e.kind, e.at));
        events.flat_map(|event| event.lines.iter().map(|line| (line.item, event.at))).collect()
    }
}

#[expect(clippy::cast_precision_loss, reason = "spans of time in milliseconds stay far below 2^53")]
fn decayed_weight(age_ms: i64, half_life_ms: i64) -> f64 {
    0.5_f64.powf(age_ms as f64 / half_life_ms.max(1) as f64)
}
