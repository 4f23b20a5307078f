//! When a worker may be used, and who is answered by whom: the life of every worker of a strategy and of the
//! requests that wait for one.
//!
//! Nothing here starts a process, reads a clock or waits. Callers and supervisors tell what happened; the
//! supervisor of a slot asks for its next step and carries it out. So every order of events can be tried
//! without a process: see `lifecycle_laws.rs`.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use super::{
    fit::{Fit, best_slot},
    restart_backoff::RestartBackoff,
};
use crate::link::fault::Fault;

/// The most requests that one batch holds.
pub(super) const MAX_BATCH: usize = 32;

/// Why no worker can be used now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unusable {
    /// All of them died too often.
    Resting,
    /// One is being started, or will be in a moment.
    Starting,
}

/// How a call ended, as far as the worker is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallEnd {
    /// The answer was heard.
    Answered,
    /// Whoever asked went away; the answer is still to come.
    Abandoned,
    Broken(Fault),
}

/// One worker of a slot: the same number is never given to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WorkerNumber(u64);

/// The right to speak to a worker, which nobody else has meanwhile. Who has it tells how the call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) slot: usize,
    pub(super) worker: WorkerNumber,
}

/// What becomes of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// It may go to this worker at once.
    AtOnce(Turn),
    /// It waits, and the supervisor of this slot, if any, can serve it.
    Queued {
        wake: Option<usize>,
    },
    QueueFull,
    Refused(Unusable),
}

/// What the supervisor of a slot does next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step<R> {
    /// Start a worker; then [`Lifecycle::started`] or [`Lifecycle::died`].
    Start,
    /// Hear the answer that nobody waits for; then [`Lifecycle::returned`].
    Settle(Turn),
    /// Answer these; then [`Lifecycle::returned`].
    Serve(Turn, Vec<R>),
    /// Give the worker the update that waits; then [`Lifecycle::returned`].
    Update(Turn),
    /// End the worker; then [`Lifecycle::died`].
    Reap(Fault),
    /// Answer these with why they wait in vain.
    Refuse(Vec<R>, Unusable),
    /// Answer the update that waits in the same way.
    RefuseUpdate(Unusable),
    /// Wait for an event, or for so long; then [`Lifecycle::rested`].
    Pause(Duration),
    /// Wait for an event.
    Wait,
}

/// What a worker is to do with something to learn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Teaching {
    /// Learn it.
    Now,
    /// Give way to a new one, which learns it: it holds what was learned in another generation.
    Replace,
    /// Nothing: it belongs to a generation that is over.
    Stale,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// There is no worker, and none may be started before so long.
    Down { pause: Duration, is_resting: bool },
    /// The supervisor starts a worker and tells it the catalogue.
    Starting,
    /// Nobody speaks to it.
    Idle,
    /// Somebody has its turn. `has_ended` where its process was seen to end meanwhile.
    Busy { has_ended: bool },
    /// An answer is still to come for which nobody waits.
    Unsettled,
    /// It must go.
    Broken(Fault),
    /// The supervisor ends it.
    Ending,
}

#[derive(Debug)]
struct Slot {
    phase: Phase,
    worker: WorkerNumber,
    backoff: RestartBackoff,
    /// Which state of the strategy the worker holds: see [`crate::NativeStrategy`].
    generation: u64,
    has_learned: bool,
    update_waits: bool,
    /// A batch was served since the last update: the update has its turn before the next one.
    has_served: bool,
}

/// The lives of all workers of a strategy, and the bounded queue from which every one of them takes.
#[derive(Debug)]
pub(super) struct Lifecycle<R> {
    slots: Vec<Slot>,
    queue: VecDeque<R>,
    max_queue: usize,
    /// Changes whenever what was learned is lost; 0 before the first worker.
    generation: u64,
    workers: u64,
}

impl<R> Lifecycle<R> {
    pub(super) fn new(slots: usize, max_queue: usize) -> Self {
        let slot = |_| Slot {
            phase: Phase::Down { pause: Duration::ZERO, is_resting: false },
            worker: WorkerNumber(0),
            backoff: RestartBackoff::default(),
            generation: 0,
            has_learned: false,
            update_waits: false,
            has_served: false,
        };
        Self {
            slots: (0..slots).map(slot).collect(),
            queue: VecDeque::new(),
            max_queue,
            generation: 0,
            workers: 0,
        }
    }

    pub(super) const fn generation(&self) -> u64 {
        self.generation
    }

    /// Why no worker can be used now, by the one that is doing best; `None` where one can.
    pub(super) fn unusable(&self) -> Option<Unusable> {
        let state = |slot: &Slot| match slot.phase {
            Phase::Idle | Phase::Busy { .. } | Phase::Unsettled => None,
            Phase::Down { is_resting: true, .. } => Some(Unusable::Resting),
            Phase::Down { .. } | Phase::Starting | Phase::Broken(_) | Phase::Ending => {
                Some(Unusable::Starting)
            }
        };
        let mut states = self.slots.iter().map(state);
        let first = states.next().unwrap_or(Some(Unusable::Resting));
        states.fold(first, |best, state| Some(best?.max(state?)))
    }

    /// A request comes. `fit` tells of a slot how well its worker suits the request; `request` makes what waits,
    /// where it must.
    pub(super) fn admit(&mut self, fit: impl Fn(usize) -> Fit, request: impl FnOnce() -> R) -> Admission {
        if let Some(why) = self.unusable() {
            return Admission::Refused(why);
        }
        // nobody passes those who wait
        if self.queue.is_empty()
            && let Some(number) = best_slot(self.free_slots().map(|number| (number, fit(number))))
            && let Some(slot) = self.slots.get_mut(number)
        {
            slot.phase = Phase::Busy { has_ended: false };
            return Admission::AtOnce(Turn { slot: number, worker: slot.worker });
        }
        if self.queue.len() >= self.max_queue {
            return Admission::QueueFull;
        }
        self.queue.push_back(request());
        Admission::Queued { wake: self.idle_slot() }
    }

    /// Slots whose worker nobody speaks to and nobody is about to tell something.
    fn free_slots(&self) -> impl Iterator<Item = usize> {
        let all = self.slots.iter().enumerate();
        all.filter(|(_, slot)| slot.phase == Phase::Idle && !slot.update_waits).map(|(number, _)| number)
    }

    /// A slot whose supervisor can serve the queue; `None` where nobody waits or all are busy.
    pub(super) fn idle_slot(&self) -> Option<usize> {
        let idle = || self.slots.iter().position(|slot| slot.phase == Phase::Idle);
        if self.queue.is_empty() { None } else { idle() }
    }

    /// The turn of a worker that nobody wants, for its supervisor to look at it; `None` where somebody does.
    pub(super) fn take_idle_turn(&mut self, number: usize) -> Option<Turn> {
        let slot = self.slots.get_mut(number)?;
        if slot.phase != Phase::Idle || slot.update_waits || !self.queue.is_empty() {
            return None;
        }
        slot.phase = Phase::Busy { has_ended: false };
        Some(Turn { slot: number, worker: slot.worker })
    }

    /// A turn is over. True where the slot's supervisor has something to do. The turn of a worker that was
    /// ended meanwhile changes nothing.
    pub(super) fn returned(&mut self, turn: Turn, end: CallEnd) -> bool {
        let is_queue_empty = self.queue.is_empty();
        let Some(slot) = self.slots.get_mut(turn.slot).filter(|slot| slot.worker == turn.worker) else {
            return false;
        };
        let Phase::Busy { has_ended } = slot.phase else { return false };
        slot.phase = match end {
            CallEnd::Broken(fault) => Phase::Broken(fault),
            _ if has_ended => Phase::Broken(Fault::Gone),
            CallEnd::Abandoned => Phase::Unsettled,
            CallEnd::Answered => Phase::Idle,
        };
        slot.phase != Phase::Idle || slot.update_waits || !is_queue_empty
    }

    /// Something to tell or to teach waits at a slot's supervisor.
    pub(super) fn update_came(&mut self, number: usize) {
        if let Some(slot) = self.slots.get_mut(number) {
            slot.update_waits = true;
        }
    }

    /// A worker is ready. Its state is empty, so that everything must be taught anew, under a generation of
    /// its own; or it took the place of one whose generation it goes on with.
    pub(super) fn started(&mut self, number: usize, generation: Option<u64>) -> Option<Turn> {
        let slot = self.slots.get_mut(number).filter(|slot| slot.phase == Phase::Starting)?;
        if generation.is_none() {
            self.generation += 1;
        }
        self.workers += 1;
        slot.worker = WorkerNumber(self.workers);
        slot.generation = generation.unwrap_or(self.generation);
        slot.has_learned = false;
        // the supervisor has the first turn, and gives it back when it is done
        slot.phase = Phase::Busy { has_ended: false };
        Some(Turn { slot: number, worker: slot.worker })
    }

    /// The process of a slot's worker was seen to end.
    pub(super) fn process_ended(&mut self, number: usize) {
        if let Some(slot) = self.slots.get_mut(number) {
            slot.phase = match slot.phase {
                // whoever has its turn finds out, and tells
                Phase::Busy { .. } => Phase::Busy { has_ended: true },
                Phase::Idle | Phase::Unsettled => Phase::Broken(Fault::Gone),
                other => other,
            };
        }
    }

    /// A slot's worker is dead, or did not even come up: the next one waits.
    pub(super) fn died(&mut self, number: usize, at: Instant) {
        if let Some(slot) =
            self.slots.get_mut(number).filter(|slot| !matches!(slot.phase, Phase::Down { .. }))
        {
            slot.backoff.record_death(at);
            slot.phase = slot.backoff.pause(at).into();
        }
    }

    /// The supervisor, which has the turn, ends the worker. False where it has none.
    pub(super) fn ends(&mut self, turn: Turn) -> bool {
        self.swap_phase(turn, Phase::Ending)
    }

    /// The supervisor, which has the turn, puts a new worker in the place of this one. It did not die: the new
    /// one need not wait.
    pub(super) fn replaces(&mut self, turn: Turn) -> bool {
        self.swap_phase(turn, Phase::Starting)
    }

    fn swap_phase(&mut self, turn: Turn, phase: Phase) -> bool {
        let slot = self
            .slots
            .get_mut(turn.slot)
            .filter(|slot| slot.worker == turn.worker && matches!(slot.phase, Phase::Busy { .. }));
        slot.map(|slot| slot.phase = phase).is_some()
    }

    /// The pause of a slot is over.
    pub(super) fn rested(&mut self, number: usize) {
        if let Some(Slot { phase: Phase::Down { pause, .. }, .. }) = self.slots.get_mut(number) {
            *pause = Duration::ZERO;
        }
    }

    /// Whoever has the turn asks what a worker is to do with something to learn. Where it learns it belongs to
    /// that generation from then on.
    pub(super) fn teaching(&mut self, turn: Turn, generation: u64) -> Teaching {
        let Some(slot) = self.slots.get_mut(turn.slot).filter(|slot| slot.worker == turn.worker) else {
            return Teaching::Stale;
        };
        if generation != self.generation {
            return Teaching::Stale;
        }
        if slot.has_learned && slot.generation != generation {
            return Teaching::Replace;
        }
        slot.generation = generation;
        slot.has_learned = true;
        Teaching::Now
    }

    /// What the workers hold differs: everything must be taught again.
    pub(super) fn lose_learned(&mut self) {
        self.generation += 1;
    }

    /// What the supervisor of a slot does next.
    pub(super) fn next_step(&mut self, number: usize) -> Step<R> {
        let unusable = self.unusable();
        let Some(slot) = self.slots.get_mut(number) else { return Step::Wait };
        let turn = Turn { slot: number, worker: slot.worker };
        match (slot.phase, unusable) {
            (Phase::Down { .. }, Some(why)) if !self.queue.is_empty() => {
                Step::Refuse(self.queue.drain(..).collect(), why)
            }
            (Phase::Down { is_resting, .. }, _) if slot.update_waits => {
                slot.update_waits = false;
                Step::RefuseUpdate(if is_resting { Unusable::Resting } else { Unusable::Starting })
            }
            (Phase::Down { pause: Duration::ZERO, .. }, _) => {
                slot.phase = Phase::Starting;
                Step::Start
            }
            (Phase::Down { pause, .. }, _) => Step::Pause(pause),
            (Phase::Idle, _) if slot.update_waits && (slot.has_served || self.queue.is_empty()) => {
                slot.phase = Phase::Busy { has_ended: false };
                (slot.update_waits, slot.has_served) = (false, false);
                Step::Update(turn)
            }
            (Phase::Idle, _) if !self.queue.is_empty() => {
                slot.phase = Phase::Busy { has_ended: false };
                slot.has_served = true;
                let count = self.queue.len().min(MAX_BATCH);
                Step::Serve(turn, self.queue.drain(..count).collect())
            }
            (Phase::Unsettled, _) => {
                slot.phase = Phase::Busy { has_ended: false };
                Step::Settle(turn)
            }
            (Phase::Broken(fault), _) => {
                slot.phase = Phase::Ending;
                Step::Reap(fault)
            }
            (Phase::Idle | Phase::Busy { .. } | Phase::Starting | Phase::Ending, _) => Step::Wait,
        }
    }
}

impl From<(bool, Duration)> for Phase {
    fn from((is_resting, pause): (bool, Duration)) -> Self {
        Self::Down { pause, is_resting }
    }
}
