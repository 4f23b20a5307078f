//! The one thread that writes: it takes what is waiting, commits it as one, and then tells everybody.

use std::{sync::Arc, thread};

use jardin_model::Timestamp;
use jardin_strategy::StoreError;
use rusqlite::{Connection, Savepoint, Transaction, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use crate::{keys::Keys, repeats::Repeats, store::failed};

/// So many tasks are committed as one.
const TOGETHER: usize = 256;

/// What a task does once its commit is durable, or has failed.
type After = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// Says whether its work is to be kept, and what comes after.
type Task = Box<dyn FnOnce(&mut Place<'_>) -> (bool, After) + Send>;

enum Order {
    Task(Task),
    /// Commit nothing until the release: an import is whole or not at all.
    Hold(oneshot::Sender<()>),
    Release(oneshot::Sender<Result<(), StoreError>>),
    /// Nothing deleted stays in the log.
    Truncate(oneshot::Sender<()>),
}

/// What a task works with.
pub(crate) struct Place<'a> {
    pub(crate) sql: Savepoint<'a>,
    pub(crate) keys: &'a Keys,
    pub(crate) repeats: &'a mut Repeats,
    /// Set by a task that made a key: it must be durable before the commit.
    pub(crate) made_keys: &'a mut bool,
}

/// The way to the writing thread.
#[derive(Clone)]
pub(crate) struct Writer {
    orders: mpsc::Sender<Order>,
}

impl Writer {
    pub(crate) fn start(connection: Connection, keys: Arc<Keys>, repeats: Repeats, waiting: usize) -> Result<Self, StoreError> {
        let (orders, inbox) = mpsc::channel(waiting.max(1));
        let mut desk = Desk {
            connection,
            keys,
            repeats,
            inbox,
        };
        thread::Builder::new()
            .name("jardin-write".to_owned())
            .spawn(move || while desk.round() {})
            .map_err(failed)?;
        Ok(Self { orders })
    }

    /// Does `work` in a transaction; once that is durable `after` is done with its result, which is then given.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Place<'_>) -> Result<T, String> + Send + 'static,
        after: impl FnOnce(&T) + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let task: Task = Box::new(move |place| {
            let result = work(place);
            let keep = result.is_ok();
            let after: After = Box::new(move |committed| {
                let outcome = match (committed, result) {
                    (Ok(()), Ok(value)) => {
                        after(&value);
                        Ok(value)
                    }
                    (Ok(()), Err(what)) => Err(StoreError::Failed { what: what.into() }),
                    (Err(error), _) => Err(error),
                };
                // whoever no longer waits needs no answer
                let _ = reply.send(outcome);
            });
            (keep, after)
        });
        self.orders.try_send(Order::Task(task)).map_err(|_| StoreError::Overloaded)?;
        answer.await.map_err(failed)?
    }

    pub(crate) async fn hold(&self) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        self.orders.send(Order::Hold(reply)).await.map_err(failed)?;
        answer.await.map_err(failed)
    }

    pub(crate) async fn release(&self) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        self.orders.send(Order::Release(reply)).await.map_err(failed)?;
        answer.await.map_err(failed)?
    }

    pub(crate) async fn truncate(&self) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        self.orders.send(Order::Truncate(reply)).await.map_err(failed)?;
        answer.await.map_err(failed)
    }
}

struct Desk {
    connection: Connection,
    keys: Arc<Keys>,
    repeats: Repeats,
    inbox: mpsc::Receiver<Order>,
}

impl Desk {
    /// One commit. False once nobody can write any more.
    fn round(&mut self) -> bool {
        let Some(first) = self.inbox.blocking_recv() else { return false };
        match first {
            Order::Task(task) => self.commit(task),
            Order::Hold(reply) => self.held(reply),
            Order::Release(reply) => drop(reply.send(Ok(()))),
            Order::Truncate(reply) => {
                self.truncate();
                let _ = reply.send(());
            }
        }
        true
    }

    /// A reader may hold the log up for a moment; the next checkpoint then takes it.
    fn truncate(&self) {
        let _ = self.connection.pragma_update(None, "wal_checkpoint", "TRUNCATE");
    }

    fn commit(&mut self, first: Task) {
        let mut afters = Vec::new();
        let mut later = None;
        let result = match self.connection.transaction_with_behavior(TransactionBehavior::Immediate) {
            Err(error) => {
                // nothing was done: the task is run on nobody's account
                drop(first);
                Err(failed(error))
            }
            Ok(mut transaction) => {
                let mut made_keys = false;
                let mut next = Some(first);
                while let Some(task) = next.take() {
                    if let Some(after) = run(&mut transaction, &self.keys, &mut self.repeats, &mut made_keys, task) {
                        afters.push(after);
                    }
                    if afters.len() < TOGETHER {
                        match self.inbox.try_recv() {
                            Ok(Order::Task(task)) => next = Some(task),
                            Ok(other) => later = Some(other),
                            Err(_) => {}
                        }
                    }
                }
                durable(transaction, &self.keys, made_keys)
            }
        };
        if result.is_err() {
            self.repeats.forget_uncommitted();
        }
        afters.into_iter().for_each(|after| after(result.clone()));
        match later {
            None | Some(Order::Task(_)) => {}
            Some(Order::Hold(reply)) => self.held(reply),
            Some(Order::Release(reply)) => drop(reply.send(Ok(()))),
            Some(Order::Truncate(reply)) => {
                self.truncate();
                let _ = reply.send(());
            }
        }
    }

    /// One transaction until the release. Tasks are answered as they are done, not as they are durable: only the release says that.
    fn held(&mut self, reply: oneshot::Sender<()>) {
        let Ok(mut transaction) = self.connection.transaction_with_behavior(TransactionBehavior::Immediate) else {
            return;
        };
        let _ = reply.send(());
        let mut made_keys = false;
        loop {
            match self.inbox.blocking_recv() {
                Some(Order::Task(task)) => {
                    if let Some(after) = run(&mut transaction, &self.keys, &mut self.repeats, &mut made_keys, task) {
                        after(Ok(()));
                    }
                }
                Some(Order::Release(reply)) => {
                    let _ = reply.send(durable(transaction, &self.keys, made_keys));
                    return;
                }
                Some(Order::Hold(reply)) => drop(reply.send(())),
                Some(Order::Truncate(reply)) => drop(reply.send(())),
                // whoever held it went away: nothing of it stays
                None => return,
            }
        }
    }
}

/// Runs a task in a savepoint of its own, so that one that fails leaves the others.
fn run(transaction: &mut Transaction<'_>, keys: &Keys, repeats: &mut Repeats, made_keys: &mut bool, task: Task) -> Option<After> {
    let sql = transaction.savepoint().ok()?;
    let mut place = Place {
        sql,
        keys,
        repeats,
        made_keys,
    };
    let (keep, after) = task(&mut place);
    let ended = if keep { place.sql.commit() } else { place.sql.finish() };
    ended.ok()?;
    Some(after)
}

fn durable(transaction: Transaction<'_>, keys: &Keys, made_keys: bool) -> Result<(), StoreError> {
    if made_keys {
        keys.sync().map_err(failed)?;
    }
    transaction.commit().map_err(failed)
}

/// The latest time that is durable.
pub(crate) fn note_time(place: &Place<'_>, now: Timestamp) -> Result<(), String> {
    let sql = "INSERT INTO switches VALUES ('time', ?1) ON CONFLICT DO UPDATE SET value = max(value, excluded.value)";
    // big endian with the sign turned, so that bytes compare as times do
    let bytes = (now.ms() ^ i64::MIN).to_be_bytes();
    place
        .sql
        .prepare_cached(sql)
        .and_then(|mut s| s.execute([bytes.as_slice()]))
        .map(drop)
        .map_err(|e| e.to_string())
}
