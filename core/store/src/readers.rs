//! A few threads that read, each with a connection of its own, so that no async thread waits for the disk.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
};

use jardin_strategy::StoreError;
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::{schema, store::failed};

type Job = Box<dyn FnOnce(&Connection) + Send>;

/// The threads that read.
#[derive(Debug, Clone)]
pub(crate) struct Readers {
    jobs: mpsc::SyncSender<Job>,
}

/// So many reads may wait.
const WAITING: usize = 1024;

impl Readers {
    pub(crate) fn start(path: &Path, count: usize) -> Result<Self, StoreError> {
        let (jobs, inbox) = mpsc::sync_channel::<Job>(WAITING);
        let inbox = Arc::new(Mutex::new(inbox));
        for n in 0..count.max(1) {
            let connection = schema::reader(path).map_err(failed)?;
            let inbox = Arc::clone(&inbox);
            let work = move || {
                // the lock is held while waiting and not while reading
                while let Ok(job) = { inbox.lock().unwrap_or_else(PoisonError::into_inner).recv() } {
                    job(&connection);
                }
            };
            thread::Builder::new()
                .name(format!("jardin-read-{n}"))
                .spawn(work)
                .map_err(failed)?;
        }
        Ok(Self { jobs })
    }

    pub(crate) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |connection| drop(reply.send(query(connection))));
        self.jobs.try_send(job).map_err(|_| StoreError::Overloaded)?;
        answer.await.map_err(failed)?.map_err(failed)
    }
}
