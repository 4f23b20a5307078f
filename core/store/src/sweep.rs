//! Passing through everything that is stored, in short steps: what is too old, what may not be kept, what many people bought.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_model::{EventKind, ItemIndex, SubjectRecord, Timestamp};
use jardin_policy::SweepPlan;
use jardin_strategy::{EventLog as _, FeedEvent, StoreError};
use rusqlite::{Connection, params};

use crate::{Store, people, state_store::erase, writer::Place};

/// So many rows are looked at, or removed, in one step: a long reader would hold up the checkpoint.
const STEP: usize = 10_000;

/// Removes what is too old.
pub(crate) async fn sweep(store: &Store, plan: &SweepPlan) -> Result<u64, StoreError> {
    let restricted: Vec<i64> = store
        .readers
        .read(|sql| numbers(sql, "SELECT number FROM people WHERE restricted IS NOT NULL"))
        .await?;
    let restricted: BTreeSet<u64> = restricted.into_iter().map(i64::cast_unsigned).collect();
    let idle = plan.sessions_idle_since.ms();
    let ended = store.readers.read(move |sql| ended_visits(sql, idle)).await?;
    let too_old = |event: &FeedEvent| {
        if event.subject.is_some_and(|p| restricted.contains(&p.0)) {
            return false;
        }
        let cut = plan
            .events
            .iter()
            .find(|s| s.of_subject == event.subject.is_some() && s.kind == event.kind);
        let with_its_visit = event.subject.is_none() && !plan.outlive_their_visit.contains(&event.kind);
        cut.is_some_and(|s| event.at <= s.until) || (with_its_visit && event.session.is_some_and(|v| ended.contains(&v.0)))
    };
    let gone = remove_events(store, too_old).await?;
    sweep_people(store, plan).await?;
    let visits = "DELETE FROM visits WHERE last_seen <= ?1 AND NOT EXISTS (SELECT 1 FROM events WHERE session = visits.number)";
    store
        .writer
        .write(move |place| place.sql.execute(visits, [idle]).map_err(|e| e.to_string()), |_| {})
        .await?;
    store.shared.sessions.clear();
    Ok(gone.len() as u64)
}

fn numbers(sql: &Connection, select: &str) -> rusqlite::Result<Vec<i64>> {
    sql.prepare(select)?.query_map([], |row| row.get(0))?.collect()
}

/// The visits that have ended.
fn ended_visits(sql: &Connection, idle: i64) -> rusqlite::Result<BTreeSet<u64>> {
    let mut statement = sql.prepare("SELECT number FROM visits WHERE last_seen <= ?1")?;
    statement
        .query_map([idle], |row| row.get::<_, i64>(0).map(i64::cast_unsigned))?
        .collect()
}

/// Accounts that have ended go whole, their keys first; of others what is too old or no longer declared.
async fn sweep_people(store: &Store, plan: &SweepPlan) -> Result<(), StoreError> {
    let all = store
        .readers
        .read(|sql| numbers(sql, "SELECT number FROM people WHERE restricted IS NULL"))
        .await?;
    let mut changed = false;
    for part in all.chunks(STEP / 10) {
        let (shared, plan, part) = (Arc::clone(&store.shared), plan.clone(), part.to_vec());
        let work = move |place: &mut Place<'_>| {
            let mut changed = false;
            for number in part {
                let Some(mut row) = people::find_number(&place.sql, &shared, number).map_err(|e| e.to_string())? else {
                    continue;
                };
                let record = row.record(&place.sql, false).map_err(|e| e.to_string())?;
                if record.last_seen <= plan.accounts_idle_since {
                    let digest: Vec<u8> = place
                        .sql
                        .query_row("SELECT digest FROM people WHERE number = ?1", [number], |r| r.get(0))
                        .map_err(|e| e.to_string())?;
                    erase(place, &shared, &row, &digest, plan.accounts_idle_since)?;
                    changed = true;
                    continue;
                }
                let kept = |name: &Arc<str>, at: Timestamp| plan.fields.iter().any(|(n, until)| n == name && at > *until);
                let mut fields = record.fields.clone();
                fields.retain(|name, stored| kept(name, stored.stored_at));
                if fields.len() != record.fields.len() {
                    row.set_profile(&place.sql, &fields)?;
                    changed = true;
                }
            }
            Ok(changed)
        };
        changed |= store.writer.write(work, |_| {}).await?;
    }
    if changed {
        store.shared.subjects.clear();
        store.settle().await?;
    }
    Ok(())
}

/// Removes every event that holds one of these items.
pub(crate) async fn purge(store: &Store, items: &[ItemIndex]) -> Result<Vec<u64>, StoreError> {
    let items: BTreeSet<ItemIndex> = items.iter().copied().collect();
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let gone = remove_events(store, |event| event.lines.iter().any(|l| items.contains(&l.item))).await?;
    if !gone.is_empty() {
        store.settle().await?;
    }
    Ok(gone)
}

/// Removes the events that `goes` names, step by step, and gives their running numbers.
async fn remove_events(store: &Store, goes: impl Fn(&FeedEvent) -> bool) -> Result<Vec<u64>, StoreError> {
    let mut gone = Vec::new();
    let mut after = 0;
    loop {
        let page = store.feed(after, STEP).await?;
        let Some(last) = page.last() else { break };
        after = last.sequence;
        let doomed: Vec<i64> = page.iter().filter(|e| goes(e)).map(|e| e.sequence.cast_signed()).collect();
        if doomed.is_empty() {
            continue;
        }
        gone.extend(doomed.iter().map(|n| n.cast_unsigned()));
        let work = move |place: &mut Place<'_>| {
            let mut delete = place
                .sql
                .prepare_cached("DELETE FROM events WHERE sequence = ?1")
                .map_err(|e| e.to_string())?;
            doomed
                .iter()
                .try_for_each(|n| delete.execute(params![n]).map(drop))
                .map_err(|e| e.to_string())
        };
        store.writer.write(work, |()| {}).await?;
    }
    if !gone.is_empty() {
        store.shared.subjects.clear();
        store.shared.sessions.clear();
    }
    Ok(gone)
}

/// For each item how many people have it, each counted once by her newest event with it and decayed.
pub(crate) async fn people_per_item(
    store: &Store,
    kinds: &[EventKind],
    half_life_ms: i64,
    now: Timestamp,
    counts: &(dyn for<'a> Fn(&'a SubjectRecord) -> bool + Sync),
) -> Result<Vec<(ItemIndex, u32, f64)>, StoreError> {
    let mut totals: BTreeMap<ItemIndex, (u32, f64)> = BTreeMap::new();
    let mut after = i64::MIN;
    loop {
        let shared = Arc::clone(&store.shared);
        let page = store.readers.read(move |sql| people_page(sql, &shared, after)).await?;
        let Some((last, _)) = page.last() else { break };
        after = *last;
        for (_, record) in page.iter().filter(|(_, r)| r.as_ref().is_some_and(counts)) {
            let mut newest: BTreeMap<ItemIndex, Timestamp> = BTreeMap::new();
            let events = record
                .iter()
                .flat_map(|r| &r.events)
                .filter(|e| kinds.contains(&e.kind) && e.at <= now);
            for (line, at) in events.flat_map(|e| e.lines.iter().map(|l| (l, e.at))) {
                let entry = newest.entry(line.item).or_insert(at);
                *entry = (*entry).max(at);
            }
            for (item, at) in newest {
                let total = totals.entry(item).or_default();
                total.0 += 1;
                total.1 += decay(now.ms_since(at), half_life_ms);
            }
        }
    }
    Ok(totals.into_iter().map(|(item, (people, weight))| (item, people, weight)).collect())
}

#[expect(clippy::cast_precision_loss, reason = "spans of time in milliseconds stay far below 2^53")]
fn decay(age_ms: i64, half_life_ms: i64) -> f64 {
    0.5_f64.powf(age_ms as f64 / half_life_ms.max(1) as f64)
}

/// The next people by number, each with her record where her key is there.
fn people_page(sql: &Connection, shared: &crate::store::Shared, after: i64) -> rusqlite::Result<Vec<(i64, Option<SubjectRecord>)>> {
    let select = "SELECT number FROM people WHERE number > ?1 ORDER BY number LIMIT 500";
    let numbers: Vec<i64> = sql
        .prepare_cached(select)?
        .query_map([after], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let record = |number| {
        people::find_number(sql, shared, number)?
            .map(|row| row.record(sql, true))
            .transpose()
    };
    numbers.into_iter().map(|number| Ok((number, record(number)?))).collect()
}
