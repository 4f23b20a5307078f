//! A whole engine over a real store and real workers: every way in which learning ends, a restart, and
//! retention.

use std::{path::Path, sync::Arc};

use jardin_contract::{Clock, FixedClock, Params, StateStore as _};
use jardin_engine::{
    Config, Engine, EngineParts, Fields, LoadedStrategies, LoadedStrategy, PrivacySignals, Request, Shop,
};
use jardin_model::{Choice, ChoiceStatus, DAY_MS, ItemId, SubjectId, Timestamp};
use jardin_native::{AfterForgetting, NativeStrategy, PluginFile, Settings, Spawner};
use jardin_policy::{FileState, Policy, StrategyKind};
use jardin_store_sqlite::{Options, SqliteStore};
use serde_json::{Value, json};

use super::numbers::{LEARNERS, Numbers};
use crate::plugins::{program, ready};

const ITEMS: u64 = 150;
const PEOPLE: u64 = 400;
const NOW: &str = "2026-11-20T12:00:00Z";

struct Open {
    engine: Engine,
    store: Arc<SqliteStore>,
    clock: Arc<FixedClock>,
}

fn config(policy: &Policy) -> Arc<Config> {
    let mut text = String::from(
        "config = 1\n[shop]\nname = \"A shop\"\npolicy = \"policy.toml\"\nscripts = \"scripts\"\ncurrency = \"EUR\"\nlanguages = [\"en\"]\nsellable = [\"in_stock\"]\n",
    );
    for name in LEARNERS {
        text.push_str(&format!(
            "[placements.{name}]\nchain = [\"{name}\"]\nlimit = 20\nleave_out = [\"page item\"]\n"
        ));
    }
    let (config, _) =
        Config::load("jardin.toml", &text, policy).unwrap_or_else(|r| panic!("{}", r.rendered()));
    Arc::new(config)
}

async fn strategies(policy: &Policy, clock: &Arc<FixedClock>) -> LoadedStrategies {
    let spawner = Spawner::new(program().to_owned()).unwrap();
    let mut strategies = LoadedStrategies::new();
    for rule in policy.rules().strategies.values() {
        let StrategyKind::Plugin(plugin) = &rule.kind else { panic!("no plugin") };
        let settings = Settings {
            spawner: spawner.clone(),
            clock: Arc::clone(clock) as Arc<dyn Clock>,
            params: Params::default(),
            workers: 1,
            queue: 64,
            after_forgetting: AfterForgetting::Trust,
        };
        let file = PluginFile::find(plugin, Path::new("/nowhere"), program()).unwrap();
        let strategy = NativeStrategy::start(file, rule, policy, settings).unwrap();
        ready(&strategy).await;
        let loaded = LoadedStrategy { strategy: Arc::new(strategy), file: FileState::Reviewed };
        strategies.insert(rule.name.clone(), loaded);
    }
    strategies
}

impl Open {
    async fn at(folder: &Path, now: Timestamp) -> Self {
        let text = include_str!("../data/learning.toml");
        let (policy, _) = Policy::load("policy.toml", text).unwrap_or_else(|r| panic!("{}", r.rendered()));
        let clock = Arc::new(FixedClock::at(now));
        let store = Arc::new(SqliteStore::open(folder, Options::default()).unwrap());
        let shop = Shop {
            config: config(&policy),
            strategies: strategies(&policy, &clock).await,
            policy_text: text.into(),
            findings: Vec::new(),
            policy,
        };
        let parts = EngineParts {
            longest_rest_ms: jardin_engine::LONGEST_REST_MS,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            state: Arc::clone(&store) as _,
            events: Arc::clone(&store) as _,
            seed: 1,
        };
        let engine = Engine::start(parts, shop).await.unwrap();
        engine.tick().await;
        Self { engine, store, clock }
    }

    /// Items, and of the people of whom `is_there` says so what they did.
    async fn fill(&self, is_there: impl Fn(&Did) -> bool) {
        let item = |n: u64| json!({"item_id": format!("i{n}"), "fields": {"sku": format!("i{n}"), "in_stock": true, "category": "things"}});
        self.engine.put_items((0..ITEMS).map(item).collect::<Vec<_>>()).await.unwrap();
        for did in history().into_iter().filter(is_there) {
            let id = SubjectId::new(&did.who()).unwrap();
            let choice = Choice {
                status: ChoiceStatus::Granted,
                text_version: "1".into(),
                at: now().plus_ms(-200 * DAY_MS),
                source: "banner".into(),
            };
            self.store.put_choice(&id, "improvement", choice).await.unwrap();
            let receipt = self.engine.ingest(did.events(), &PrivacySignals::default()).await.unwrap();
            assert!(receipt.rejected.is_empty(), "{:?}", receipt.rejected);
        }
        self.engine.tick().await;
    }

    /// The lists of every learner beside 250 pages, without what merely fills them up.
    async fn answers(&self) -> Vec<Vec<String>> {
        let mut numbers = Numbers(4711);
        let mut answers = Vec::new();
        for _ in 0..250 {
            let visit = numbers.visit(2, ITEMS);
            let id = |item: &u32| json!(format!("i{item}"));
            let mut request = Request { deadline_ms: Some(10_000), ..Request::default() };
            request.context.insert("page_item".to_owned(), id(&visit[0]));
            request.session_fields =
                Fields::from_iter([("basket".to_owned(), visit.iter().skip(1).map(id).collect::<Value>())]);
            for name in LEARNERS {
                request.placement = name.to_owned();
                let answer = self.engine.recommend(&request).await.unwrap();
                let of_learner = answer
                    .items
                    .iter()
                    .filter(|shown| shown.strategy.as_ref().is_some_and(|s| s.as_str() == name));
                answers.push(of_learner.map(|shown| shown.item.as_str().to_owned()).collect());
            }
        }
        answers
    }
}

/// Names the first list that differs, and how many do: whole answers would fill a screen.
#[track_caller]
fn same(found: &[Vec<String>], expected: &[Vec<String>], when: &str) {
    let differing: Vec<usize> = (0..found.len()).filter(|n| found.get(*n) != expected.get(*n)).collect();
    if let Some(first) = differing.first() {
        panic!(
            "{when}: {} of {} lists differ, the first of {}: {:?} is not {:?}",
            differing.len(),
            found.len(),
            LEARNERS[first % LEARNERS.len()],
            found[*first],
            expected[*first]
        );
    }
}

fn now() -> Timestamp {
    Timestamp::parse(NOW).unwrap()
}

/// What one person did, all of it on one day.
struct Did {
    number: u64,
    days_ago: i64,
    items: Vec<u32>,
}

impl Did {
    fn who(&self) -> String {
        format!("person-{}", self.number)
    }

    fn events(&self) -> Vec<Value> {
        let at = now().plus_ms(-self.days_ago * DAY_MS);
        let view = |(n, item): (i64, &u32)| {
            json!({"type": "view_item", "occurred_at": at.plus_ms(60_000 * n).to_string(), "subject_id": self.who(),
                "session_id": format!("visit-{}", self.number), "items": [{"item_id": format!("i{item}")}]})
        };
        let mut events: Vec<Value> = (0..).zip(&self.items).map(view).collect();
        let bought: Vec<Value> =
            self.items.iter().step_by(2).map(|item| json!({"item_id": format!("i{item}")})).collect();
        events
            .push(json!({"type": "purchase", "occurred_at": at.plus_ms(3_600_000).to_string(), "subject_id": self.who(), "items": bought}));
        events
    }
}

fn history() -> Vec<Did> {
    let mut numbers = Numbers(2026);
    let one = |number| Did {
        number,
        days_ago: i64::try_from(1 + numbers.below(80)).unwrap(),
        items: numbers.visit(3, ITEMS),
    };
    (0..PEOPLE).map(one).collect()
}

async fn end_in_every_way(shop: &Open) {
    for number in 0..8 {
        let id = SubjectId::new(&format!("person-{number}")).unwrap();
        match number % 4 {
            0 => {
                let given = jardin_engine::ConsentGiven {
                    status: ChoiceStatus::Withdrawn,
                    text_version: "1".into(),
                    source: "banner".into(),
                };
                shop.engine.put_consent(&id, "improvement", given).await.map(drop).unwrap();
            }
            1 => shop.engine.erase_subject(&id, None, false).await.map(drop).unwrap(),
            2 => shop.engine.put_objection(&id, true).await.unwrap(),
            _ => shop.engine.put_restriction(&id, true).await.unwrap(),
        }
    }
    let child = SubjectId::new("person-8").unwrap();
    let born = Fields::from_iter([("birth_date".to_owned(), json!("2015-01-01"))]);
    shop.engine.put_subject(&child, born, false, None).await.unwrap();
}

/// Everything compared with a shop in which those people never were.
#[tokio::test(flavor = "multi_thread")]
async fn every_end_of_learning_a_restart_and_retention_leave_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let fresh = |name: &str| folder.path().join(name);
    let shop = Open::at(&fresh("all"), now()).await;
    shop.fill(|_| true).await;
    let before = shop.answers().await;
    assert_eq!(before.len(), 1_000);
    assert!(before.iter().filter(|list| !list.is_empty()).count() > 900, "somebody taught something");
    end_in_every_way(&shop).await;
    let after = shop.answers().await;
    assert!(before != after);
    let never = Open::at(&fresh("never"), now()).await;
    never.fill(|did| did.number > 8).await;
    let expected = never.answers().await;
    same(&after, &expected, "before the next tick: each call returns when its end is obeyed");

    // a restart replays what is left
    drop(shop);
    let shop = Open::at(&fresh("all"), now()).await;
    shop.engine.tick().await;
    same(&shop.answers().await, &expected, "after a restart");

    // forty days later, what is older than `newest` was never learned
    let later = now().plus_ms(40 * DAY_MS + DAY_MS / 2);
    shop.clock.set(later);
    shop.engine.tick().await;
    let young = Open::at(&fresh("young"), now()).await;
    young.fill(|did| did.number > 8 && did.days_ago < 50).await;
    young.clock.set(later);
    young.engine.tick().await;
    same(&shop.answers().await, &young.answers().await, "forty days later");

    // an item that became `[never]` takes its events along
    for shop in [&shop, &young] {
        let pharmacy = Fields::from_iter([
            ("sku".to_owned(), json!("i7")),
            ("in_stock".to_owned(), json!(true)),
            ("category".to_owned(), json!("pharmacy")),
        ]);
        shop.engine.put_item(&ItemId::new("i7").unwrap(), pharmacy, None).await.unwrap();
        shop.engine.tick().await;
    }
    let without = shop.answers().await;
    same(&without, &young.answers().await, "without an item that became `[never]`");
    assert!(without.iter().flatten().all(|item| item != "i7"));
    assert_eq!(shop.engine.learned().await, young.engine.learned().await);
}
