//! The policy language read slowly: written from its description alone, over the parsed TOML, without an
//! index, a cache or a type of the engine. What it says is compared with what the engine does.

pub mod calendar;
mod door;
mod ground;
mod sees;

use std::collections::BTreeMap;

use calendar::{age, before};
use jardin_model::{Choice, ChoiceStatus, SessionRecord, SubjectRecord, Value};
use toml::{Table, Value as Toml};
use unicode_normalization::UnicodeNormalization as _;

pub use door::Kept;
pub use sees::Seen;

/// A product as the shop tells it.
#[derive(Debug, Clone, Default)]
pub struct Product {
    pub category: Option<String>,
    pub tags: Vec<String>,
    pub price: Option<f64>,
}

/// The catalogue: the ids in the order of their indices, and what is sold of them.
#[derive(Debug, Clone, Default)]
pub struct Products {
    pub ids: Vec<String>,
    pub sold: BTreeMap<String, Product>,
}

/// Everything that is known for a request.
#[derive(Debug, Clone)]
pub struct Known {
    pub now: i64,
    pub id: Option<String>,
    pub record: Option<SubjectRecord>,
    pub session: Option<SessionRecord>,
    pub sent: Vec<(String, Value)>,
    pub gpc: bool,
    pub objects: bool,
    pub says: BTreeMap<String, bool>,
    pub tcf: Option<Vec<u8>>,
    pub modes: BTreeMap<String, bool>,
    pub clock_stepped_back: bool,
}

/// What is stopped by hand, and whether a file is the one that was reviewed.
#[derive(Debug, Clone, Default)]
pub struct Switches {
    pub everything: bool,
    pub strategies: Vec<String>,
    pub finishes: Vec<String>,
    pub reviewed: bool,
    /// The policy's own `[stop]` does not count.
    pub ignores_policy: bool,
}

pub struct Naive {
    doc: Table,
}

fn strings(value: Option<&Toml>) -> Vec<String> {
    let list = value.and_then(Toml::as_array).into_iter().flatten();
    list.map(|t| t.as_str().unwrap().to_owned()).collect()
}

/// What nobody sees goes, and each run of blanks is one.
fn fold(text: &str) -> String {
    let seen: String = text.nfkc().filter(|c| !"\u{ad}\u{200b}\u{200d}\u{feff}".contains(*c)).collect();
    let folded: String = seen.to_lowercase().nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Naive {
    pub fn new(source: &str) -> Self {
        Self { doc: source.parse().unwrap() }
    }

    fn table(&self, path: &[&str]) -> Option<&Table> {
        path.iter().try_fold(&self.doc, |table, key| table.get(*key)?.as_table())
    }

    fn word(&self, table: &str, key: &str) -> Option<&str> {
        self.doc.get(table)?.get(key)?.as_str()
    }

    fn zone(&self) -> &str {
        self.word("policy", "time_zone").unwrap()
    }

    fn ends(&self, what: &str) -> String {
        let given = self.table(&["policy", "ends_after_idle"]).and_then(|t| t.get(what)?.as_str());
        given.unwrap_or(if what == "session" { "30 minutes" } else { "24 months" }).to_owned()
    }

    fn before(&self, now: i64, span: &str) -> i64 {
        before(self.zone(), now, span)
    }

    /// The declaration of a field, `subject.birth_date`.
    fn field(&self, path: &str) -> Option<&Table> {
        let (space, name) = path.split_once('.')?;
        self.table(&["fields", space, name])
    }

    fn account_lives(&self, record: &SubjectRecord, now: i64) -> bool {
        record.last_seen.ms() > self.before(now, &self.ends("account"))
    }

    // ---- flags

    fn has_consent(&self, name: &str, known: &Known) -> bool {
        let rule = self.table(&["consents", name]).unwrap();
        if known.clock_stepped_back || known.says.get(name) == Some(&false) {
            return false;
        }
        if let Some(signals) = rule.get("signals") {
            let wanted =
                signals.get("tcf_publisher_purposes").and_then(Toml::as_array).cloned().unwrap_or_default();
            if let Some(allowed) = &known.tcf
                && wanted.iter().any(|p| !allowed.iter().any(|a| i64::from(*a) == p.as_integer().unwrap()))
            {
                return false;
            }
            if let Some(key) = signals.get("consent_mode").and_then(Toml::as_str)
                && known.modes.get(key) == Some(&false)
            {
                return false;
            }
        }
        let Some(record) = known.record.as_ref().filter(|r| self.account_lives(r, known.now)) else {
            return false;
        };
        let choices: &[Choice] = record.choices.iter().find(|(n, _)| ***n == *name).map_or(&[], |(_, c)| c);
        let Some(last) = choices.iter().map(|c| c.at.ms()).max() else {
            return false;
        };
        let texts = strings(rule.get("texts"));
        // what a child agreed to never counts, and nobody grows into it
        if self.table(&["children"]).is_some() && self.was_below(self.consent_age(known), known, last) {
            return false;
        }
        let fresh = last <= known.now && last > self.before(known.now, rule["lasts"].as_str().unwrap());
        let agreed = choices.iter().filter(|c| c.at.ms() == last).all(|c| {
            let listed = texts.iter().any(|t| **t == *c.text_version);
            listed && c.status == ChoiceStatus::Granted
        });
        fresh && agreed
    }

    /// The age of consent where somebody is: their account's country beats the page's, and the highest age holds where
    /// neither is listed.
    fn consent_age(&self, known: &Known) -> i64 {
        let rule = self.table(&["children"]).unwrap();
        let own = rule.get("under").unwrap_or_else(|| &rule["consent_from"]).as_integer().unwrap();
        let Some((field, ages)) = rule.get("by").and_then(Toml::as_table).and_then(|by| by.iter().next())
        else {
            return own;
        };
        let text = |value: Option<Value>| match value {
            Some(Value::Text(text)) => Some(text.to_string()),
            _ => None,
        };
        let path = format!("subject.{field}");
        let of_account = if self.declares(&path) { text(self.stored(&path, known, None)) } else { None };
        let page = format!("context.{field}");
        let sent = known.sent.iter().find(|(p, _)| *p == page && self.declares(&page));
        let country = of_account.or_else(|| text(sent.map(|(_, value)| value.clone())));
        let ages = ages.as_table().unwrap();
        let listed = country.and_then(|country| ages.get(&country)).and_then(Toml::as_integer);
        let highest = ages.values().filter_map(Toml::as_integer).max().unwrap();
        own.max(listed.unwrap_or(highest))
    }

    fn declares(&self, path: &str) -> bool {
        let (space, name) = path.split_once('.').unwrap();
        self.table(&["fields", space, name]).is_some()
    }

    /// Whether they are below an age now, or on a page for children.
    fn is_below(&self, years: impl Fn(&Self) -> i64, known: &Known) -> bool {
        let Some(rule) = self.table(&["children"]) else {
            return false;
        };
        let on = |path: &String| known.sent.iter().any(|(p, v)| p == path && *v == Value::Flag(true));
        if strings(rule.get("also_if")).iter().any(on) {
            return true;
        }
        self.was_below(years(self), known, known.now)
    }

    /// By what is known now, whether they were below an age at a time. An age that was told and that cannot be read,
    /// has expired or was taken away is a child's.
    fn was_below(&self, age_of: i64, known: &Known, at: i64) -> bool {
        let rule = self.table(&["children"]).unwrap();
        let unknown = rule["unknown_age"].as_str() == Some("child");
        let Some(path) = rule.get("age_from").and_then(Toml::as_str) else {
            return unknown;
        };
        let name = path.strip_prefix("subject.").unwrap();
        if known.record.as_ref().is_none_or(|record| !record.fields.contains_key(name)) {
            return unknown;
        }
        let Some(Value::Date(birth)) = self.stored(path, known, None) else {
            return true;
        };
        let born = (i64::from(birth.year()), i64::from(birth.month()), i64::from(birth.day()));
        let years = |at: i64| age(self.zone(), born, at);
        years(known.now) > 150 || years(at) < age_of
    }

    /// Whether somebody is below the age of a purpose.
    fn is_too_young(&self, purpose: &str, known: &Known) -> bool {
        let rule = self.table(&["purposes", purpose]).unwrap();
        let profiling_age = |naive: &Self| {
            let rule = naive.table(&["children"]).unwrap();
            rule.get("under").unwrap_or_else(|| &rule["profiling_from"]).as_integer().unwrap()
        };
        let profiles = rule["profiling"].as_bool() == Some(true);
        let rests_on_consent =
            rule["basis"].as_str() == Some("consent") || !strings(rule.get("needs")).is_empty();
        profiles && self.is_below(profiling_age, known)
            || rests_on_consent && self.is_below(|naive| naive.consent_age(known), known)
    }

    /// Why a purpose may not run, in the order of the page.
    fn refuses(&self, purpose: &str, known: &Known) -> Option<&'static str> {
        let rule = self.table(&["purposes", purpose]).unwrap();
        let basis = rule["basis"].as_str().unwrap();
        if basis == "nothing about a person is read" {
            return None;
        }
        let needs = strings(rule.get("needs"));
        let stops = |signal: &str| strings(rule.get("stop_if")).iter().any(|s| s == signal);
        let record = known.record.as_ref();
        if self.is_too_young(purpose, known) {
            return Some("child");
        }
        if record.is_some_and(|r| r.restricted.is_some()) {
            return Some("restricted");
        }
        if (known.objects || record.is_some_and(|r| r.objected.is_some())) && stops("objection") {
            return Some("objection");
        }
        if known.gpc && stops("global privacy control") {
            return Some("global-privacy-control");
        }
        needs.iter().any(|need| !self.has_consent(need, known)).then_some("consent")
    }

    // ---- who runs

    /// Why a strategy does not run; nothing where it does.
    pub fn refusal(&self, strategy: &str, known: &Known, switches: &Switches) -> Option<&'static str> {
        let Some(rule) = self.table(&["strategies", strategy]) else {
            return Some("unknown-strategy");
        };
        let is_fallback = self.word("policy", "fallback") == Some(strategy);
        let is_finish = switches.finishes.iter().any(|f| f == strategy);
        let spared = is_fallback || is_finish;
        if self.stops_by_name(strategy, switches) || self.stops_everything(switches) && !spared {
            return Some("stopped");
        }
        if !switches.reviewed {
            return Some("not-pinned");
        }
        self.refuses(rule["purpose"].as_str().unwrap(), known)
    }

    fn written_stop(&self, switches: &Switches) -> Option<&Table> {
        self.table(&["stop"]).filter(|_| !switches.ignores_policy)
    }

    fn stops_everything(&self, switches: &Switches) -> bool {
        let written = self.written_stop(switches);
        switches.everything || written.and_then(|s| s.get("everything")?.as_bool()) == Some(true)
    }

    /// Stopped by its name; the fallback cannot be.
    fn stops_by_name(&self, strategy: &str, switches: &Switches) -> bool {
        let written = strings(self.written_stop(switches).and_then(|s| s.get("strategies")));
        let is_named = switches.strategies.iter().chain(&written).any(|name| name == strategy);
        is_named && self.word("policy", "fallback") != Some(strategy)
    }

    /// Whether a strategy may learn from a person now.
    pub fn may_learn(&self, strategy: &str, known: &Known, finishes: &[String]) -> bool {
        let rule = self.table(&["strategies", strategy]).unwrap();
        let purpose = rule.get("learning_purpose").unwrap_or(&rule["purpose"]).as_str().unwrap();
        let switches = Switches { finishes: finishes.to_vec(), reviewed: true, ..Switches::default() };
        self.refusal(strategy, known, &switches) != Some("stopped") && self.refuses(purpose, known).is_none()
    }

    // ---- never and discreet

    /// Whether a table lists a value of a field.
    fn lists(&self, table: &str, field: &str, value: &str) -> bool {
        let parts = |text: &str| -> Vec<String> {
            let folded = fold(text);
            folded.split(['/', '>', '|']).map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect()
        };
        let listed = self.table(&[table, "items"]).map(|t| strings(t.get(field))).unwrap_or_default();
        listed.iter().any(|l| parts(value).starts_with(&parts(l)))
    }

    fn names(&self, table: &str, id: &str, product: &Product) -> bool {
        self.lists(table, "item.sku", id)
            || product.category.as_ref().is_some_and(|c| self.lists(table, "item.category", c))
            || product.tags.iter().any(|t| self.lists(table, "item.tags", t))
    }

    /// True for a product of `[never]`, and for one that is unknown or removed.
    pub fn is_never(&self, id: &str, products: &Products) -> bool {
        products.sold.get(id).is_none_or(|product| self.names("never", id, product))
    }

    /// True for a product of `[discreet]` that is sold and not of `[never]`.
    pub fn is_discreet(&self, id: &str, products: &Products) -> bool {
        let sold = products.sold.get(id).filter(|_| !self.is_never(id, products));
        sold.is_some_and(|product| self.names("discreet", id, product))
    }
}
