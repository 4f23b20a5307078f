//! What is due from time to time: popularity, the sweep, the fallback's list, what strategies are told of the
//! catalogue.

use std::sync::{Arc, Mutex, PoisonError};

use jardin_contract::{Clock, FindGroundless, StateStore};
use jardin_model::Timestamp;
use jardin_policy::{FileState, ScreenedCatalogue};

use crate::{
    catalogue::UntiedItems, clock_watch::ClockWatch, counters::Counters, in_force::InForce,
    learning::Learning, popularity::Popularity, recommend::Fallbacks, schedule::Schedule, world::World,
};

/// Does what is due. A store that fails is asked again when the time comes round.
pub(crate) struct Housekeeping {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) state: Arc<dyn StateStore>,
    pub(crate) in_force: Arc<InForce>,
    pub(crate) untied_items: Arc<UntiedItems>,
    pub(crate) learning: Arc<Learning>,
    pub(crate) fallbacks: Arc<Fallbacks>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) schedule: Arc<Schedule>,
    pub(crate) popularity: Popularity,
    pub(crate) clock_watch: Arc<ClockWatch>,
    /// The catalogue that strategies were told last.
    pub(crate) told: Mutex<Option<Arc<ScreenedCatalogue>>>,
}

impl Housekeeping {
    pub(crate) async fn do_due_work(&self) {
        let now = self.clock.now();
        self.untied_items.purge_events().await;
        self.sweep_store(now).await;
        if self.schedule.take_count(now) && self.popularity.count_items().await.is_err() {
            self.counters.add_overall("popularity-failed", 1);
        }
        self.prepare_strategies().await;
        self.fallbacks.refresh_lists(&self.in_force.world()).await;
    }

    /// Removes what nobody may keep any longer, and what was learned from it; nothing by a clock that leapt.
    async fn sweep_store(&self, now: Timestamp) {
        if !self.clock_watch.may_destroy().await || !self.schedule.take_sweep(now) {
            return;
        }
        let world = self.in_force.world();
        let plan = world.policy.sweep_plan(&world.screened, now);
        if self.state.sweep_expired(&plan).await.is_err() {
            self.counters.add_overall("sweeps-failed", 1);
            return;
        }
        self.learning.events_swept(&plan);
        self.erase_groundless(&world, now).await;
        self.learning.wake();
    }

    /// Removes what nothing permits to keep any longer: a person took back what it rested on, or let it end.
    async fn erase_groundless(&self, world: &World, now: Timestamp) {
        let find: &FindGroundless<'_> = &|record| world.policy.groundless(record, now);
        match self.state.erase_groundless(find).await {
            Ok(gone) => self.learning.events_gone(&gone),
            Err(_) => self.counters.add_overall("sweeps-failed", 1),
        }
    }

    /// Tells each strategy a new state of the catalogue. One that cannot take it is told again with its next
    /// request.
    async fn prepare_strategies(&self) {
        let world = self.in_force.world();
        if !self.begin_telling(&world.screened) {
            return;
        }
        let now = self.clock.now();
        for (name, loaded) in world.strategies.iter().filter(|(_, l)| l.file == FileState::Reviewed) {
            if let Some(view) = world.policy.catalogue_view(name.as_str(), &world.screened, now)
                && let Err(failure) = loaded.strategy.prepare_catalogue(Arc::new(view)).await
            {
                self.counters.add_of_strategy(name, failure.word(), 1);
            }
        }
    }

    /// False where this catalogue was told already.
    fn begin_telling(&self, screened: &Arc<ScreenedCatalogue>) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = !told.as_ref().is_some_and(|t| Arc::ptr_eq(t, screened));
        if is_new {
            *told = Some(Arc::clone(screened));
        }
        is_new
    }
}
