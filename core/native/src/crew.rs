//! All workers of a strategy, and how a request comes to one of them.

use std::sync::{
    Arc,
    atomic::{AtomicU8, AtomicU64, Ordering},
};

use jardin_abi::Pick;
use jardin_contract::{Failure, StrategyRequest};
use jardin_model::ItemIndex;
use tokio::sync::{Mutex, MutexGuard, Notify, oneshot};

use crate::{
    channel::Broken,
    encode::Question,
    partner::{self, Partner},
    queue::{Queue, Waiting},
    setting::Setting,
};

/// How a worker is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum State {
    Resting = 0,
    Starting = 1,
    Ready = 2,
}

/// The place of one worker.
pub(crate) struct Seat {
    partner: Mutex<Option<Partner>>,
    state: AtomicU8,
    /// Tells the keeper that a call was left unfinished.
    bell: Notify,
}

impl Seat {
    fn new() -> Self {
        Self { partner: Mutex::default(), state: AtomicU8::new(State::Starting as u8), bell: Notify::new() }
    }

    pub(crate) fn state(&self) -> State {
        match self.state.load(Ordering::Acquire) {
            2 => State::Ready,
            1 => State::Starting,
            _ => State::Resting,
        }
    }

    pub(crate) fn set(&self, state: State) {
        self.state.store(state as u8, Ordering::Release);
    }

    /// The worker, once nobody else speaks to it.
    pub(crate) async fn partner(&self) -> MutexGuard<'_, Option<Partner>> {
        self.partner.lock().await
    }

    pub(crate) async fn rung(&self) {
        self.bell.notified().await;
    }

    /// The worker, where it can be asked at once.
    fn free(&self, ask: &StrategyRequest) -> Option<MutexGuard<'_, Option<Partner>>> {
        let partner = self.partner.try_lock().ok()?;
        partner.as_ref()?.is_free_for(&ask.view).then_some(partner)
    }
}

/// Rings when it is dropped, as it is when a caller goes away in the middle of a call.
struct Ringing<'a>(Option<&'a Notify>);

impl Drop for Ringing<'_> {
    fn drop(&mut self) {
        if let Some(bell) = self.0 {
            bell.notify_one();
        }
    }
}

/// All workers of a strategy.
pub(crate) struct Crew {
    pub(crate) setting: Setting,
    pub(crate) queue: Queue,
    seats: Vec<Seat>,
    /// Changes whenever what was learned is lost; 0 before the first worker.
    pub(crate) generation: AtomicU64,
}

impl Crew {
    pub(crate) fn new(setting: Setting, workers: usize, queue: usize) -> Arc<Self> {
        Arc::new(Self {
            setting,
            queue: Queue::new(queue),
            seats: (0..workers).map(|_| Seat::new()).collect(),
            generation: AtomicU64::default(),
        })
    }

    pub(crate) fn seat(&self, number: usize) -> Option<&Seat> {
        self.seats.get(number)
    }

    /// That of the worker which is doing best.
    pub(crate) fn state(&self) -> State {
        self.seats.iter().map(Seat::state).max().unwrap_or(State::Resting)
    }

    /// Why nobody is asked now.
    pub(crate) fn refusal(&self) -> Option<Failure> {
        match self.state() {
            State::Ready => None,
            State::Starting => Some(Failure::Starting),
            State::Resting => Some(Failure::Resting),
        }
    }

    /// Asks a free worker at once, from the task of the caller, or waits in the queue.
    pub(crate) async fn recommend(
        &self,
        ask: &StrategyRequest,
        candidates: &[ItemIndex],
        given: bool,
    ) -> Result<Vec<Pick>, Failure> {
        if let Some(refusal) = self.refusal() {
            return Err(refusal);
        }
        if ask.deadline.0 <= self.setting.clock.instant() {
            return Err(Failure::Late);
        }
        // nobody passes those who wait
        let free = || self.seats.iter().find_map(|seat| Some((seat, seat.free(ask)?)));
        match self.queue.is_empty().then(free).flatten() {
            Some((seat, partner)) => self.at_once(seat, partner, Question { ask, candidates, given }).await,
            None => self.in_turn(ask, candidates, given).await,
        }
    }

    async fn at_once(
        &self,
        seat: &Seat,
        mut held: MutexGuard<'_, Option<Partner>>,
        question: Question<'_>,
    ) -> Result<Vec<Pick>, Failure> {
        let Some(partner) = held.as_mut() else {
            return Err(Failure::Starting);
        };
        let (Some(mut message), _) = partner::fitting(self.setting.manifest(), &[question]) else {
            return Err(Failure::Limit { limit: "frame size" });
        };
        // rings whichever way this ends but the good one; the keeper waits for the lock
        let mut unfinished = Ringing(Some(&seat.bell));
        match partner.recommend(&self.setting, &mut message, 1).await {
            Ok(answers) => {
                // another seat's keeper may have been told of the queue, and wait for its own worker
                if self.seats.len() == 1 || self.queue.is_empty() {
                    unfinished.0 = None;
                }
                answers?.pop().flatten().ok_or_else(plugin_failed)
            }
            Err(Broken::Late) => {
                partner.broken = Some(Broken::Late);
                drop(held);
                Err(Failure::Late)
            }
            Err(gone) => {
                let (verdict, told) = oneshot::channel();
                partner.broken = Some(gone);
                partner.verdict = Some(verdict);
                drop(held);
                drop(unfinished);
                // the keeper knows how it ended
                Err(told.await.unwrap_or(Failure::Starting))
            }
        }
    }

    async fn in_turn(
        &self,
        ask: &StrategyRequest,
        candidates: &[ItemIndex],
        given: bool,
    ) -> Result<Vec<Pick>, Failure> {
        let (reply, answer) = oneshot::channel();
        let waiting = Waiting { ask: ask.clone(), candidates: candidates.to_vec(), given, reply };
        if !self.queue.push(waiting) {
            return Err(Failure::Overloaded);
        }
        answer.await.map_err(|_| Failure::Starting)?
    }
}

/// The plugin said that it failed at one request.
pub(crate) fn plugin_failed() -> Failure {
    Failure::Error { what: "the plugin failed".into() }
}
