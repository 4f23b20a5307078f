//! A few threads that read, each with a connection of its own, so that no async thread waits for the disk.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::{self, JoinHandle},
};

use jardin_contract::StoreError;
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::schema;

type Job = Box<dyn FnOnce(&Connection) + Send>;

/// The threads that read, which end with it.
pub(crate) struct Readers {
    jobs: Option<mpsc::SyncSender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.jobs = None;
        for thread in self.threads.drain(..) {
            // one that panicked has said so itself
            let _ = thread.join();
        }
    }
}

/// So many reads may wait.
const WAITING: usize = 1024;

impl Readers {
    pub(crate) fn start(path: &Path, count: usize) -> Result<Self, StoreError> {
        let (jobs, inbox) = mpsc::sync_channel::<Job>(WAITING);
        let inbox = Arc::new(Mutex::new(inbox));
        let mut threads = Vec::new();
        for n in 0..count.max(1) {
            let connection = schema::open_reader(path).map_err(StoreError::failed)?;
            let inbox = Arc::clone(&inbox);
            let work = move || {
                // the lock is held while waiting and not while reading
                while let Ok(job) = { inbox.lock().unwrap_or_else(PoisonError::into_inner).recv() } {
                    job(&connection);
                }
            };
            let thread = thread::Builder::new().name(format!("jardin-read-{n}")).spawn(work);
            threads.push(thread.map_err(StoreError::failed)?);
        }
        Ok(Self { jobs: Some(jobs), threads })
    }

    /// Asks a question of one state of the file.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let state = connection.unchecked_transaction().map_err(StoreError::failed);
            // whoever no longer waits needs no answer
            let _ = reply.send(state.and_then(|state| query(&state)));
        });
        let jobs = self.jobs.as_ref().ok_or_else(|| StoreError::failed("the store is closed"))?;
        jobs.try_send(job).map_err(|_| StoreError::Overloaded)?;
        answer.await.map_err(|_| StoreError::failed("the read was given up"))?
    }
}
