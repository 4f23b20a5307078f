//! A small shop to test with.

use std::{collections::BTreeMap, sync::Arc};

use jardin_contract::{EventLog as _, FeedEvent, FixedClock, Strategy};
use jardin_model::{ChoiceStatus, ItemId, SubjectId, Timestamp};
use jardin_policy::{FileState, Policy, StrategyName};
use jardin_store_kit::{FaultyStore, Operation};
use jardin_store_memory::MemoryStore;
use serde_json::{Value as Json, json};

use super::stub::{Does, Stub};
use crate::{
    Answer, AttemptStatus, Config, ConsentGiven, Engine, EngineParts, Fields, LoadedStrategy, PrivacySignals,
    Receipt, Request, Shop,
};

pub(crate) const POLICY: &str = include_str!("../../testdata/policy.toml");
pub(crate) const NOON: &str = "2026-11-20T12:00:00Z";

/// Placements of the tests: few, and with a sellable flag and two reasons.
pub(crate) const SMALL: &str = r#"
config = 1
[shop]
name = "Les Cimes"
currency = "EUR"
languages = ["fr", "en"]
sellable = ["in_stock"]
[reasons]
goes_with = { fr = "Va avec ce produit", en = "Goes with this product" }
[placements.home]
chain = ["for-you", "season-front"]
limit = 4
[placements.finished]
chain = ["my-range"]
finish = "house-rules"
limit = 4
[placements.product_page]
chain = ["complete-the-look"]
limit = 4
leave_out = ["page item", "basket"]
[placements.below]
chain = ["season-front"]
limit = 4
leave_out = ["shown above"]
[filters.affordable]
field = "price"
op = "below"
value = 50
"#;

pub(crate) struct TestShop {
    pub(crate) engine: Engine,
    /// In memory, failing where a test says so.
    pub(crate) store: Arc<FaultyStore>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) stubs: BTreeMap<&'static str, Arc<Stub>>,
}

pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub(crate) fn subject(text: &str) -> SubjectId {
    SubjectId::new(text).unwrap()
}

pub(crate) fn item_id(text: &str) -> ItemId {
    ItemId::new(text).unwrap()
}

pub(crate) fn object(json: Json) -> Fields {
    match json {
        Json::Object(fields) => fields,
        _ => Fields::new(),
    }
}

pub(crate) fn policy(source: &str) -> Policy {
    Policy::load("policy.toml", source).map_err(|r| r.rendered()).unwrap().0
}

/// The items `a` to `h`, 10 to 80 euros, of brand `x` and `y` in turn.
pub(crate) fn catalogue() -> Vec<Json> {
    let one = |(n, id): (usize, &str)| json!({"item_id": id, "fields": {"category": "tents", "brand": (if n % 2 == 0 { "x" } else { "y" }), "in_stock": true, "price": format!("{}.00", (n + 1) * 10)}});
    ["a", "b", "c", "d", "e", "f", "g", "h"].into_iter().enumerate().map(one).collect()
}

pub(crate) fn shop(config: &str, source: &str, stubs: &BTreeMap<&'static str, Arc<Stub>>) -> Shop {
    let policy = policy(source);
    let (config, report) = Config::load("jardin.toml", config, &policy).map_err(|r| r.rendered()).unwrap();
    let load = |(name, stub): (&&'static str, &Arc<Stub>)| {
        let strategy: Arc<dyn Strategy> = stub.clone();
        (StrategyName::new(name).unwrap(), LoadedStrategy { strategy, file: FileState::Reviewed })
    };
    Shop {
        policy,
        policy_text: source.into(),
        config: Arc::new(config),
        strategies: stubs.iter().map(load).collect(),
        findings: report.findings,
    }
}

impl TestShop {
    /// A shop with the small configuration, whose fallback picks `a b c d e f g h`.
    pub(crate) async fn open(stubs: Vec<(&'static str, Arc<Stub>)>) -> Self {
        Self::with(SMALL, POLICY, stubs).await
    }

    pub(crate) async fn with(config: &str, source: &str, stubs: Vec<(&'static str, Arc<Stub>)>) -> Self {
        let store = Arc::new(FaultyStore::new(Arc::new(MemoryStore::default())));
        let clock = Arc::new(FixedClock::at(at(NOON)));
        let mut all: BTreeMap<&'static str, Arc<Stub>> = BTreeMap::new();
        all.insert(
            "popular-now",
            Stub::new("popular-now", Does::Pick(vec!["a", "b", "c", "d", "e", "f", "g", "h"])),
        );
        all.extend(stubs);
        let parts = EngineParts {
            longest_rest_ms: crate::LONGEST_REST_MS,
            clock: clock.clone(),
            state: store.clone(),
            events: store.clone(),
            seed: 1,
        };
        let engine = Engine::start(parts, shop(config, source, &all)).await.unwrap();
        engine.put_items(catalogue()).await.unwrap();
        engine.tick().await;
        Self { engine, store, clock, stubs: all }
    }

    pub(crate) fn set_time(&self, text: &str) {
        self.clock.set(at(text));
    }

    pub(crate) async fn consent(&self, who: &str, name: &str, status: ChoiceStatus) {
        let given = ConsentGiven { status, text_version: "2026-10".into(), source: "banner".into() };
        self.engine.put_consent(&subject(who), name, given).await.unwrap();
    }

    pub(crate) async fn agree(&self, who: &str, name: &str) {
        self.consent(who, name, ChoiceStatus::Granted).await;
    }

    pub(crate) async fn event(&self, event: Json) -> Receipt {
        self.engine.ingest(vec![event], &PrivacySignals::default()).await.unwrap()
    }

    pub(crate) async fn ask(&self, place: &str, who: Option<&str>) -> Answer {
        self.engine.recommend(&request(place, who)).await.unwrap()
    }

    pub(crate) fn asked(&self, stub: &str) -> usize {
        self.stubs[stub].times_asked()
    }

    /// Every stored event.
    pub(crate) async fn stored_events(&self) -> Vec<FeedEvent> {
        self.store.read_feed(0, usize::MAX).await.unwrap()
    }

    pub(crate) fn reads(&self) -> usize {
        self.store.count_calls(Operation::Read)
    }
}

pub(crate) fn request(place: &str, who: Option<&str>) -> Request {
    Request { placement: place.into(), subject: who.map(subject), ..Request::default() }
}

/// The ids of an answer in one word.
pub(crate) fn shown(answer: &Answer) -> String {
    answer.items.iter().map(|i| i.item.as_str()).collect()
}

/// The strategies of an answer: `for-you refused consent, popular-now ran`.
pub(crate) fn tried(answer: &Answer) -> String {
    let one = |t: &crate::StrategyAttempt| {
        let why = t.why.map(|w| format!(" {w}")).unwrap_or_default();
        format!("{} {}{why}", t.name, t.status.word())
    };
    answer.strategies.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Which strategy gave each item.
pub(crate) fn givers(answer: &Answer) -> String {
    answer
        .items
        .iter()
        .map(|i| i.strategy.as_ref().map_or("-", StrategyName::as_str))
        .collect::<Vec<_>>()
        .join(" ")
}

pub(crate) fn ran(answer: &Answer, name: &str) -> bool {
    answer.strategies.iter().any(|t| t.name.as_str() == name && t.status == AttemptStatus::Ran)
}

impl TestShop {
    /// The same shop with one strategy replaced.
    pub(crate) fn reloaded_with(&self, name: &'static str, stub: &Arc<Stub>) -> Shop {
        let mut stubs = self.stubs.clone();
        stubs.insert(name, Arc::clone(stub));
        shop(SMALL, POLICY, &stubs)
    }
}
