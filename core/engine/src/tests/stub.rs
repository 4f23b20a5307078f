//! LoadedStrategies that do what a test tells them, and remember what they were shown.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use jardin_contract::{
    Adjusted, Effect, Enforcement, Failure, Health, Kind, Learner, Observation, PageRule, Pick, Ranking,
    Sources, Strategy, StrategyInfo, StrategyRequest,
};
use jardin_model::ItemIndex;
use jardin_policy::{StrategyName, View};

/// Picks made from what a stub is shown.
pub(crate) type Picking = Box<dyn Fn(&View) -> Vec<Pick> + Send + Sync>;
/// What a stub does to one candidate.
pub(crate) type Moving = Box<dyn Fn(&StrategyRequest, ItemIndex) -> Effect + Send + Sync>;

/// What a stub does.
pub(crate) enum Does {
    /// Picks these items by their ids, the first one best.
    Pick(Vec<&'static str>),
    /// Picks exactly these.
    Picks(Picking),
    /// Builds on these lists and moves each candidate.
    Move(Sources, Moving, Vec<PageRule>),
    /// Picks what was learned, in the order of items; the score says how often it was asked, where it wavers.
    PickLearned {
        wavers: bool,
    },
    Fail(Failure),
    /// Never ends.
    Hang,
}

pub(crate) struct Stub {
    info: StrategyInfo,
    does: Mutex<Arc<Does>>,
    /// What each question showed, in order.
    pub(crate) asked: Mutex<Vec<StrategyRequest>>,
    /// The candidates that came with each.
    pub(crate) given: Mutex<Vec<Vec<ItemIndex>>>,
    pub(crate) learner: Option<Pupil>,
    is_constant: bool,
}

impl Stub {
    pub(crate) fn new(name: &str, does: Does) -> Arc<Self> {
        Arc::new(Self::make_stub(name, does, None))
    }

    /// One that says that what it does may be kept.
    pub(crate) fn constant(name: &str, does: Does) -> Arc<Self> {
        Arc::new(Self { is_constant: true, ..Self::make_stub(name, does, None) })
    }

    pub(crate) fn learning(name: &str, does: Does) -> Arc<Self> {
        Arc::new(Self::make_stub(name, does, Some(Pupil::default())))
    }

    fn make_stub(name: &str, does: Does, learner: Option<Pupil>) -> Self {
        Self {
            info: StrategyInfo {
                name: StrategyName::new(name).unwrap(),
                kind: Kind::Script,
                digest: [1; 32],
                enforcement: Enforcement::Interpreter,
            },
            does: Mutex::new(Arc::new(does)),
            asked: Mutex::default(),
            given: Mutex::default(),
            learner,
            is_constant: false,
        }
    }

    pub(crate) fn now_does(&self, does: Does) {
        *self.does.lock().unwrap() = Arc::new(does);
    }

    pub(crate) fn times_asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    fn does(&self) -> Arc<Does> {
        Arc::clone(&self.does.lock().unwrap())
    }
}

fn by_id(view: &View, ids: &[&str]) -> Vec<ItemIndex> {
    let sku = |item: ItemIndex| match view.item(item).get("sku") {
        jardin_policy::Access::Value(jardin_model::Cell::Text(_, text)) => text.to_string(),
        _ => String::new(),
    };
    let all: BTreeMap<String, ItemIndex> = view.live_items().map(|item| (sku(item), item)).collect();
    ids.iter().filter_map(|id| all.get(*id).copied()).collect()
}

#[async_trait]
impl Strategy for Stub {
    fn info(&self) -> &StrategyInfo {
        &self.info
    }

    fn health(&self) -> Health {
        Health { ready: true, ..Health::default() }
    }

    async fn sources(&self, _: &StrategyRequest) -> Result<Sources, Failure> {
        Ok(match &*self.does() {
            Does::Move(sources, ..) => sources.clone(),
            _ => Sources::Own,
        })
    }

    async fn recommend(&self, ask: &StrategyRequest, candidates: &[ItemIndex]) -> Result<Ranking, Failure> {
        self.asked.lock().unwrap().push(ask.clone());
        self.given.lock().unwrap().push(candidates.to_vec());
        let does = self.does();
        match &*does {
            Does::Pick(ids) => {
                let picked = by_id(&ask.view, ids).into_iter().enumerate();
                Ok(Ranking::Picks(
                    picked.map(|(place, item)| Pick { item, score: -(place as f64), reason: None }).collect(),
                ))
            }
            Does::Picks(picks) => Ok(Ranking::Picks(picks(&ask.view))),
            Does::Move(_, effect, page) => Ok(Ranking::Adjusted(Adjusted {
                effects: candidates.iter().map(|item| effect(ask, *item)).collect(),
                page: page.clone(),
                failed: 0,
            })),
            Does::PickLearned { wavers } => {
                let score = if *wavers { self.times_asked() as f64 } else { 0.0 };
                let learned = self.learner.iter().flat_map(Pupil::learned).flatten();
                let items: BTreeSet<ItemIndex> = learned.collect();
                Ok(Ranking::Picks(items.into_iter().map(|item| Pick { item, score, reason: None }).collect()))
            }
            Does::Fail(failure) => Err(failure.clone()),
            Does::Hang => std::future::pending().await,
        }
    }

    fn has_constant_effects(&self) -> bool {
        self.is_constant
    }

    fn has_constant_list(&self) -> bool {
        self.is_constant
    }

    fn learner(&self) -> Option<&dyn Learner> {
        let learner = self.learner.as_ref().filter(|l| !l.is_distrusted.load(Ordering::Relaxed));
        learner.map(|l| l as &dyn Learner)
    }
}

/// A learner that keeps what it is told.
#[derive(Default)]
pub(crate) struct Pupil {
    pub(crate) generation: AtomicU64,
    pub(crate) sessions: Mutex<BTreeMap<u64, Vec<Observation>>>,
    /// The next messages fail.
    pub(crate) fails: AtomicU64,
    /// It does nothing where it is told to forget.
    pub(crate) keeps: AtomicBool,
    pub(crate) is_distrusted: AtomicBool,
    /// What it is compared with.
    pub(crate) twin: Mutex<Option<Arc<Stub>>>,
}

impl Pupil {
    fn ready(&self, generation: u64) -> Result<(), Failure> {
        if generation != self.generation.load(Ordering::Relaxed) {
            return Err(Failure::Stale);
        }
        let failing =
            self.fails.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_ok();
        if failing { Err(Failure::Overloaded) } else { Ok(()) }
    }

    /// Its worker died and came back empty.
    pub(crate) fn restart(&self) {
        self.generation.fetch_add(1, Ordering::Relaxed);
        self.sessions.lock().unwrap().clear();
    }

    /// The items of each session, in the order of sessions.
    pub(crate) fn learned(&self) -> Vec<Vec<ItemIndex>> {
        let sessions = self.sessions.lock().unwrap();
        let mut rows: Vec<&Vec<Observation>> = sessions.values().collect();
        rows.sort_by_key(|r| r[0].sequence);
        rows.iter().map(|r| r.iter().map(|o| o.item).collect()).collect()
    }
}

impl Pupil {
    /// Whose each session is said to be, in the order of sessions.
    pub(crate) fn learned_people(&self) -> Vec<Option<u32>> {
        let sessions = self.sessions.lock().unwrap();
        let mut rows: Vec<&Vec<Observation>> = sessions.values().collect();
        rows.sort_by_key(|r| r[0].sequence);
        assert!(rows.iter().all(|r| r.iter().all(|o| o.person == r[0].person)), "a session is one person's");
        rows.iter().map(|r| r[0].person).collect()
    }
}

#[async_trait]
impl Learner for Pupil {
    fn generation(&self) -> u64 {
        self.generation.load(Ordering::Relaxed)
    }

    async fn observe(&self, generation: u64, rows: &[Observation]) -> Result<(), Failure> {
        self.ready(generation)?;
        assert!(rows.len() <= 500, "a message holds at most 500 rows");
        let mut sessions = self.sessions.lock().unwrap();
        for row in rows {
            let known = sessions.entry(row.session).or_default();
            assert_eq!(row.ordinal as usize, known.len(), "rows go on where they ended");
            known.push(*row);
        }
        Ok(())
    }

    async fn forget(&self, generation: u64, forgotten: &[u64]) -> Result<(), Failure> {
        self.ready(generation)?;
        if self.keeps.load(Ordering::Relaxed) {
            return Ok(());
        }
        let mut sessions = self.sessions.lock().unwrap();
        for session in forgotten {
            assert!(sessions.remove(session).is_some(), "only what was learned is forgotten");
        }
        Ok(())
    }

    fn start_twin(&self) -> Option<Arc<dyn Strategy>> {
        let twin = self.twin.lock().unwrap().clone();
        twin.map(|twin| twin as Arc<dyn Strategy>)
    }

    async fn stop_trusting(&self) {
        self.is_distrusted.store(true, Ordering::Relaxed);
    }
}

/// Moves nothing.
pub(crate) fn plain() -> Moving {
    Box::new(|_, _| Effect::default())
}

/// The list of another strategy.
pub(crate) fn list_of(name: &str, limit: usize) -> Sources {
    Sources::Ask { strategy: StrategyName::new(name).unwrap(), limit }
}
