//! Changes of people: in the tables, and by what they refused whatever the tables take.

use std::sync::Arc;

use jardin_contract::{Erasure, KeyRing as _, KeySlot, StateStore as _, StoreError};
use jardin_model::{SubjectId, SubjectRecord, Timestamp};
use jardin_store_kit::random_bytes;
use rusqlite::Connection;

use crate::{
    SqliteStore,
    people::{self, Row},
    refusals::{Refusal, Refused, erasure_of, settle_erasure},
    store::Shared,
    writer::{Place, note_time},
};

impl SqliteStore {
    /// Changes a person, made now where she is unknown, and gives her record as it is afterwards.
    pub(crate) async fn change_person(
        &self,
        id: &SubjectId,
        seen: Timestamp,
        change: impl FnOnce(&mut Place<'_>, &Shared, &mut Row) -> Result<(), StoreError> + Send + 'static,
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
    pub(crate) async fn change_at(
        &self,
        id: &SubjectId,
        now: Timestamp,
        change: impl FnOnce(&mut Place<'_>, &Shared, &mut Row) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        let noted = move |place: &mut Place<'_>, shared: &Shared, row: &mut Row| {
            change(place, shared, row)?;
            note_time(place, now)
        };
        let record = self.change_person(id, now, noted).await?;
        self.shared.note_time(now);
        Ok(record)
    }

    /// Changes a person by what they refused, which is written to the journal with it. Where the tables take no change
    /// it is obeyed all the same.
    pub(crate) async fn refuse(
        &self,
        id: &SubjectId,
        at: Timestamp,
        what: Refused,
        change: impl FnOnce(&mut Place<'_>, &Shared, &mut Row) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<Arc<SubjectRecord>, StoreError> {
        let refusal = Refusal { who: self.shared.id_digest("subject", id.as_str()), at, what };
        let journaled = move |place: &mut Place<'_>, shared: &Shared, row: &mut Row| {
            place.journal_refusal(refusal);
            change(place, shared, row)
        };
        match self.change_person(id, at, journaled).await {
            Err(_) if refusal.narrows() => {
                self.obey_refusal(refusal).await?;
                self.read_subject(id).await?.ok_or(StoreError::InForceNotDurable)
            }
            outcome => outcome.inspect(|_| self.shared.outstanding.follow(refusal)),
        }
    }

    /// Writes what somebody refuses to the journal alone, of whom the tables hold nothing.
    pub(crate) async fn remember_refusal(
        &self,
        id: &SubjectId,
        at: Timestamp,
        what: Refused,
    ) -> Result<(), StoreError> {
        let who = self.shared.id_digest("subject", id.as_str());
        self.obey_refusal(Refusal { who, at, what }).await
    }

    /// Obeys a refusal that the tables do not take; an error where the journal does not take it either.
    async fn obey_refusal(&self, refusal: Refusal) -> Result<(), StoreError> {
        let shared = Arc::clone(&self.shared);
        // a thread that reads may wait for the disk
        let written = self.readers.read(move |_| shared.journal.append(&[refusal])).await;
        self.shared.outstanding.obey_refusal(refusal, written.is_ok());
        self.shared.forget_cached();
        written.map_err(|_| StoreError::InForceNotDurable)
    }

    /// Erases somebody where the tables take no change: nothing of them is read any longer, and their key goes.
    pub(crate) async fn erase_unwritten(
        &self,
        id: &SubjectId,
        now: Timestamp,
    ) -> Result<Option<Erasure>, StoreError> {
        let (shared, key) = (Arc::clone(&self.shared), id.clone());
        let found = self.readers.read(move |sql| erasure_to_come(sql, &shared, key.as_str(), now)).await?;
        let Some((refusal, slot)) = found else { return Ok(None) };
        self.shared.erasures.note(refusal.who, now);
        let obeyed = self.obey_refusal(refusal).await;
        let shared = Arc::clone(&self.shared);
        self.readers.read(move |_| shared.keys.destroy_keys(&[slot])).await?;
        obeyed.map(|()| erasure_of(&refusal))
    }
}

/// An erasure of a person who is known, as it is to be written to the journal, and the slot of their key.
fn erasure_to_come(
    sql: &Connection,
    shared: &Shared,
    id: &str,
    now: Timestamp,
) -> Result<Option<(Refusal, KeySlot)>, StoreError> {
    let Some(row) = people::find_person(sql, shared, id)? else { return Ok(None) };
    let who = shared.id_digest("subject", id);
    if shared.outstanding.of_person(&who).is_some_and(|refused| refused.has_erased(row.number)) {
        return Ok(None);
    }
    let position = "SELECT coalesce(max(sequence), 0) FROM events";
    let position: i64 = sql.query_row(position, [], |r| r.get(0)).map_err(StoreError::failed)?;
    let events = "SELECT count(*) FROM events WHERE subject = ?1";
    let events: i64 = sql.query_row(events, [row.number], |r| r.get(0)).map_err(StoreError::failed)?;
    let events = events.unsigned_abs();
    let what = Refused::Erasure { receipt: random_bytes()?, number: row.number, events, position };
    Ok(Some((Refusal { who, at: now, what }, row.slot)))
}

/// Removes a person's rows and has her key destroyed; both are durable before the answer.
pub(crate) fn remove_person(
    place: &mut Place<'_>,
    shared: &Shared,
    id: &SubjectId,
    now: Timestamp,
) -> Result<Option<Erasure>, StoreError> {
    let Some((refusal, slot)) = erasure_to_come(&place.sql, shared, id.as_str(), now)? else {
        return Ok(None);
    };
    place.journal_refusal(refusal);
    settle_erasure(&place.sql, &refusal)?;
    place.schedule_key_destruction(slot)?;
    note_time(place, now)?;
    Ok(erasure_of(&refusal))
}
