//! What reaches a strategy depends on its view, its settings and the request alone: in two worlds that differ
//! only in what others see, give or have hidden, each strategy is sent the same frames. Times between frames
//! are outside of this law.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::Arc,
};

use jardin_contract::{Effect, Pick, Seed, Sources, StrategyRequest};
use jardin_model::ItemIndex;
use jardin_policy::{StrategyKind, StrategyName, View, rules::PolicyRules};
use serde_json::json;

use super::{
    shop::{NOON, POLICY, TestShop, catalogue, item_id, object, policy, request, shop, subject},
    stub::{Does, Stub, list_of},
};
use crate::Request;

/// Random chains a run; `JARDIN_TEST_CASES=10000` makes it longer.
const CHAINS: u64 = 1_500;

#[expect(clippy::disallowed_methods, reason = "how long a test runs is asked of whoever starts it")]
fn chains() -> u64 {
    std::env::var("JARDIN_TEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CHAINS)
}

const NAMES: [&str; 6] = ["s0", "s1", "s2", "s3", "s4", "s5"];
const ITEMS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];
const PURPOSES: [&str; 3] = ["shop-window", "basket-help", "personalise"];
/// What a strategy of each purpose may be granted beside the catalogue.
const GRANTS: [&[&str]; 3] = [
    &["\"context.region\" = \"exact\"", "\"item.margin\" = \"exact\"", "\"context.page_item\" = \"exact\""],
    &["\"session.basket\" = \"exact\"", "\"context.page_item\" = \"exact\"", "\"item.margin\" = \"exact\""],
    &[
        "\"session.basket\" = \"exact\"",
        "\"subject.postcode\" = { as = \"first characters\", n = 2 }",
        "\"subject.birth_date\" = { as = \"age band\", years = 10 }",
    ],
];

/// Random numbers, the same every time.
struct Dice(Seed);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.0.next() % n as u64).unwrap()
    }

    fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    fn some<'a>(&mut self, all: &[&'a str], share: usize) -> Vec<&'a str> {
        all.iter().copied().filter(|_| self.percent(share)).collect()
    }
}

/// One random shop.
struct Case {
    policy: String,
    config: String,
    rules: Arc<PolicyRules>,
    /// Of the list, and of the one above it on the page.
    chains: [Vec<&'static str>; 2],
    asks: Asks,
    seed: u64,
}

/// Whom each strategy asks, with the limit of its source.
type Asks = BTreeMap<&'static str, Vec<(&'static str, usize)>>;

fn strategies(dice: &mut Dice) -> (String, Asks) {
    let mut text = String::from(
        "[strategies.popular-now]\nplugin = \"popular\"\npurpose = \"shop-window\"\nmay_read = { catalogue = \"exact\" }\n",
    );
    let mut asks = BTreeMap::new();
    let mut purposes: Vec<usize> = Vec::new();
    for (at, name) in NAMES.into_iter().enumerate() {
        let purpose = dice.below(3);
        // a list made by profiling may be used for profiling only
        let may_ask = |other: &usize| purposes[*other] != 2 || purpose == 2;
        let asked: Vec<usize> = (0..at).filter(may_ask).filter(|_| dice.percent(25)).collect();
        let kind = if dice.percent(60) { "plugin" } else { "script" };
        let file = if kind == "plugin" { name.to_owned() } else { format!("{name}.rhai") };
        let mut grants = vec!["catalogue = \"exact\""];
        grants.extend(dice.some(GRANTS[purpose], 50));
        let names: Vec<&str> = asked.iter().map(|other| NAMES[*other]).collect();
        write!(
            text,
            "[strategies.{name}]\n{kind} = \"{file}\"\npurpose = \"{}\"\nmay_ask = {names:?}\nmay_read = {{ {} }}\nlimits = {{ results = {} }}\n",
            PURPOSES[purpose],
            grants.join(", "),
            [3, 45, 1000][dice.below(3)],
        )
        .unwrap();
        asks.insert(name, names.into_iter().map(|name| (name, dice.below(9) + 1)).collect());
        purposes.push(purpose);
    }
    (text, asks)
}

fn chain(dice: &mut Dice) -> Vec<&'static str> {
    let mut chain: Vec<&'static str> = Vec::new();
    for _ in 0..=dice.below(4) {
        let name = NAMES[dice.below(NAMES.len())];
        if !chain.contains(&name) {
            chain.push(name);
        }
    }
    chain
}

fn config(dice: &mut Dice, [chain, above]: &[Vec<&'static str>; 2]) -> String {
    let mut text = String::from(
        "config = 1\n[shop]\nname = \"Les Cimes\"\ncurrency = \"EUR\"\nlanguages = [\"fr\", \"en\"]\nsellable = [\"in_stock\"]\n\
         [filters.affordable]\nfield = \"price\"\nop = \"below\"\nvalue = 50\n",
    );
    let leave_out = dice.some(&["page item", "basket", "shown above"], 40);
    writeln!(text, "[placements.above]\nchain = {above:?}\nlimit = {}", dice.below(4) + 1).unwrap();
    writeln!(
        text,
        "[placements.list]\nchain = {chain:?}\nlimit = {}\nleave_out = {leave_out:?}",
        dice.below(5) + 1
    )
    .unwrap();
    text
}

impl Case {
    fn random(dice: &mut Dice) -> Self {
        let (text, asks) = strategies(dice);
        let (head, rest) = POLICY.split_once("[strategies.popular-now]").unwrap();
        let tail = rest.split_once("[audit]").unwrap().1.split("[[test]]").next().unwrap();
        let source = format!("{head}{text}[audit]{tail}");
        let rules = Arc::clone(policy(&source).rules());
        let chains = [chain(dice), chain(dice)];
        Self { config: config(dice, &chains), policy: source, rules, chains, asks, seed: dice.0.next() }
    }

    /// A strategy and all that it may ask.
    fn closure(&self, name: &'static str) -> BTreeSet<&'static str> {
        let mut closed = BTreeSet::from([name]);
        for (asked, _) in &self.asks[name] {
            closed.extend(self.closure(asked));
        }
        closed
    }

    fn is_granted(&self, names: &BTreeSet<&'static str>, field: &str) -> bool {
        let reads = |name: &&str| {
            let read = self.rules.strategies[*name].may_read.iter();
            read.filter_map(|g| self.rules.field(g.field)).any(|f| f.path.to_string() == field)
        };
        names.iter().any(reads)
    }

    /// True where an answer of the person may refuse one of these.
    fn is_refusable(&self, names: &BTreeSet<&'static str>, purpose: &str) -> bool {
        names.iter().any(|name| {
            self.rules.purpose(self.rules.strategies[*name].purpose).is_some_and(|p| &*p.name == purpose)
        })
    }

    /// The strategies. What each gives follows its own text and what it sees, the same in both worlds.
    fn stubs(&self) -> BTreeMap<&'static str, Arc<Stub>> {
        let mut stubs = BTreeMap::new();
        stubs.insert("popular-now", Stub::new("popular-now", Does::Pick(ITEMS.to_vec())));
        for (at, name) in NAMES.into_iter().enumerate() {
            let text = Seed::of(&[&self.seed.to_le_bytes(), &at.to_le_bytes()]);
            stubs.insert(name, Stub::new(name, self.behaviour(name, text)));
        }
        stubs
    }

    fn behaviour(&self, name: &str, text: Seed) -> Does {
        // which lists it builds on is its own text, and no data
        let sources =
            self.asks[name].iter().map(|(asked, limit)| list_of(asked, *limit)).reduce(|first, second| {
                Sources::Mix { first: Box::new(first), second: Box::new(second), share: 0.5 }
            });
        match sources {
            None => Does::Picks(Box::new(move |view| {
                let saw = digest(text, view);
                let picked = view.live_items().filter(|item| !fails(saw) && keeps(saw, *item));
                picked.map(|item| Pick { item, score: -f64::from(item.0), reason: None }).collect()
            })),
            Some(sources) => Does::Move(
                sources,
                Box::new(move |ask, item| {
                    let saw = digest(text, &ask.view);
                    let dropped = (!keeps(saw, item)).then(|| "dropped".into());
                    Effect { factor: if fails(saw) { f64::NAN } else { 1.0 }, dropped, ..Effect::default() }
                }),
                Vec::new(),
            ),
        }
    }
}

/// All that a strategy sees, in a number.
fn digest(text: Seed, view: &View) -> Seed {
    let values: Vec<_> = view.values().collect();
    let margins: Vec<_> = view.live_items().map(|item| view.item(item).get("margin")).collect();
    Seed::of(&[&text.0.to_le_bytes(), format!("{values:?} {margins:?}").as_bytes()])
}

fn keeps(saw: Seed, item: ItemIndex) -> bool {
    !Seed(saw.0 ^ u64::from(item.0)).next().is_multiple_of(3)
}

fn fails(saw: Seed) -> bool {
    saw.0.is_multiple_of(8)
}

/// What a strategy was sent, in order.
fn frames(stub: &Stub) -> Vec<String> {
    let asked = stub.asked.lock().unwrap();
    let given = stub.given.lock().unwrap();
    let frame = |(ask, given): (&StrategyRequest, &Vec<ItemIndex>)| {
        let values: Vec<_> = ask.view.values().collect();
        let items: Vec<_> =
            ask.view.live_items().map(|item| (item, ask.view.item(item).get("margin"))).collect();
        format!("{values:?} {items:?} {:?} {} {:?} {given:?}", ask.params, ask.limit, ask.seed)
    };
    asked.iter().zip(given.iter()).map(frame).collect()
}

/// What may differ between the worlds without one strategy's view being touched.
struct Differs {
    basket: bool,
    postcode: bool,
    birth_date: bool,
    margin: bool,
    consent: bool,
    objection: bool,
}

impl Case {
    fn differs(&self, observer: &BTreeSet<&'static str>) -> Differs {
        // whether a strategy is asked at all follows whether those may run that ask it
        let way: BTreeSet<&'static str> = self
            .chains
            .iter()
            .flatten()
            .map(|name| self.closure(name))
            .filter(|closure| closure.intersection(observer).next().is_some())
            .flatten()
            .collect();
        Differs {
            basket: !self.is_granted(observer, "session.basket"),
            postcode: !self.is_granted(observer, "subject.postcode"),
            birth_date: !self.is_granted(observer, "subject.birth_date"),
            margin: !self.is_granted(observer, "item.margin"),
            consent: !self.is_refusable(&way, "personalise"),
            objection: !self.is_refusable(&way, "personalise") && !self.is_refusable(&way, "basket-help"),
        }
    }
}

/// A request of one world, and the person that it is for.
async fn ask(shop: &TestShop, case: &Case, differs: &Differs, who: &str, world: u64) {
    let mut dice = Dice(Seed(case.seed));
    let other = |differ: bool| differ && world == 1;
    let born = if other(differs.birth_date) { "1950-05-17" } else { "1990-05-17" };
    let postcode = if other(differs.postcode) { "05000" } else { "38000" };
    let fields = json!({"birth_date": born, "postcode": postcode});
    if dice.percent(70) && !other(differs.consent) {
        shop.agree(who, "personalisation").await;
    }
    shop.engine.put_subject(&subject(who), object(fields), true, None).await.unwrap();
    let margins = [dice.some(&ITEMS, 50), dice.some(&ITEMS, 50)];
    let dear = &margins[usize::from(other(differs.margin))];
    let items = catalogue().into_iter().map(|mut item| {
        item["fields"]["margin"] =
            json!(if dear.contains(&item["item_id"].as_str().unwrap()) { 0.5 } else { 0.1 });
        item
    });
    shop.engine.put_items(items.collect::<Vec<_>>()).await.unwrap();
    let baskets = [dice.some(&ITEMS, 30), dice.some(&ITEMS, 50)];
    let basket = &baskets[usize::from(other(differs.basket))];
    let mut list = request("list", Some(who));
    list.session_fields = object(json!({"basket": basket}));
    list.context = object(json!({"page_item": ITEMS[dice.below(8)], "region": "corse"}));
    list.exclude = dice.some(&ITEMS, 10).into_iter().map(item_id).collect();
    list.limit = dice.percent(30).then(|| dice.below(4) + 1);
    list.filter = dice.percent(20).then(|| "affordable".to_owned());
    list.narrowing.objected = dice.percent(10) || other(differs.objection);
    let requests: Vec<Request> = if dice.percent(50) {
        vec![list]
    } else {
        vec![Request { placement: "above".to_owned(), limit: None, ..list.clone() }, list]
    };
    shop.engine.recommend_batch(&requests, dice.percent(50)).await.unwrap();
}

#[tokio::test]
async fn what_reaches_a_strategy_tells_nothing_of_what_others_saw_gave_or_had_hidden() {
    let worlds = [TestShop::open(Vec::new()).await, TestShop::open(Vec::new()).await];
    let mut dice = Dice(Seed(2026));
    let (mut compared, mut called_always, mut cut_short) = (0, 0, 0);
    for n in 0..chains() {
        let case = Case::random(&mut dice);
        let [chain, _] = &case.chains;
        let named = chain[dice.below(chain.len())];
        let reach: Vec<&'static str> = case.closure(named).into_iter().collect();
        let observer = reach[dice.below(reach.len())];
        let closure = case.closure(observer);
        let differs = case.differs(&closure);
        let mut seen = Vec::new();
        for (world, open) in (0..2).zip(&worlds) {
            let stubs = case.stubs();
            open.engine.reload(shop(&case.config, &case.policy, &stubs)).await.unwrap();
            open.engine.tick().await;
            ask(open, &case, &differs, &format!("u{n}"), world).await;
            seen.push(frames(&stubs[observer]));
        }
        let name = StrategyName::new(observer).unwrap();
        if matches!(case.rules.strategies[&name].kind, StrategyKind::Plugin(_)) {
            assert_eq!(seen[0], seen[1], "{observer} at {NOON}\n{}\n{}", case.config, case.policy);
            called_always += usize::from(chain.first() != Some(&observer) && !seen[0].is_empty());
        } else {
            // a script keeps nothing, so that it may be called in one world only; what it is sent is the same
            let one_of: BTreeSet<&String> = seen[0].iter().collect();
            let others: BTreeSet<&String> = seen[1].iter().collect();
            let is_within = one_of.is_subset(&others) || others.is_subset(&one_of);
            assert!(is_within, "{observer}\n{seen:#?}\n{}", case.config);
            cut_short += usize::from(seen[0].len() != seen[1].len());
        }
        compared += seen[0].len();
    }
    println!(
        "{} tried, {} held: {compared} frames, {called_always} of plugins behind the first",
        chains(),
        chains()
    );
    let expected = usize::try_from(chains()).unwrap();
    assert!(compared > expected / 3, "{compared} frames: a law over nothing proves nothing");
    assert!(called_always > expected / 20, "{called_always} calls of plugins behind the first");
    assert!(cut_short > 0, "scripts are still called only while the page is short");
}
