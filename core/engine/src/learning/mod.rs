//! The learning feed: each strategy that learns has learned, at any time, exactly what it may.
//!
//! Whatever happens (an event, a withdrawal, an expiry, an erasure, a narrower policy), the sessions of the
//! people concerned are worked out anew and compared with what was told. So there is one rule and no list of
//! cases.

mod archive;
mod feeder;
mod judge;
mod learned;
mod past;
mod sessions;

#[cfg(test)]
mod property;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use archive::{Archive, Kept, Owner};
use feeder::Feeder;
use jardin_contract::FeedEvent;
use jardin_model::{EventKind, ItemIndex, PersonNumber};
use jardin_policy::{FileState, StrategyName, SweepPlan};
pub use past::{PastSession, past_sessions};

use crate::{inner::Inner, recommend::clock_stepped_back, world::World};

/// How many events are read at once while the feed is replayed.
const READ: usize = 500;

/// The learning feed of every strategy.
#[derive(Default)]
pub(crate) struct Learning {
    shared: Mutex<Shared>,
    /// Held while strategies are told something.
    feeders: tokio::sync::Mutex<BTreeMap<StrategyName, Feeder>>,
}

#[derive(Default)]
struct Shared {
    archive: Archive,
    /// Whose sessions must be looked at again.
    dirty: BTreeSet<Owner>,
    /// The kinds of events that some strategy may learn from.
    kinds: BTreeSet<EventKind>,
    /// The feed was replayed up to this number; `None` once it was read to its end.
    replay_after: Option<u64>,
}

impl Learning {
    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn events_of(&self, owner: Owner) -> Vec<Kept> {
        self.shared().archive.of(owner)
    }

    /// Events were stored.
    pub(crate) fn events_added(&self, events: Vec<FeedEvent>) {
        self.shared().add(events);
    }

    /// Events were removed.
    pub(crate) fn events_gone(&self, sequences: &[u64]) {
        let shared = &mut *self.shared();
        let touched = shared.archive.remove(&sequences.iter().copied().collect());
        shared.dirty.extend(touched);
    }

    /// Items may, or may no longer, be tied to people.
    pub(crate) fn items_changed(&self, items: &[ItemIndex]) {
        if !items.is_empty() {
            let shared = &mut *self.shared();
            let touched = shared.archive.holding(&items.iter().copied().collect());
            shared.dirty.extend(touched);
        }
    }

    /// What a person permits may have changed.
    pub(crate) fn person_changed(&self, person: PersonNumber) {
        self.shared().dirty.insert(Owner::Subject(person));
    }

    /// A person was erased.
    pub(crate) fn person_erased(&self, person: PersonNumber) {
        let shared = &mut *self.shared();
        shared.archive.erase(Owner::Subject(person));
        shared.dirty.insert(Owner::Subject(person));
    }

    /// A sweep was made. Time has passed as well, so that everybody is looked at again.
    pub(crate) fn swept(&self, plan: &SweepPlan) {
        let shared = &mut *self.shared();
        let touched = shared.archive.sweep(plan);
        shared.dirty.extend(touched);
        shared.everybody();
    }

    /// Another policy is in force. Where more kinds of events may be learned from, the feed is read again.
    pub(crate) fn policy_changed(&self, world: &World) {
        let shared = &mut *self.shared();
        let kinds: BTreeSet<EventKind> =
            world.learners.iter().flat_map(|l| &l.sources).flat_map(|s| s.kinds.iter().copied()).collect();
        if !kinds.is_subset(&shared.kinds) {
            shared.replay_after = Some(0);
        }
        shared.kinds.extend(kinds);
        shared.everybody();
    }

    /// Reads the feed to its end, where that was not done yet, and tells every strategy what is due.
    pub(crate) async fn catch_up(&self, inner: &Inner) {
        loop {
            let Some(after) = self.shared().replay_after else {
                break;
            };
            let Ok(events) = inner.parts.events.feed(after, READ).await else {
                inner.counters.add(None, "replays-failed", 1);
                return;
            };
            let shared = &mut *self.shared();
            shared.replay_after = events.last().map(|e| e.sequence);
            shared.add(events);
        }
        self.settle(inner).await;
    }

    /// Tells every strategy what is due. What could not be told stays due and is tried again.
    pub(crate) async fn settle(&self, inner: &Inner) {
        let world = inner.world();
        if world.learners.is_empty() || clock_stepped_back(&*inner.parts.state, inner.parts.clock.now()) {
            return;
        }
        let mut feeders = self.feeders.lock().await;
        let (dirty, is_replayed) = {
            let shared = &mut *self.shared();
            (std::mem::take(&mut shared.dirty), shared.replay_after.is_none())
        };
        for feeder in feeders.values_mut() {
            feeder.dirty.extend(dirty.iter().copied());
        }
        feeders.retain(|name, _| world.learners.iter().any(|l| l.strategy == *name));
        // nobody is taught before everything was read once; a strategy that was taught already must be able
        // to forget at any time
        if is_replayed || !feeders.is_empty() {
            self.feed_each(inner, &world, &mut feeders).await;
        } else {
            self.shared().dirty.extend(dirty);
        }
    }

    async fn feed_each(&self, inner: &Inner, world: &World, feeders: &mut BTreeMap<StrategyName, Feeder>) {
        for learnable in world.learners.iter() {
            let name = &learnable.strategy;
            let Some(loaded) = world
                .loaded(name)
                .filter(|l| l.file == FileState::Reviewed && l.strategy.learner().is_some())
            else {
                feeders.remove(name);
                continue;
            };
            if !feeders.get(name).is_some_and(|f| f.is_of(&loaded.strategy)) {
                let owners = self.shared().archive.owners().collect();
                feeders.insert(name.clone(), Feeder::new(loaded.strategy.clone(), owners));
            }
            if let Some(feeder) = feeders.get_mut(name)
                && let Err(failure) = feeder.feed(inner, world, learnable).await
            {
                inner.counters.add(Some(name), failure.word(), 1);
            }
        }
    }

    /// How many sessions each strategy has learned.
    pub(crate) async fn counts(&self) -> BTreeMap<StrategyName, usize> {
        let feeders = self.feeders.lock().await;
        feeders.iter().map(|(name, feeder)| (name.clone(), feeder.learned.len())).collect()
    }
}

impl Shared {
    fn add(&mut self, events: Vec<FeedEvent>) {
        for event in events {
            if self.kinds.contains(&event.kind) {
                let owner = self.archive.add(event);
                self.dirty.insert(owner);
            }
        }
    }

    fn everybody(&mut self) {
        self.dirty.extend(self.archive.owners());
    }
}
