//! The laws of a worker's life, for every order of events that a run of chance finds: callers and supervisors
//! without a process, in a time of their own.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use proptest::prelude::*;

use super::{
    fit::Fit,
    lifecycle::{Admission, CallEnd, Lifecycle, MAX_BATCH, Step, Teaching, Turn, Unusable},
    restart_backoff::{MAX_DEATHS, REST},
};
use crate::link::fault::Fault;

const SLOTS: usize = 3;
const MAX_QUEUE: usize = 8;

/// Something that happens; a number picks whom it happens to among those to whom it can.
#[derive(Debug, Clone, Copy)]
enum Happening {
    Ask {
        knowing: u8,
    },
    CallEnds {
        whose: usize,
        end: CallEnd,
    },
    /// A turn of a worker that is gone comes back once more.
    ReturnsTwice {
        whose: usize,
    },
    ProcessEnds {
        slot: usize,
    },
    /// The supervisor goes on with what it is doing, which goes well or not, or takes its next step.
    SupervisorGoesOn {
        slot: usize,
        goes_well: bool,
    },
    UpdateComes {
        slot: usize,
    },
    /// The supervisor, which waits, looks at its worker.
    Looks {
        slot: usize,
    },
    TimePasses {
        ms: u64,
    },
}

fn happening() -> impl Strategy<Value = Happening> {
    let end = prop_oneof![
        6 => Just(CallEnd::Answered),
        1 => Just(CallEnd::Abandoned),
        1 => prop_oneof![Just(Fault::Late), Just(Fault::Gone), Just(Fault::Unasked)].prop_map(CallEnd::Broken),
    ];
    prop_oneof![
        4 => any::<u8>().prop_map(|knowing| Happening::Ask { knowing }),
        3 => (any::<usize>(), end).prop_map(|(whose, end)| Happening::CallEnds { whose, end }),
        1 => any::<usize>().prop_map(|whose| Happening::ReturnsTwice { whose }),
        1 => (0..SLOTS).prop_map(|slot| Happening::ProcessEnds { slot }),
        8 => (0..SLOTS, prop::bool::weighted(0.8))
            .prop_map(|(slot, goes_well)| Happening::SupervisorGoesOn { slot, goes_well }),
        1 => (0..SLOTS).prop_map(|slot| Happening::UpdateComes { slot }),
        1 => (0..SLOTS).prop_map(|slot| Happening::Looks { slot }),
        2 => prop_oneof![4 => 1_u64..200, 1 => 1_000_u64..70_000].prop_map(|ms| Happening::TimePasses { ms }),
    ]
}

/// What a supervisor is in the middle of.
#[derive(Debug, Clone, Copy)]
enum Doing {
    Starting,
    Ending,
    HasTurn(Turn),
    PausesUntil(Instant),
}

#[derive(Default)]
struct Watched {
    doing: Option<Doing>,
    processes: u32,
    deaths: Vec<Instant>,
    batches_before_update: Option<u32>,
}

/// The workers of a strategy as the laws see them.
struct World {
    lifecycle: Lifecycle<u32>,
    now: Instant,
    slots: Vec<Watched>,
    calls: Vec<Turn>,
    over: Vec<Turn>,
    /// How often each request was answered or given to a worker.
    answers: BTreeMap<u32, u32>,
}

impl World {
    #[expect(clippy::disallowed_methods, reason = "some instant to count from")]
    fn new() -> Self {
        Self {
            lifecycle: Lifecycle::new(SLOTS, MAX_QUEUE),
            now: Instant::now(),
            slots: (0..SLOTS).map(|_| Watched::default()).collect(),
            calls: Vec::new(),
            over: Vec::new(),
            answers: BTreeMap::new(),
        }
    }

    fn apply(&mut self, happening: Happening) {
        match happening {
            Happening::Ask { knowing } => self.ask(knowing),
            Happening::CallEnds { whose, end } if !self.calls.is_empty() => {
                let turn = self.calls.swap_remove(whose % self.calls.len());
                self.give_back(turn, end);
            }
            Happening::ReturnsTwice { whose } if !self.over.is_empty() => {
                self.return_again(self.over[whose % self.over.len()]);
            }
            Happening::ProcessEnds { slot } => self.lifecycle.process_ended(slot),
            Happening::SupervisorGoesOn { slot, goes_well } => self.go_on(slot, goes_well),
            Happening::UpdateComes { slot } => {
                self.slots[slot].batches_before_update.get_or_insert(0);
                self.lifecycle.update_came(slot);
            }
            Happening::Looks { slot } if self.slots[slot].doing.is_none() => {
                if let Some(turn) = self.lifecycle.take_idle_turn(slot) {
                    self.take_turn(turn);
                    assert_eq!(self.lifecycle.idle_slot(), None, "somebody waits");
                    self.give_back(turn, CallEnd::Answered);
                }
            }
            Happening::TimePasses { ms } => self.now += Duration::from_millis(ms),
            Happening::CallEnds { .. } | Happening::ReturnsTwice { .. } | Happening::Looks { .. } => {}
        }
    }

    fn ask(&mut self, knowing: u8) {
        let request = u32::try_from(self.answers.len()).unwrap();
        self.answers.insert(request, 0);
        match self
            .lifecycle
            .admit(|slot| if knowing >> slot & 1 == 1 { Fit::Anywhere } else { Fit::Unknowing }, || request)
        {
            Admission::AtOnce(turn) => {
                assert!(knowing >> turn.slot & 1 == 1, "a worker was asked that does not know the catalogue");
                self.take_turn(turn);
                self.calls.push(turn);
                self.count_answer(request);
            }
            Admission::Queued { wake } => {
                assert!(wake.is_none_or(|slot| self.slots[slot].processes == 1));
            }
            Admission::QueueFull => self.count_answer(request),
            Admission::Refused(why) => {
                assert_eq!(self.lifecycle.unusable(), Some(why));
                self.count_answer(request);
            }
        }
    }

    fn count_answer(&mut self, request: u32) {
        let count = self.answers.get_mut(&request).unwrap();
        *count += 1;
        assert_eq!(*count, 1, "request {request} is answered twice");
    }

    /// Law: a worker is spoken to by one at a time, and only while it lives.
    fn take_turn(&mut self, turn: Turn) {
        assert!(!self.calls.iter().any(|call| call.slot == turn.slot), "two speak to one worker");
        assert!(!matches!(
            self.slots[turn.slot].doing,
            Some(Doing::HasTurn(_) | Doing::Starting | Doing::Ending)
        ));
        assert_eq!(self.slots[turn.slot].processes, 1, "nobody is there");
        assert!(!self.over.contains(&turn) || self.over.iter().any(|over| over.worker == turn.worker));
    }

    fn give_back(&mut self, turn: Turn, end: CallEnd) {
        self.lifecycle.returned(turn, end);
        self.over.push(turn);
    }

    /// Law: a worker that is gone answers nothing, and its generation learns nothing.
    fn return_again(&mut self, turn: Turn) {
        let has_turn = |doing: &Option<Doing>| matches!(doing, Some(Doing::HasTurn(now)) if *now == turn);
        if self.calls.contains(&turn) || has_turn(&self.slots[turn.slot].doing) {
            return;
        }
        let before = format!("{:?}", self.lifecycle);
        assert!(!self.lifecycle.returned(turn, CallEnd::Broken(Fault::Gone)));
        assert_eq!(format!("{:?}", self.lifecycle), before, "a turn that is over changed something");
    }

    fn go_on(&mut self, slot: usize, goes_well: bool) {
        match self.slots[slot].doing {
            Some(Doing::Starting) if goes_well => {
                let before = self.lifecycle.generation();
                let turn = self.lifecycle.started(slot, None).unwrap();
                assert!(self.lifecycle.generation() > before, "a new worker has a generation of its own");
                self.slots[slot].doing = Some(Doing::HasTurn(turn));
            }
            Some(Doing::Starting | Doing::Ending) => self.die(slot),
            Some(Doing::HasTurn(turn)) => self.end_turn(turn, goes_well),
            Some(Doing::PausesUntil(end)) if self.now >= end => {
                self.slots[slot].doing = None;
                self.lifecycle.rested(slot);
            }
            Some(Doing::PausesUntil(_)) | None => self.take_step(slot),
        }
    }

    fn end_turn(&mut self, turn: Turn, goes_well: bool) {
        self.slots[turn.slot].doing = None;
        if goes_well {
            self.teach(turn);
            self.give_back(turn, CallEnd::Answered);
        } else if self.lifecycle.ends(turn) {
            self.over.push(turn);
            self.die(turn.slot);
        }
    }

    /// Law: only the present generation learns, and a worker holds what was learned in one generation only.
    fn teach(&mut self, turn: Turn) {
        let generation = self.lifecycle.generation();
        assert_eq!(self.lifecycle.teaching(turn, generation + 1), Teaching::Stale);
        assert_eq!(self.lifecycle.teaching(turn, generation.wrapping_sub(1)), Teaching::Stale);
        if self.lifecycle.teaching(turn, generation) == Teaching::Now {
            assert_eq!(self.lifecycle.teaching(turn, generation), Teaching::Now);
            self.lifecycle.lose_learned();
            let after = self.lifecycle.generation();
            assert_eq!(self.lifecycle.teaching(turn, after), Teaching::Replace, "it holds what is lost");
        }
    }

    fn die(&mut self, slot: usize) {
        self.lifecycle.died(slot, self.now);
        let watched = &mut self.slots[slot];
        watched.processes -= 1;
        watched.deaths.push(self.now);
        watched.doing = None;
    }

    fn take_step(&mut self, slot: usize) {
        let is_pausing = matches!(self.slots[slot].doing, Some(Doing::PausesUntil(_)));
        match self.lifecycle.next_step(slot) {
            Step::Start => {
                assert!(!is_pausing, "it was not started after its pause but within it");
                self.start(slot);
            }
            Step::Settle(turn) => self.supervisor_takes(turn),
            Step::Update(turn) => {
                self.supervisor_takes(turn);
                self.slots[slot].batches_before_update = None;
            }
            Step::Serve(turn, batch) => {
                self.supervisor_takes(turn);
                assert!((1..=MAX_BATCH).contains(&batch.len()));
                if let Some(batches) = &mut self.slots[slot].batches_before_update {
                    *batches += 1;
                    assert!(*batches <= 1, "an update waits for one batch at most");
                }
                batch.into_iter().for_each(|request| self.count_answer(request));
            }
            Step::Reap(_) => {
                assert!(!self.calls.iter().any(|call| call.slot == slot), "somebody speaks to it");
                self.slots[slot].doing = Some(Doing::Ending);
            }
            Step::Refuse(requests, why) => {
                assert_eq!(self.lifecycle.unusable(), Some(why), "somebody can be asked");
                requests.into_iter().for_each(|request| self.count_answer(request));
            }
            Step::RefuseUpdate(_) => self.slots[slot].batches_before_update = None,
            Step::Pause(pause) if !is_pausing => {
                assert!(!pause.is_zero());
                self.slots[slot].doing = Some(Doing::PausesUntil(self.now + pause));
            }
            Step::Pause(_) | Step::Wait => {}
        }
    }

    fn supervisor_takes(&mut self, turn: Turn) {
        self.take_turn(turn);
        self.slots[turn.slot].doing = Some(Doing::HasTurn(turn));
    }

    /// Laws: never two workers in a slot; after a death a pause that doubles; after five in a minute a rest.
    fn start(&mut self, slot: usize) {
        let now = self.now;
        let watched = &mut self.slots[slot];
        assert_eq!(watched.processes, 0, "two workers in one slot");
        watched.processes = 1;
        watched.doing = Some(Doing::Starting);
        let recent = watched.deaths.iter().filter(|at| now.duration_since(**at) < REST).count();
        assert!(recent < MAX_DEATHS, "it was started after {recent} deaths in a minute");
        if let Some(last) = watched.deaths.last() {
            let at_death = watched.deaths.iter().filter(|at| last.duration_since(**at) <= REST).count();
            let least = Duration::from_millis(10 << at_death.min(8));
            assert!(now.duration_since(*last) >= least, "death {at_death} was followed by too short a pause");
        }
    }

    /// Goes on until nothing is left to do, and nobody asks any more.
    fn settle_everything(&mut self) {
        for _ in 0..200 {
            while let Some(turn) = self.calls.pop() {
                self.give_back(turn, CallEnd::Answered);
            }
            self.now += REST;
            (0..SLOTS).for_each(|slot| self.go_on(slot, true));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_order_of_events_keeps_the_laws(happenings in prop::collection::vec(happening(), 1..300)) {
        let mut world = World::new();
        for happening in happenings {
            world.apply(happening);
        }
        world.settle_everything();
        prop_assert!(world.answers.values().all(|count| *count == 1), "somebody waits for ever");
        prop_assert_eq!(world.lifecycle.unusable(), None, "no worker came back");
    }
}

/// A worker that can be asked.
fn world_with_a_worker() -> World {
    let mut world = World::new();
    (0..3).for_each(|_| world.go_on(0, true));
    assert_eq!(world.lifecycle.unusable(), None);
    world
}

fn anywhere(_: usize) -> Fit {
    Fit::Anywhere
}

#[test]
fn a_request_goes_at_once_where_a_worker_is_idle_and_waits_where_it_is_not() {
    let mut lifecycle = world_with_a_worker().lifecycle;
    let Admission::AtOnce(turn) = lifecycle.admit(anywhere, || 1) else { panic!("the worker is idle") };
    assert_eq!(lifecycle.admit(anywhere, || 2), Admission::Queued { wake: None });
    assert_eq!(lifecycle.next_step(0), Step::Wait);
    assert!(lifecycle.returned(turn, CallEnd::Answered), "somebody waits");
    assert!(matches!(lifecycle.next_step(0), Step::Serve(_, batch) if batch == [2]));
}

#[test]
fn whoever_waits_for_a_worker_that_dies_is_told() {
    let mut world = world_with_a_worker();
    let Admission::AtOnce(turn) = world.lifecycle.admit(anywhere, || 1) else { panic!("the worker is idle") };
    assert_eq!(world.lifecycle.admit(anywhere, || 2), Admission::Queued { wake: None });
    world.lifecycle.returned(turn, CallEnd::Broken(Fault::Late));
    assert_eq!(world.lifecycle.next_step(0), Step::Reap(Fault::Late));
    world.lifecycle.died(0, world.now);
    assert_eq!(world.lifecycle.next_step(0), Step::Refuse(vec![2], Unusable::Starting));
    assert_eq!(world.lifecycle.next_step(0), Step::Pause(Duration::from_millis(20)));
    assert_eq!(world.lifecycle.admit(anywhere, || 3), Admission::Refused(Unusable::Starting));
}

#[test]
fn five_deaths_in_a_minute_are_a_rest() {
    let mut world = World::new();
    for death in 1..=MAX_DEATHS {
        assert_eq!(world.lifecycle.next_step(0), Step::Start, "death {death}");
        world.lifecycle.died(0, world.now);
        let pause = if death < MAX_DEATHS { Duration::from_millis(10 << death) } else { REST };
        assert_eq!(world.lifecycle.next_step(0), Step::Pause(pause), "death {death}");
        world.lifecycle.rested(0);
    }
}

#[test]
fn the_worker_that_is_doing_best_says_whether_anybody_can_be_asked() {
    let mut world = world_with_a_worker();
    assert_eq!(world.lifecycle.next_step(1), Step::Start);
    assert_eq!(world.lifecycle.unusable(), None);
    let mut none = Lifecycle::<u32>::new(2, 1);
    assert_eq!(none.unusable(), Some(Unusable::Starting));
    for slot in 0..2 {
        for _ in 0..MAX_DEATHS {
            assert_eq!(none.next_step(slot), Step::Start);
            none.died(slot, world.now);
            if none.next_step(slot) != Step::Pause(REST) {
                none.rested(slot);
            }
        }
    }
    assert_eq!(none.unusable(), Some(Unusable::Resting));
}
