//! What was sent back teaches nothing: a refund undoes the purchases that it names.

use std::collections::BTreeMap;

use jardin_model::{EventKind, ItemIndex};

use super::archive::LearnableEvent;

/// Takes what was sent back out of the purchases of one owner: of each item as many pieces as a refund names, from the
/// latest purchase before it on. A line of which a piece is left stays.
pub(super) fn undo_refunds(events: &mut [LearnableEvent]) {
    if events.iter().all(|event| event.kind != EventKind::Refund) {
        return;
    }
    let mut order: Vec<usize> = (0..events.len()).collect();
    order.sort_by_key(|n| events.get(*n).map(|event| (event.at, event.sequence)));
    let mut sent_back: BTreeMap<ItemIndex, u32> = BTreeMap::new();
    // the latest first, so that a refund is met before what it undoes
    for event in order.into_iter().rev() {
        let Some(event) = events.get_mut(event) else { continue };
        match event.kind {
            EventKind::Refund => event.lines.iter().for_each(|line| {
                let pieces = sent_back.entry(line.item).or_default();
                *pieces = pieces.saturating_add(line.quantity);
            }),
            EventKind::Purchase => undo_purchase(event, &mut sent_back),
            _ => {}
        }
    }
}

fn undo_purchase(event: &mut LearnableEvent, sent_back: &mut BTreeMap<ItemIndex, u32>) {
    let mut lines = event.lines.to_vec();
    lines.retain(|line| {
        let Some(pieces) = sent_back.get_mut(&line.item) else { return true };
        let is_left = *pieces < line.quantity;
        *pieces = pieces.saturating_sub(line.quantity);
        is_left
    });
    event.lines = lines.into();
}

#[cfg(test)]
mod tests {
    use jardin_model::{HistoryLine, Timestamp};

    use super::*;

    fn event(sequence: u64, kind: EventKind, minute: i64, lines: &[(u32, u32)]) -> LearnableEvent {
        let line =
            |(item, quantity): &(u32, u32)| HistoryLine { item: ItemIndex(*item), quantity: *quantity };
        let at = Timestamp::from_ms(minute * 60_000);
        LearnableEvent { sequence, visit: None, kind, at, lines: lines.iter().map(line).collect() }
    }

    /// 1 is bought twice and sent back once; of 2 two pieces of three are sent back; 3 is bought again after it was sent
    /// back; of 4 more is sent back than was bought last; 5 was only looked at. The first refund was told late.
    #[test]
    fn a_refund_takes_back_the_latest_pieces_before_it() {
        use EventKind::{Purchase, Refund, ViewItem};
        let mut events = [
            event(1, Purchase, 1, &[(1, 1), (2, 3), (3, 1), (4, 1)]),
            event(2, Purchase, 2, &[(1, 1), (4, 2)]),
            event(3, ViewItem, 3, &[(5, 1)]),
            event(4, Purchase, 5, &[(3, 1)]),
            event(5, Refund, 4, &[(1, 1), (3, 1), (5, 1)]),
            event(6, Refund, 6, &[(2, 2), (4, 3)]),
        ];
        undo_refunds(&mut events);
        let left = |n: usize| events[n].lines.iter().map(|line| line.item.0).collect::<Vec<_>>();
        assert_eq!((left(0), left(1), left(3)), (vec![1, 2], vec![], vec![3]));
        assert_eq!((left(2), left(4)), (vec![5], vec![1, 3, 5]), "only purchases change");
    }
}
