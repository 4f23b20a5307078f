//! How many people have an item, without a name.

use std::collections::BTreeMap;

use jardin_model::{EventKind, HistoryEvent, ItemIndex, Timestamp};

/// Counts for each item the different people who have an event with it that counts, each once, by the newest one and
/// decayed. Add people in an order that is always the same: then a sum is the same bits each time.
pub struct PeopleCount {
    half_life_ms: i64,
    now: Timestamp,
    totals: BTreeMap<ItemIndex, (u32, f64)>,
}

impl PeopleCount {
    /// Counts nobody yet. After `half_life_ms` milliseconds a person counts half.
    #[must_use]
    pub const fn new(half_life_ms: i64, now: Timestamp) -> Self {
        Self { half_life_ms, now, totals: BTreeMap::new() }
    }

    /// Counts a person by these events of theirs, oldest first.
    pub fn add_person(&mut self, events: &[&HistoryEvent]) {
        for (item, at) in self.newest_events(events) {
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

    /// When the last of the events with each item was; what was sent back is theirs no longer.
    fn newest_events(&self, events: &[&HistoryEvent]) -> BTreeMap<ItemIndex, Timestamp> {
        let mut newest = BTreeMap::new();
        // oldest first, so that the newest stays
        for event in events.iter().filter(|event| event.at <= self.now) {
            for line in &event.lines {
                match event.kind {
                    EventKind::Refund => newest.remove(&line.item),
                    EventKind::RemoveFromCart | EventKind::Dismiss => None,
                    _ => newest.insert(line.item, event.at),
                };
            }
        }
        newest
    }
}

#[expect(clippy::cast_precision_loss, reason = "spans of time in milliseconds stay far below 2^53")]
#[expect(clippy::disallowed_methods, reason = "counted by one host for itself, and compared with no other's")]
fn decayed_weight(age_ms: i64, half_life_ms: i64) -> f64 {
    0.5_f64.powf(age_ms as f64 / half_life_ms.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use jardin_model::{DAY_MS, HistoryLine};

    use super::*;

    fn make_event(kind: EventKind, item: u32, days: i64) -> HistoryEvent {
        let lines = [HistoryLine { item: ItemIndex(item), quantity: 1 }].into();
        HistoryEvent { sequence: 0, kind, at: Timestamp::from_ms(days * DAY_MS), lines }
    }

    /// Of 1 everything was sent back, 2 was bought again a half-life ago, 3 was only ever sent back, 4 taken out of the
    /// basket after it was bought, 5 dismissed.
    #[test]
    fn what_was_sent_back_counts_no_longer() {
        let events = [
            make_event(EventKind::Purchase, 1, 1),
            make_event(EventKind::Purchase, 2, 1),
            make_event(EventKind::Purchase, 4, 2),
            make_event(EventKind::Refund, 1, 3),
            make_event(EventKind::Refund, 2, 3),
            make_event(EventKind::Refund, 3, 3),
            make_event(EventKind::RemoveFromCart, 4, 4),
            make_event(EventKind::Dismiss, 5, 4),
            make_event(EventKind::Purchase, 2, 5),
        ];
        let mut count = PeopleCount::new(DAY_MS, Timestamp::from_ms(6 * DAY_MS));
        count.add_person(&events.iter().collect::<Vec<_>>());
        // 2^-1 and 2^-4
        assert_eq!(count.into_totals(), [(ItemIndex(2), 1, 0.5), (ItemIndex(4), 1, 0.0625)]);
    }
}
