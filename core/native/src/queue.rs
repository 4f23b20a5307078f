//! The requests that wait for a worker of a strategy to become free.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use jardin_abi::Pick;
use jardin_contract::{Failure, StrategyRequest};
use jardin_model::ItemIndex;
use tokio::sync::{Notify, oneshot};

use crate::encode::Question;

/// A batch holds so many requests at most.
const MOST_REQUESTS: usize = 32;

pub(crate) type Reply<T> = oneshot::Sender<Result<T, Failure>>;

/// A request that waits for its answer.
pub(crate) struct Waiting {
    pub(crate) ask: StrategyRequest,
    pub(crate) candidates: Vec<ItemIndex>,
    /// True where only candidates may be picked.
    pub(crate) given: bool,
    pub(crate) reply: Reply<Vec<Pick>>,
}

impl Waiting {
    pub(crate) fn question(&self) -> Question<'_> {
        Question { ask: &self.ask, candidates: &self.candidates, given: self.given }
    }

    pub(crate) fn refuse(self, failure: &Failure) {
        // whoever no longer waits needs no answer
        let _ = self.reply.send(Err(failure.clone()));
    }
}

/// A bounded queue, from which every worker of a strategy takes.
pub(crate) struct Queue {
    waiting: Mutex<VecDeque<Waiting>>,
    /// How many wait, to be looked at without the lock.
    length: AtomicUsize,
    most: usize,
    bell: Notify,
}

impl Queue {
    pub(crate) fn new(most: usize) -> Self {
        Self { waiting: Mutex::default(), length: AtomicUsize::default(), most, bell: Notify::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.length.load(Ordering::Acquire) == 0
    }

    /// Puts a request behind the others; false where too many wait.
    pub(crate) fn push(&self, waiting: Waiting) -> bool {
        let mut queue = self.lock();
        if queue.len() >= self.most {
            return false;
        }
        queue.push_back(waiting);
        self.length.store(queue.len(), Ordering::Release);
        drop(queue);
        self.bell.notify_one();
        true
    }

    /// Waits until somebody has pushed since the last batch was taken; the queue may be empty all the same.
    pub(crate) async fn rung(&self) {
        self.bell.notified().await;
    }

    /// Takes what waits, without those whose askers have gone, as many as one batch may hold.
    pub(crate) fn take(&self) -> Vec<Waiting> {
        let mut queue = self.lock();
        let mut batch = Vec::new();
        while batch.len() < MOST_REQUESTS
            && let Some(waiting) = queue.pop_front()
        {
            if !waiting.reply.is_closed() {
                batch.push(waiting);
            }
        }
        self.length.store(queue.len(), Ordering::Release);
        if !queue.is_empty() {
            // for another worker, or for this one when it is free again
            self.bell.notify_one();
        }
        batch
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
