//! The policy's fallback: its list depends on no person, so that it is asked for off the way of any request
//! and answered from memory.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock, PoisonError, atomic::AtomicBool},
};

use arc_swap::ArcSwap;
use jardin_contract::{Clock, Failure, Params, Sources};
use jardin_model::{HOUR_MS, Timestamp};
use jardin_policy::{Profile, Signals, Stop};

use super::{
    list::CandidateList,
    personalised_request::{NoListReason, PersonalisedRequest},
    run,
};
use crate::{counters::Counters, world::World};

/// Below how many candidates a list is too short to fill a page out of.
const SHORT_LIST: usize = 100;

/// The fallback's lists by placement.
pub(crate) struct Fallbacks {
    clock: Arc<dyn Clock>,
    counters: Arc<Counters>,
    lists: ArcSwap<FallbackLists>,
    made_from: Mutex<Option<MadeFrom>>,
    /// Why there is none, where there is none.
    no_list: Mutex<NoListReason>,
}

type FallbackLists = BTreeMap<Arc<str>, Arc<CandidateList>>;

/// Of what the lists in memory were made.
struct MadeFrom {
    world: Arc<World>,
    hour: i64,
    params: BTreeMap<Arc<str>, Params>,
}

impl Fallbacks {
    pub(crate) fn new(clock: Arc<dyn Clock>, counters: Arc<Counters>) -> Self {
        Self {
            clock,
            counters,
            lists: ArcSwap::default(),
            made_from: Mutex::default(),
            no_list: Mutex::new(Failure::Starting.into()),
        }
    }

    /// The list of a placement.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn fallback_list(&self, place: &str) -> Result<Arc<CandidateList>, NoListReason> {
        let list = self.lists.load().get(place).cloned();
        list.ok_or_else(|| self.no_list.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    /// True once there is a list for every placement of this world.
    pub(crate) fn is_ready(&self, world: &World) -> bool {
        let lists = self.lists.load();
        world.config.placements.keys().all(|place| lists.contains_key(place))
    }

    /// Asks for the lists anew while one is too short to fill a page out of, as in a shop that is just being
    /// filled: then before a change of the catalogue is answered, and not a moment later.
    pub(crate) async fn refresh_short(&self, world: &Arc<World>) {
        let is_short = {
            let lists = self.lists.load();
            lists.is_empty() || lists.values().any(|list| list.candidates.len() < SHORT_LIST)
        };
        if is_short {
            self.refresh_lists(world).await;
        }
    }

    /// Asks for the lists anew where catalogue, popularity, policy, settings or the hour have changed. Where
    /// the strategy fails the old ones stay.
    pub(crate) async fn refresh_lists(&self, world: &Arc<World>) {
        let now = self.clock.now();
        let from = MadeFrom {
            world: Arc::clone(world),
            hour: now.ms().div_euclid(HOUR_MS),
            params: fallback_params(world, now),
        };
        let lock = || self.made_from.lock().unwrap_or_else(PoisonError::into_inner);
        if lock().as_ref().is_some_and(|made| made.is_same(&from)) {
            return;
        }
        match self.make_lists(world, now).await {
            Ok(lists) => {
                self.lists.store(Arc::new(lists));
                *lock() = Some(from);
            }
            Err(reason) => *self.no_list.lock().unwrap_or_else(PoisonError::into_inner) = reason,
        }
    }

    async fn make_lists(&self, world: &World, now: Timestamp) -> Result<FallbackLists, NoListReason> {
        let stop = Stop::default();
        let mut lists = BTreeMap::new();
        for place in world.config.placements.keys() {
            let request = PersonalisedRequest {
                world,
                clock: &*self.clock,
                counters: &self.counters,
                profile: Profile::default(),
                flags: world.policy.flags(None, &Signals::default(), now),
                stop: &stop,
                now,
                day: OnceLock::new(),
                place,
                chain_until: None,
                until: None,
                is_read: AtomicBool::new(false),
            };
            let authorized = request
                .authorize(world.fallback())
                .inspect_err(|reason| request.count_failure(world.fallback(), reason))?;
            let list = run::run_strategy(&request, &authorized, Sources::MOST).await?;
            lists.insert(Arc::clone(place), Arc::new(list));
        }
        Ok(lists)
    }
}

impl MadeFrom {
    fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.world, &other.world) && self.hour == other.hour && self.params == other.params
    }
}

fn fallback_params(world: &World, now: Timestamp) -> BTreeMap<Arc<str>, Params> {
    let fallback = world.fallback().as_str();
    let places = world.config.placements.keys();
    places.map(|place| (Arc::clone(place), world.config.params_for(fallback, place, now))).collect()
}
