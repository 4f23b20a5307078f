//! The policy's fallback: its list depends on no person, so that it is asked for off the way of any request
//! and answered from memory.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use arc_swap::ArcSwap;
use jardin_contract::{Failure, Params, Sources};
use jardin_model::{HOUR_MS, Timestamp};
use jardin_policy::{Profile, Signals, Stop};

use super::{
    asking::{Asking, List, Without},
    run,
};
use crate::{Parts, counters::Counters, world::World};

/// The fallback's lists by placement.
pub(crate) struct Fallbacks {
    lists: ArcSwap<BTreeMap<Arc<str>, Arc<List>>>,
    made: Mutex<Option<Made>>,
    /// Why there is none, where there is none.
    without: Mutex<Without>,
}

/// Of what the lists in memory were made.
struct Made {
    world: Arc<World>,
    hour: i64,
    params: BTreeMap<Arc<str>, Params>,
}

impl Default for Fallbacks {
    fn default() -> Self {
        Self {
            lists: ArcSwap::default(),
            made: Mutex::default(),
            without: Mutex::new(Without::Failed(Failure::Starting)),
        }
    }
}

impl Fallbacks {
    /// The list of a placement.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) fn list(&self, place: &str) -> Result<Arc<List>, Without> {
        let list = self.lists.load().get(place).cloned();
        list.ok_or_else(|| self.without.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    /// True once there is a list for every placement of this world.
    pub(crate) fn is_ready(&self, world: &World) -> bool {
        let lists = self.lists.load();
        world.config.placements.keys().all(|place| lists.contains_key(place))
    }

    /// True while a list is too short to fill a page out of, as in a shop that is just being filled: it is
    /// then made anew before a change of the catalogue is answered, and not a moment later.
    pub(crate) fn is_short(&self) -> bool {
        const SHORT: usize = 100;
        let lists = self.lists.load();
        lists.is_empty() || lists.values().any(|list| list.candidates.len() < SHORT)
    }

    /// Asks for the lists anew where catalogue, popularity, policy, settings or the hour have changed. Where
    /// the strategy fails the old ones stay.
    pub(crate) async fn refresh(&self, parts: &Parts, world: &Arc<World>, counters: &Counters) {
        let now = parts.clock.now();
        let params = params(world, now);
        let hour = now.ms().div_euclid(HOUR_MS);
        let is_made = self
            .made
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .is_some_and(|m| Arc::ptr_eq(&m.world, world) && m.hour == hour && m.params == params);
        if is_made {
            return;
        }
        match lists(parts, world, counters, now).await {
            Ok(lists) => {
                self.lists.store(Arc::new(lists));
                let world = Arc::clone(world);
                *self.made.lock().unwrap_or_else(PoisonError::into_inner) =
                    Some(Made { world, hour, params });
            }
            Err(without) => *self.without.lock().unwrap_or_else(PoisonError::into_inner) = without,
        }
    }
}

fn params(world: &World, now: Timestamp) -> BTreeMap<Arc<str>, Params> {
    let fallback = world.fallback().as_str();
    let places = world.config.placements.keys();
    places.map(|place| (Arc::clone(place), world.config.params_for(fallback, place, now))).collect()
}

async fn lists(
    parts: &Parts,
    world: &World,
    counters: &Counters,
    now: Timestamp,
) -> Result<BTreeMap<Arc<str>, Arc<List>>, Without> {
    let (profile, stop) = (Profile::default(), Stop::default());
    let mut lists = BTreeMap::new();
    for place in world.config.placements.keys() {
        let asking = Asking {
            world,
            clock: &*parts.clock,
            counters,
            profile: &profile,
            flags: world.policy.flags(None, &Signals::default(), now),
            stop: &stop,
            now,
            place,
            chain_until: None,
            until: None,
        };
        let list = run::run(&asking, world.fallback(), Sources::MOST).await?;
        lists.insert(Arc::clone(place), Arc::new(list));
    }
    Ok(lists)
}
