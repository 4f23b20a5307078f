//! People, items and switches.

use std::sync::Arc;

use async_trait::async_trait;
use jardin_contract::{
    Cached, ChosenEvents, ClockMark, Erasure, Export, FindGroundless, ProfileChange, Pseudonym, ShowPerson,
    StateStore, StoppedBy, StoreError, Whose,
};
use jardin_model::{
    Choice, ChoiceStatus, EventKind, Item, ItemChange, ItemIds, ItemIndex, PersonNumber, SessionId,
    SessionRecord, SubjectId, SubjectRecord, Timestamp,
};
use jardin_policy::{Stop, StrategyName, SweepPlan};
use jardin_store_kit::{Decoder, Encoder, PeopleCount, keyed_digest};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::{
    SqliteStore,
    clock_mark::{mark_bytes, mark_of},
    export::read_export,
    forgetting, items,
    people::{self, Row, Since, person_number},
    person_changes::remove_person,
    refusals::Refused,
    store::{Shared, digest_of},
    sweep, visits,
    writer::{Place, lower_time, note_time},
};

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
            let record = match people::find_person(sql, &shared, key.as_str())? {
                Some(row) => row.obeyed_record(sql, &shared)?,
                None if shared.outstanding.is_empty() => None,
                None => shared.obeyed_record(&shared.id_digest("subject", key.as_str()), None),
            };
            Ok(record.map(Arc::new))
        };
        let record = self.readers.read(query).await?;
        read.keep_found(record.clone());
        Ok(record)
    }

    async fn pseudonym_of(&self, id: &SubjectId) -> Result<Option<Pseudonym>, StoreError> {
        let shared = Arc::clone(&self.shared);
        let digest = shared.id_digest("subject", id.as_str());
        let query = move |sql: &Connection| {
            let row = people::find_digest(sql, &digest)?;
            let key = row.map(|row| shared.keys.read_key(row.slot)).transpose()?.flatten();
            Ok(key.map(|key| Pseudonym(digest_of(&key, "audit", ""))))
        };
        self.readers.read(query).await
    }

    async fn subject_by_number(
        &self,
        person: PersonNumber,
    ) -> Result<Option<Arc<SubjectRecord>>, StoreError> {
        let shared = Arc::clone(&self.shared);
        let query = move |sql: &Connection| {
            let row = people::find_number(sql, person.0.cast_signed())?;
            let record = row.map(|row| row.obeyed_record(sql, &shared)).transpose()?;
            Ok(record.flatten().map(Arc::new))
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
        let is_no = matches!(choice.status, ChoiceStatus::Refused | ChoiceStatus::Withdrawn);
        let at = choice.at;
        let refused = Refused::Consent(self.shared.id_digest("consent", consent));
        let consent = consent.to_owned();
        // the time of an answer is what somebody says, and no clock: it is not noted as durable
        let change = move |place: &mut Place<'_>, shared: &Shared, row: &mut Row| {
            row.insert_choice(&place.sql, &shared.keys, &consent, &choice)
        };
        if is_no {
            self.refuse(id, at, refused, change).await
        } else {
            self.change_person(id, at, change).await
        }
    }

    async fn put_objection(
        &self,
        id: &SubjectId,
        active: bool,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        self.refuse(id, now, Refused::Objection(active), move |place, _, row| {
            row.set_since(&place.sql, Since::Objected, active, now)?;
            note_time(place, now)
        })
        .await
        .inspect(|_| self.shared.note_time(now))
    }

    async fn put_restriction(
        &self,
        id: &SubjectId,
        active: bool,
        now: Timestamp,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        self.refuse(id, now, Refused::Restriction(active), move |place, _, row| {
            row.set_since(&place.sql, Since::Restricted, active, now)?;
            note_time(place, now)
        })
        .await
        .inspect(|_| self.shared.note_time(now))
    }

    async fn put_visit_choice(
        &self,
        id: &SessionId,
        name: &str,
        choice: Choice,
    ) -> Result<Arc<SessionRecord>, StoreError> {
        let (shared, caches) = (Arc::clone(&self.shared), Arc::clone(&self.shared));
        let (id, key, name) = (id.clone(), id.clone(), name.to_owned());
        let work =
            move |place: &mut Place<'_>| visits::add_choice(&place.sql, &shared, id.as_str(), &name, &choice);
        let after =
            move |visit: &Arc<SessionRecord>| caches.sessions.set_record(&key, Some(Arc::clone(visit)));
        self.writer.write(1, work, after).await
    }

    async fn touch_visit(&self, id: &SessionId, at: Timestamp) -> Result<(), StoreError> {
        forgetting::touch_visit(self, id, at).await
    }

    async fn end_visit(&self, id: &SessionId) -> Result<(), StoreError> {
        forgetting::end_visit(self, id).await
    }

    async fn forget_history(
        &self,
        whose: Whose<'_>,
        kinds: &[EventKind],
        since: Timestamp,
    ) -> Result<Vec<u64>, StoreError> {
        forgetting::forget_history(self, whose, kinds, since).await
    }

    async fn remove_events(&self, whose: Whose<'_>, sequences: &[u64]) -> Result<(), StoreError> {
        forgetting::remove_events(self, whose, sequences).await
    }

    async fn export_subject(&self, id: &SubjectId) -> Result<Option<Export>, StoreError> {
        let (shared, key) = (Arc::clone(&self.shared), id.clone());
        self.readers.read(move |sql| read_export(sql, &shared, key.as_str())).await
    }

    async fn erase_subject(&self, id: &SubjectId, now: Timestamp) -> Result<Option<Erasure>, StoreError> {
        let (shared, caches) = (Arc::clone(&self.shared), Arc::clone(&self.shared));
        let unwritten = id;
        let (id, key) = (id.clone(), id.clone());
        let work = move |place: &mut Place<'_>| remove_person(place, &shared, &id, now);
        let after = move |erasure: &Option<Erasure>| {
            if erasure.is_some() {
                caches.note_time(now);
            }
            caches.subjects.set_record(&key, None);
        };
        let erasure = match self.writer.write(1, work, after).await {
            Err(_) => return self.erase_unwritten(unwritten, now).await,
            Ok(erasure) => erasure,
        };
        if erasure.is_some() {
            let who = self.shared.id_digest("subject", unwritten.as_str());
            self.shared.erasures.note(who, now);
            self.shared.outstanding.forget_person(&who);
            self.writer.truncate_log().await?;
        }
        Ok(erasure)
    }

    async fn remember_objection(&self, id: &SubjectId, now: Timestamp) -> Result<(), StoreError> {
        self.remember_refusal(id, now, Refused::Objection(true)).await
    }

    fn last_erasure(&self, id: &SubjectId) -> Option<Timestamp> {
        self.shared.erasures.find(&self.shared.id_digest("subject", id.as_str()))
    }

    async fn find_erasure(&self, receipt: &str) -> Result<Option<Erasure>, StoreError> {
        if let Some(erasure) = self.shared.outstanding.find_erasure(receipt) {
            return Ok(Some(erasure));
        }
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

    async fn read_stop(&self, by: StoppedBy) -> Result<Stop, StoreError> {
        let select = "SELECT value FROM switches WHERE name = ?1";
        let query = move |sql: &Connection| {
            sql.query_row(select, [stop_name(by)], |r| r.get::<_, Vec<u8>>(0))
                .optional()
                .map_err(StoreError::failed)
        };
        let Some(bytes) = self.readers.read(query).await? else {
            return Ok(Stop::default());
        };
        // one that cannot be read was on: it stops what it can
        Ok(stop_of(&bytes).unwrap_or(Stop { everything: true, strategies: Vec::new() }))
    }

    async fn put_stop(&self, by: StoppedBy, stop: &Stop) -> Result<(), StoreError> {
        let mut out = Encoder::default();
        out.write_word(u64::from(stop.everything));
        out.write_word(stop.strategies.len() as u64);
        stop.strategies.iter().for_each(|name| out.write_text(name.as_str()));
        let work = move |place: &mut Place<'_>| {
            let upsert =
                "INSERT INTO switches VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value";
            place.sql.execute(upsert, params![stop_name(by), out.0]).map(drop).map_err(StoreError::failed)
        };
        self.writer.write(1, work, |()| {}).await
    }

    async fn keep_items(&self) -> Result<(), StoreError> {
        let work = |place: &mut Place<'_>| items::keep_items(&place.sql).map_err(StoreError::failed);
        self.writer.write(1, work, |()| {}).await
    }

    async fn read_kept_items(&self) -> Result<Vec<Item>, StoreError> {
        self.readers.read(items::kept_items).await
    }

    async fn sweep_expired(&self, plan: &SweepPlan) -> Result<u64, StoreError> {
        sweep::sweep_store(self, plan).await
    }

    async fn purge_items(&self, items: &[ItemIndex]) -> Result<Vec<u64>, StoreError> {
        sweep::purge_items(self, items).await
    }

    async fn erase_groundless(&self, find: &FindGroundless<'_>) -> Result<Vec<u64>, StoreError> {
        sweep::erase_groundless(self, find).await
    }

    async fn people_per_item(
        &self,
        half_life_ms: i64,
        now: Timestamp,
        counted: &ChosenEvents<'_>,
    ) -> Result<Vec<(ItemIndex, u32, f64)>, StoreError> {
        let mut count = PeopleCount::new(half_life_ms, now);
        self.for_each_person(|record| count.add_person(&counted(record))).await?;
        Ok(count.into_totals())
    }

    async fn look_at_people(&self, show: &ShowPerson<'_>) -> Result<(), StoreError> {
        self.for_each_person(show).await
    }

    fn store_warnings(&self) -> Vec<String> {
        self.shared.store_warnings()
    }

    fn latest_durable(&self) -> Option<Timestamp> {
        self.shared.latest_time()
    }

    async fn lower_latest_durable(&self, to: Timestamp) -> Result<(), StoreError> {
        let shared = Arc::clone(&self.shared);
        let work = move |place: &mut Place<'_>| lower_time(place, to);
        self.writer.write(1, work, move |()| shared.lower_time(to)).await
    }

    async fn read_clock_mark(&self) -> Result<Option<ClockMark>, StoreError> {
        let query = |sql: &Connection| {
            let select = "SELECT value FROM switches WHERE name = 'clock-mark'";
            sql.query_row(select, [], |row| row.get::<_, Vec<u8>>(0)).optional().map_err(StoreError::failed)
        };
        Ok(self.readers.read(query).await?.and_then(|bytes| mark_of(&bytes)))
    }

    async fn put_clock_mark(&self, mark: ClockMark) -> Result<(), StoreError> {
        let bytes = mark_bytes(mark);
        let work = move |place: &mut Place<'_>| {
            let upsert = "INSERT INTO switches VALUES ('clock-mark', ?1) ON CONFLICT DO UPDATE SET value = excluded.value";
            let done = place.sql.prepare_cached(upsert).and_then(|mut s| s.execute([bytes.as_slice()]));
            done.map(drop).map_err(StoreError::failed)
        };
        self.writer.write(1, work, |()| {}).await
    }

    fn derive_secret(&self, usage: &str) -> [u8; 32] {
        keyed_digest(self.shared.keys.root_secret(), &[b"secret", usage.as_bytes()])
    }
}

/// What it is called on disk.
const fn stop_name(by: StoppedBy) -> &'static str {
    match by {
        StoppedBy::Switch => "stop",
        StoppedBy::PolicyFile => "stop-of-file",
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
