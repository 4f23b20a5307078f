//! In one process, so that ten thousand pairs of people take seconds: answers, health with every count,
//! learned state, what was observed.

use std::{collections::BTreeMap, fmt::Debug, path::Path, sync::Arc};

use jardin_engine::{ConsentGiven, Engine, Fields, Placement, PrivacySignals, Request};
use jardin_model::{ChoiceStatus, ItemId, Namespace, SubjectId};
use jardin_policy::rules::FieldRule;
use serde_json::{Value, json};

use super::{closure, denied, engines::Pair, value, without_durations};
use crate::support::{example, unhurried};

/// Pairs of answers a run; `JARDIN_TEST_CASES=100000` makes it longer.
const PAIRS: u64 = 10_000;
/// Questions for each pair of people.
const QUESTIONS: usize = 4;
/// Pairs of people between two looks at everything but answers. Time passes between them.
const ROUND: u64 = 250;
const HOUR_MS: i64 = 3_600_000;

#[expect(clippy::disallowed_methods, reason = "how long a test runs is asked of whoever starts it")]
fn pairs() -> u64 {
    std::env::var("JARDIN_TEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(PAIRS)
}

/// Fields of every type that nobody is granted, beside those of the shop.
const DENIED: &str = r#"[fields.subject]
shoe_size  = { type = "number", class = "personal", keep = "account", source = "given" }
club       = { type = "choice", class = "personal", keep = "account", source = "given", choices = ["alpine", "nordic", "none"] }
nickname   = { type = "text",   class = "personal", keep = "account", source = "given" }
hobbies    = { type = "texts",  class = "personal", keep = "account", source = "given" }
spent      = { type = "money",  class = "highly personal", keep = "12 months", source = "shop" }
member     = { type = "flag",   class = "personal", keep = "account", source = "shop" }
joined     = { type = "time",   class = "personal", keep = "account", source = "shop" }
wed_on     = { type = "date",   class = "highly personal", keep = "account", source = "given" }
"#;

/// SplitMix64 (Steele, Lea, Flood 2014): a run is the same every time.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).unwrap()
    }

    fn percent(&mut self, share: u64) -> bool {
        self.next() % 100 < share
    }
}

/// A pair: two people who differ in denied fields, and the request of each.
struct People {
    id: String,
    fields: [Fields; 2],
    events: [Vec<Value>; 2],
    consents: Vec<&'static str>,
    objects: bool,
    requests: Vec<[Request; 2]>,
}

struct Shop {
    pair: Pair,
    items: Vec<String>,
}

impl Shop {
    async fn open(folder: &Path) -> Self {
        let shop = folder.join("shop");
        unhurried(&example("shop"), &shop);
        let policy = std::fs::read_to_string(shop.join("policy.toml")).unwrap();
        assert!(policy.contains("[fields.subject]"));
        let (head, rest) = policy.split_once("[fields.subject]").unwrap();
        let comment = rest.split_once('\n').unwrap().1;
        std::fs::write(shop.join("policy.toml"), format!("{head}{DENIED}{comment}")).unwrap();
        let pair = Pair::open(&shop, folder, "2026-11-20T10:00:00Z").await;
        let text = std::fs::read_to_string(shop.join("items.jsonl")).unwrap();
        let items: Vec<Value> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        for engine in &pair.engines {
            engine.put_items(items.clone()).await.unwrap();
        }
        pair.pass(0).await;
        let items = items.iter().map(|i| i["item_id"].as_str().unwrap().to_owned()).collect();
        Self { pair, items }
    }

    fn event(&self, dice: &mut Dice, id: &str, number: usize, kind: &str) -> Value {
        // what is bought is bought between the consents of this round and its questions
        let (ends, most) = if kind == "purchase" { (HOUR_MS, 55) } else { (0, 50_000) };
        let minutes = i64::try_from(dice.below(most)).unwrap() + 1;
        json!({
            "event_id": format!("{kind}-{id}-{number}"), "type": kind, "subject_id": id,
            "occurred_at": self.pair.now().plus_ms(ends - minutes * 60_000).to_string(),
            "items": [{"item_id": self.items[dice.below(self.items.len())]}],
        })
    }

    /// Two people of one number, and what is asked for each.
    fn people(&self, dice: &mut Dice, number: u64, placement: &Placement, denied: &[&FieldRule]) -> People {
        let id = format!("p{number}");
        let is_denied = |path: &str| denied.iter().any(|f| f.path.to_string() == path);
        let shared = json!({"birth_date": format!("{}-05-17", 1950 + dice.below(65)), "postcode": "05000"});
        let fields = [0, 1].map(|_| {
            let mut fields = shared.as_object().unwrap().clone();
            for f in denied.iter().filter(|f| f.path.namespace == Namespace::Subject && f.of.is_empty()) {
                fields.remove(&*f.path.name);
                if dice.percent(75) {
                    fields.insert(f.path.name.to_string(), value(f.kind, &f.choices, dice.next()));
                }
            }
            fields
        });
        let bought: Vec<Value> = (0..dice.below(3)).map(|n| self.event(dice, &id, n, "purchase")).collect();
        let viewed: Vec<Value> = (0..dice.below(3)).map(|n| self.event(dice, &id, n, "view_item")).collect();
        let events = [0, 1].map(|_| {
            let own: Vec<Value> = (0..dice.below(4)).map(|n| self.event(dice, &id, n, "view_item")).collect();
            let views = if is_denied("subject.viewed") { own } else { viewed.clone() };
            bought.iter().cloned().chain(views).collect()
        });
        let requests =
            (0..QUESTIONS).map(|_| self.requests(dice, &id, placement, is_denied("session.basket")));
        People {
            requests: requests.collect(),
            consents: ["personalisation", "improvement"].into_iter().filter(|_| dice.percent(70)).collect(),
            objects: dice.percent(10),
            id,
            fields,
            events,
        }
    }

    /// One question, whose two sides differ in the basket where that is denied.
    fn requests(
        &self,
        dice: &mut Dice,
        id: &str,
        placement: &Placement,
        basket_is_denied: bool,
    ) -> [Request; 2] {
        let mut item = || json!(self.items[dice.below(self.items.len())]);
        let (basket, other, page) = (json!([item()]), json!([item()]), item());
        let asks = |basket: &Value| Request {
            placement: placement.name.to_string(),
            subject: SubjectId::new(id).ok(),
            session_fields: json!({"basket": basket}).as_object().unwrap().clone(),
            context: json!({"page_item": page, "price_list": "b2b"}).as_object().unwrap().clone(),
            locale: Some("fr".to_owned()),
            ..Request::default()
        };
        // what lies in the basket is left out of the list, which is no strategy's doing
        let differs = basket_is_denied && placement.leave_out.is_empty();
        [asks(&basket), asks(if differs { &other } else { &basket })]
    }

    /// Tells both engines of a round of people, each of its own.
    async fn tell(&self, people: &[Arc<People>]) {
        for (side, engine) in self.pair.engines.iter().enumerate() {
            let mut writes = tokio::task::JoinSet::new();
            for one in people {
                writes.spawn(put(Arc::clone(engine), Arc::clone(one), side));
            }
            writes.join_all().await;
        }
        self.pair.pass(HOUR_MS).await;
        for (side, engine) in self.pair.engines.iter().enumerate() {
            let events: Vec<Value> = people.iter().flat_map(|p| p.events[side].iter().cloned()).collect();
            for events in events.chunks(jardin_engine::MAX_EVENTS) {
                engine.ingest(events.to_vec(), &PrivacySignals::default()).await.unwrap();
            }
        }
    }

    /// Asks both engines, and compares what comes back.
    async fn ask(&self, one: &People, requests: &[Request; 2]) -> usize {
        let mut answers = Vec::new();
        for (engine, request) in self.pair.engines.iter().zip(requests) {
            answers.push(engine.recommend(request).await.unwrap());
        }
        assert_eq!(answers[0], answers[1], "{} at {}: {:?}", one.id, requests[0].placement, one.fields);
        answers[0].items.len()
    }

    /// Compares everything that is told of the whole.
    async fn the_rest_is_equal(&self) {
        let [a, b] = &self.pair.engines;
        equal("health", &a.health(), &b.health());
        equal("strategies", &a.strategies(), &b.strategies());
        equal("placements", &a.placements(), &b.placements());
        equal("learned", &a.learned().await, &b.learned().await);
        equal("observed", &a.observed(), &b.observed());
        for item in self.items.iter().step_by(50).map(|id| ItemId::new(id).unwrap()) {
            equal("an item", &a.item(&item).unwrap(), &b.item(&item).unwrap());
        }
    }
}

async fn put(engine: Arc<Engine>, one: Arc<People>, side: usize) {
    let id = SubjectId::new(&one.id).unwrap();
    for consent in &one.consents {
        let given = ConsentGiven {
            status: ChoiceStatus::Granted,
            text_version: "2026-10".into(),
            source: "test".into(),
        };
        engine.put_consent(&id, consent, given).await.unwrap();
    }
    let stored = engine.put_subject(&id, one.fields[side].clone(), false, None).await.unwrap();
    assert!(stored.redacted.iter().all(|dropped| dropped.rule == "no-purpose"), "{:?}", stored.redacted);
    if one.objects {
        engine.put_objection(&id, true).await.unwrap();
    }
}

fn equal(what: &str, a: &impl Debug, b: &impl Debug) {
    let [a, b] = [format!("{a:#?}"), format!("{b:#?}")].map(|text| without_durations(&text));
    let differ: Vec<(&str, &str)> = a.lines().zip(b.lines()).filter(|(a, b)| a != b).collect();
    assert!(a == b, "{what}: {differ:#?}");
}

#[test]
fn ten_thousand_pairs_that_differ_in_denied_fields_are_answered_alike() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let shop = Shop::open(folder.path()).await;
        let (policy, placements) = (&shop.pair.policy, &shop.pair.config.placements);
        let denied: BTreeMap<&str, Vec<&FieldRule>> = placements
            .values()
            .map(|p| {
                let chain: Vec<&str> = p.chain.iter().map(|n| n.as_str()).collect();
                let finish = p.finish.as_ref().map_or("", |n| n.as_str());
                (&*p.name, denied(policy, &closure(policy, &chain, finish)))
            })
            .collect();
        assert!(
            denied.values().all(|fields| fields.len() >= 8),
            "the policy denies little, so that little is tested"
        );
        let (mut dice, mut shown) = (Dice(2026), 0);
        let mut number = 0;
        let mut asked = 0;
        while asked < pairs() {
            let people: Vec<Arc<People>> = (number..number + ROUND)
                .map(|n| {
                    let placement = placements.values().nth(dice.below(placements.len())).unwrap();
                    Arc::new(shop.people(&mut dice, n, placement, &denied[&*placement.name]))
                })
                .collect();
            shop.tell(&people).await;
            shop.pair.pass(HOUR_MS).await;
            for one in &people {
                for requests in &one.requests {
                    shown += shop.ask(one, requests).await;
                    asked += 1;
                }
            }
            shop.the_rest_is_equal().await;
            number += ROUND;
        }
        assert!(shown > 4 * 10_000, "{shown} items were shown: empty answers prove nothing");
        let learned = shop.pair.engines[0].learned().await;
        assert!(learned.values().sum::<usize>() > 300, "{learned:?}");
    });
}
