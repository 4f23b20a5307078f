//! What an engine consists of: each subsystem holds what it uses, and nothing else.

use std::sync::{Arc, Mutex};

use jardin_contract::{Clock, ClockMark};

use crate::{
    catalogue::{CatalogueItems, UntiedItems},
    clock_watch::ClockWatch,
    counters::Counters,
    field_usage::FieldUsage,
    housekeeping::Housekeeping,
    in_force::InForce,
    ingest::EventIntake,
    learning::Learning,
    parts::EngineParts,
    people::People,
    popularity::Popularity,
    recommend::{Fallbacks, Recommender},
    reload::ShopReload,
    schedule::Schedule,
    status::StatusBoard,
    stop_switch::StopSwitch,
    store_trouble::StoreTrouble,
    subject_locks::SubjectLocks,
    versions::Versions,
    world::World,
};

/// The subsystems that calls are handed to.
pub(crate) struct Subsystems {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) clock_watch: Arc<ClockWatch>,
    pub(crate) in_force: Arc<InForce>,
    pub(crate) stop: Arc<StopSwitch>,
    pub(crate) usage: Arc<FieldUsage>,
    pub(crate) learning: Arc<Learning>,
    pub(crate) housekeeping: Arc<Housekeeping>,
    pub(crate) recommender: Recommender,
    pub(crate) intake: EventIntake,
    pub(crate) items: CatalogueItems,
    pub(crate) people: People,
    pub(crate) status: StatusBoard,
    pub(crate) reload: ShopReload,
}

impl Subsystems {
    /// Hands each subsystem what it uses.
    pub(crate) fn wire(
        parts: EngineParts,
        world: World,
        stop: Arc<StopSwitch>,
        mark: Option<ClockMark>,
    ) -> Self {
        let (clock, state) = (Arc::clone(&parts.clock), Arc::clone(&parts.state));
        let usage = Arc::new(FieldUsage::default());
        usage.follow_tallies(&world.tallies);
        let screened = Arc::clone(&world.screened);
        let in_force = Arc::new(InForce::new(world));
        let locks = Arc::new(SubjectLocks::default());
        let (counters, schedule) = (Arc::new(Counters::default()), Arc::new(Schedule::default()));
        let versions = Arc::new(Versions::new(&*state));
        let clock_watch =
            Arc::new(ClockWatch::start(clock.clone(), state.clone(), mark, parts.longest_rest_ms));
        let trouble = Arc::new(StoreTrouble::new(counters.clone()));
        let fallbacks = Arc::new(Fallbacks::new(clock.clone(), counters.clone()));
        let learning = Arc::new(Learning::new(
            &parts,
            in_force.clone(),
            stop.clone(),
            counters.clone(),
            clock_watch.clone(),
        ));
        let untied_items = Arc::new(UntiedItems::new(
            state.clone(),
            learning.clone(),
            counters.clone(),
            schedule.clone(),
            &screened,
        ));
        Self {
            recommender: Recommender::new(
                &parts,
                in_force.clone(),
                stop.clone(),
                fallbacks.clone(),
                counters.clone(),
                clock_watch.clone(),
            ),
            intake: EventIntake {
                clock: clock.clone(),
                clock_watch: clock_watch.clone(),
                state: state.clone(),
                events: parts.events,
                in_force: in_force.clone(),
                stop: stop.clone(),
                learning: learning.clone(),
                schedule: schedule.clone(),
                counters: counters.clone(),
                trouble: trouble.clone(),
                locks: Arc::clone(&locks),
            },
            items: CatalogueItems {
                state: state.clone(),
                in_force: in_force.clone(),
                untied_items: untied_items.clone(),
                fallbacks: fallbacks.clone(),
                schedule: schedule.clone(),
                versions: versions.clone(),
                trouble: trouble.clone(),
            },
            people: People {
                clock: clock.clone(),
                state: state.clone(),
                in_force: in_force.clone(),
                stop: stop.clone(),
                learning: learning.clone(),
                versions,
                locks,
                trouble: trouble.clone(),
            },
            status: StatusBoard {
                state: state.clone(),
                in_force: in_force.clone(),
                stop: stop.clone(),
                fallbacks: fallbacks.clone(),
                counters: counters.clone(),
                clock_watch: clock_watch.clone(),
                trouble,
            },
            reload: ShopReload {
                state: state.clone(),
                in_force: in_force.clone(),
                usage: usage.clone(),
                learning: learning.clone(),
                untied_items: untied_items.clone(),
                schedule: schedule.clone(),
            },
            housekeeping: Arc::new(Housekeeping {
                popularity: Popularity {
                    clock: clock.clone(),
                    clock_watch: clock_watch.clone(),
                    state: state.clone(),
                    in_force: in_force.clone(),
                },
                clock: clock.clone(),
                state,
                in_force: in_force.clone(),
                untied_items,
                learning: learning.clone(),
                fallbacks,
                counters,
                schedule,
                clock_watch: clock_watch.clone(),
                told: Mutex::default(),
            }),
            clock,
            clock_watch,
            in_force,
            stop,
            usage,
            learning,
        }
    }
}
