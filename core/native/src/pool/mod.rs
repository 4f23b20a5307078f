//! All workers of a strategy, and how a request comes to one of them.

mod fit;
mod lifecycle;
#[cfg(test)]
mod lifecycle_laws;
mod restart_backoff;
mod supervisor;
mod waiting_request;
mod worker_update;

pub(crate) use supervisor::Supervisor;
pub(crate) use worker_update::{Reply, WorkerUpdate};

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jardin_abi::Pick;
use jardin_contract::{Failure, StrategyRequest};
use jardin_model::ItemIndex;
use tokio::sync::{Notify, oneshot};

use crate::link::{
    batch_size::fitting_batch, fault::Fault, frames::RecommendRow, worker_handle::WorkerHandle,
    worker_spec::WorkerSpec,
};
use fit::Fit;
use lifecycle::{Admission, CallEnd, Lifecycle, Turn, Unusable};
use waiting_request::WaitingRequest;

/// The place of one worker.
#[derive(Default)]
struct WorkerSlot {
    /// Wakes the supervisor.
    wake: Notify,
}

/// What callers and supervisors change together.
struct Shared {
    lifecycle: Lifecycle<WaitingRequest>,
    /// The worker of each slot, while nobody has its turn.
    handles: Vec<Option<Box<WorkerHandle>>>,
}

/// All workers of a strategy.
pub(crate) struct WorkerPool {
    pub(crate) spec: WorkerSpec,
    slots: Vec<WorkerSlot>,
    shared: Mutex<Shared>,
}

impl WorkerPool {
    pub(crate) fn new(spec: WorkerSpec, workers: usize, max_queue: usize) -> Arc<Self> {
        let shared = Shared {
            lifecycle: Lifecycle::new(workers, max_queue),
            handles: (0..workers).map(|_| None).collect(),
        };
        let slots = (0..workers).map(|_| WorkerSlot::default()).collect();
        Arc::new(Self { spec, slots, shared: Mutex::new(shared) })
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(&self, slot: usize) {
        if let Some(slot) = self.slots.get(slot) {
            slot.wake.notify_one();
        }
    }

    async fn woken(&self, slot: usize) {
        match self.slots.get(slot) {
            Some(slot) => slot.wake.notified().await,
            None => std::future::pending().await,
        }
    }

    /// True where a worker can be asked.
    pub(crate) fn is_usable(&self) -> bool {
        self.lock().lifecycle.unusable().is_none()
    }

    /// Which state of the strategy is taught: see [`crate::NativeStrategy`].
    pub(crate) fn generation(&self) -> u64 {
        self.lock().lifecycle.generation()
    }

    /// What the workers hold differs: everything must be taught again.
    pub(crate) fn lose_learned(&self) {
        self.lock().lifecycle.lose_learned();
    }

    /// Asks a free worker at once, from the task of the caller, or waits in the queue.
    pub(crate) async fn recommend(
        &self,
        ask: &StrategyRequest,
        candidates: &[ItemIndex],
        only_candidates: bool,
    ) -> Result<Vec<Pick>, Failure> {
        if ask.deadline.0 <= self.spec.clock.steady_now() {
            return Err(Failure::Late);
        }
        let row = RecommendRow { ask, candidates, only_candidates };
        match self.admit(&row) {
            Admitted::AtOnce(lease) => lease.recommend(&self.spec, row).await,
            Admitted::Queued(answer) => answer.await.map_err(|_| Failure::Starting)?,
            Admitted::Refused(failure) => Err(failure),
        }
    }

    fn admit(&self, row: &RecommendRow<'_>) -> Admitted<'_> {
        let mut shared = self.lock();
        let Shared { lifecycle, handles } = &mut *shared;
        let fit = |slot: usize| match handles.get(slot).and_then(Option::as_ref) {
            Some(handle) if handle.knows_catalogue(&row.ask.view) => match handle.is_kept_here() {
                Some(true) => Fit::Near,
                None => Fit::Anywhere,
                Some(false) => Fit::Elsewhere,
            },
            _ => Fit::Unknowing,
        };
        let mut answer = None;
        let waiting = || {
            let (reply, receiver) = oneshot::channel();
            answer = Some(receiver);
            WaitingRequest::new(row, reply)
        };
        match lifecycle.admit(fit, waiting) {
            Admission::AtOnce(turn) => {
                let handle = handles.get_mut(turn.slot).and_then(Option::take);
                drop(shared);
                Admitted::AtOnce(Lease { pool: self, turn, handle, end: CallEnd::Abandoned })
            }
            Admission::Queued { wake } => {
                drop(shared);
                wake.into_iter().for_each(|slot| self.wake(slot));
                answer.map_or(Admitted::Refused(Failure::Overloaded), Admitted::Queued)
            }
            Admission::QueueFull => Admitted::Refused(Failure::Overloaded),
            Admission::Refused(why) => Admitted::Refused(failure_of(why)),
        }
    }

    /// Gives a worker back after a turn.
    fn give_back(&self, turn: Turn, handle: Option<Box<WorkerHandle>>, end: CallEnd) {
        let mut shared = self.lock();
        if let Some(place) = shared.handles.get_mut(turn.slot) {
            *place = handle;
        }
        let is_due = shared.lifecycle.returned(turn, end);
        drop(shared);
        if is_due {
            self.wake(turn.slot);
        }
    }
}

enum Admitted<'a> {
    AtOnce(Lease<'a>),
    Queued(oneshot::Receiver<Result<Vec<Pick>, Failure>>),
    Refused(Failure),
}

/// A worker that nobody else speaks to. It goes back when this is dropped, as it is when a caller goes away
/// in the middle of a call.
struct Lease<'a> {
    pool: &'a WorkerPool,
    turn: Turn,
    handle: Option<Box<WorkerHandle>>,
    end: CallEnd,
}

impl Lease<'_> {
    /// One round trip with one request.
    async fn recommend(mut self, spec: &WorkerSpec, row: RecommendRow<'_>) -> Result<Vec<Pick>, Failure> {
        let Some(handle) = self.handle.as_mut() else { return Err(Failure::Starting) };
        let (Some(mut message), _) = fitting_batch(spec, &[row]) else {
            self.end = CallEnd::Answered;
            return Err(Failure::Limit { limit: "frame size" });
        };
        match handle.recommend(spec, &mut message, 1).await {
            Ok(answers) => {
                self.end = CallEnd::Answered;
                answers?.pop().flatten().ok_or_else(plugin_failed)
            }
            Err(Fault::Late) => {
                self.end = CallEnd::Broken(Fault::Late);
                Err(Failure::Late)
            }
            Err(fault) => {
                self.end = CallEnd::Broken(fault);
                let (verdict, ended) = oneshot::channel();
                handle.verdict = Some(verdict);
                drop(self);
                // the supervisor finds out how it ended
                Err(ended.await.unwrap_or(Failure::Starting))
            }
        }
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        self.pool.give_back(self.turn, self.handle.take(), self.end);
    }
}

const fn failure_of(why: Unusable) -> Failure {
    match why {
        Unusable::Starting => Failure::Starting,
        Unusable::Resting => Failure::Resting,
    }
}

/// The plugin said that it failed at one request.
fn plugin_failed() -> Failure {
    Failure::Error { what: "the plugin failed".into() }
}
