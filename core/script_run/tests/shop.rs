//! A small shop: its policy, its products, one shopper, and questions to ask of scripts.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use jardin_contract::{
    Adjusted, Clock, Deadline, Effect, Failure, PageRule, Param, Params, Ranking, Seed, Strategy as _,
    StrategyRequest, SystemClock,
};
use jardin_diagnostics::Report;
use jardin_model::{
    Catalogue, Choice, ChoiceStatus, Date, EventKind, HistoryEvent, HistoryLine, Item, ItemId, ItemIndex,
    Namespace, PersonNumber, SubjectRecord, Timestamp, Value,
};
use jardin_policy::{
    Decision, FileState, Policy, Profile, ScreenedCatalogue, Signals, StrategyName, View, rules::Stop,
};
use jardin_script_check::ScriptText;
use jardin_script_run::{ScriptPool, ScriptStrategy};

pub(crate) const NOW: &str = "2026-11-20T12:00:00Z";

pub(crate) fn policy() -> Policy {
    match Policy::load("policy.toml", include_str!("../../script_check/tests/policy.toml")) {
        Ok((policy, _)) => policy,
        Err(report) => panic!("{}", report.rendered()),
    }
}

pub(crate) fn now() -> Timestamp {
    Timestamp::parse(NOW).unwrap()
}

pub(crate) fn reasons() -> BTreeSet<Arc<str>> {
    ["goes_with", "instead", "new_in", "gift_idea", "good_deal"].map(Arc::from).into()
}

pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.into())
}

pub(crate) fn texts(all: &[&str]) -> Value {
    Value::Texts(all.iter().map(|t| Arc::from(*t)).collect())
}

pub(crate) fn number(n: f64) -> Value {
    Value::Number(n)
}

pub(crate) fn money(amount: &str) -> Value {
    Value::Money(amount.parse().unwrap())
}

pub(crate) fn date(year: i16, month: i8, day: i8) -> Value {
    Value::Date(Date::new(year, month, day).unwrap())
}

/// A product that has what every product must have.
pub(crate) fn item(sku: &str, category: &str, price: &str, more: &[(&str, Value)]) -> Item {
    let mut fields: BTreeMap<Arc<str>, Value> = BTreeMap::from([
        ("sku".into(), text(sku)),
        ("category".into(), text(category)),
        ("price".into(), money(price)),
        ("in_stock".into(), Value::Flag(true)),
        ("secret_note".into(), text("CANARY")),
    ]);
    fields.extend(more.iter().map(|(name, value)| (Arc::from(*name), value.clone())));
    Item { id: ItemId::new(sku).unwrap(), fields }
}

/// What a script did, with an effect for each product.
#[derive(Debug, PartialEq)]
pub(crate) struct Moved {
    pub(crate) effects: Vec<Effect>,
    pub(crate) page: Vec<PageRule>,
    pub(crate) failed: usize,
}

impl Moved {
    pub(crate) fn of(adjusted: Adjusted) -> Self {
        Self { effects: adjusted.effects.into_iter().collect(), page: adjusted.page, failed: adjusted.failed }
    }
}

/// A shop with some products, and what a request brings.
pub(crate) struct Shop {
    pub(crate) policy: Policy,
    pub(crate) screened: Arc<ScreenedCatalogue>,
    pub(crate) items: Vec<ItemIndex>,
    pub(crate) sent: Vec<(Namespace, &'static str, Value)>,
    /// What she bought and looked at.
    pub(crate) history: Vec<(EventKind, &'static str)>,
    pub(crate) params: Params,
    pub(crate) explain: bool,
    pub(crate) time: Duration,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Shop {
    pub(crate) fn with(items: &[Item]) -> Self {
        let policy = policy();
        let catalogue = Catalogue::of_items(policy.schema(), items.iter().cloned());
        let indices = items.iter().map(|i| catalogue.ids().index(&i.id).unwrap()).collect();
        Self {
            screened: Arc::new(policy.screen(catalogue, None)),
            policy,
            items: indices,
            sent: Vec::new(),
            history: Vec::new(),
            params: Params::default(),
            explain: true,
            time: Duration::from_secs(5),
            clock: Arc::new(SystemClock),
        }
    }

    pub(crate) fn sent(mut self, namespace: Namespace, name: &'static str, value: Value) -> Self {
        self.sent.push((namespace, name, value));
        self
    }

    pub(crate) fn on_page(self, sku: &str) -> Self {
        self.sent(Namespace::Context, "page_item", Value::Item(ItemId::new(sku).unwrap()))
    }

    pub(crate) fn params(mut self, params: &[(&str, Param)]) -> Self {
        self.params = table(params);
        self
    }

    fn profile(&self) -> Profile {
        let id = |sku: &str| self.screened.catalogue().ids().index(&ItemId::new(sku).unwrap()).unwrap();
        let event = |(i, (kind, sku)): (usize, &(EventKind, &str))| HistoryEvent {
            kind: *kind,
            at: now().plus_ms(-86_400_000),
            sequence: i as u64,
            lines: vec![HistoryLine { item: id(sku), quantity: 1 }].into(),
        };
        let yes = Choice {
            status: ChoiceStatus::Granted,
            text_version: "2026-10".into(),
            at: now().plus_ms(-86_400_000),
            source: "banner".into(),
        };
        let record = SubjectRecord {
            person: PersonNumber(7),
            fields: BTreeMap::new(),
            events: self.history.iter().enumerate().map(event).collect(),
            choices: BTreeMap::from([("personalisation".into(), vec![yes])]),
            objected: None,
            restricted: None,
            last_seen: now(),
        };
        let valid = self.policy.rules();
        let sent = self.sent.iter().map(|(namespace, name, value)| {
            let path = jardin_model::FieldPath::new(*namespace, name);
            (valid.by_path[&path], value.clone())
        });
        Profile { subject_id: None, subject: Some(Arc::new(record)), session: None, sent: sent.collect() }
    }

    pub(crate) fn view(&self, strategy: &str) -> View {
        let profile = self.profile();
        let flags = self.policy.flags(profile.subject.as_deref(), &Signals::default(), now());
        let name = StrategyName::new(strategy).unwrap();
        match self.policy.clone().bind(BTreeSet::new(), None).decide(
            &name,
            &flags,
            FileState::Reviewed,
            &Stop::default(),
        ) {
            Decision::Run(grant) => grant.view(&profile, &self.screened, now()),
            Decision::Refused(reason) => panic!("{strategy} is refused: {reason}"),
        }
    }

    pub(crate) fn ask(&self, strategy: &str) -> StrategyRequest {
        StrategyRequest {
            view: Arc::new(self.view(strategy)),
            params: self.params.clone(),
            limit: 10,
            seed: Seed(1),
            deadline: Deadline::after(&SystemClock, self.time),
            explain: self.explain,
        }
    }

    /// Loads a script under a strategy of the policy.
    pub(crate) fn load(&self, strategy: &str, source: &str) -> Result<(ScriptStrategy, Report), Report> {
        let reasons = reasons();
        let script = ScriptText {
            name: strategy,
            file: "probe.rhai",
            source,
            reasons: &reasons,
            params: &self.params,
            laid_over: &[],
        };
        ScriptStrategy::load(&script, &self.policy, &self.clock, ScriptPool::new(2).list_lane())
    }

    /// What a script reads as `probe`.
    pub(crate) fn reads(&self, source: &str) -> jardin_script_check::Reads {
        let reasons = reasons();
        let script = ScriptText {
            name: "probe",
            file: "probe.rhai",
            source,
            reasons: &reasons,
            params: &self.params,
            laid_over: &[],
        };
        script.reads(&self.policy).unwrap_or_else(|r| panic!("{}", r.rendered())).0
    }

    pub(crate) fn loaded(&self, strategy: &str, source: &str) -> ScriptStrategy {
        match self.load(strategy, source) {
            Ok((script, _)) => script,
            Err(report) => panic!("{}", report.rendered()),
        }
    }

    /// Runs a script of `probe` over every product.
    pub(crate) fn run(&self, source: &str) -> Result<Moved, Failure> {
        self.run_as("probe", source)
    }

    pub(crate) fn run_as(&self, strategy: &str, source: &str) -> Result<Moved, Failure> {
        let script = self.loaded(strategy, source);
        let asked = wait(script.recommend(&self.ask(strategy), &self.items))?;
        match asked {
            Ranking::Adjusted(adjusted) => Ok(Moved::of(adjusted)),
            Ranking::Picks(_) => panic!("a script gives moves"),
        }
    }

    /// The effect of `fn adjust(item, subject, session, context, params) { BODY }` on each product.
    pub(crate) fn effects(&self, body: &str) -> Vec<Effect> {
        let source = format!("fn adjust(item, subject, session, context, params) {{ {body} }}");
        self.run(&source).unwrap().effects
    }

    /// True where an expression holds for the first product.
    pub(crate) fn holds(&self, expression: &str) -> bool {
        let effects = self.effects(&format!("if {expression} {{ item.boost(2, \"yes\"); }}"));
        effects[0].factor > 1.0
    }
}

/// How a function of a script runs.
pub(crate) fn how(script: &ScriptStrategy, function: &str) -> String {
    let found = script.functions().iter().find(|f| *f.name == *function);
    found.map_or_else(|| "not at all".to_owned(), |f| f.runs.to_string())
}

/// Settings by name.
pub(crate) fn table(params: &[(&str, Param)]) -> Params {
    Params(Arc::new(params.iter().map(|(k, v)| (Arc::from(*k), v.clone())).collect()))
}

pub(crate) fn list(all: &[&str]) -> Param {
    Param::List(all.iter().map(|t| Param::Text(Arc::from(*t))).collect())
}

pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_time()
        .build()
        .unwrap()
        .block_on(future)
}

/// The codes and messages of a refused script, one a line.
pub(crate) fn refusal(source: &str) -> String {
    match Shop::with(&[]).load("probe", source) {
        Ok(_) => "loads".to_owned(),
        Err(report) => report
            .findings
            .iter()
            .map(|f| {
                let (line, column) = report.place(f);
                format!("{line}:{column} {}: {}", f.code.word(), f.message)
            })
            .collect::<Vec<_>>()
            .join("\n"),
    }
}
