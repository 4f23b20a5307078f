//! The engine behind the words of the tests, and how many cases a run has.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{
    Catalogue, FieldPath, Item, ItemChange, ItemId, ItemNumbering, PersonNumber, SubjectId, Timestamp, Value,
};
use jardin_policy::{
    Decision, FileState, Flags, Policy, PolicyInForce, Profile, ProfileOwner, Redacted, ScreenedCatalogue,
    Signals, Stop, StrategyName, ViewValue, rules::FieldId,
};

use crate::{
    naive::{Known, Products, Seen, Switches},
    random::policy::RandomPolicy,
};

/// How many cases a run has: `usual`, or more for a longer run, `JARDIN_TEST_CASES=100000 cargo test -p
/// jardin-policy`.
#[expect(clippy::disallowed_methods, reason = "how long a test runs is asked of whoever starts it")]
pub fn cases(usual: u64) -> u64 {
    std::env::var("JARDIN_TEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

pub struct Engine {
    pub policy: PolicyInForce,
    pub screened: Arc<ScreenedCatalogue>,
    pub stop: Stop,
    file: FileState,
}

impl Engine {
    pub fn new(policy: &RandomPolicy, products: &Products, switches: &Switches) -> Self {
        let (checked, _) =
            Policy::check("random.toml", &policy.text).unwrap_or_else(|r| panic!("{}", r.rendered()));
        let names = |list: &[String]| list.iter().map(|n| StrategyName::new(n).unwrap()).collect::<Vec<_>>();
        let policy = checked.bind(names(&switches.finishes).into_iter().collect(), Some([7; 32]));
        let numbering = ItemNumbering::restored(products.ids.iter().map(|id| ItemId::new(id).unwrap()));
        let empty = Catalogue::new(policy.schema(), Arc::clone(numbering.ids()));
        let changes = products.sold.iter().map(|(id, product)| ItemChange::Put(item(id, product)));
        let changes = numbering.number_changes(changes.collect());
        Self {
            screened: Arc::new(policy.screen(empty.with_changes(&changes), None)),
            stop: Stop { everything: switches.everything, strategies: names(&switches.strategies) },
            file: if switches.reviewed { FileState::Reviewed } else { FileState::NotPinned },
            policy,
        }
    }

    /// A policy without products, with nothing stopped.
    pub fn of(policy: PolicyInForce) -> Self {
        Self {
            screened: Arc::new(policy.empty_catalogue()),
            stop: Stop::default(),
            file: FileState::Reviewed,
            policy,
        }
    }

    pub fn at(&self, known: &Known) -> Timestamp {
        Timestamp::from_ms(known.now)
    }

    fn field(&self, path: &str) -> Option<FieldId> {
        self.policy.field_id(&path.parse::<FieldPath>().unwrap())
    }

    fn tells_country(&self, path: &str) -> bool {
        let by = self.policy.rules().children.as_ref().and_then(|rule| rule.by.as_ref());
        by.is_some_and(|by| self.field(path).is_some_and(|id| by.fields.contains(&id)))
    }

    pub fn flags(&self, known: &Known) -> Flags {
        let said: BTreeMap<Arc<str>, bool> =
            known.says.iter().map(|(n, v)| (Arc::from(n.as_str()), *v)).collect();
        let on = |(path, value): &(String, Value)| {
            if *value == Value::Flag(true) { self.field(path) } else { None }
        };
        let signals = Signals {
            gpc: known.gpc,
            tcf_publisher_purposes: known.tcf.clone(),
            consent_mode: known.modes.iter().map(|(n, v)| (Arc::from(n.as_str()), *v)).collect(),
            consent: said,
            objected: known.objects,
            context_flags: known.sent.iter().filter_map(on).collect(),
            country: known.sent.iter().find_map(|(path, value)| match value {
                Value::Text(country) if self.tells_country(path) => Some(Arc::clone(country)),
                _ => None,
            }),
            clock_stepped_back: known.clock_stepped_back,
            ..Signals::default()
        };
        self.policy.flags(known.record.as_ref(), &signals, self.at(known))
    }

    /// The flags at the time of an event.
    pub fn flags_then(&self, known: &Known, at: Timestamp) -> Flags {
        known.record.as_ref().map_or_else(|| self.flags(known), |record| self.policy.flags_as_of(record, at))
    }

    pub fn decide(&self, strategy: &str, known: &Known) -> Decision {
        self.policy.decide(&StrategyName::new(strategy).unwrap(), &self.flags(known), self.file, &self.stop)
    }

    pub fn may_learn(&self, strategy: &str, known: &Known) -> bool {
        self.policy.may_learn(&StrategyName::new(strategy).unwrap(), &self.flags(known))
    }

    /// The running numbers of the events that nothing permits to keep, and the names of such values of the profile.
    pub fn groundless(&self, known: &Known) -> (Vec<u64>, Vec<String>) {
        let Some(record) = &known.record else { return Default::default() };
        let groundless = self.policy.groundless(record, self.at(known));
        let events = groundless.events.iter().map(|event| event.sequence);
        (events.collect(), groundless.values.iter().map(ToString::to_string).collect())
    }

    /// Whose profile it is.
    pub fn owner<'a>(&'a self, known: &'a Known) -> ProfileOwner<'a> {
        ProfileOwner { record: known.record.as_ref(), stop: &self.stop, now: self.at(known) }
    }

    /// The fields of a profile, told again, that nothing may use now, with the rule; none where an age is unreadable.
    pub fn sets_aside(&self, known: &Known) -> Option<BTreeMap<String, &'static str>> {
        let told = known.record.iter().flat_map(|record| &record.fields);
        let told = told.map(|(name, stored)| (Arc::clone(name), stored.value.clone())).collect();
        let admitted = self.policy.admit_profile(told, self.owner(known), &self.screened).ok()?;
        let named = |redacted: &Redacted| {
            redacted.fields.iter().map(|name| (name.to_string(), redacted.rule)).collect::<Vec<_>>()
        };
        let dropped: BTreeMap<String, &'static str> = admitted.redacted().iter().flat_map(named).collect();
        let aside = admitted.set_aside().iter();
        Some(aside.filter_map(|name| dropped.get_key_value(&**name)).map(|(n, r)| (n.clone(), *r)).collect())
    }

    pub fn profile(&self, known: &Known, stranger: bool) -> Profile {
        let mut record = known.record.clone();
        if let Some(record) = record.as_mut().filter(|_| stranger) {
            record.person = PersonNumber(2);
        }
        Profile {
            subject_id: known.id.as_ref().map(|id| SubjectId::new(id).unwrap()),
            subject: record.map(Arc::new),
            session: known.session.clone().map(Arc::new),
            sent: known
                .sent
                .iter()
                .filter_map(|(path, value)| Some((self.field(path)?, value.clone())))
                .collect(),
        }
    }

    /// A value in the words of the evaluator; `expected` tells a pseudonym, which only a key can make, from a
    /// text.
    pub fn seen(&self, value: &ViewValue, expected: &Seen) -> Seen {
        let id = |index| {
            self.screened.catalogue().ids().id(index).map(|id| id.as_str().to_owned()).unwrap_or_default()
        };
        match value {
            ViewValue::Text(text) if *expected == Seen::Pseudonym => {
                let is_one = text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
                if is_one { Seen::Pseudonym } else { Seen::Text(text.to_string()) }
            }
            ViewValue::Text(text) => Seen::Text(text.to_string()),
            ViewValue::Texts(texts) => Seen::Texts(texts.iter().map(ToString::to_string).collect()),
            ViewValue::Number(n) => Seen::Number(*n),
            ViewValue::Flag(flag) => Seen::Flag(*flag),
            ViewValue::Date(d) => Seen::Date(d.year().into(), d.month().into(), d.day().into()),
            ViewValue::Time(time) => Seen::Time(time.ms()),
            ViewValue::Item(item) => Seen::Item(id(*item)),
            ViewValue::Items(items) => Seen::Items(items.iter().map(|i| id(*i)).collect()),
            ViewValue::Events(events) => Seen::Events(
                events
                    .iter()
                    .map(|e| (e.kind.word().to_owned(), e.at.ms(), id(e.item), e.quantity))
                    .collect(),
            ),
        }
    }
}

fn item(id: &str, product: &crate::naive::Product) -> Item {
    let mut fields: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    fields.insert("sku".into(), Value::Text(id.into()));
    fields.extend(product.category.as_ref().map(|c| (Arc::from("category"), Value::Text(c.as_str().into()))));
    let tags: Vec<Arc<str>> = product.tags.iter().map(|t| Arc::from(t.as_str())).collect();
    fields.insert("tags".into(), Value::Texts(tags.into()));
    fields.extend(
        product.price.map(|p| (Arc::from("price"), Value::Money(format!("{p:.4}").parse().unwrap()))),
    );
    Item { id: ItemId::new(id).unwrap(), fields }
}
