//! How many people have an item, without a name.

use std::{collections::BTreeMap, sync::Arc};

use jardin_contract::StoreError;
use jardin_model::{EventKind, ItemIndex, SubjectRecord, Timestamp};
use rusqlite::Connection;

use crate::{
    Store, people,
    store::{Shared, failed},
};

/// So many people are read at a time.
const PAGE: usize = 100;

/// For each item how many people have it, each counted once by her newest event with it and decayed; in the
/// order of the items. People are added up in the order of their numbers, so that a sum is the same bits each
/// time.
pub(crate) async fn people_per_item(
    store: &Store,
    kinds: &[EventKind],
    half_life_ms: i64,
    now: Timestamp,
    counts: &(dyn for<'a> Fn(&'a SubjectRecord) -> bool + Sync),
) -> Result<Vec<(ItemIndex, u32, f64)>, StoreError> {
    let mut totals: BTreeMap<ItemIndex, (u32, f64)> = BTreeMap::new();
    let mut after = None;
    loop {
        let shared = Arc::clone(&store.shared);
        let (page, last) = store.readers.read(move |sql| page(sql, &shared, after)).await?;
        if last.is_none() {
            return Ok(totals.into_iter().map(|(item, (people, weight))| (item, people, weight)).collect());
        }
        after = last;
        for record in page.iter().filter(|record| counts(record)) {
            for (item, at) in newest(record, kinds, now) {
                let total = totals.entry(item).or_default();
                total.0 += 1;
                total.1 += decay(now.ms_since(at), half_life_ms);
            }
        }
    }
}

/// When a person last had an event of these kinds with each item.
fn newest(record: &SubjectRecord, kinds: &[EventKind], now: Timestamp) -> BTreeMap<ItemIndex, Timestamp> {
    let mut newest = BTreeMap::new();
    // oldest first, so that the newest stays
    for event in record.events.iter().filter(|e| kinds.contains(&e.kind) && e.at <= now) {
        newest.extend(event.lines.iter().map(|line| (line.item, event.at)));
    }
    newest
}

#[expect(clippy::cast_precision_loss, reason = "spans of time in milliseconds stay far below 2^53")]
fn decay(age_ms: i64, half_life_ms: i64) -> f64 {
    0.5_f64.powf(age_ms as f64 / half_life_ms.max(1) as f64)
}

/// The next people by number, and the last who was looked at; none at the end.
fn page(
    sql: &Connection,
    shared: &Shared,
    after: Option<i64>,
) -> Result<(Vec<SubjectRecord>, Option<i64>), StoreError> {
    let numbers = people::numbers(sql, after, PAGE).map_err(failed)?;
    let mut records = Vec::with_capacity(numbers.len());
    for number in &numbers {
        if let Some(row) = people::find_number(sql, *number)? {
            records.push(row.record(sql, shared)?);
        }
    }
    Ok((records, numbers.last().copied()))
}
