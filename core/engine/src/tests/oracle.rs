//! The demo shop asked twice: the way it is served, and the plain way. Whatever is compiled, kept or left unmade
//! in the one, and interpreted and made anew at each request in the other, the answers are the same.
//!
//! The plain way's scripts are interpreted and say of nothing that it may be kept. That a list made as far as it
//! is shown equals the whole list is compared wherever a list is begun in a test.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use jardin_contract::{
    Clock, Failure, FixedClock, Health, Params, Pick, Ranking, Seed, Sources, Strategy, StrategyInfo,
    StrategyRequest,
};
use jardin_model::{ChoiceStatus, ItemIndex, SessionId, Timestamp};
use jardin_policy::{FileState, Policy, StrategyKind, StrategyRule, View};
use jardin_script_check::ScriptText;
use jardin_script_run::{ScriptPool, ScriptStrategy};
use jardin_store_memory::MemoryStore;
use serde_json::{Value as Json, json};

use super::{
    shop::{at, item_id, object, policy, subject},
    stub::{Does, Stub},
};
use crate::{
    Answer, Config, ConsentGiven, Engine, EngineParts, LoadedStrategies, LoadedStrategy, PrivacySignals,
    Request, Shop,
};

const POLICY: &str = include_str!("../../../../examples/shop/policy.toml");
const JARDIN: &str = include_str!("../../../../examples/shop/jardin.toml");
const ITEMS: &str = include_str!("../../../../examples/shop/items.jsonl");
/// Paid places, of which the example has none.
const PAID_PLACES: &str = r#"
[[sponsored]]
advertiser = "Nordhang AS"
places = ["home", "season"]
position = 3
item = { brand = "Nordhang" }
from = 2026-11-10
until = 2026-11-25
label = { fr = "Sponsorisé", en = "Sponsored" }
"#;
/// Requests of the test.
const REQUESTS: usize = 2_000;
/// How far the strategies' steady time lies behind the engine's: no deadline is ever near, however slow the
/// machine.
const FAR: Duration = Duration::from_secs(36_000);

fn script_source(file: &str) -> &'static str {
    match file {
        "clearance.rhai" => include_str!("../../../../examples/shop/scripts/clearance.rhai"),
        "complete_the_look.rhai" => include_str!("../../../../examples/shop/scripts/complete_the_look.rhai"),
        "for_you.rhai" => include_str!("../../../../examples/shop/scripts/for_you.rhai"),
        "goes_with_basket.rhai" => include_str!("../../../../examples/shop/scripts/goes_with_basket.rhai"),
        "house_rules.rhai" => include_str!("../../../../examples/shop/scripts/house_rules.rhai"),
        "season_front.rhai" => include_str!("../../../../examples/shop/scripts/season_front.rhai"),
        "similar_items.rhai" => include_str!("../../../../examples/shop/scripts/similar_items.rhai"),
        "this_visit.rhai" => include_str!("../../../../examples/shop/scripts/this_visit.rhai"),
        "trade_counter.rhai" => include_str!("../../../../examples/shop/scripts/trade_counter.rhai"),
        other => panic!("a script of the demo shop is not here: {other}"),
    }
}

/// A time of day that is set, and a steady time that stands still.
struct StillClock {
    day: Arc<FixedClock>,
    steady: Instant,
}

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        self.day.now()
    }

    fn steady_now(&self) -> Instant {
        self.steady
    }

    fn uptime(&self) -> Duration {
        self.day.uptime()
    }
}

/// A script that keeps nothing and is interpreted, on the thread of whoever asks.
struct PlainScript(ScriptStrategy);

#[async_trait]
impl Strategy for PlainScript {
    fn info(&self) -> &StrategyInfo {
        self.0.info()
    }

    fn health(&self) -> Health {
        self.0.health()
    }

    async fn sources(&self, ask: &StrategyRequest) -> Result<Sources, Failure> {
        self.0.sources(ask).await
    }

    async fn recommend(&self, ask: &StrategyRequest, candidates: &[ItemIndex]) -> Result<Ranking, Failure> {
        self.0.run_now(ask, candidates)
    }
}

/// One way of serving the shop.
struct Way {
    engine: Engine,
    clock: Arc<FixedClock>,
    scripts: BTreeMap<String, Arc<dyn Strategy>>,
}

impl Way {
    async fn open(is_plain: bool) -> Self {
        let clock = Arc::new(FixedClock::at(at("2026-10-31T20:00:00Z")));
        let begun = clock.steady_now();
        let strategies_clock: Arc<dyn Clock> =
            Arc::new(StillClock { day: Arc::clone(&clock), steady: begun });
        let store = Arc::new(MemoryStore::default());
        let parts = EngineParts {
            longest_rest_ms: i64::MAX,
            clock: Arc::new(StillClock { day: Arc::clone(&clock), steady: begun + FAR }),
            state: store.clone(),
            events: store,
            seed: 1,
        };
        let policy = policy(POLICY);
        let config = format!("{JARDIN}{PAID_PLACES}");
        let config = Config::load("jardin.toml", &config, &policy).map_err(|r| r.rendered()).unwrap().0;
        let (mut strategies, mut scripts) = (LoadedStrategies::new(), BTreeMap::new());
        for rule in policy.rules().strategies.values() {
            let strategy = load_strategy(rule, &policy, &config, &strategies_clock, is_plain);
            if matches!(rule.kind, StrategyKind::Script(_)) {
                scripts.insert(rule.name.to_string(), Arc::clone(&strategy));
            }
            strategies.insert(rule.name.clone(), LoadedStrategy { strategy, file: FileState::Reviewed });
        }
        let shop = Shop {
            policy,
            policy_text: POLICY.into(),
            config: Arc::new(config),
            strategies,
            findings: Vec::new(),
        };
        let engine = Engine::start(parts, shop).await.unwrap();
        engine
            .put_items(ITEMS.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<_>>())
            .await
            .unwrap();
        engine.tick().await;
        Self { engine, clock, scripts }
    }

    /// People of every kind: who agreed to what, looked at what and bought what, and who objected.
    async fn welcome_people(&self) {
        for n in 0..12_u32 {
            let who = subject(&person(n));
            for (name, bit) in [("personalisation", 1), ("improvement", 2)] {
                let status = if n & bit == 0 { ChoiceStatus::Refused } else { ChoiceStatus::Granted };
                let given = ConsentGiven { status, text_version: "2026-10".into(), source: "banner".into() };
                self.engine.put_consent(&who, name, given).await.unwrap();
            }
            let born = format!("{}-05-17", 1950 + n * 5);
            let fields = object(json!({ "birth_date": born, "postcode": format!("{:02}000", n * 8) }));
            self.engine.put_subject(&who, fields, true, None).await.unwrap();
            if n % 6 == 5 {
                self.engine.put_objection(&who, true).await.unwrap();
            }
        }
    }

    async fn ask(&self, asked: &Asked) -> Vec<String> {
        self.clock.set(asked.at);
        if let Some((item, in_stock)) = &asked.change {
            let fields = object(json!({ "in_stock": in_stock }));
            self.engine.patch_item(&item_id(item), fields, None).await.unwrap();
        }
        if !asked.events.is_empty() {
            self.engine.ingest(asked.events.clone(), &PrivacySignals::default()).await.unwrap();
        }
        self.engine.tick().await;
        let answers = self.engine.recommend_batch(&asked.requests, asked.distinct).await.unwrap();
        answers.iter().map(describe).collect()
    }
}

fn person(n: u32) -> String {
    format!("person-{n}")
}

/// All of an answer but its id.
fn describe(answer: &Answer) -> String {
    let Answer { items, personalised, level, strategies, shortfall, warnings, title, language, .. } = answer;
    format!(
        "{items:?} {personalised} {level:?} {strategies:?} {shortfall} {warnings:?} {title:?} {language:?}"
    )
}

fn load_strategy(
    rule: &StrategyRule,
    policy: &Policy,
    config: &Config,
    clock: &Arc<dyn Clock>,
    is_plain: bool,
) -> Arc<dyn Strategy> {
    let StrategyKind::Script(file) = &rule.kind else {
        let name = rule.name.to_string();
        let picks = Does::Picks(Box::new(move |view| pick_items(&name, view)));
        let name = rule.name.as_str();
        return if is_plain { Stub::new(name, picks) } else { Stub::constant(name, picks) };
    };
    let laid_over: Vec<Params> =
        config.campaigns.iter().filter_map(|c| c.params.get(&rule.name).cloned()).collect();
    let reasons: BTreeSet<Arc<str>> = config.reasons.keys().cloned().collect();
    let text = ScriptText {
        name: rule.name.as_str(),
        file,
        source: script_source(file),
        reasons: &reasons,
        params: &config.params.get(&rule.name).cloned().unwrap_or_default(),
        laid_over: &laid_over,
    };
    let loaded = ScriptStrategy::load(&text, policy, clock, ScriptPool::new(2).list_lane());
    let script = loaded.map_err(|report| report.rendered()).unwrap().0;
    if is_plain { Arc::new(PlainScript(script.interpreted())) } else { Arc::new(script) }
}

/// What a plugin might pick: items by a number made of its name and of everything that it sees, few for some
/// pages and many for others.
fn pick_items(name: &str, view: &View) -> Vec<Pick> {
    let mut seen = DefaultHasher::new();
    (name, format!("{:?}", view.values().map(|(_, _, value)| value).collect::<Vec<_>>())).hash(&mut seen);
    let mut seed = Seed(seen.finish());
    let share = 1 + seed.next() % 10;
    let live: Vec<ItemIndex> = view.live_items().collect();
    let picked = live.into_iter().filter(|_| seed.next() % 10 < share).collect::<Vec<_>>();
    picked.into_iter().map(|item| Pick { item, score: (seed.next() % 50) as f64, reason: None }).collect()
}

/// One call: what happens before it, and the requests of a page.
#[derive(Debug)]
struct Asked {
    at: Timestamp,
    change: Option<(String, bool)>,
    events: Vec<Json>,
    requests: Vec<Request>,
    distinct: bool,
}

struct RandomRequests {
    seed: Seed,
    ids: Vec<String>,
    places: Vec<String>,
    instants: Vec<Timestamp>,
}

impl RandomRequests {
    fn up_to(&mut self, most: usize) -> usize {
        usize::try_from(self.seed.next() % most as u64).unwrap()
    }

    fn one_of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.up_to(all.len())].clone()
    }

    fn pick_item(&mut self) -> String {
        let ids = self.ids.clone();
        self.one_of(&ids)
    }

    fn request(&mut self) -> Request {
        let places = self.places.clone();
        let mut context = serde_json::Map::new();
        if self.up_to(3) > 0 {
            context.insert("page_item".into(), self.pick_item().into());
        }
        if self.up_to(3) == 0 {
            context.insert("region".into(), self.one_of(&["metropole", "corse", "outre-mer"]).into());
        }
        if self.up_to(4) == 0 {
            context.insert("price_list".into(), self.one_of(&["retail", "b2b"]).into());
        }
        if self.up_to(12) == 0 {
            context.insert("kids_corner".into(), true.into());
        }
        let basket: Vec<String> = (0..self.up_to(4)).map(|_| self.pick_item()).collect();
        let session_fields = if basket.is_empty() { json!({}) } else { json!({ "basket": basket }) };
        Request {
            placement: self.one_of(&places),
            subject: (self.up_to(3) > 0).then(|| subject(&person(u32::try_from(self.up_to(14)).unwrap()))),
            session: (self.up_to(2) == 0).then(|| self.session()),
            session_fields: object(session_fields),
            context,
            locale: self.one_of(&[None, Some("fr-FR"), Some("en"), Some("de")]).map(str::to_owned),
            narrowing: PrivacySignals { gpc: self.up_to(10) == 0, ..PrivacySignals::default() },
            limit: (self.up_to(3) == 0).then(|| 1 + self.up_to(20)),
            exclude: (0..self.up_to(3)).map(|_| item_id(&self.pick_item())).collect(),
            filter: (self.up_to(5) == 0).then(|| "affordable".to_owned()),
            deadline_ms: None,
            show: None,
            is_shed: false,
        }
    }

    fn session(&mut self) -> SessionId {
        SessionId::new(&format!("visit-{}", self.up_to(8))).unwrap()
    }

    fn make_event(&mut self, now: Timestamp) -> Json {
        let kind = self.one_of(&["view_item", "view_item", "purchase"]);
        let (who, item) = (self.up_to(12), self.pick_item());
        json!({
            "type": kind, "occurred_at": now.to_string(), "subject_id": format!("person-{who}"),
            "session_id": self.session().as_str(), "items": [{ "item_id": item }],
        })
    }

    /// The next call; calls follow each other in time, this one after so many requests.
    fn call(&mut self, requests: usize) -> Asked {
        let now = self.instants[requests * self.instants.len() / REQUESTS];
        let change = (self.up_to(20) == 0).then(|| (self.pick_item(), self.up_to(3) > 0));
        let events = (0..self.up_to(3)).map(|_| self.make_event(now)).collect();
        let requests = (0..1 + self.up_to(3)).map(|_| self.request()).collect();
        Asked { at: now, change, events, requests, distinct: self.up_to(3) == 0 }
    }
}

/// One ms before and after, and at, each instant at which a campaign, a paid place or a day begins or ends.
fn instants(config: &Config) -> Vec<Timestamp> {
    let campaigns = config.campaigns.iter().flat_map(|c| [c.from, c.until]);
    let paid = config.sponsored.iter().flat_map(|s| [s.from, s.until]);
    let midnights = ["2026-11-19T23:00:00Z", "2026-11-20T23:00:00Z", "2026-11-21T10:00:00Z"].map(at);
    let edges: BTreeSet<Timestamp> = campaigns.chain(paid).chain(midnights).collect();
    edges.into_iter().flat_map(|edge| [edge.plus_ms(-1), edge, edge.plus_ms(1)]).collect()
}

#[tokio::test(flavor = "current_thread")]
async fn the_way_it_is_served_answers_as_the_plain_way() {
    let (served, plain) = (Way::open(false).await, Way::open(true).await);
    served.welcome_people().await;
    plain.welcome_people().await;
    let config = Arc::clone(&served.engine.world().config);
    let mut asking = RandomRequests {
        seed: Seed(20_261_128),
        ids: ITEMS
            .lines()
            .map(|l| serde_json::from_str::<Json>(l).unwrap()["item_id"].as_str().unwrap().into())
            .collect(),
        places: config.placements.keys().map(ToString::to_string).collect(),
        instants: instants(&config),
    };
    let (mut requests, mut filled, mut personal) = (0, 0, 0);
    while requests < REQUESTS {
        let asked = asking.call(requests);
        let (one, other) = (served.ask(&asked).await, plain.ask(&asked).await);
        assert_eq!(one, other, "after {requests} requests: {asked:?}");
        requests += asked.requests.len();
        filled += one.iter().filter(|answer| !answer.starts_with("[]")).count();
        personal += one.iter().filter(|answer| answer.contains(" true ")).count();
    }
    // what was asked is worth asking
    assert!(filled * 2 > requests && personal * 20 > requests, "{filled} {personal} of {requests}");
    for (name, script) in &served.scripts {
        let counters = script.health().counters;
        assert!(counters["compiled"] > 0 && counters["interpreted"] == 0, "{name}: {counters:?}");
    }
}
