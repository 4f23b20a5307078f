//! The one thread that writes: it takes what is waiting, commits it as one, and then tells everybody.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use jardin_contract::{Deadline, KeyRing as _, KeySlot, StoreError, SystemClock};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::mpsc;

use crate::{
    dedup::Dedup,
    keys::Keys,
    refusals::{RefusedByOne, Settling, note_mark, settle_refusals},
    store::Shared,
    writer::{After, Beginning, Marks, Order, Place, Task},
};

/// How many rows are committed as one; what is taken last may go over it.
const MAX_ROWS_TOGETHER: usize = 256;
/// For how long tasks are added to one commit.
const MAX_GATHERING: Duration = Duration::from_millis(2);

/// The thread that writes: its side of the queue.
pub(crate) struct Committer {
    connection: Connection,
    shared: Arc<Shared>,
    dedup: Dedup,
    inbox: mpsc::Receiver<Order>,
    events: Arc<AtomicUsize>,
    /// Keys that are gone, and still noted to be destroyed.
    destroyed: Vec<KeySlot>,
}

impl Committer {
    pub(crate) fn new(
        connection: Connection,
        shared: Arc<Shared>,
        inbox: mpsc::Receiver<Order>,
        events: Arc<AtomicUsize>,
    ) -> Self {
        Self { connection, shared, dedup: Dedup::default(), inbox, events, destroyed: Vec::new() }
    }

    /// One commit, or one other order. False once nobody can write any more.
    pub(crate) fn serve_order(&mut self) -> bool {
        let Some(first) = self.inbox.blocking_recv() else {
            return false;
        };
        let mut next = Some(first);
        while let Some(order) = next.take() {
            match order {
                Order::Task(task) => next = self.commit_tasks(task),
                Order::BeginImport(beginning) => self.serve_import(beginning),
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

    /// Leaves everything in the database's own file, so that it alone is a whole copy. Whoever reads has ended.
    pub(crate) fn close(self) {
        // where it fails the log stays, and the next opening reads it
        let _ = self.connection.pragma_update(None, "wal_checkpoint", "TRUNCATE");
        let _ = self.connection.close();
    }

    /// Commits a task and those that wait behind it, without waiting for more. Gives the order that ended the
    /// row.
    fn commit_tasks(&mut self, first: Task) -> Option<Order> {
        let mut afters = Vec::new();
        let mut marks = Marks::default();
        let mut later = None;
        let changes = self.connection.total_changes();
        let result = match begin_transaction(&mut self.connection, &self.shared, &mut marks) {
            Err(error) => {
                self.events.fetch_sub(first.events, Ordering::AcqRel);
                Err(error)
            }
            Ok((mut transaction, settled)) => {
                let noted = forget_destroyed(&transaction, &self.destroyed);
                let until = Deadline::after(&SystemClock, MAX_GATHERING);
                let mut rows = 0;
                let mut next = Some(first);
                while let Some(task) = next.take() {
                    rows += task.rows;
                    self.events.fetch_sub(task.events, Ordering::AcqRel);
                    afters.extend(run_task(
                        &mut transaction,
                        &self.shared.keys,
                        &mut self.dedup,
                        &mut marks,
                        task,
                    ));
                    if rows < MAX_ROWS_TOGETHER && !until.time_left(&SystemClock).is_zero() {
                        match self.inbox.try_recv() {
                            Ok(Order::Task(task)) => next = Some(task),
                            Ok(other) => later = Some(other),
                            Err(_) => {}
                        }
                    }
                }
                noted.and_then(|()| make_durable(transaction, &self.shared, &marks, settled))
            }
        };
        // a commit of nothing proves nothing
        if result.is_err() || self.connection.total_changes() > changes {
            self.shared.note_outcome(&result);
        }
        match &result {
            Ok(()) => self.destroyed = marks.keys_to_destroy,
            Err(_) => self.dedup.forget_uncommitted(),
        }
        afters.into_iter().for_each(|after| after(result.clone()));
        later
    }

    /// One transaction until the end of the import. Tasks are answered as they are done, not as they are
    /// durable: only the commit says that.
    fn serve_import(&mut self, beginning: Beginning) {
        let mut marks = Marks::default();
        let begun = begin_transaction(&mut self.connection, &self.shared, &mut marks);
        let (mut transaction, settled) = match begun {
            Ok(begun) => begun,
            Err(error) => return drop(beginning.begun.send(Err(error))),
        };
        let _ = beginning.begun.send(Ok(()));
        loop {
            match self.inbox.blocking_recv() {
                Some(Order::Task(task)) => {
                    self.events.fetch_sub(task.events, Ordering::AcqRel);
                    if let Some(after) =
                        run_task(&mut transaction, &self.shared.keys, &mut self.dedup, &mut marks, task)
                    {
                        after(Ok(()));
                    }
                }
                Some(Order::CommitImport(reply)) => {
                    let result = make_durable(transaction, &self.shared, &marks, settled);
                    self.shared.note_outcome(&result);
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
fn run_task(
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
    let before = (marks.keys_to_destroy.len(), marks.refusals.len());
    let mut place = Place { sql, keys, dedup, marks };
    let (keep, after) = (task.work)(&mut place);
    let Place { sql, dedup, marks, .. } = place;
    if keep {
        sql.commit().ok()?;
    } else {
        // its tables and its erasures did not happen either
        dedup.forget_uncommitted();
        marks.keys_to_destroy.truncate(before.0);
        marks.refusals.truncate(before.1);
        sql.finish().ok()?;
    }
    Some(after)
}

/// That keys were destroyed need not be noted any longer.
fn forget_destroyed(sql: &Connection, destroyed: &[KeySlot]) -> Result<(), StoreError> {
    if destroyed.is_empty() {
        return Ok(());
    }
    let mut delete = sql.prepare_cached("DELETE FROM doomed WHERE slot = ?1").map_err(StoreError::failed)?;
    let mut each = destroyed.iter().map(|slot| delete.execute([slot.0.cast_signed()]));
    each.try_for_each(|done| done.map(drop)).map_err(StoreError::failed)
}

/// What was outstanding when a transaction began, and what of it remains once that is durable.
type Settled = Option<[BTreeMap<[u8; 16], RefusedByOne>; 2]>;

/// Begins a transaction, at whose beginning the tables are brought up to what was refused while the disk was full:
/// nothing may be added to a row of somebody who was erased.
fn begin_transaction<'a>(
    connection: &'a mut Connection,
    shared: &Shared,
    marks: &mut Marks,
) -> Result<(Transaction<'a>, Settled), StoreError> {
    let is_settled = shared.outstanding.is_settled();
    if !is_settled {
        // a small change first: on a disk that is still full all of them would be tried each time
        note_mark(connection, shared.journal.count_entries())?;
    }
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::failed)?;
    if is_settled {
        return Ok((transaction, None));
    }
    marks.refusals.extend(shared.outstanding.unwritten());
    let before = shared.outstanding.all();
    let mut settling = Settling { digests: &shared.digests, keys: &shared.keys, to_destroy: Vec::new() };
    let remaining = settle_refusals(&transaction, &mut settling, &before)?;
    marks.keys_to_destroy.extend(settling.to_destroy);
    Ok((transaction, Some([before, remaining])))
}

/// Keys and refusals before rows, rows before the end of keys: what an end in between leaves of such a key the next
/// opening destroys.
fn make_durable(
    transaction: Transaction<'_>,
    shared: &Shared,
    marks: &Marks,
    settled: Settled,
) -> Result<(), StoreError> {
    if marks.made_keys {
        shared.keys.sync_file()?;
    }
    if !marks.refusals.is_empty() {
        shared.journal.append(&marks.refusals)?;
        note_mark(&transaction, shared.journal.count_entries())?;
    }
    transaction.commit().map_err(StoreError::failed)?;
    if let Some([before, remaining]) = settled {
        shared.outstanding.note_settled(&before, &remaining, &marks.refusals);
    }
    shared.keys.destroy_keys(&marks.keys_to_destroy)
}
