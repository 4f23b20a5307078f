//! Workers that are told by hand what to learn and what to forget.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use jardin_contract::{
    Clock, Deadline, FixedClock, Observation, Params, Ranking, Seed, Strategy as _, StrategyRequest,
};
use jardin_model::{Catalogue, EventKind, Item, ItemId, ItemIndex, Timestamp, Value};
use jardin_native::{AfterForgetting, NativeStrategy, PluginFile, Settings, Spawner};
use jardin_policy::{Decision, FileState, Policy, Profile, ScreenedCatalogue, Signals, Stop, StrategyKind};

use super::numbers::{LEARNERS, Numbers};
use crate::plugins::{program, ready};

const ITEMS: u64 = 200;
const NOON: &str = "2026-11-20T12:00:00Z";

/// A plugin in a worker of its own, with everything that it needs to be asked.
struct Pupil {
    strategy: NativeStrategy,
    policy: Policy,
    screened: Arc<ScreenedCatalogue>,
    clock: Arc<FixedClock>,
    name: &'static str,
}

type Bits = Vec<(u32, u64)>;

impl Pupil {
    async fn start(name: &'static str, items: u64) -> Self {
        let policy = Policy::load("learning.toml", include_str!("../data/learning.toml"));
        let (policy, _) = policy.unwrap_or_else(|r| panic!("{}", r.rendered()));
        let item = |n: u64| Item {
            id: ItemId::new(&format!("i{n}")).unwrap(),
            fields: [("in_stock".into(), Value::Flag(true))].into(),
        };
        let catalogue = Catalogue::of_items(policy.schema(), (0..items).map(item));
        let screened = Arc::new(policy.screen(catalogue, None));
        let clock = Arc::new(FixedClock::at(Timestamp::parse(NOON).unwrap()));
        let rule = policy.strategy(name).unwrap();
        let StrategyKind::Plugin(plugin) = &rule.kind else { panic!("no plugin") };
        let settings = Settings {
            spawner: Spawner::new(program().to_owned()).unwrap(),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            params: Params::default(),
            workers: 1,
            queue: 64,
            after_forgetting: AfterForgetting::Trust,
        };
        let file = PluginFile::find(plugin, std::path::Path::new("/nowhere"), program()).unwrap();
        let strategy = NativeStrategy::start(file, rule, &policy, settings).unwrap();
        ready(&strategy).await;
        Self { strategy, policy, screened, clock, name }
    }

    async fn observe(&self, rows: &[Observation]) {
        let learner = self.strategy.learner().unwrap();
        for part in rows.chunks(500) {
            learner.observe(learner.generation(), part).await.unwrap();
        }
    }

    async fn forget(&self, session: u64) {
        let learner = self.strategy.learner().unwrap();
        learner.forget(learner.generation(), &[session]).await.unwrap();
    }

    /// The answer beside a page and a basket, to the bit.
    async fn answer(&self, page: u32, basket: &[u32]) -> Bits {
        let now = self.clock.now();
        let flags = self.policy.flags(None, &Signals::default(), now);
        let name = &self.policy.strategy(self.name).unwrap().name;
        let Decision::Run(grant) = self.policy.clone().bind(BTreeSet::new(), None).decide(
            name,
            &flags,
            FileState::Reviewed,
            &Stop::default(),
        ) else {
            panic!("refused");
        };
        let id = |item: &u32| ItemId::new(&format!("i{item}")).unwrap();
        let field = |path: &str| self.policy.field_id(&path.parse().unwrap()).unwrap();
        let profile = Profile {
            sent: vec![
                (field("context.page_item"), Value::Item(id(&page))),
                (field("session.basket"), Value::Items(basket.iter().map(id).collect())),
            ],
            ..Profile::default()
        };
        let ask = StrategyRequest {
            view: Arc::new(grant.view(&profile, &self.screened, now)),
            params: Params::default(),
            limit: 50,
            seed: Seed(1),
            deadline: Deadline::after(&*self.clock, Duration::from_secs(10)),
            explain: false,
        };
        let candidates: Vec<ItemIndex> = Vec::new();
        let Ranking::Picks(picks) = self.strategy.recommend(&ask, &candidates).await.unwrap() else {
            panic!("a plugin orders");
        };
        picks.iter().map(|p| (p.item.0, p.score.to_bits())).collect()
    }

    async fn answers(&self, count: usize) -> Vec<Bits> {
        let mut numbers = Numbers(4711);
        let mut answers = Vec::new();
        for _ in 0..count {
            let visit = numbers.visit(1, ITEMS);
            answers.push(self.answer(visit[0], &visit[1..]).await);
        }
        answers
    }
}

fn rows(session: u64, items: &[u32]) -> Vec<Observation> {
    let row = |(ordinal, item): (u32, &u32)| Observation {
        session: session.wrapping_mul(0x9e37_79b9_7f4a_7c15),
        sequence: session * 7,
        ordinal,
        // a quarter are nobody's, the others those of some people who came often and of some who came once
        person: match session % 4 {
            0 => None,
            1 => u32::try_from(session).ok(),
            _ => u32::try_from(1_000_000 + session % 499).ok(),
        },
        item: ItemIndex(*item),
        kind: EventKind::Purchase,
        // over the last fortnight
        hour: 498_804 - 300 + u32::try_from(session % 300).unwrap(),
    };
    (0..).zip(items).map(row).collect()
}

/// What the manifests say: nobody who learns is left out of these tests.
#[test]
fn every_shipped_plugin_that_learns_is_tested_here() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins");
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let source = std::fs::read_to_string(path.join("src/lib.rs")).unwrap_or_default()
            + std::fs::read_to_string(path.join("src/plugin.rs")).unwrap_or_default().as_str();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name != "sdk" && source.contains("learns: true") {
            found.insert(name.replace('_', "-"));
        }
    }
    assert_eq!(found, LEARNERS.map(str::to_owned).into());
}

#[tokio::test(flavor = "multi_thread")]
async fn forgetting_one_by_one_equals_never_having_learned() {
    let mut numbers = Numbers(88_172_645_463_325_252);
    let visits: Vec<Vec<u32>> = (0..4_000).map(|_| numbers.visit(2, ITEMS)).collect();
    let mut gone = BTreeSet::new();
    while gone.len() < visits.len() / 100 {
        gone.insert(numbers.below(visits.len() as u64));
    }
    let all: BTreeMap<u64, Vec<Observation>> =
        (0..).zip(&visits).map(|(n, items)| (n, rows(n, items))).collect();
    for name in LEARNERS {
        let (forgot, never) = (Pupil::start(name, ITEMS).await, Pupil::start(name, ITEMS).await);
        forgot.observe(&all.values().flatten().copied().collect::<Vec<_>>()).await;
        let before = forgot.answers(1_000).await;
        for n in &gone {
            forgot.forget(all[n][0].session).await;
        }
        let kept = all.iter().filter(|(n, _)| !gone.contains(n));
        never.observe(&kept.flat_map(|(_, rows)| rows).copied().collect::<Vec<_>>()).await;
        let (after, fresh) = (forgot.answers(1_000).await, never.answers(1_000).await);
        assert_ne!(before, after, "`{name}`: nothing was learned from those who went");
        let differing = after.iter().zip(&fresh).filter(|(a, b)| a != b).count();
        assert_eq!(differing, 0, "`{name}`");
    }
}

/// With the 64 MiB that a policy gives where it says nothing.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_of_500_000_events_kills_no_worker() {
    const MANY: u64 = 20_000;
    let mut numbers = Numbers(99);
    for name in LEARNERS {
        let pupil = Pupil::start(name, MANY).await;
        let generation = pupil.strategy.learner().unwrap().generation();
        let (mut events, mut session) = (0, 0);
        while events < 500_000 {
            // baskets of ten things that have nothing to do with each other: the most pairs that events can
            // make
            let items: Vec<u32> = (0..10).map(|_| u32::try_from(numbers.below(MANY)).unwrap()).collect();
            pupil.observe(&rows(session, &items)).await;
            events += items.len();
            session += 1;
        }
        let health = pupil.strategy.health();
        assert!(health.ready, "`{name}`: {health:?}");
        assert_eq!(
            pupil.strategy.learner().unwrap().generation(),
            generation,
            "`{name}` ended and was started anew"
        );
        // it answers, be it with nothing
        pupil.answer(1, &[2]).await;
    }
}
