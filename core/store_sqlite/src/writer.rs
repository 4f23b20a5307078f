//! The one thread that writes: it takes what is waiting, commits it as one, and then tells everybody.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use jardin_contract::{Deadline, KeyRing as _, KeySlot, StoreError, SystemClock};
use jardin_model::Timestamp;
use rusqlite::{Connection, Savepoint, Transaction, TransactionBehavior};
use tokio::sync::{
    mpsc::{self, OwnedPermit, error::TrySendError},
    oneshot,
};

use crate::{dedup::Dedup, keys::Keys};

/// So many rows are committed as one; what is taken last may go over it.
const TOGETHER: usize = 256;
/// For so long at most tasks are added to one commit.
const GATHERING: Duration = Duration::from_millis(2);
/// Changes of people, items and switches find this much room when events fill the queue.
const RESERVE: usize = 1024;
/// So many events wait at most for each change that may: a batch is one change and may hold 1,000.
const EVENTS: usize = 16;

/// What a task does once its commit is durable, or has failed.
type After = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// Says whether its work is to be kept, and what comes after.
type Work = Box<dyn FnOnce(&mut Place<'_>) -> (bool, After) + Send>;

struct Task {
    work: Work,
    /// About how many rows it writes.
    rows: usize,
    /// How many events it holds while it waits.
    events: usize,
}

enum Order {
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
struct Beginning {
    begun: oneshot::Sender<Result<(), StoreError>>,
    /// Done once it has ended, however it ended.
    ended: Box<dyn FnOnce() + Send>,
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
        let note = self.sql.prepare_cached("INSERT INTO keys_to_destroy VALUES (?1)");
        note.and_then(|mut s| s.execute([slot.0.cast_signed()])).map_err(StoreError::failed)?;
        self.marks.keys_to_destroy.push(slot);
        Ok(())
    }
}

/// What a commit owes to the file of keys.
#[derive(Default)]
pub(crate) struct Marks {
    /// A key was made: it must be durable before the commit.
    pub(crate) made_keys: bool,
    /// These are destroyed after the commit and before any answer.
    pub(crate) keys_to_destroy: Vec<KeySlot>,
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
    pub(crate) fn start(connection: Connection, keys: Arc<Keys>, waiting: usize) -> Result<Self, StoreError> {
        let waiting = waiting.max(1);
        let (orders, inbox) = mpsc::channel(waiting.saturating_add(RESERVE));
        let events = Arc::new(AtomicUsize::new(0));
        let mut desk = Desk {
            connection,
            keys,
            dedup: Dedup::default(),
            inbox,
            events: Arc::clone(&events),
            destroyed: Vec::new(),
        };
        let thread = thread::Builder::new()
            .name("jardin-write".to_owned())
            .spawn(move || while desk.round() {})
            .map_err(StoreError::failed)?;
        Ok(Self {
            orders: Some(orders),
            events,
            most_events: waiting.saturating_mul(EVENTS),
            thread: Some(thread),
        })
    }

    fn orders(&self) -> Result<&mpsc::Sender<Order>, StoreError> {
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
        let (work, answer) = task(work, after);
        self.offer(Task { work, rows, events: 0 })?;
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
        if self.orders()?.capacity() <= RESERVE
            || self.events.fetch_update(Ordering::AcqRel, Ordering::Acquire, room).is_err()
        {
            return Err(StoreError::Overloaded);
        }
        let (work, answer) = task(work, after);
        let rows = events;
        if let Err(error) = self.offer(Task { work, rows, events }) {
            self.events.fetch_sub(events, Ordering::AcqRel);
            return Err(error);
        }
        answer.await.map_err(|_| StoreError::failed("the change was not written"))?
    }

    fn offer(&self, task: Task) -> Result<(), StoreError> {
        self.orders()?.try_send(Order::Task(task)).map_err(|error| match error {
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
        let end = self.orders()?.clone().reserve_owned().await.map_err(StoreError::failed)?;
        let (reply, answer) = oneshot::channel();
        let beginning = Beginning { begun: reply, ended: Box::new(ended) };
        self.orders()?.send(Order::BeginImport(beginning)).await.map_err(StoreError::failed)?;
        answer.await.map_err(StoreError::failed)?.map(|()| ImportEnd(Some(end)))
    }

    pub(crate) async fn truncate(&self) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        self.orders()?.send(Order::Truncate(reply)).await.map_err(StoreError::failed)?;
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

fn task<T: Send + 'static>(
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

struct Desk {
    connection: Connection,
    keys: Arc<Keys>,
    dedup: Dedup,
    inbox: mpsc::Receiver<Order>,
    events: Arc<AtomicUsize>,
    /// Keys that are gone, and still noted to be destroyed.
    destroyed: Vec<KeySlot>,
}

impl Desk {
    /// One commit, or one other order. False once nobody can write any more.
    fn round(&mut self) -> bool {
        let Some(first) = self.inbox.blocking_recv() else {
            return false;
        };
        let mut next = Some(first);
        while let Some(order) = next.take() {
            match order {
                Order::Task(task) => next = self.commit(task),
                Order::BeginImport(beginning) => self.import(beginning),
                Order::CommitImport(_) | Order::DropImport => {}
                Order::Truncate(reply) => {
                    // a reader may hold the log up; the next checkpoint then takes it
                    let _ = self.connection.pragma_update(None, "wal_checkpoint", "TRUNCATE");
                    let _ = reply.send(());
                }
            }
        }
        true
    }

    /// Commits a task and those that wait behind it, without waiting for more. Gives the order that ended the
    /// row.
    fn commit(&mut self, first: Task) -> Option<Order> {
        let mut afters = Vec::new();
        let mut marks = Marks::default();
        let mut later = None;
        let result = match self.connection.transaction_with_behavior(TransactionBehavior::Immediate) {
            Err(error) => {
                self.events.fetch_sub(first.events, Ordering::AcqRel);
                Err(StoreError::failed(error))
            }
            Ok(mut transaction) => {
                let noted = forget_destroyed(&transaction, &self.destroyed);
                let until = Deadline::after(&SystemClock, GATHERING);
                let mut rows = 0;
                let mut next = Some(first);
                while let Some(task) = next.take() {
                    rows += task.rows;
                    self.events.fetch_sub(task.events, Ordering::AcqRel);
                    afters.extend(run(&mut transaction, &self.keys, &mut self.dedup, &mut marks, task));
                    if rows < TOGETHER && !until.left(&SystemClock).is_zero() {
                        match self.inbox.try_recv() {
                            Ok(Order::Task(task)) => next = Some(task),
                            Ok(other) => later = Some(other),
                            Err(_) => {}
                        }
                    }
                }
                noted.and_then(|()| durable(transaction, &self.keys, &marks))
            }
        };
        match &result {
            Ok(()) => self.destroyed = marks.keys_to_destroy,
            Err(_) => self.dedup.forget_uncommitted(),
        }
        afters.into_iter().for_each(|after| after(result.clone()));
        later
    }

    /// One transaction until the end of the import. Tasks are answered as they are done, not as they are
    /// durable: only the commit says that.
    fn import(&mut self, beginning: Beginning) {
        let begun = self.connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let mut transaction = match begun {
            Ok(transaction) => transaction,
            Err(error) => return drop(beginning.begun.send(Err(StoreError::failed(error)))),
        };
        let _ = beginning.begun.send(Ok(()));
        let mut marks = Marks::default();
        loop {
            match self.inbox.blocking_recv() {
                Some(Order::Task(task)) => {
                    self.events.fetch_sub(task.events, Ordering::AcqRel);
                    if let Some(after) = run(&mut transaction, &self.keys, &mut self.dedup, &mut marks, task)
                    {
                        after(Ok(()));
                    }
                }
                Some(Order::CommitImport(reply)) => {
                    let result = durable(transaction, &self.keys, &marks);
                    match &result {
                        Ok(()) => self.destroyed.extend(marks.keys_to_destroy),
                        Err(_) => self.dedup.forget_uncommitted(),
                    }
                    (beginning.ended)();
                    let _ = reply.send(result);
                    return;
                }
                Some(Order::BeginImport(another)) => {
                    drop(another.begun.send(Err(StoreError::failed("another import has not ended"))));
                }
                Some(Order::Truncate(reply)) => drop(reply.send(())),
                Some(Order::DropImport) | None => {
                    self.dedup.forget_uncommitted();
                    drop(transaction);
                    return (beginning.ended)();
                }
            }
        }
    }
}

/// Runs a task in a savepoint of its own, so that one that fails leaves the others.
fn run(
    transaction: &mut Transaction<'_>,
    keys: &Keys,
    dedup: &mut Dedup,
    marks: &mut Marks,
    task: Task,
) -> Option<After> {
    if transaction.is_autocommit() {
        // a full disk has undone the whole transaction: outside of it nothing is written
        return None;
    }
    let sql = transaction.savepoint().ok()?;
    let before = marks.keys_to_destroy.len();
    let mut place = Place { sql, keys, dedup, marks };
    let (keep, after) = (task.work)(&mut place);
    let Place { sql, dedup, marks, .. } = place;
    if keep {
        sql.commit().ok()?;
    } else {
        // its tables and its erasures did not happen either
        dedup.forget_uncommitted();
        marks.keys_to_destroy.truncate(before);
        sql.finish().ok()?;
    }
    Some(after)
}

/// That keys were destroyed need not be noted any longer.
fn forget_destroyed(sql: &Connection, destroyed: &[KeySlot]) -> Result<(), StoreError> {
    if destroyed.is_empty() {
        return Ok(());
    }
    let mut delete =
        sql.prepare_cached("DELETE FROM keys_to_destroy WHERE slot = ?1").map_err(StoreError::failed)?;
    let mut each = destroyed.iter().map(|slot| delete.execute([slot.0.cast_signed()]));
    each.try_for_each(|done| done.map(drop)).map_err(StoreError::failed)
}

/// Keys before rows, rows before the end of keys: what an end in between leaves of such a key the next
/// opening destroys.
fn durable(transaction: Transaction<'_>, keys: &Keys, marks: &Marks) -> Result<(), StoreError> {
    if marks.made_keys {
        keys.sync()?;
    }
    transaction.commit().map_err(StoreError::failed)?;
    keys.destroy(&marks.keys_to_destroy)
}

/// The latest time that is durable.
pub(crate) fn note_time(place: &Place<'_>, now: Timestamp) -> Result<(), StoreError> {
    let sql = "INSERT INTO switches VALUES ('time', ?1) ON CONFLICT DO UPDATE SET value = max(value, excluded.value)";
    // big endian with the sign turned, so that bytes compare as times do
    let bytes = (now.ms() ^ i64::MIN).to_be_bytes();
    place
        .sql
        .prepare_cached(sql)
        .and_then(|mut s| s.execute([bytes.as_slice()]))
        .map(drop)
        .map_err(StoreError::failed)
}
