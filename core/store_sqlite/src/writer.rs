//! The way to the one thread that writes: a bounded queue of orders.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
};

use jardin_contract::{KeySlot, StoreError};
use jardin_model::Timestamp;
use rusqlite::{Connection, Savepoint};
use tokio::sync::{
    mpsc::{self, OwnedPermit, error::TrySendError},
    oneshot,
};

use crate::{committer::Committer, dedup::Dedup, keys::Keys, refusals::Refusal, store::Shared};

/// Changes of people, items and switches find this much room when events fill the queue.
const RESERVED_ORDERS: usize = 1024;
/// How many events may wait for each change that may: a batch is one change and may hold 1,000.
const MAX_EVENTS_A_CHANGE: usize = 16;

/// What a task does once its commit is durable, or has failed.
pub(crate) type After = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// Says whether its work is to be kept, and what comes after.
pub(crate) type Work = Box<dyn FnOnce(&mut Place<'_>) -> (bool, After) + Send>;

pub(crate) struct Task {
    pub(crate) work: Work,
    /// About how many rows it writes.
    pub(crate) rows: usize,
    /// How many events it holds while it waits.
    pub(crate) events: usize,
}

pub(crate) enum Order {
    Task(Task),
    /// Commit nothing until the import ends: it is whole or not at all.
    BeginImport(Beginning),
    CommitImport(oneshot::Sender<Result<(), StoreError>>),
    /// Nothing since the beginning of the import stays.
    DropImport,
    /// Nothing deleted stays in the log.
    Truncate(oneshot::Sender<()>),
}

/// An import that is to begin.
pub(crate) struct Beginning {
    pub(crate) begun: oneshot::Sender<Result<(), StoreError>>,
    /// Done once it has ended, however it ended.
    pub(crate) ended: Box<dyn FnOnce() + Send>,
}

/// What a task works with.
pub(crate) struct Place<'a> {
    pub(crate) sql: Savepoint<'a>,
    pub(crate) keys: &'a Keys,
    pub(crate) dedup: &'a mut Dedup,
    pub(crate) marks: &'a mut Marks,
}

impl Place<'_> {
    /// Has a key destroyed once it is durable that nothing needs it.
    pub(crate) fn schedule_key_destruction(&mut self, slot: KeySlot) -> Result<(), StoreError> {
        let note = self.sql.prepare_cached("INSERT INTO doomed VALUES (?1)");
        note.and_then(|mut s| s.execute([slot.0.cast_signed()])).map_err(StoreError::failed)?;
        self.marks.keys_to_destroy.push(slot);
        Ok(())
    }

    /// Has a refusal written to the journal before it is durable here.
    pub(crate) fn journal_refusal(&mut self, refusal: Refusal) {
        self.marks.refusals.push(refusal);
    }
}

/// What a commit owes to the file of keys and to the journal of refusals.
#[derive(Default)]
pub(crate) struct Marks {
    /// A key was made: it must be durable before the commit.
    pub(crate) made_keys: bool,
    /// These are destroyed after the commit and before any answer.
    pub(crate) keys_to_destroy: Vec<KeySlot>,
    /// These are in the journal before the commit.
    pub(crate) refusals: Vec<Refusal>,
}

/// The way to the writing thread, which ends with it.
pub(crate) struct Writer {
    orders: Option<mpsc::Sender<Order>>,
    /// How many events wait.
    events: Arc<AtomicUsize>,
    most_events: usize,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.orders = None;
        // what was accepted is written; one that panicked has said so itself
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

impl Writer {
    pub(crate) fn start(
        connection: Connection,
        shared: Arc<Shared>,
        waiting: usize,
    ) -> Result<Self, StoreError> {
        let waiting = waiting.max(1);
        let (orders, inbox) = mpsc::channel(waiting.saturating_add(RESERVED_ORDERS));
        let events = Arc::new(AtomicUsize::new(0));
        let mut committer = Committer::new(connection, shared, inbox, Arc::clone(&events));
        let thread = thread::Builder::new()
            .name("jardin-write".to_owned())
            .spawn(move || {
                while committer.serve_order() {}
                committer.close();
            })
            .map_err(StoreError::failed)?;
        Ok(Self {
            orders: Some(orders),
            events,
            most_events: waiting.saturating_mul(MAX_EVENTS_A_CHANGE),
            thread: Some(thread),
        })
    }

    fn order_sender(&self) -> Result<&mpsc::Sender<Order>, StoreError> {
        self.orders.as_ref().ok_or_else(|| StoreError::failed("the store is closed"))
    }

    /// Does `work`, which writes about `rows` rows, in a transaction; once that is durable `after` is done
    /// with its result, which is then given.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        rows: usize,
        work: impl FnOnce(&mut Place<'_>) -> Result<T, StoreError> + Send + 'static,
        after: impl FnOnce(&T) + Send + 'static,
    ) -> Result<T, StoreError> {
        let (work, answer) = make_task(work, after);
        self.offer_task(Task { work, rows, events: 0 })?;
        answer.await.map_err(|_| StoreError::failed("the change was not written"))?
    }

    /// As [`Writer::write`], for events: where too many wait already they are refused, so that everything
    /// else finds room.
    pub(crate) async fn write_events<T: Send + 'static>(
        &self,
        events: usize,
        work: impl FnOnce(&mut Place<'_>) -> Result<T, StoreError> + Send + 'static,
        after: impl FnOnce(&T) + Send + 'static,
    ) -> Result<T, StoreError> {
        let room = |waiting: usize| {
            (waiting == 0 || waiting + events <= self.most_events).then_some(waiting + events)
        };
        if self.order_sender()?.capacity() <= RESERVED_ORDERS
            || self.events.fetch_update(Ordering::AcqRel, Ordering::Acquire, room).is_err()
        {
            return Err(StoreError::Overloaded);
        }
        let (work, answer) = make_task(work, after);
        let rows = events;
        if let Err(error) = self.offer_task(Task { work, rows, events }) {
            self.events.fetch_sub(events, Ordering::AcqRel);
            return Err(error);
        }
        answer.await.map_err(|_| StoreError::failed("the change was not written"))?
    }

    fn offer_task(&self, task: Task) -> Result<(), StoreError> {
        self.order_sender()?.try_send(Order::Task(task)).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Overloaded,
            TrySendError::Closed(_) => StoreError::failed("the writing thread ended"),
        })
    }

    /// Has nothing committed until the import ends; then `ended` is done, before anybody is told.
    pub(crate) async fn begin_import(
        &self,
        ended: impl FnOnce() + Send + 'static,
    ) -> Result<ImportEnd, StoreError> {
        // the room in the queue that its end will need, so that a dropped import always finds it
        let end = self.order_sender()?.clone().reserve_owned().await.map_err(StoreError::failed)?;
        let (reply, answer) = oneshot::channel();
        let beginning = Beginning { begun: reply, ended: Box::new(ended) };
        self.order_sender()?.send(Order::BeginImport(beginning)).await.map_err(StoreError::failed)?;
        answer.await.map_err(StoreError::failed)?.map(|()| ImportEnd(Some(end)))
    }

    pub(crate) async fn truncate_log(&self) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        self.order_sender()?.send(Order::Truncate(reply)).await.map_err(StoreError::failed)?;
        answer.await.map_err(StoreError::failed)
    }
}

/// The end of an import, behind everything that was written before it.
pub(crate) struct ImportEnd(Option<OwnedPermit<Order>>);

impl ImportEnd {
    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        let _ = self.0.take().map(|end| end.send(Order::CommitImport(reply)));
        answer.await.map_err(StoreError::failed)?
    }
}

impl Drop for ImportEnd {
    fn drop(&mut self) {
        let _ = self.0.take().map(|end| end.send(Order::DropImport));
    }
}

fn make_task<T: Send + 'static>(
    work: impl FnOnce(&mut Place<'_>) -> Result<T, StoreError> + Send + 'static,
    after: impl FnOnce(&T) + Send + 'static,
) -> (Work, oneshot::Receiver<Result<T, StoreError>>) {
    let (reply, answer) = oneshot::channel();
    let work: Work = Box::new(move |place| {
        let result = work(place);
        let keep = result.is_ok();
        let after: After = Box::new(move |committed| {
            let outcome = committed.and(result);
            if let Ok(value) = &outcome {
                after(value);
            }
            // whoever no longer waits needs no answer
            let _ = reply.send(outcome);
        });
        (keep, after)
    });
    (work, answer)
}

/// The latest time that is durable.
pub(crate) fn note_time(place: &Place<'_>, now: Timestamp) -> Result<(), StoreError> {
    let upsert = "INSERT INTO switches VALUES ('time', ?1) ON CONFLICT DO UPDATE SET value = max(value, excluded.value)";
    put_time(place, upsert, now)
}

/// Makes this the latest time, where a later one is noted.
pub(crate) fn lower_time(place: &Place<'_>, to: Timestamp) -> Result<(), StoreError> {
    put_time(place, "UPDATE switches SET value = min(value, ?1) WHERE name = 'time'", to)
}

fn put_time(place: &Place<'_>, sql: &str, time: Timestamp) -> Result<(), StoreError> {
    // big endian with the sign turned, so that bytes compare as times do
    let bytes = (time.ms() ^ i64::MIN).to_be_bytes();
    let done = place.sql.prepare_cached(sql).and_then(|mut s| s.execute([bytes.as_slice()]));
    done.map(drop).map_err(StoreError::failed)
}
