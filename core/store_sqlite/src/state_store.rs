//! People, items and switches.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use jardin_contract::{
    Cached, Erasure, EventDetails, Export, KeyRing as _, ProfileChange, StateStore, StoreError,
};
use jardin_model::{
    Choice, ChoiceStatus, EventKind, Item, ItemChange, ItemIds, ItemIndex, PersonNumber, SessionId,
    SessionRecord, SubjectId, SubjectRecord, Timestamp,
};
use jardin_policy::{Stop, StrategyName, SweepPlan};
use jardin_store_kit::{Decoder, Encoder, PeopleCount, decode_details, keyed_digest, random_bytes};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::{
    SqliteStore, items,
    people::{self, Row, Since, person_number, seal_binding},
    store::Shared,
    sweep, visits,
    writer::{Place, note_time},
};

impl SqliteStore {
    /// Changes a person, made now where she is unknown, and gives her record as it is afterwards.
    async fn change_person(
        &self,
        id: &SubjectId,
        seen: Timestamp,
        change: impl FnOnce(&Place<'_>, &Shared, &mut Row) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        let (shared, caches) = (Arc::clone(&self.shared), Arc::clone(&self.shared));
        let (id, key) = (id.clone(), id.clone());
        let work = move |place: &mut Place<'_>| {
            let mut row = people::find_or_make(place, &shared, &id, seen)?;
            change(place, &shared, &mut row)?;
            row.read_record(&place.sql, &shared).map(Arc::new)
        };
        let after =
            move |record: &Arc<SubjectRecord>| caches.subjects.set_record(&key, Some(Arc::clone(record)));
        self.writer.write(1, work, after).await
    }

    /// As [`SqliteStore::change`], by a clock whose time becomes durable.
    async fn change_at(
        &self,
        id: &SubjectId,
        now: Timestamp,
        change: impl FnOnce(&Place<'_>, &Shared, &mut Row) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        let noted = move |place: &Place<'_>, shared: &Shared, row: &mut Row| {
            change(place, shared, row)?;
            note_time(place, now)
        };
        let record = self.change_person(id, now, noted).await?;
        self.shared.note_time(now);
        Ok(record)
    }
}

#[async_trait]
impl StateStore for SqliteStore {
    fn cached_subject(&self, id: &SubjectId) -> Cached<Arc<SubjectRecord>> {
        self.shared.subjects.find_record(id)
    }

    async fn read_subject(&self, id: &SubjectId) -> Result<Option<Arc<SubjectRecord>>, StoreError> {
        if let Cached::Known(known) = self.shared.subjects.find_record(id) {
            return Ok(known);
        }
        let read = self.shared.subjects.begin_read(id);
        let (shared, key) = (Arc::clone(&self.shared), id.clone());
        let query = move |sql: &Connection| {
            let row = people::find_person(sql, &shared, key.as_str())?;
            row.map(|row| row.read_record(sql, &shared).map(Arc::new)).transpose()
        };
        let record = self.readers.read(query).await?;
        read.keep_found(record.clone());
        Ok(record)
    }

    async fn subject_by_number(
        &self,
        person: PersonNumber,
    ) -> Result<Option<Arc<SubjectRecord>>, StoreError> {
        let shared = Arc::clone(&self.shared);
        let query = move |sql: &Connection| {
            let row = people::find_number(sql, person.0.cast_signed())?;
            row.map(|row| row.read_record(sql, &shared).map(Arc::new)).transpose()
        };
        self.readers.read(query).await
    }

    fn cached_session(&self, id: &SessionId) -> Cached<Arc<SessionRecord>> {
        self.shared.sessions.find_record(id)
    }

    async fn read_session(&self, id: &SessionId) -> Result<Option<Arc<SessionRecord>>, StoreError> {
        if let Cached::Known(known) = self.shared.sessions.find_record(id) {
            return Ok(known);
        }
        let read = self.shared.sessions.begin_read(id);
        let (shared, key) = (Arc::clone(&self.shared), id.clone());
        let query = move |sql: &Connection| visits::read_visit(sql, &shared, key.as_str());
        let record = self.readers.read(query).await?.map(Arc::new);
        read.keep_found(record.clone());
        Ok(record)
    }

    async fn put_profile(
        &self,
        id: &SubjectId,
        change: ProfileChange,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        self.change_at(id, now, move |place, shared, row| {
            let mut fields = row.open_profile(shared)?;
            change.apply_to(&mut fields, now);
            row.set_profile(&place.sql, shared, &fields)
        })
        .await
    }

    async fn put_choice(
        &self,
        id: &SubjectId,
        consent: &str,
        choice: Choice,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        let consent = consent.to_owned();
        // the time of an answer is what somebody says, and no clock: it is not noted as durable
        self.change_person(id, choice.at, move |place, _, row| {
            let status = i64::from(choice.status == ChoiceStatus::Granted);
            let values =
                params![row.number, consent, status, &*choice.text_version, choice.at.ms(), &*choice.source];
            let insert = place.sql.prepare_cached("INSERT INTO choices VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
            insert.and_then(|mut s| s.execute(values)).map(drop).map_err(StoreError::failed)
        })
        .await
    }

    async fn put_objection(
        &self,
        id: &SubjectId,
        active: bool,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        self.change_at(id, now, move |place, _, row| row.set_since(&place.sql, Since::Objected, active, now))
            .await
    }

    async fn put_restriction(
        &self,
        id: &SubjectId,
        active: bool,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        self.change_at(id, now, move |place, _, row| {
            row.set_since(&place.sql, Since::Restricted, active, now)
        })
        .await
    }

    async fn export_subject(&self, id: &SubjectId) -> Result<Option<Export>, StoreError> {
        let (shared, key) = (Arc::clone(&self.shared), id.clone());
        self.readers.read(move |sql| read_export(sql, &shared, key.as_str())).await
    }

    async fn erase_subject(&self, id: &SubjectId, now: Timestamp) -> Result<Option<Erasure>, StoreError> {
        let (shared, caches) = (Arc::clone(&self.shared), Arc::clone(&self.shared));
        let (id, key) = (id.clone(), id.clone());
        let work = move |place: &mut Place<'_>| {
            let row = people::find_person(&place.sql, &shared, id.as_str())?;
            row.map(|row| remove_person(place, &shared, &row, &id, now)).transpose()
        };
        let after = move |erasure: &Option<Erasure>| {
            if erasure.is_some() {
                caches.note_time(now);
            }
            caches.subjects.set_record(&key, None);
        };
        let erasure = self.writer.write(1, work, after).await?;
        if erasure.is_some() {
            self.writer.truncate_log().await?;
        }
        Ok(erasure)
    }

    async fn find_erasure(&self, receipt: &str) -> Result<Option<Erasure>, StoreError> {
        let receipt = receipt.to_owned();
        let query = move |sql: &Connection| {
            let select = "SELECT at, events, person FROM erasures WHERE receipt = ?1";
            let found = sql
                .query_row(select, [&receipt], |r| {
                    Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?, r.get::<_, i64>(2)?))
                })
                .optional()
                .map_err(StoreError::failed)?;
            Ok(found.map(|(at, events, number)| Erasure {
                receipt: receipt.into(),
                at: Timestamp::from_ms(at),
                events: events.unsigned_abs(),
                person: person_number(number),
            }))
        };
        self.readers.read(query).await
    }

    fn item_ids(&self) -> Arc<ItemIds> {
        Arc::clone(self.shared.numbering.ids())
    }

    async fn read_items(&self) -> Result<Vec<(ItemIndex, Item)>, StoreError> {
        let (mut items, mut after) = (Vec::new(), None);
        loop {
            let (page, last) = self.readers.read(move |sql| items::item_page(sql, after)).await?;
            items.extend(page);
            match last {
                Some(_) => after = last,
                None => return Ok(items),
            }
        }
    }

    async fn change_items(&self, changes: Vec<ItemChange>) -> Result<Vec<ItemIndex>, StoreError> {
        let shared = Arc::clone(&self.shared);
        let rows = changes.len();
        let work = move |place: &mut Place<'_>| {
            items::change_items(&place.sql, &shared, &changes).map_err(StoreError::failed)
        };
        self.writer.write(rows, work, |_| {}).await
    }

    async fn read_stop(&self) -> Result<Stop, StoreError> {
        let select = "SELECT value FROM switches WHERE name = 'stop'";
        let query = |sql: &Connection| {
            sql.query_row(select, [], |r| r.get::<_, Vec<u8>>(0)).optional().map_err(StoreError::failed)
        };
        let Some(bytes) = self.readers.read(query).await? else {
            return Ok(Stop::default());
        };
        // one that cannot be read was on: it stops what it can
        Ok(stop_of(&bytes).unwrap_or(Stop { everything: true, strategies: Vec::new() }))
    }

    async fn put_stop(&self, stop: &Stop) -> Result<(), StoreError> {
        let mut out = Encoder::default();
        out.write_word(u64::from(stop.everything));
        out.write_word(stop.strategies.len() as u64);
        stop.strategies.iter().for_each(|name| out.write_text(name.as_str()));
        let work = move |place: &mut Place<'_>| {
            let upsert =
                "INSERT INTO switches VALUES ('stop', ?1) ON CONFLICT DO UPDATE SET value = excluded.value";
            place.sql.execute(upsert, [out.0]).map(drop).map_err(StoreError::failed)
        };
        self.writer.write(1, work, |()| {}).await
    }

    async fn sweep_expired(&self, plan: &SweepPlan) -> Result<u64, StoreError> {
        sweep::sweep_store(self, plan).await
    }

    async fn purge_items(&self, items: &[ItemIndex]) -> Result<Vec<u64>, StoreError> {
        sweep::purge_items(self, items).await
    }

    async fn people_per_item(
        &self,
        kinds: &[EventKind],
        half_life_ms: i64,
        now: Timestamp,
        counts: &(dyn for<'a> Fn(&'a SubjectRecord) -> bool + Sync),
    ) -> Result<Vec<(ItemIndex, u32, f64)>, StoreError> {
        let mut count = PeopleCount::new(kinds, half_life_ms, now);
        self.for_each_person(|record| {
            if counts(record) {
                count.add_person(record);
            }
        })
        .await?;
        Ok(count.into_totals())
    }

    fn latest_durable(&self) -> Option<Timestamp> {
        self.shared.latest_time()
    }

    fn derive_secret(&self, usage: &str) -> [u8; 32] {
        keyed_digest(self.shared.keys.root_secret(), &[b"secret", usage.as_bytes()])
    }
}

fn stop_of(bytes: &[u8]) -> Option<Stop> {
    let mut input = Decoder(bytes);
    let everything = input.read_word()? == 1;
    let count = input.read_word()?;
    let strategies =
        (0..count).map(|_| input.read_text().and_then(StrategyName::new)).collect::<Option<_>>()?;
    Some(Stop { everything, strategies })
}

fn read_export(sql: &Connection, shared: &Shared, id: &str) -> Result<Option<Export>, StoreError> {
    let Some(row) = people::find_person(sql, shared, id)? else {
        return Ok(None);
    };
    let record = Arc::new(row.read_record(sql, shared)?);
    let mut said = read_texts(sql, shared, &row)?;
    let (sessions, details) =
        record.events.iter().map(|event| said.remove(&event.sequence).unwrap_or_default()).unzip();
    Ok(Some(Export { record, sessions, details }))
}

/// What a person's events say beyond integers, by running number.
fn read_texts(
    sql: &Connection,
    shared: &Shared,
    row: &Row,
) -> Result<BTreeMap<u64, (Option<SessionId>, EventDetails)>, StoreError> {
    let select = "SELECT sequence, sealed FROM events WHERE subject = ?1 AND sealed IS NOT NULL";
    let mut statement = sql.prepare_cached(select).map_err(StoreError::failed)?;
    let rows = statement.query_map([row.number], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, Vec<u8>>(1)?)));
    let mut said = BTreeMap::new();
    for found in rows.map_err(StoreError::failed)? {
        let (sequence, sealed) = found.map_err(StoreError::failed)?;
        let opened = shared.keys.open_text(row.slot, &seal_binding(row.number, "event"), &sealed)?;
        let details = opened.and_then(|bytes| decode_details(&bytes));
        // an export that leaves something out is no export
        said.insert(
            sequence.cast_unsigned(),
            details.ok_or_else(|| StoreError::failed("an event cannot be opened"))?,
        );
    }
    Ok(said)
}

/// Removes a person's rows and has her key destroyed; both are durable before the answer.
fn remove_person(
    place: &mut Place<'_>,
    shared: &Shared,
    row: &Row,
    id: &SubjectId,
    now: Timestamp,
) -> Result<Erasure, StoreError> {
    let position = "SELECT coalesce(max(sequence), 0) FROM events";
    let position: i64 = place.sql.query_row(position, [], |r| r.get(0)).map_err(StoreError::failed)?;
    let events = people::remove_rows(&place.sql, row.number).map_err(StoreError::failed)?;
    place.schedule_key_destruction(row.slot)?;
    let receipt: String = random_bytes::<16>()?.iter().map(|b| format!("{b:02x}")).collect();
    let digest = shared.id_digest("erased", id.as_str());
    let values = params![receipt, digest.as_slice(), position, now.ms(), events.cast_signed(), row.number];
    let insert = "INSERT INTO erasures VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    place.sql.execute(insert, values).map_err(StoreError::failed)?;
    note_time(place, now)?;
    Ok(Erasure { receipt: receipt.into(), at: now, events, person: person_number(row.number) })
}
