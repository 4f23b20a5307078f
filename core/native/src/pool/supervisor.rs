//! The task that looks after the worker of one slot. What happens next is decided by
//! [`super::lifecycle::Lifecycle`]; here it is carried out.

use std::{
    os::fd::OwnedFd,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use jardin_abi::Frame;
use jardin_contract::Failure;
use jardin_policy::View;
use tokio::{
    io::unix::AsyncFd,
    sync::mpsc,
    time::{Instant, sleep_until, timeout},
};

use super::{
    WorkerPool, failure_of,
    lifecycle::{CallEnd, Step, Teaching, Turn},
    plugin_failed,
    waiting_request::WaitingRequest,
    worker_update::WorkerUpdate,
};
use crate::link::{
    batch_size::fitting_batch, channel::Channel, fault::Fault, message::Subject, worker_handle::WorkerHandle,
};

/// How often a worker is looked at while nothing is asked of it.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// How long a process whose socket has ended may take to end.
const EXIT_TIME: Duration = Duration::from_millis(100);

/// Looks after the worker of one slot.
pub(crate) struct Supervisor {
    pool: Arc<WorkerPool>,
    slot: usize,
    updates: mpsc::Receiver<WorkerUpdate>,
    /// The update that waits for its turn.
    update: Option<WorkerUpdate>,
    /// Readable when the worker has ended; `None` without one, and once that was seen.
    exit: Option<AsyncFd<OwnedFd>>,
    /// Until when no worker is started.
    pause_end: Option<Instant>,
    /// When the worker is looked at next, whether it only waits while nothing is asked of it.
    next_look: Instant,
    /// The newest catalogue that is known here.
    newest: Option<Arc<View>>,
}

impl Supervisor {
    pub(crate) fn new(pool: Arc<WorkerPool>, slot: usize, updates: mpsc::Receiver<WorkerUpdate>) -> Self {
        Self {
            pool,
            slot,
            updates,
            update: None,
            exit: None,
            pause_end: None,
            next_look: Instant::now(),
            newest: None,
        }
    }

    /// Works until nobody can send updates any more; the worker ends with it.
    pub(crate) async fn run(mut self) {
        while self.take_step().await {}
        if let Some(handle) = self.take_handle() {
            let _ = self.pool.spec.spawner.end(handle.child).await;
        }
    }

    /// Carries out the next step. False where nobody can send updates any more.
    async fn take_step(&mut self) -> bool {
        let step = self.pool.lock().lifecycle.next_step(self.slot);
        match step {
            Step::Start => self.start().await,
            Step::Settle(turn) => self.settle(turn).await,
            Step::Serve(turn, batch) => self.serve(turn, batch).await,
            Step::Update(turn) => self.apply_update(turn).await,
            Step::Reap(fault) => self.reap(fault).await,
            Step::Refuse(requests, why) => {
                requests.into_iter().for_each(|request| request.answer(Err(failure_of(why))));
            }
            Step::RefuseUpdate(why) => {
                self.update.take().into_iter().for_each(|update| update.refuse(failure_of(why)));
            }
            Step::Pause(pause) => {
                self.pause_end.get_or_insert_with(|| Instant::now() + pause);
                return self.wait().await;
            }
            Step::Wait => return self.wait().await,
        }
        true
    }

    /// Waits for an event and tells of it. False where nobody can send updates any more.
    async fn wait(&mut self) -> bool {
        let pause = async {
            match self.pause_end {
                Some(end) => sleep_until(end).await,
                None => std::future::pending().await,
            }
        };
        let exit = async {
            match &self.exit {
                Some(exit) => exit.readable().await.is_ok(),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = self.pool.woken(self.slot) => {}
            () = pause => {
                self.pause_end = None;
                self.pool.lock().lifecycle.rested(self.slot);
            }
            _ = exit => {
                self.exit = None;
                self.pool.lock().lifecycle.process_ended(self.slot);
            }
            () = sleep_until(self.next_look) => {
                self.next_look = Instant::now() + LOOK_INTERVAL;
                self.check_idleness();
            }
            update = self.updates.recv(), if self.update.is_none() => {
                let Some(update) = update else { return false };
                self.update = Some(update);
                self.pool.lock().lifecycle.update_came(self.slot);
            }
        }
        true
    }

    /// Looks whether the worker waits, where nobody has its turn and nobody wants it.
    fn check_idleness(&self) {
        let Some(turn) = self.pool.lock().lifecycle.take_idle_turn(self.slot) else { return };
        let mut handle = self.take_handle();
        let now = self.pool.spec.clock.steady_now();
        let looked = handle.as_mut().map_or(Ok(()), |handle| handle.check_idleness(now));
        let end = looked.map_or_else(CallEnd::Broken, |()| CallEnd::Answered);
        self.pool.give_back(turn, handle, end);
    }

    fn take_handle(&self) -> Option<Box<WorkerHandle>> {
        self.pool.lock().handles.get_mut(self.slot).and_then(Option::take)
    }

    /// Starts a worker; where that fails it has died.
    async fn start(&mut self) {
        match self.bring_up(None).await {
            Ok((turn, handle)) => self.pool.give_back(turn, Some(handle), CallEnd::Answered),
            Err(what) => self.record_death(&what),
        }
    }

    /// Starts a worker and tells it the catalogue. Its state is a new one, or, where it takes the place of one
    /// that had learned something else, that of a generation. The error says why it is dead.
    async fn bring_up(&mut self, generation: Option<u64>) -> Result<(Turn, Box<WorkerHandle>), String> {
        let pool = Arc::clone(&self.pool);
        let spec = &pool.spec;
        spec.stats.starts.fetch_add(1, Ordering::Relaxed);
        let plugin = spec.file.sealed_copy().map_err(|e| format!("no sealed copy: {e}"))?;
        let started = spec.spawner.start(plugin, spec.limits).await;
        let started = started.map_err(|e| format!("the worker cannot be started: {e}"))?;
        let channel = Channel::new(started.socket).map_err(|e| e.to_string())?;
        // SAFETY: `register` wants the descriptor open, and the same, while it is registered: an `OwnedFd`
        // keeps its number until it is dropped, and `AsyncFd` takes it out of the reactor before that.
        self.exit = Some(unsafe { AsyncFd::register(started.exit) }.map_err(|e| e.to_string())?);
        let mut handle = Box::new(WorkerHandle::new(started.child, channel));
        let mut up = handle.greet(spec).await;
        if up.is_ok()
            && let Some(view) = &self.newest
        {
            up = match handle.tell_catalogue(spec, view).await {
                Ok(Ok(())) => Ok(()),
                Ok(Err(result)) => Err(format!("the plugin gave the result {result}")),
                Err(fault) => Err(fault.phrase().to_owned()),
            };
        }
        if let Err(what) = up {
            let signal = self.end_process(handle).await.filter(|how| how.starts_with("signal"));
            return Err(signal.map_or_else(|| what.clone(), |signal| format!("{what}: {signal}")));
        }
        let turn = pool.lock().lifecycle.started(self.slot, generation);
        turn.map(|turn| (turn, handle)).ok_or_else(|| "nobody waits for it".to_owned())
    }

    /// Answers the requests that wait; nobody waits for a batch to fill.
    async fn serve(&mut self, turn: Turn, batch: Vec<WaitingRequest>) {
        // what is left in the queue is for another worker, or for this one when it is free again
        let next = self.pool.lock().lifecycle.idle_slot();
        next.into_iter().for_each(|slot| self.pool.wake(slot));
        let now = self.pool.spec.clock.steady_now();
        let waiting = batch.into_iter().filter(|request| !request.reply.is_closed());
        let (late, mut batch): (Vec<_>, Vec<_>) = waiting.partition(|request| request.ask.deadline.0 <= now);
        late.into_iter().for_each(|request| request.answer(Err(Failure::Late)));
        if let Some(WaitingRequest { ask, .. }) = batch.last() {
            // the newest state of the catalogue serves all: indices never change their meaning
            self.newest = Some(Arc::clone(&ask.view));
        }
        let mut handle = self.take_handle();
        while !batch.is_empty()
            && let Some(worker) = handle.take()
        {
            handle = self.serve_some(turn, worker, &mut batch).await;
        }
        batch.into_iter().for_each(|request| request.answer(Err(Failure::Starting)));
        self.pool.give_back(turn, handle, CallEnd::Answered);
    }

    /// Answers as many of the first requests as travel together, after it told what of the catalogue the
    /// worker does not hold yet. No worker where it had to go.
    async fn serve_some(
        &mut self,
        turn: Turn,
        mut handle: Box<WorkerHandle>,
        batch: &mut Vec<WaitingRequest>,
    ) -> Option<Box<WorkerHandle>> {
        let pool = Arc::clone(&self.pool);
        if let Some(view) = &self.newest {
            let told = handle.tell_catalogue(&pool.spec, view).await;
            handle = self.check_state(turn, handle, told).await.ok()?;
        }
        let rows: Vec<_> = batch.iter().map(WaitingRequest::row).collect();
        let (message, count) = fitting_batch(&pool.spec, &rows);
        let answered = match message {
            Some(mut message) => handle.recommend(&pool.spec, &mut message, count).await,
            None => Ok(Err(Failure::Limit { limit: "frame size" })),
        };
        let first = batch.drain(..count);
        match answered {
            Ok(Ok(answers)) => first
                .zip(answers)
                .for_each(|(request, answer)| request.answer(answer.ok_or_else(plugin_failed))),
            Ok(Err(failure)) => first.for_each(|request| request.answer(Err(failure.clone()))),
            Err(fault) => {
                let failure = self.end_worker(turn, handle, fault).await;
                first.for_each(|request| request.answer(Err(failure.clone())));
                return None;
            }
        }
        Some(handle)
    }

    /// Hears the answer of a call that somebody began and did not end.
    async fn settle(&mut self, turn: Turn) {
        let Some(mut handle) = self.take_handle() else { return };
        let end = match handle.settle(self.pool.spec.clock.steady_now()).await {
            Ok(()) => CallEnd::Answered,
            Err(fault) => CallEnd::Broken(fault),
        };
        self.pool.give_back(turn, Some(handle), end);
    }

    async fn apply_update(&mut self, turn: Turn) {
        let (Some(update), Some(handle)) = (self.update.take(), self.take_handle()) else { return };
        match update {
            WorkerUpdate::Catalogue { view, reply } => {
                self.newest = Some(Arc::clone(&view));
                let _ = reply.send(self.tell_catalogue(turn, handle, &view).await);
            }
            WorkerUpdate::Observe { generation, message, reply } => {
                let _ = reply.send(self.teach(turn, handle, Subject::Observe, generation, message).await);
            }
            WorkerUpdate::Forget { generation, message, reply } => {
                let _ = reply.send(self.teach(turn, handle, Subject::Forget, generation, message).await);
            }
        }
    }

    async fn tell_catalogue(
        &mut self,
        turn: Turn,
        mut handle: Box<WorkerHandle>,
        view: &Arc<View>,
    ) -> Result<(), Failure> {
        let told = handle.tell_catalogue(&self.pool.spec, view).await;
        let handle = self.check_state(turn, handle, told).await?;
        self.pool.give_back(turn, Some(handle), CallEnd::Answered);
        Ok(())
    }

    /// Teaches a generation: a worker that holds what was learned in another one gives way to a new one first.
    async fn teach(
        &mut self,
        mut turn: Turn,
        mut handle: Box<WorkerHandle>,
        subject: Subject,
        generation: u64,
        mut message: Frame,
    ) -> Result<(), Failure> {
        let mut teaching = self.pool.lock().lifecycle.teaching(turn, generation);
        if teaching == Teaching::Replace {
            self.pool.lock().lifecycle.replaces(turn);
            self.end_process(handle).await;
            (turn, handle) = match self.bring_up(Some(generation)).await {
                Ok(up) => up,
                Err(what) => {
                    self.record_death(&what);
                    return Err(Failure::Died { how: what.into() });
                }
            };
            teaching = self.pool.lock().lifecycle.teaching(turn, generation);
        }
        if teaching != Teaching::Now {
            self.pool.give_back(turn, Some(handle), CallEnd::Answered);
            return Err(Failure::Stale);
        }
        let learned = handle.call(&self.pool.spec, subject, &mut message).await;
        let handle = self.check_state(turn, handle, learned).await?;
        self.pool.give_back(turn, Some(handle), CallEnd::Answered);
        Ok(())
    }

    /// A worker whose state is in doubt gives way to a new one, which begins with an empty state.
    async fn check_state(
        &mut self,
        turn: Turn,
        handle: Box<WorkerHandle>,
        told: Result<Result<(), i32>, Fault>,
    ) -> Result<Box<WorkerHandle>, Failure> {
        match told {
            Ok(Ok(())) => Ok(handle),
            Ok(Err(result)) => {
                let what = format!("the plugin gave the result {result}");
                self.pool.lock().lifecycle.ends(turn);
                self.end_process(handle).await;
                self.record_death(&what);
                Err(Failure::Error { what: what.into() })
            }
            Err(fault) => Err(self.end_worker(turn, handle, fault).await),
        }
    }

    /// Ends the worker whose turn the supervisor has; the failure of whoever asked it.
    async fn end_worker(&mut self, turn: Turn, handle: Box<WorkerHandle>, fault: Fault) -> Failure {
        self.pool.lock().lifecycle.ends(turn);
        self.end_faulty(handle, fault).await
    }

    /// Ends a worker that nobody speaks to any more.
    async fn reap(&mut self, fault: Fault) {
        match self.take_handle() {
            Some(mut handle) => {
                let verdict = handle.verdict.take();
                let failure = self.end_faulty(handle, fault).await;
                // whoever asked may have gone
                verdict.map(|verdict| verdict.send(failure));
            }
            None => self.record_death(fault.phrase()),
        }
    }

    async fn end_faulty(&mut self, handle: Box<WorkerHandle>, fault: Fault) -> Failure {
        if fault == Fault::Gone
            && let Some(exit) = &self.exit
        {
            // its socket ends before its process does; killed now, it would not say how it ended
            let _ = timeout(EXIT_TIME, exit.readable()).await;
        }
        let ended = self.end_process(handle).await;
        // what it said itself, or was found to do, says more than how its process ended then
        let is_known = !matches!(fault, Fault::Gone);
        let how = ended.filter(|_| !is_known).unwrap_or_else(|| fault.phrase().to_owned());
        let stats = &self.pool.spec.stats;
        let counted = match fault {
            Fault::Late => Some(&stats.late),
            Fault::Unasked => Some(&stats.unasked),
            Fault::OutOfMemory => Some(&stats.out_of_memory),
            Fault::Gone | Fault::Garbled | Fault::Aborted => None,
        };
        counted.map(|counter| counter.fetch_add(1, Ordering::Relaxed));
        // last, since whoever reads why it died finds it counted
        self.record_death(&how);
        if fault == Fault::Late { Failure::Late } else { Failure::Died { how: how.into() } }
    }

    /// Kills the worker's process if it still runs; how it had ended by itself.
    async fn end_process(&mut self, handle: Box<WorkerHandle>) -> Option<String> {
        self.exit = None;
        let spec = &self.pool.spec;
        let status = spec.spawner.end(handle.child).await.ok()?;
        spec.stats.describe_exit(status)
    }

    fn record_death(&mut self, how: &str) {
        self.exit = None;
        let spec = &self.pool.spec;
        spec.stats.deaths.fetch_add(1, Ordering::Relaxed);
        spec.stats.set_note(format!("the worker ended: {how}"));
        self.pool.lock().lifecycle.died(self.slot, spec.clock.steady_now());
    }
}
