//! The feed of every strategy that learns.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jardin_contract::{Clock, EventLog, Failure, FeedEvent, StateStore, Strategy};
use jardin_model::{EventKind, ItemIndex, PersonNumber};
use jardin_policy::{FileState, Learnable, StrategyName, SweepPlan};
use tokio::sync::Notify;

use super::{
    archive::{Archive, MAX_EVENTS_READ, Owner},
    check_times::CheckTimes,
    feeder::{FeedContext, Feeder},
};
use crate::{
    clock_watch::ClockWatch, counters::Counters, in_force::InForce, parts::EngineParts,
    stop_switch::StopSwitch, world::World,
};

/// The learning feed of every strategy.
pub(crate) struct Learning {
    pub(super) clock: Arc<dyn Clock>,
    clock_watch: Arc<ClockWatch>,
    state: Arc<dyn StateStore>,
    events: Arc<dyn EventLog>,
    pub(super) in_force: Arc<InForce>,
    stop: Arc<StopSwitch>,
    pub(super) counters: Arc<Counters>,
    due: Mutex<DueLearning>,
    woken: Arc<Notify>,
    /// Held while strategies are told something.
    pub(super) feeders: tokio::sync::Mutex<BTreeMap<StrategyName, Feeder>>,
    pub(super) checks: Mutex<BTreeMap<StrategyName, CheckTimes>>,
}

/// What is to be learned or forgotten.
#[derive(Default)]
struct DueLearning {
    archive: Archive,
    /// Whose sessions must be looked at again.
    dirty: BTreeSet<Owner>,
    /// The kinds of events that some strategy may learn from.
    kinds: BTreeSet<EventKind>,
    /// The feed was replayed up to this number; `None` once it was read to its end.
    replay_after: Option<u64>,
}

impl Learning {
    /// Nothing is learned yet; everything that the policy permits is due.
    pub(crate) fn new(
        parts: &EngineParts,
        in_force: Arc<InForce>,
        stop: Arc<StopSwitch>,
        counters: Arc<Counters>,
        clock_watch: Arc<ClockWatch>,
    ) -> Self {
        let learning = Self {
            clock: Arc::clone(&parts.clock),
            clock_watch,
            state: Arc::clone(&parts.state),
            events: Arc::clone(&parts.events),
            in_force,
            stop,
            counters,
            due: Mutex::default(),
            woken: Arc::default(),
            feeders: tokio::sync::Mutex::default(),
            checks: Mutex::default(),
        };
        learning.policy_changed();
        learning
    }

    /// Asks that somebody settles what is due.
    pub(crate) fn wake(&self) {
        self.woken.notify_one();
    }

    pub(crate) fn woken(&self) -> Arc<Notify> {
        Arc::clone(&self.woken)
    }

    fn lock_due(&self) -> MutexGuard<'_, DueLearning> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Events were stored.
    pub(crate) fn events_added(&self, events: Vec<FeedEvent>) {
        self.lock_due().add_events(events);
    }

    /// Events were removed.
    pub(crate) fn events_gone(&self, sequences: &[u64]) {
        let due = &mut *self.lock_due();
        let touched = due.archive.remove_events(&sequences.iter().copied().collect());
        due.dirty.extend(touched);
    }

    /// Items may, or may no longer, be tied to people.
    pub(crate) fn items_changed(&self, items: &[ItemIndex]) {
        if !items.is_empty() {
            let due = &mut *self.lock_due();
            let touched = due.archive.owners_holding(&items.iter().copied().collect());
            due.dirty.extend(touched);
        }
    }

    /// What a person permits may have changed.
    pub(crate) fn person_changed(&self, person: PersonNumber) {
        self.lock_due().dirty.insert(Owner::Subject(person));
    }

    /// A person was erased.
    pub(crate) fn person_erased(&self, person: PersonNumber) {
        let due = &mut *self.lock_due();
        due.archive.erase_owner(Owner::Subject(person));
        due.dirty.insert(Owner::Subject(person));
    }

    /// A sweep was made. Time has passed as well, so that everybody is looked at again.
    pub(crate) fn events_swept(&self, plan: &SweepPlan) {
        let due = &mut *self.lock_due();
        let touched = due.archive.sweep(plan);
        due.dirty.extend(touched);
        due.add_everybody();
    }

    /// Another policy is in force. Where more kinds of events may be learned from, the feed is read again.
    pub(crate) fn policy_changed(&self) {
        let world = self.in_force.world();
        let due = &mut *self.lock_due();
        let mut kinds: BTreeSet<EventKind> =
            world.learners.iter().flat_map(|l| &l.sources).flat_map(|s| s.kinds.iter().copied()).collect();
        if kinds.contains(&EventKind::Purchase) {
            // it teaches nothing, and takes back what a purchase taught
            kinds.insert(EventKind::Refund);
        }
        if !kinds.is_subset(&due.kinds) {
            due.replay_after = Some(0);
        }
        due.kinds.extend(kinds);
        due.add_everybody();
    }

    /// Reads the feed to its end, where that was not done yet, and tells every strategy what is due.
    pub(crate) async fn catch_up(&self) {
        loop {
            let Some(after) = self.lock_due().replay_after else {
                break;
            };
            let Ok(events) = self.events.read_feed(after, MAX_EVENTS_READ).await else {
                self.counters.add_overall("replays-failed", 1);
                return;
            };
            let due = &mut *self.lock_due();
            due.replay_after = events.last().map(|e| e.sequence);
            due.add_events(events);
        }
        self.settle().await;
    }

    /// Tells every strategy what is due. What could not be told stays due and is tried again.
    pub(crate) async fn settle(&self) {
        let world = self.in_force.world();
        if world.learners.is_empty() || self.clock_watch.has_stepped_back() {
            return;
        }
        let mut feeders = self.feeders.lock().await;
        let (dirty, is_replayed) = {
            let due = &mut *self.lock_due();
            (std::mem::take(&mut due.dirty), due.replay_after.is_none())
        };
        for feeder in feeders.values_mut() {
            feeder.dirty.extend(dirty.iter().copied());
        }
        feeders.retain(|name, _| world.learners.iter().any(|l| l.strategy == *name));
        // nobody is taught before everything was read once; a strategy that was taught already must be able
        // to forget at any time
        if is_replayed || !feeders.is_empty() {
            self.feed_each(&world, &mut feeders).await;
        } else {
            self.lock_due().dirty.extend(dirty);
        }
    }

    async fn feed_each(&self, world: &World, feeders: &mut BTreeMap<StrategyName, Feeder>) {
        for learnable in world.learners.iter() {
            let name = &learnable.strategy;
            let Some(loaded) = world
                .loaded_strategy(name)
                .filter(|l| l.file == FileState::Reviewed && l.strategy.learner().is_some())
            else {
                feeders.remove(name);
                continue;
            };
            let mut fed = self.feed_one(world, learnable, &loaded.strategy, feeders).await;
            if !feeders.get(name).is_some_and(|f| f.has_taught(&loaded.strategy)) {
                // it began anew in order to forget: what is left is taught before anybody is answered that it did
                fed = self.feed_one(world, learnable, &loaded.strategy, feeders).await;
            }
            if let Err(failure) = fed {
                self.counters.add_of_strategy(name, failure.word(), 1);
            }
        }
    }

    async fn feed_one(
        &self,
        world: &World,
        learnable: &Learnable,
        strategy: &Arc<dyn Strategy>,
        feeders: &mut BTreeMap<StrategyName, Feeder>,
    ) -> Result<(), Failure> {
        let feeder = feeders
            .entry(learnable.strategy.clone())
            .or_insert_with(|| Feeder::new(Arc::clone(strategy), self.all_owners(), self.clock.now()));
        if !feeder.has_taught(strategy) {
            *feeder = Feeder::new(Arc::clone(strategy), self.all_owners(), self.clock.now());
        }
        let fed = feeder.feed(&self.feed_context(world, learnable)).await;
        if std::mem::take(&mut feeder.has_forgotten) {
            self.check_times(&learnable.strategy, CheckTimes::add_forgetting);
        }
        fed
    }

    pub(super) fn all_owners(&self) -> BTreeSet<Owner> {
        self.lock_due().archive.owners().collect()
    }

    /// What these may teach is worked out anew.
    pub(super) fn look_again_at(&self, owners: &BTreeSet<Owner>) {
        self.lock_due().dirty.extend(owners);
    }

    pub(super) fn feed_context<'a>(&'a self, world: &'a World, learnable: &'a Learnable) -> FeedContext<'a> {
        FeedContext {
            clock: &*self.clock,
            state: &*self.state,
            world,
            learnable,
            is_stopped: self.stop.is_stopped(world, &learnable.strategy),
            secret: self.state.derive_secret(&format!("learning/{}", learnable.strategy)),
            events_of: Box::new(|owner| self.lock_due().archive.events_of(owner)),
        }
    }

    /// From how many sessions of a person each strategy has learned, where it has from any.
    pub(crate) async fn sessions_of(&self, person: PersonNumber) -> BTreeMap<StrategyName, usize> {
        let feeders = self.feeders.lock().await;
        let counts = feeders.iter().map(|(name, feeder)| (name.clone(), feeder.learned.sessions_of(person)));
        counts.filter(|(_, count)| *count > 0).collect()
    }

    /// How many sessions each strategy has learned.
    pub(crate) async fn session_counts(&self) -> BTreeMap<StrategyName, usize> {
        let feeders = self.feeders.lock().await;
        feeders.iter().map(|(name, feeder)| (name.clone(), feeder.learned.session_count())).collect()
    }
}

impl DueLearning {
    fn add_events(&mut self, events: Vec<FeedEvent>) {
        for event in events {
            if self.kinds.contains(&event.kind) {
                let owner = self.archive.add_event(event);
                self.dirty.insert(owner);
            }
        }
    }

    fn add_everybody(&mut self) {
        self.dirty.extend(self.archive.owners());
    }
}
