//! What of an event is kept, and under whom.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_model::{Event, Line, Timestamp, Value};
use toml::Value as Toml;

use super::{Known, Naive, Products, Switches, strings};

/// What of an event is kept.
#[derive(Debug, PartialEq)]
pub struct Kept {
    /// Under whom.
    pub space: &'static str,
    /// The products of its lines.
    pub lines: Vec<String>,
    /// The names that are dropped.
    pub dropped: BTreeSet<String>,
}

impl Naive {
    /// What of an event is kept, or why nothing of it is.
    pub fn admits(
        &self,
        event: &Event,
        known: &Known,
        products: &Products,
        switches: &Switches,
    ) -> Result<Kept, &'static str> {
        let finds = |switches: &Switches, within: &[&str]| {
            self.finds_keeper(event, known, products, switches, within).is_ok()
        };
        match self.finds_keeper(event, known, products, switches, &["discreet"]) {
            // what nobody would keep with every switch on is refused for another reason
            Err("no-purpose" | "too-old") if finds(&all_on(), &["discreet"]) => Err("stopped"),
            // nor what nobody would keep if it were not discreet
            Err("no-purpose" | "too-old") if finds(switches, &[]) => Err("discreet"),
            found => found,
        }
    }

    fn finds_keeper(
        &self,
        event: &Event,
        known: &Known,
        products: &Products,
        switches: &Switches,
        within_the_visit: &[&str],
    ) -> Result<Kept, &'static str> {
        let at = event.occurred_at.ms();
        if at > known.now + 5 * 60_000 {
            return Err("ahead");
        }
        let mut kept = event.clone();
        kept.lines.clear();
        for line in &event.lines {
            let id = line.item.as_str();
            let is_sold = products.sold.contains_key(id);
            let is_never = self.lists("never", "item.sku", id)
                || is_sold && self.is_never(id, products)
                || self.says("never", &line.fields);
            if !is_never {
                kept.lines.push(line.clone());
            }
        }
        let cut = event.lines.len() - kept.lines.len();
        if self.says("never", &event.fields) || cut > 0 && kept.lines.is_empty() {
            return Err("never");
        }
        if known.record.as_ref().is_some_and(|r| r.restricted.is_some()) {
            return Err("restricted");
        }
        let is_discreet = |line: &Line| {
            within_the_visit.iter().any(|table| {
                self.lists(table, "item.sku", line.item.as_str())
                    || self.is_discreet(line.item.as_str(), products)
                    || self.says(table, &line.fields)
            })
        };
        let is_whole = within_the_visit.iter().any(|table| self.says(table, &event.fields))
            || !kept.lines.is_empty() && kept.lines.iter().all(is_discreet);
        let then = as_of(known, at);
        let mut why = "no-purpose";
        for (space, is_known) in [("subject", event.subject.is_some()), ("session", event.session.is_some())]
        {
            if !is_known || is_whole && space == "subject" {
                continue;
            }
            let fields = self.table(&["fields", space]).into_iter().flat_map(|t| t.iter());
            for (name, field) in fields {
                let lists = strings(field.get("of")).iter().any(|k| k == event.kind.word())
                    && field["type"].as_str() == Some("events");
                if !lists || !self.is_used(&format!("{space}.{name}"), [known, &then], switches) {
                    continue;
                }
                let keep = match field["keep"].as_str().unwrap() {
                    "session" => self.ends("session"),
                    "account" => self.ends("account"),
                    span => span.to_owned(),
                };
                if at > self.before(known.now, &keep) {
                    if space == "subject" {
                        kept.lines.retain(|line| !is_discreet(line));
                    }
                    let cut = event.lines.len() - kept.lines.len();
                    let mut dropped = self.dropped(&kept);
                    if cut > 0 {
                        dropped.insert("items".to_owned());
                    }
                    let kept = kept.lines.iter().map(|line| line.item.as_str().to_owned()).collect();
                    return Ok(Kept { space, lines: kept, dropped });
                }
                why = "too-old";
            }
        }
        Err(why)
    }

    /// Whether fields themselves say what a table names.
    fn says(&self, table: &str, said: &BTreeMap<Arc<str>, Value>) -> bool {
        said.iter().any(|(name, value)| match value {
            Value::Text(text) => self.lists(table, &format!("item.{name}"), text),
            Value::Texts(texts) => texts.iter().any(|t| self.lists(table, &format!("item.{name}"), t)),
            _ => false,
        })
    }

    /// Some purpose that reads a history, what is derived of it, or learns from it, may run now and could then.
    pub(super) fn is_used(&self, path: &str, known: [&Known; 2], switches: &Switches) -> bool {
        if self.stops_everything(switches) {
            return false;
        }
        let runs = |purpose: &str| known.iter().all(|known| self.refuses(purpose, known).is_none());
        let runs_for = |(strategy, purpose): (Option<String>, String)| {
            !strategy.is_some_and(|name| self.stops_by_name(&name, switches)) && runs(&purpose)
        };
        self.uses_of(path).into_iter().any(runs_for)
    }

    /// The purposes that use a history.
    pub(super) fn users_of(&self, path: &str) -> Vec<String> {
        self.uses_of(path).into_iter().map(|(_, purpose)| purpose).collect()
    }

    /// What reads a history, what is derived of it, or learns from it, with its purpose; no strategy where it is counted.
    fn uses_of(&self, path: &str) -> Vec<(Option<String>, String)> {
        let made_of_it = |field: &str| {
            let declared = self.field(field).unwrap();
            field == path || declared.get("from").and_then(Toml::as_str) == Some(path)
        };
        let mut uses = Vec::new();
        for (name, rule) in self.table(&["strategies"]).unwrap() {
            let reads = self.paths().iter().any(|field| made_of_it(field) && self.is_granted(name, field));
            if reads {
                uses.push((Some(name.clone()), rule["purpose"].as_str().unwrap().to_owned()));
            }
            let learns =
                rule.get("may_learn_from").and_then(Toml::as_table).is_some_and(|t| t.contains_key(path));
            if learns {
                let purpose = rule.get("learning_purpose").unwrap_or(&rule["purpose"]).as_str().unwrap();
                uses.push((Some(name.clone()), purpose.to_owned()));
            }
        }
        let counted = self.table(&["fields", "item"]).into_iter().flat_map(|t| t.values());
        let counting = counted.filter(|f| strings(f.get("derived_from")).iter().any(|from| from == path));
        uses.extend(counting.map(|f| (None, f["purpose"].as_str().unwrap().to_owned())));
        uses
    }

    fn paths(&self) -> Vec<String> {
        let fields = self.table(&["fields"]).unwrap();
        let of = |(space, table): (&String, &Toml)| -> Vec<String> {
            table.as_table().unwrap().keys().map(|name| format!("{space}.{name}")).collect()
        };
        fields.iter().flat_map(of).collect()
    }

    fn is_granted(&self, strategy: &str, path: &str) -> bool {
        let granted = self
            .table(&["strategies", strategy, "may_read"])
            .map(|t| t.keys().cloned().collect::<Vec<_>>())
            .unwrap_or_default();
        let in_group =
            |key: &String| strings(self.doc.get("groups").and_then(|g| g.get(key))).iter().any(|f| f == path);
        granted.iter().any(|key| key == path || in_group(key))
    }

    /// The names that an event carries beyond its envelope and that are not declared, or hold another type.
    fn dropped(&self, event: &Event) -> BTreeSet<String> {
        let said = event.lines.iter().map(|l| &l.fields).chain([&event.fields]);
        let keeps = |name: &str, value: &Value| {
            self.field(&format!("event.{name}")).is_some_and(|field| {
                matches!(
                    (value, field["type"].as_str().unwrap()),
                    (Value::Text(_), "text") | (Value::Money(_), "money") | (Value::Number(_), "number")
                )
            })
        };
        said.flatten().filter(|(name, value)| !keeps(name, value)).map(|(name, _)| name.to_string()).collect()
    }
}

/// With which nothing is stopped, neither here nor in the policy.
pub(super) fn all_on() -> Switches {
    Switches { ignores_policy: true, ..Switches::default() }
}

/// What was known of somebody at an earlier time; what a request says beside it is of now. Of nobody nothing else was
/// known than is.
pub(super) fn as_of(known: &Known, at: i64) -> Known {
    let Some(mut record) = known.record.clone() else {
        return known.clone();
    };
    let since = |set: Option<Timestamp>| set.filter(|since| since.ms() <= at);
    record.choices.values_mut().for_each(|choices| choices.retain(|choice| choice.at.ms() <= at));
    (record.objected, record.restricted) = (since(record.objected), since(record.restricted));
    record.last_seen = record.last_seen.max(Timestamp::from_ms(at));
    Known {
        now: at,
        record: Some(record),
        sent: Vec::new(),
        gpc: false,
        objects: false,
        says: Default::default(),
        tcf: None,
        modes: Default::default(),
        clock_stepped_back: false,
        ..known.clone()
    }
}
