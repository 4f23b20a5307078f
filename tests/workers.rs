//! How requests come to the workers of a strategy: callers that go away, several workers, what each of them
//! has learned.

use std::{collections::BTreeSet, path::Path, process::Command, sync::Arc, time::Duration};

use jardin_contract::{
    Deadline, Failure, Observation, Params, Ranking, Seed, Strategy, StrategyRequest, SystemClock,
};
use jardin_model::{EventKind, ItemIndex, Timestamp};
use jardin_native::{AfterForgetting, NativeStrategy, PluginFile, Settings, Spawner};
use jardin_policy::{Decision, FileState, Policy, Profile, Signals, Stop, View};

use crate::{
    plugins::{program, ready},
    support::shop_window,
};

const STRATEGIES: &str = r#"
[strategies.popular-now]
plugin = "popular"
purpose = "shop-window"
may_read = { "item.sku" = "exact" }
[strategies.echoing]
plugin = "echoing"
purpose = "shop-window"
limits = { time_ms = 1000 }
may_ask = ["popular-now"]
may_read = { "item.sku" = "exact" }
[purposes.for-you]
says = { en = "Show what suits the visit." }
profiling = false
profiling_because = "reacts to this visit"
basis = "legitimate interests"
interest = { en = "Show what suits." }
balance = "LIA-1"
stop_if = ["objection"]
[strategies.echoing-visits]
plugin = "echoing"
purpose = "for-you"
limits = { time_ms = 1000 }
may_ask = ["popular-now"]
may_read = { "item.sku" = "exact", "session.basket" = "exact" }
"#;
const FIELDS: &str = r#"
[fields.session]
basket = { type = "items", class = "personal", keep = "session" }
"#;

/// Scored by how many requests came in one message, takes 100 ms, and never ends: see `tests/data/echoing.c`.
const COUNTING: u32 = 55;
const SLOW: u32 = 77;
const ENDLESS: u32 = 99;

/// The strategy with so many workers, and a question to it.
struct Shop {
    strategy: Arc<NativeStrategy>,
    view: Arc<View>,
}

impl Shop {
    /// `None` where there is no C compiler, which is said.
    async fn new(workers: usize) -> Option<Self> {
        Self::of("echoing", workers).await
    }

    async fn of(strategy: &str, workers: usize) -> Option<Self> {
        Self::with(strategy, workers, AfterForgetting::Trust).await
    }

    async fn with(strategy: &str, workers: usize, after_forgetting: AfterForgetting) -> Option<Self> {
        let (policy, _) = Policy::load("policy.toml", &shop_window(FIELDS, STRATEGIES))
            .unwrap_or_else(|r| panic!("{}", r.rendered()));
        let now = Timestamp::parse("2026-11-20T10:00:00Z").unwrap();
        let rule = policy.strategy(strategy).unwrap();
        let flags = policy.flags(None, &Signals::default(), now);
        let view = match policy.clone().bind(BTreeSet::new(), None).decide(
            &rule.name,
            &flags,
            FileState::Reviewed,
            &Stop::default(),
        ) {
            Decision::Run(grant) => {
                Arc::new(grant.view(&Profile::default(), &Arc::new(policy.empty_catalogue()), now))
            }
            Decision::Refused(reason) => panic!("refused: {reason}"),
        };
        let settings = Settings {
            spawner: Spawner::new(program().to_owned()).unwrap(),
            clock: Arc::new(SystemClock),
            params: Params::default(),
            workers,
            queue: 64,
            after_forgetting,
        };
        let file = PluginFile::from_bytes("echoing", built()?).unwrap();
        let strategy = Arc::new(NativeStrategy::start(file, rule, &policy, settings).unwrap());
        ready(&strategy).await;
        let shop = Self { strategy, view };
        shop.until(|s| s.health().counters["starts"] == workers as u64).await;
        // told the catalogue, so that every worker can be asked
        shop.strategy.prepare_catalogue(Arc::clone(&shop.view)).await.unwrap();
        Some(shop)
    }

    async fn until(&self, done: impl Fn(&NativeStrategy) -> bool) {
        for _ in 0..500 {
            if done(&self.strategy) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it did not come to be: {:?}", self.strategy.health());
    }

    /// The picked item, and how many events its worker has learned.
    async fn ask(&self, candidate: u32) -> Result<(u32, f64), Failure> {
        let ask = StrategyRequest {
            view: Arc::clone(&self.view),
            params: Params::default(),
            limit: 1,
            seed: Seed(1),
            deadline: Deadline::after(&SystemClock, Duration::from_secs(60)),
            explain: false,
        };
        match self.strategy.recommend(&ask, &[ItemIndex(candidate)]).await? {
            Ranking::Picks(picks) => Ok((picks[0].item.0, picks[0].score)),
            Ranking::Adjusted(_) => panic!("a plugin gives picks"),
        }
    }

    /// What every worker has learned: all of them are asked at once, each for so long that none is asked
    /// twice.
    async fn learned(self: &Arc<Self>, workers: usize) -> Vec<f64> {
        let asked: Vec<_> = (0..workers)
            .map(|_| {
                let shop = Arc::clone(self);
                tokio::spawn(async move { shop.ask(SLOW).await.unwrap().1 })
            })
            .collect();
        let mut learned = Vec::new();
        for answer in asked {
            learned.push(answer.await.unwrap());
        }
        learned
    }

    fn count(&self, name: &str) -> u64 {
        self.strategy.health().counters[name]
    }
}

fn built() -> Option<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = folder.path().join("libechoing.so");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-I"])
        .arg(root.join("plugins"))
        .arg("-o")
        .arg(&out)
        .arg(root.join("tests/data/echoing.c"))
        .status();
    let Ok(status) = built else {
        println!("SKIPPED: there is no C compiler `cc`");
        return None;
    };
    assert!(status.success());
    Some(std::fs::read(out).unwrap())
}

fn rows(count: u32) -> Vec<Observation> {
    let row = |ordinal| Observation {
        session: 1,
        sequence: 1,
        ordinal,
        person: None,
        item: ItemIndex(3),
        kind: EventKind::ViewItem,
        hour: 500_000,
    };
    (0..count).map(row).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_goes_away_leaves_the_others_their_own_answers() {
    let Some(shop) = Shop::new(1).await else { return };
    for round in 0..3 {
        // it goes away in the middle of its call: its answer comes, and is nobody's
        let left = tokio::time::timeout(Duration::from_millis(20), shop.ask(SLOW)).await;
        assert!(left.is_err(), "it was answered too early");
        assert_eq!(shop.ask(5 + round).await.map(|(item, _)| item), Ok(5 + round));
        assert_eq!(shop.ask(9).await.map(|(item, _)| item), Ok(9));
    }
    assert_eq!((shop.count("deaths"), shop.count("starts")), (0, 1));
    // the first call of a round goes at once, the second one too or through the queue; all that were heard
    // are counted
    assert!(shop.count("round-trips") >= 6, "{:?}", shop.strategy.health());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_nobody_waits_for_is_ended_in_its_time() {
    let Some(shop) = Shop::new(1).await else { return };
    let left = tokio::time::timeout(Duration::from_millis(20), shop.ask(ENDLESS)).await;
    assert!(left.is_err(), "it was answered");
    shop.until(|s| s.health().counters["killed-late"] == 1).await;
    shop.until(|s| s.health().ready && s.health().counters["starts"] == 2).await;
    shop.strategy.prepare_catalogue(Arc::clone(&shop.view)).await.unwrap();
    assert_eq!(shop.ask(5).await.map(|(item, _)| item), Ok(5));
    assert_eq!(shop.count("deaths"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_wait_are_answered_each_with_her_own() {
    let Some(shop) = Shop::new(2).await.map(Arc::new) else {
        return;
    };
    let asked: Vec<_> = (0..60)
        .map(|n| {
            let shop = Arc::clone(&shop);
            tokio::spawn(async move { (n, shop.ask(n).await) })
        })
        .collect();
    for answer in asked {
        let (n, answer) = answer.await.unwrap();
        assert_eq!(answer.map(|(item, _)| item), Ok(n));
    }
}

/// Behind one that takes long, sixty wait: those of a strategy that reads nothing about people travel
/// together, those of one that reads a visit each alone; without that rule 32 of them came in one message.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_never_travel_together_where_people_are_read() {
    let (Some(shared), Some(alone)) = (Shop::of("echoing", 1).await, Shop::of("echoing-visits", 1).await)
    else {
        return;
    };
    let (shared, alone) = (Arc::new(shared), Arc::new(alone));
    // a machine under load may let each wait alone for a while
    let mut together = 0.0;
    for _ in 0..100 {
        together = most_in_a_message(&shared).await;
        if together > 1.0 {
            break;
        }
    }
    assert!(together > 1.0, "nobody ever waits together, which shows nothing");
    assert_eq!(most_in_a_message(&alone).await, 1.0);
}

/// How many requests of sixty that wait behind a slow one came in one message, at most.
async fn most_in_a_message(shop: &Arc<Shop>) -> f64 {
    let ask = |candidate| {
        let shop = Arc::clone(shop);
        tokio::spawn(async move { shop.ask(candidate).await.unwrap().1 })
    };
    let before = shop.strategy.health().counters["requests"];
    let first = ask(SLOW);
    shop.until(|s| s.health().counters["requests"] > before).await;
    let waiting: Vec<_> = (0..60).map(|_| ask(COUNTING)).collect();
    first.await.unwrap();
    let mut most = 0.0_f64;
    for answer in waiting {
        most = most.max(answer.await.unwrap());
    }
    most
}

/// The plugin keeps what it is told to forget. Workers that are replaced know what they are taught afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_that_forgets_nothing_is_replaced_where_that_is_asked_for() {
    for (after_forgetting, left) in [(AfterForgetting::Trust, 7.0), (AfterForgetting::Replace, 0.0)] {
        let Some(shop) = Shop::with("echoing", 2, after_forgetting).await.map(Arc::new) else {
            return;
        };
        let learner = shop.strategy.learner().unwrap();
        let first = learner.generation();
        learner.observe(first, &rows(7)).await.unwrap();
        learner.forget(first, &[1, 2]).await.unwrap();
        shop.strategy.prepare_catalogue(Arc::clone(&shop.view)).await.unwrap();
        assert_eq!(shop.learned(2).await, [left, left]);
        assert_eq!(learner.generation() != first, left == 0.0, "all is to be taught again");
        learner.observe(learner.generation(), &rows(2)).await.unwrap();
        assert_eq!(shop.learned(2).await, [left + 2.0, left + 2.0]);
        assert_eq!(shop.count("deaths"), 0, "they gave way and did not die");
    }
}

/// Its manifest says that it learns, and not that it counts people.
#[tokio::test]
async fn a_plugin_that_tells_nobody_apart_is_refused_where_people_are_counted() {
    let Some(bytes) = built() else { return };
    let fields = format!(
        "{FIELDS}seen = {{ type = \"events\", class = \"personal\", keep = \"session\", of = [\"view_item\"] }}\n"
    );
    for (people, refusal) in [
        ("", Some("at least 3 of them")),
        ("at_least_people = 1, ", None),
        ("at_least_people = 1, a_person_counts = 1, ", Some("at least 1 of them")),
    ] {
        let learning = format!(
            "[strategies.learning]\nplugin = \"echoing\"\npurpose = \"for-you\"\nmay_learn_from = {{ {people}\"session.seen\" = {{ as = \"sessions\" }} }}\n"
        );
        let text = shop_window(&fields, &format!("{STRATEGIES}{learning}"));
        let (policy, _) = Policy::load("policy.toml", &text).unwrap_or_else(|r| panic!("{}", r.rendered()));
        let settings = Settings {
            spawner: Spawner::new(program().to_owned()).unwrap(),
            clock: Arc::new(SystemClock),
            params: Params::default(),
            workers: 1,
            queue: 64,
            after_forgetting: AfterForgetting::Trust,
        };
        let file = PluginFile::from_bytes("echoing", bytes.clone()).unwrap();
        let started = NativeStrategy::start(file, policy.strategy("learning").unwrap(), &policy, settings);
        let said = started.err().map(|error| error.to_string());
        assert_eq!(said.is_some(), refusal.is_some(), "{people}: {said:?}");
        assert!(refusal.is_none_or(|words| said.is_some_and(|said| said.contains(words))), "{people}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_worker_learns_the_same_and_learns_it_anew_when_one_is_lost() {
    let Some(shop) = Shop::new(3).await.map(Arc::new) else {
        return;
    };
    let learner = shop.strategy.learner().unwrap();
    let first = learner.generation();
    learner.observe(first, &rows(4)).await.unwrap();
    assert_eq!(shop.learned(3).await, [4.0, 4.0, 4.0]);
    // one is lost: what it had learned must be taught again, to all
    assert_eq!(shop.ask(ENDLESS).await, Err(Failure::Late));
    shop.until(|s| s.health().counters["starts"] == 4 && s.learner().unwrap().generation() != first).await;
    assert_eq!(learner.observe(first, &rows(1)).await, Err(Failure::Stale));
    let second = learner.generation();
    learner.observe(second, &rows(2)).await.unwrap();
    learner.observe(second, &rows(5)).await.unwrap();
    shop.strategy.prepare_catalogue(Arc::clone(&shop.view)).await.unwrap();
    assert_eq!(shop.learned(3).await, [7.0, 7.0, 7.0]);
    assert_eq!(shop.count("deaths"), 1, "the others gave way and did not die");
    assert_eq!(learner.generation(), second);
}
