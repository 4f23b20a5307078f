//! Removing what is too old, or what nobody may keep, in short steps: readers find it, and the writer looks
//! once more before it removes it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_contract::{EventLog as _, FeedEvent, FindGroundless, StateStore as _, StoreError};
use jardin_model::{ItemId, ItemIndex, PersonNumber, StoredValue, SubjectRecord, Timestamp};
use jardin_policy::SweepPlan;
use jardin_store_kit::{ends_with_visit, is_too_old, keeps_field, names_item, remove_items};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::{
    SqliteStore,
    people::{self, Row, person_number},
    store::Shared,
    writer::Place,
};

/// So many rows are looked at in one step.
const LOOK: usize = 10_000;
/// So many are removed in one step, so that events do not wait long behind it.
const REMOVE: usize = 1_000;

/// Removes what is too old, and says how many events went.
pub(crate) async fn sweep_store(store: &SqliteStore, plan: &SweepPlan) -> Result<u64, StoreError> {
    let plan = Arc::new(plan.clone());
    let may_go = |event: &FeedEvent| is_too_old(&plan, event) || ends_with_visit(&plan, event);
    let rule = Rule::Plan(Arc::clone(&plan));
    let mut gone = remove_events(store, may_go, &rule).await?.len() as u64;
    gone += change_people(store, &PersonRule::Plan(Arc::clone(&plan))).await?;
    sweep_visit_choices(store, plan.sessions_idle_since).await?;
    sweep_visits(store, plan.sessions_idle_since).await?;
    if gone > 0 {
        store.writer.truncate_log().await?;
    }
    Ok(gone)
}

/// Removes every event that holds one of these items and takes them out of profiles, but a restricted
/// person's.
pub(crate) async fn purge_items(store: &SqliteStore, items: &[ItemIndex]) -> Result<Vec<u64>, StoreError> {
    let items: BTreeSet<ItemIndex> = items.iter().copied().collect();
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let holds = |event: &FeedEvent| event.lines.iter().any(|line| items.contains(&line.item));
    let gone = remove_events(store, holds, &Rule::Whole).await?;
    let ids = store.item_ids();
    let named: BTreeSet<ItemId> = items.iter().filter_map(|item| ids.id(*item).cloned()).collect();
    change_people(store, &PersonRule::Items(Arc::new(named))).await?;
    if !gone.is_empty() {
        store.writer.truncate_log().await?;
    }
    Ok(gone)
}

/// Removes what is groundless of people, but of a restricted person nothing.
pub(crate) async fn erase_groundless(
    store: &SqliteStore,
    find: &FindGroundless<'_>,
) -> Result<Vec<u64>, StoreError> {
    let (mut found, mut values) = (Vec::new(), Values::new());
    let of_person = |record: &SubjectRecord| {
        let groundless = find(record);
        found.extend(groundless.events.into_iter().map(|event| FeedEvent {
            sequence: event.sequence,
            subject: Some(record.person),
            session: None,
            kind: event.kind,
            at: event.at,
            lines: event.lines.clone(),
        }));
        let told_at = |name: &Arc<str>| Some((name.clone(), record.fields.get(name)?.stored_at));
        let told: BTreeMap<_, _> = groundless.values.into_iter().filter_map(told_at).collect();
        if !told.is_empty() {
            values.insert(record.person.0.cast_signed(), told);
        }
    };
    store.for_each_person(of_person).await?;
    let gone = remove_found(store, &found, &Rule::Whole).await?;
    let people: Vec<i64> = values.keys().copied().collect();
    change_found(store, &PersonRule::Values(Arc::new(values)), &people).await?;
    if !gone.is_empty() || !people.is_empty() {
        store.writer.truncate_log().await?;
    }
    Ok(gone)
}

/// Values of people, by their numbers, with when each was told.
type Values = BTreeMap<i64, BTreeMap<Arc<str>, Timestamp>>;

/// Under which rule events go.
#[derive(Clone)]
enum Rule {
    /// Those that the plan names, and those of visits that have ended.
    Plan(Arc<SweepPlan>),
    /// All that were found.
    Whole,
}

/// Removes the events that `may_go` finds and for which the rule still holds, and gives their running numbers
/// in order.
async fn remove_events(
    store: &SqliteStore,
    may_go: impl Fn(&FeedEvent) -> bool,
    rule: &Rule,
) -> Result<Vec<u64>, StoreError> {
    let mut gone = Vec::new();
    let mut after = 0;
    loop {
        let page = store.read_feed(after, LOOK).await?;
        let Some(last) = page.last() else { return Ok(gone) };
        after = last.sequence;
        let found: Vec<FeedEvent> = page.into_iter().filter(|event| may_go(event)).collect();
        gone.extend(remove_found(store, &found, rule).await?);
    }
}

/// Removes of these events those for which the rule still holds, and gives their running numbers in order.
async fn remove_found(store: &SqliteStore, found: &[FeedEvent], rule: &Rule) -> Result<Vec<u64>, StoreError> {
    let mut gone = Vec::new();
    for part in found.chunks(REMOVE) {
        let (part, rule, caches) = (part.to_vec(), rule.clone(), Arc::clone(&store.shared));
        let rows = part.len();
        let work = move |place: &mut Place<'_>| {
            let removed = part.into_iter().map(|event| remove_event(&place.sql, &rule, event));
            removed.filter_map(Result::transpose).collect::<Result<Vec<FeedEvent>, _>>()
        };
        let after = move |removed: &Vec<FeedEvent>| {
            caches.subjects.forget_people(&removed.iter().filter_map(|e| e.subject).collect::<Vec<_>>());
            let of_visits = removed.iter().filter(|e| e.subject.is_none());
            caches.sessions.forget_people(&of_visits.filter_map(|e| e.session).collect::<Vec<_>>());
        };
        let removed = store.writer.write(rows, work, after).await?;
        gone.extend(removed.iter().map(|event| event.sequence));
    }
    Ok(gone)
}

/// Removes one event where the rule holds at this moment; gives it where it went.
fn remove_event(sql: &Connection, rule: &Rule, event: FeedEvent) -> Result<Option<FeedEvent>, StoreError> {
    let restricted = "SELECT restricted IS NOT NULL FROM people WHERE number = ?1";
    if let Some(person) = event.subject
        && query_flag(sql, restricted, person)?.unwrap_or(false)
    {
        return Ok(None);
    }
    let holds = match rule {
        Rule::Whole => true,
        Rule::Plan(plan) => {
            is_too_old(plan, &event)
                || (ends_with_visit(plan, &event) && has_ended(sql, event.session, plan.sessions_idle_since)?)
        }
    };
    if !holds {
        return Ok(None);
    }
    let delete = sql.prepare_cached("DELETE FROM events WHERE sequence = ?1");
    let deleted =
        delete.and_then(|mut s| s.execute([event.sequence.cast_signed()])).map_err(StoreError::failed)?;
    Ok((deleted > 0).then_some(event))
}

fn has_ended(
    sql: &Connection,
    visit: Option<PersonNumber>,
    idle_since: Timestamp,
) -> Result<bool, StoreError> {
    let Some(visit) = visit else { return Ok(false) };
    let ended = format!("SELECT last_seen <= {} FROM visits WHERE number = ?1", idle_since.ms());
    // without its row a visit is over
    Ok(query_flag(sql, &ended, visit)?.unwrap_or(true))
}

fn query_flag(sql: &Connection, select: &str, number: PersonNumber) -> Result<Option<bool>, StoreError> {
    let found = sql.prepare_cached(select);
    found
        .and_then(|mut s| s.query_row([number.0.cast_signed()], |row| row.get(0)).optional())
        .map_err(StoreError::failed)
}

/// Under which rule people lose values. Those who are restricted lose none.
#[derive(Clone)]
enum PersonRule {
    /// Accounts that have ended go whole; of others the profile values that are too old or no longer declared.
    Plan(Arc<SweepPlan>),
    /// Values that are, or list, one of these items.
    Items(Arc<BTreeSet<ItemId>>),
    /// Values that have not been told anew since.
    Values(Arc<Values>),
}

impl PersonRule {
    fn ends_account(&self, row: &Row) -> bool {
        matches!(self, Self::Plan(plan) if row.last_seen() <= plan.accounts_idle_since)
    }

    fn changes_value(&self, person: i64, name: &Arc<str>, stored: &StoredValue) -> bool {
        match self {
            Self::Plan(plan) => !keeps_field(plan, name, stored),
            Self::Items(items) => names_item(stored, items),
            Self::Values(values) => {
                values.get(&person).and_then(|told| told.get(name)) == Some(&stored.stored_at)
            }
        }
    }

    fn change_profile(&self, person: i64, profile: &mut BTreeMap<Arc<str>, StoredValue>) {
        match self {
            Self::Items(items) => remove_items(profile, items),
            Self::Plan(_) | Self::Values(_) => {
                profile.retain(|name, stored| !self.changes_value(person, name, stored));
            }
        }
    }
}

/// Takes from people what the rule names. Gives how many events went.
async fn change_people(store: &SqliteStore, rule: &PersonRule) -> Result<u64, StoreError> {
    let (mut gone, mut after) = (0, None);
    loop {
        let (shared, for_readers) = (Arc::clone(&store.shared), rule.clone());
        let page = store.readers.read(move |sql| changed_page(sql, &shared, &for_readers, after)).await?;
        let Some(last) = page.last else { return Ok(gone) };
        after = Some(last);
        gone += change_found(store, rule, &page.found).await?;
    }
}

/// Takes from these people what the rule still names. Gives how many events went.
async fn change_found(store: &SqliteStore, rule: &PersonRule, found: &[i64]) -> Result<u64, StoreError> {
    let mut gone = 0;
    for part in found.chunks(REMOVE / 10) {
        let (shared, caches, rule) = (Arc::clone(&store.shared), Arc::clone(&store.shared), rule.clone());
        let part = part.to_vec();
        let people: Vec<PersonNumber> = part.iter().copied().map(person_number).collect();
        let work = move |place: &mut Place<'_>| {
            let swept = part.into_iter().map(|number| change_person(place, &shared, &rule, number));
            swept.sum::<Result<u64, StoreError>>()
        };
        let rows = people.len();
        gone += store.writer.write(rows, work, move |_| caches.subjects.forget_people(&people)).await?;
    }
    Ok(gone)
}

struct ChangedPage {
    /// People of whom something goes.
    found: Vec<i64>,
    /// The last who was looked at; none at the end.
    last: Option<i64>,
}

fn changed_page(
    sql: &Connection,
    shared: &Shared,
    rule: &PersonRule,
    after: Option<i64>,
) -> Result<ChangedPage, StoreError> {
    let numbers = people::numbers_after(sql, after, REMOVE).map_err(StoreError::failed)?;
    let last = numbers.last().copied();
    let mut found = Vec::new();
    for number in numbers {
        if let Some(row) = people::find_number(sql, number)?
            && !row.is_restricted()
            && (rule.ends_account(&row)
                || row
                    .open_profile(shared)?
                    .iter()
                    .any(|(name, stored)| rule.changes_value(number, name, stored)))
        {
            found.push(number);
        }
    }
    Ok(ChangedPage { found, last })
}

fn change_person(
    place: &mut Place<'_>,
    shared: &Shared,
    rule: &PersonRule,
    number: i64,
) -> Result<u64, StoreError> {
    let Some(mut row) = people::find_number(&place.sql, number)?.filter(|row| !row.is_restricted()) else {
        return Ok(0);
    };
    if rule.ends_account(&row) {
        place.schedule_key_destruction(row.slot)?;
        return people::remove_rows(&place.sql, number).map_err(StoreError::failed);
    }
    let mut profile = row.open_profile(shared)?;
    if profile.iter().any(|(name, stored)| rule.changes_value(number, name, stored)) {
        rule.change_profile(number, &mut profile);
        row.set_profile(&place.sql, shared, &profile)?;
    }
    Ok(0)
}

/// What was decided for visits that have ended, whether an event still names them or not.
async fn sweep_visit_choices(store: &SqliteStore, idle_since: Timestamp) -> Result<(), StoreError> {
    let query = move |sql: &Connection| {
        let select = "SELECT DISTINCT v.number FROM choices c JOIN visits v ON v.number = c.person WHERE v.last_seen <= ?1";
        let mut statement = sql.prepare_cached(select).map_err(StoreError::failed)?;
        let rows = statement.query_map([idle_since.ms()], |row| row.get(0)).map_err(StoreError::failed)?;
        rows.collect::<rusqlite::Result<Vec<i64>>>().map_err(StoreError::failed)
    };
    let found = store.readers.read(query).await?;
    for part in found.chunks(REMOVE) {
        let (part, caches) = (part.to_vec(), Arc::clone(&store.shared));
        let visits: Vec<PersonNumber> = part.iter().copied().map(person_number).collect();
        let work = move |place: &mut Place<'_>| {
            let delete = "DELETE FROM choices WHERE person = ?1
                AND EXISTS (SELECT 1 FROM visits WHERE number = ?1 AND last_seen <= ?2)";
            let mut delete = place.sql.prepare_cached(delete).map_err(StoreError::failed)?;
            let mut each = part.iter().map(|number| delete.execute(params![number, idle_since.ms()]));
            each.try_for_each(|done| done.map(drop)).map_err(StoreError::failed)
        };
        let rows = visits.len();
        store.writer.write(rows, work, move |()| caches.sessions.forget_people(&visits)).await?;
    }
    Ok(())
}

/// Visits that have ended and that no event names any longer.
async fn sweep_visits(store: &SqliteStore, idle_since: Timestamp) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let (found, last) = store
            .readers
            .read(move |sql| ended_page(sql, idle_since, after).map_err(StoreError::failed))
            .await?;
        if last.is_none() {
            return Ok(());
        }
        after = last;
        for part in found.chunks(REMOVE) {
            let (part, caches) = (part.to_vec(), Arc::clone(&store.shared));
            let visits: Vec<PersonNumber> = part.iter().copied().map(person_number).collect();
            let work = move |place: &mut Place<'_>| {
                let delete = "DELETE FROM visits WHERE number = ?1 AND last_seen <= ?2
                    AND NOT EXISTS (SELECT 1 FROM events WHERE session = ?1)";
                let mut delete = place.sql.prepare_cached(delete).map_err(StoreError::failed)?;
                let mut each = part.iter().map(|number| delete.execute(params![number, idle_since.ms()]));
                each.try_for_each(|done| done.map(drop)).map_err(StoreError::failed)
            };
            let rows = visits.len();
            store.writer.write(rows, work, move |()| caches.sessions.forget_people(&visits)).await?;
        }
    }
}

/// Of a page of visits those that have ended and that no event names, and the last that was looked at; none
/// at the end.
fn ended_page(
    sql: &Connection,
    idle_since: Timestamp,
    after: Option<i64>,
) -> rusqlite::Result<(Vec<i64>, Option<i64>)> {
    let (mut found, mut last) = (Vec::new(), None);
    let Some(first) = people::number_after(after) else {
        return Ok((found, last));
    };
    let select =
        "SELECT number, last_seen <= ?2 AND NOT EXISTS (SELECT 1 FROM events WHERE session = visits.number)
        FROM visits WHERE number >= ?1 ORDER BY number LIMIT 10000";
    let mut statement = sql.prepare_cached(select)?;
    let mut rows = statement.query(params![first, idle_since.ms()])?;
    while let Some(row) = rows.next()? {
        let number = row.get(0)?;
        last = Some(number);
        if row.get(1)? {
            found.push(number);
        }
    }
    Ok((found, last))
}
