//! People, items and switches.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use jardin_model::{
    Choice, ChoiceStatus, EventKind, Item, ItemChange, ItemIds, ItemIndex, PersonNumber, SessionId, SessionRecord, StoredValue, SubjectId,
    SubjectRecord, Timestamp,
};
use jardin_policy::{AdmittedProfile, Stop, StrategyName, SweepPlan};
use jardin_strategy::{Cached, Erasure, Export, StateStore, StoreError};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::{
    Store,
    codec::{In, Out},
    items,
    people::{self, Row, bound, person},
    seal::{digest, open, random},
    store::{Shared, failed},
    sweep,
    writer::{Place, note_time},
};

impl Store {
    /// Changes a person, made now where she is unknown, and gives her record as it is afterwards.
    async fn change(
        &self,
        id: &SubjectId,
        now: Timestamp,
        change: impl FnOnce(&Place<'_>, &mut Row) -> Result<(), String> + Send + 'static,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        let (shared, caches) = (Arc::clone(&self.shared), Arc::clone(&self.shared));
        let (id, key) = (id.clone(), id.clone());
        let work = move |place: &mut Place<'_>| {
            let mut row = people::find_or_make(place, &shared, &id, now)?;
            change(place, &mut row)?;
            note_time(place, now)?;
            let row = people::find(&place.sql, &shared, id.as_str())
                .map_err(|e| e.to_string())?
                .ok_or("she is gone")?;
            row.record(&place.sql, true).map(Arc::new).map_err(|e| e.to_string())
        };
        let after = move |record: &Arc<SubjectRecord>| {
            caches.note_time(now);
            caches.subjects.set(&key, Some(Arc::clone(record)));
        };
        self.writer.write(work, after).await
    }

    async fn set_since(
        &self,
        id: &SubjectId,
        column: &'static str,
        active: bool,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        self.change(id, now, move |place, row| {
            // the first time counts for as long as it lasts
            let value = if active {
                format!("coalesce({column}, {})", now.ms())
            } else {
                "NULL".to_owned()
            };
            let update = format!("UPDATE people SET {column} = {value} WHERE number = ?1");
            place.sql.execute(&update, [row.number]).map(drop).map_err(|e| e.to_string())
        })
        .await
    }
}

#[async_trait]
impl StateStore for Store {
    fn cached_subject(&self, id: &SubjectId) -> Cached<Arc<SubjectRecord>> {
        self.shared.subjects.get(id)
    }

    async fn subject(&self, id: &SubjectId) -> Result<Option<Arc<SubjectRecord>>, StoreError> {
        if let Cached::Known(known) = self.shared.subjects.get(id) {
            return Ok(known);
        }
        let ticket = self.shared.subjects.begin(id);
        let (shared, key) = (Arc::clone(&self.shared), id.clone());
        let read = move |sql: &Connection| {
            // one state of the file for all of a person
            let sql = sql.unchecked_transaction()?;
            people::find(&sql, &shared, key.as_str())?
                .map(|row| row.record(&sql, true).map(Arc::new))
                .transpose()
        };
        let record = self.readers.read(read).await?;
        self.shared.subjects.read(id, ticket, record.clone());
        Ok(record)
    }

    async fn subject_by_number(&self, person: PersonNumber) -> Result<Option<Arc<SubjectRecord>>, StoreError> {
        let shared = Arc::clone(&self.shared);
        let read = move |sql: &Connection| {
            let sql = sql.unchecked_transaction()?;
            people::find_number(&sql, &shared, person.0.cast_signed())?
                .map(|row| row.record(&sql, true).map(Arc::new))
                .transpose()
        };
        self.readers.read(read).await
    }

    fn cached_session(&self, id: &SessionId) -> Cached<Arc<SessionRecord>> {
        self.shared.sessions.get(id)
    }

    async fn session(&self, id: &SessionId) -> Result<Option<Arc<SessionRecord>>, StoreError> {
        if let Cached::Known(known) = self.shared.sessions.get(id) {
            return Ok(known);
        }
        let ticket = self.shared.sessions.begin(id);
        let (shared, key) = (Arc::clone(&self.shared), id.clone());
        let record = self
            .readers
            .read(move |sql| people::session(sql, &shared, key.as_str()))
            .await?
            .map(Arc::new);
        self.shared.sessions.read(id, ticket, record.clone());
        Ok(record)
    }

    async fn put_profile(
        &self,
        id: &SubjectId,
        profile: AdmittedProfile,
        replace: bool,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        self.change(id, now, move |place, row| {
            let mut fields = if replace { BTreeMap::new() } else { row.profile() };
            let stored = |value: &jardin_model::Value| StoredValue {
                value: value.clone(),
                stored_at: now,
            };
            fields.extend(profile.fields().iter().map(|(name, value)| (Arc::clone(name), stored(value))));
            row.set_profile(&place.sql, &fields)
        })
        .await
    }

    async fn put_choice(&self, id: &SubjectId, consent: &str, choice: Choice) -> Result<Arc<SubjectRecord>, StoreError> {
        let (consent, at) = (consent.to_owned(), choice.at);
        self.change(id, at, move |place, row| {
            let status = i64::from(choice.status == ChoiceStatus::Granted);
            let values = params![row.number, consent, status, &*choice.text_version, choice.at.ms(), &*choice.source];
            let insert = "INSERT INTO choices VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            place
                .sql
                .prepare_cached(insert)
                .and_then(|mut s| s.execute(values))
                .map(drop)
                .map_err(|e| e.to_string())
        })
        .await
    }

    async fn put_objection(&self, id: &SubjectId, active: bool, now: Timestamp) -> Result<Arc<SubjectRecord>, StoreError> {
        self.set_since(id, "objected", active, now).await
    }

    async fn put_restriction(&self, id: &SubjectId, active: bool, now: Timestamp) -> Result<Arc<SubjectRecord>, StoreError> {
        self.set_since(id, "restricted", active, now).await
    }

    async fn export(&self, id: &SubjectId) -> Result<Option<Export>, StoreError> {
        let (shared, key) = (Arc::clone(&self.shared), id.clone());
        let read = move |sql: &Connection| {
            let sql = sql.unchecked_transaction()?;
            let Some(row) = people::find(&sql, &shared, key.as_str())? else {
                return Ok(None);
            };
            let record = Arc::new(row.record(&sql, true)?);
            let sessions = sessions_of(&sql, &row)?;
            let sessions = record.events.iter().map(|e| sessions.get(&e.sequence).cloned()).collect();
            Ok(Some(Export { record, sessions }))
        };
        self.readers.read(read).await
    }

    async fn erase(&self, id: &SubjectId, now: Timestamp) -> Result<Option<Erasure>, StoreError> {
        let (shared, caches) = (Arc::clone(&self.shared), Arc::clone(&self.shared));
        let (id, key) = (id.clone(), id.clone());
        let work = move |place: &mut Place<'_>| {
            let Some(row) = people::find(&place.sql, &shared, id.as_str()).map_err(|e| e.to_string())? else {
                return Ok(None);
            };
            note_time(place, now)?;
            erase(place, &shared, &row, &shared.digest("subject", id.as_str()), now).map(Some)
        };
        let after = move |_: &Option<Erasure>| {
            caches.note_time(now);
            caches.subjects.set(&key, None);
        };
        let erasure = self.writer.write(work, after).await?;
        if erasure.is_some() {
            self.writer.truncate().await?;
        }
        Ok(erasure)
    }

    async fn erasure(&self, receipt: &str) -> Result<Option<Erasure>, StoreError> {
        let receipt = receipt.to_owned();
        let read = move |sql: &Connection| {
            let select = "SELECT at, events, person FROM erasures WHERE receipt = ?1";
            let found = sql
                .query_row(select, [&receipt], |r| {
                    Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?, r.get::<_, i64>(2)?))
                })
                .optional()?;
            Ok(found.map(|(at, events, number)| Erasure {
                receipt: receipt.into(),
                at: Timestamp::from_ms(at),
                events: events.unsigned_abs(),
                person: person(number),
            }))
        };
        self.readers.read(read).await
    }

    fn item_ids(&self) -> Arc<ItemIds> {
        Arc::clone(&self.shared.ids)
    }

    async fn items(&self) -> Result<Vec<Item>, StoreError> {
        self.readers.read(items::all).await
    }

    async fn change_items(&self, changes: Vec<ItemChange>) -> Result<(), StoreError> {
        let shared = Arc::clone(&self.shared);
        self.writer
            .write(
                move |place| items::change(&place.sql, &shared, &changes).map_err(|e| e.to_string()),
                |()| {},
            )
            .await
    }

    async fn stop(&self) -> Result<Stop, StoreError> {
        let read = |sql: &Connection| {
            sql.query_row("SELECT value FROM switches WHERE name = 'stop'", [], |r| r.get::<_, Vec<u8>>(0))
                .optional()
        };
        Ok(self.readers.read(read).await?.and_then(|bytes| stop_of(&bytes)).unwrap_or_default())
    }

    async fn put_stop(&self, stop: &Stop) -> Result<(), StoreError> {
        let mut out = Out::default();
        out.word(u64::from(stop.everything));
        out.word(stop.strategies.len() as u64);
        stop.strategies.iter().for_each(|name| out.text(name.as_str()));
        let work = move |place: &mut Place<'_>| {
            let upsert = "INSERT INTO switches VALUES ('stop', ?1) ON CONFLICT DO UPDATE SET value = excluded.value";
            place.sql.execute(upsert, [out.0]).map(drop).map_err(|e| e.to_string())
        };
        self.writer.write(work, |()| {}).await
    }

    async fn sweep(&self, plan: &SweepPlan) -> Result<u64, StoreError> {
        sweep::sweep(self, plan).await
    }

    async fn purge_items(&self, items: &[ItemIndex]) -> Result<Vec<u64>, StoreError> {
        sweep::purge(self, items).await
    }

    async fn people_per_item(
        &self,
        kinds: &[EventKind],
        half_life_ms: i64,
        now: Timestamp,
        counts: &(dyn for<'a> Fn(&'a SubjectRecord) -> bool + Sync),
    ) -> Result<Vec<(ItemIndex, u32, f64)>, StoreError> {
        sweep::people_per_item(self, kinds, half_life_ms, now, counts).await
    }

    fn latest_durable(&self) -> Option<Timestamp> {
        self.shared.latest()
    }

    fn secret(&self, usage: &str) -> [u8; 32] {
        digest(&self.shared.master, &[b"secret", usage.as_bytes()])
    }
}

fn stop_of(bytes: &[u8]) -> Option<Stop> {
    let mut input = In(bytes);
    let everything = input.word()? == 1;
    let count = input.word()?;
    let strategies = (0..count)
        .map(|_| input.text().and_then(StrategyName::new))
        .collect::<Option<_>>()?;
    Some(Stop { everything, strategies })
}

/// The visits that a person's events name, by running number.
fn sessions_of(sql: &Connection, row: &Row) -> rusqlite::Result<BTreeMap<u64, SessionId>> {
    let mut statement = sql.prepare_cached("SELECT sequence, sealed FROM events WHERE subject = ?1 AND sealed IS NOT NULL")?;
    let rows = statement.query_map([row.number], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, Vec<u8>>(1)?)))?;
    let mut sessions = BTreeMap::new();
    for found in rows {
        let (sequence, sealed) = found?;
        let opened = open(&row.key, &bound(row.number, "event"), &sealed).unwrap_or_default();
        if let Some(id) = In(&opened).text().and_then(|id| SessionId::new(id).ok()) {
            sessions.insert(sequence.cast_unsigned(), id);
        }
    }
    Ok(sessions)
}

/// Destroys the key first: whatever happens next, nothing of hers can be read again.
pub(crate) fn erase(place: &mut Place<'_>, shared: &Shared, row: &Row, digest: &[u8], now: Timestamp) -> Result<Erasure, String> {
    shared.keys.destroy(row.slot).map_err(|e| e.to_string())?;
    let text = |e: rusqlite::Error| e.to_string();
    let position: i64 = place
        .sql
        .query_row("SELECT coalesce(max(sequence), 0) FROM events", [], |r| r.get(0))
        .map_err(text)?;
    let events = people::remove_rows(&place.sql, row.number).map_err(text)?;
    let receipt: String = random::<16>()?.iter().map(|b| format!("{b:02x}")).collect();
    let count = i64::try_from(events).unwrap_or(i64::MAX);
    let values = params![receipt, digest, position, now.ms(), count, row.number];
    place
        .sql
        .execute("INSERT INTO erasures VALUES (?1, ?2, ?3, ?4, ?5, ?6)", values)
        .map_err(text)?;
    Ok(Erasure {
        receipt: receipt.into(),
        at: now,
        events,
        person: person(row.number),
    })
}

impl Store {
    /// Waits until every read that was begun before has ended, as far as erasing needs it.
    pub(crate) async fn settle(&self) -> Result<(), StoreError> {
        self.writer.truncate().await.map_err(failed)
    }
}
