//! What nothing permits to keep of somebody any longer.

use std::collections::BTreeMap;

use jardin_model::{ChoiceStatus, SubjectRecord, Timestamp, Value};

use super::{
    Known, Naive, Switches,
    calendar::{before, days_of, instant},
    door::all_on,
    strings,
};

const DAY: i64 = 86_400_000;

impl Naive {
    /// The running numbers of the events that go, and the names of such values.
    pub fn groundless(&self, known: &Known) -> (Vec<u64>, Vec<String>) {
        let Some(record) = known.record.as_ref().filter(|r| r.restricted.is_none()) else {
            return Default::default();
        };
        let goes = |purposes: &[String], at: i64| {
            if purposes.is_empty() {
                self.is_older_than_a_day(known)
            } else {
                !purposes.iter().any(|purpose| self.may_keep(purpose, at, known))
            }
        };
        let events = record.events.iter().filter(|e| goes(&self.purposes_of(e.kind.word()), e.at.ms()));
        let mut values = Vec::new();
        for (name, stored) in &record.fields {
            let path = format!("subject.{name}");
            let is_declared = self.field(&path).is_some();
            if is_declared && !self.tells_a_child(&path) && goes(&self.users_of(&path), stored.stored_at.ms())
            {
                values.push(name.to_string());
            }
        }
        (events.map(|e| e.sequence).collect(), values)
    }

    /// The age, and the account's country where ages are by country.
    fn tells_a_child(&self, path: &str) -> bool {
        let Some(children) = self.table(&["children"]) else { return false };
        let by = children.get("by").and_then(toml::Value::as_table);
        let is_age = children.get("age_from").and_then(toml::Value::as_str) == Some(path);
        is_age || by.is_some_and(|by| by.keys().any(|name| path == format!("subject.{name}")))
    }

    /// What a profile tells that nothing may use now, by name, with the word for it.
    pub fn sets_aside(&self, known: &Known, switches: &Switches) -> BTreeMap<String, &'static str> {
        let mut aside = BTreeMap::new();
        let Some(record) = &known.record else { return aside };
        // nothing of a request counts, what is restricted may be put right, and the age is told anew
        let mut anew = SubjectRecord { restricted: None, ..record.clone() };
        let age =
            self.table(&["children"]).and_then(|c| c.get("age_from")?.as_str()?.strip_prefix("subject."));
        if let Some(told) = age.and_then(|name| anew.fields.get_mut(name)) {
            told.stored_at = Timestamp::from_ms(known.now);
        }
        let alone = Known {
            record: Some(anew),
            sent: Vec::new(),
            gpc: false,
            objects: false,
            says: BTreeMap::new(),
            tcf: None,
            modes: BTreeMap::new(),
            clock_stepped_back: false,
            ..known.clone()
        };
        for (name, stored) in &record.fields {
            let path = format!("subject.{name}");
            let is_used = |switches: &Switches| self.is_used(&path, [&alone, &alone], switches);
            if !self.may_hold(&path, &stored.value) || self.tells_a_child(&path) || is_used(switches) {
                continue;
            }
            aside.insert(name.to_string(), if is_used(&all_on()) { "stopped" } else { "no-purpose" });
        }
        aside
    }

    /// Whether a declared field of a profile holds values of that type.
    fn may_hold(&self, path: &str, value: &Value) -> bool {
        let Some(kind) = self.field(path).and_then(|field| field.get("type")).and_then(toml::Value::as_str)
        else {
            return false;
        };
        match value {
            Value::Text(text) => match kind {
                "choice" => strings(self.field(path).unwrap().get("choices")).iter().any(|c| **c == **text),
                kind => matches!(kind, "text" | "id"),
            },
            Value::Texts(_) => kind == "texts",
            Value::Number(_) => kind == "number",
            Value::Money(_) => kind == "money",
            Value::Flag(_) => kind == "flag",
            Value::Date(_) => kind == "date",
            Value::Time(_) => kind == "time",
            Value::Item(_) => kind == "item",
            Value::Items(_) => kind == "items",
            _ => false,
        }
    }

    /// The purposes that read a history of the person with such events, learn from it, or count it.
    fn purposes_of(&self, kind: &str) -> Vec<String> {
        let fields = self.table(&["fields", "subject"]).into_iter().flat_map(|t| t.iter());
        let listing = fields.filter(|(_, field)| {
            field.get("type").and_then(toml::Value::as_str) == Some("events")
                && strings(field.get("of")).iter().any(|k| k == kind)
        });
        listing.flat_map(|(name, _)| self.users_of(&format!("subject.{name}"))).collect()
    }

    /// The policy, by the date of its revision.
    fn is_older_than_a_day(&self, known: &Known) -> bool {
        let date = self.word("policy", "revision").unwrap().split(['-', '.']).take(3);
        let date: Vec<i64> = date.map(|part| part.parse().unwrap()).collect();
        known.now - instant(self.zone(), days_of(date[0], date[1], date[2]) * DAY) >= DAY
    }

    fn may_keep(&self, purpose: &str, at: i64, known: &Known) -> bool {
        let rule = self.table(&["purposes", purpose]).unwrap();
        let basis = rule["basis"].as_str().unwrap();
        let record = known.record.as_ref().unwrap();
        if basis == "nothing about a person is read" {
            return false;
        }
        let objected =
            record.objected.filter(|_| strings(rule.get("stop_if")).iter().any(|s| s == "objection"));
        if objected.is_some_and(|since| since.ms() <= at || known.now - since.ms() >= DAY) {
            return false;
        }
        // nothing of a request counts, nor whether they are on a page for children
        let alone = Known { sent: Vec::new(), ..known.clone() };
        let needs = strings(rule.get("needs"));
        if self.is_too_young(purpose, &alone) {
            let told = self
                .table(&["children"])
                .and_then(|c| c.get("age_from")?.as_str()?.strip_prefix("subject."))
                .and_then(|name| record.fields.get(name));
            return told.is_some_and(|told| known.now - told.stored_at.ms() < 30 * DAY);
        }
        needs.iter().all(|need| self.has_held(need, at, known))
    }

    /// Yes then, and no no for a day since.
    fn has_held(&self, consent: &str, at: i64, known: &Known) -> bool {
        let rule = self.table(&["consents", consent]).unwrap();
        let choices = &known.record.as_ref().unwrap().choices;
        let choices: Vec<_> =
            choices.iter().find(|(n, _)| ***n == *consent).map(|(_, c)| c.clone()).unwrap_or_default();
        let choices: Vec<_> = choices.into_iter().filter(|c| c.at.ms() <= known.now).collect();
        let yes = |time: i64, rest: Option<&str>| {
            let Some(last) = choices.iter().map(|c| c.at.ms()).filter(|t| *t <= time).max() else {
                return false;
            };
            let since = rest.map_or(time, |rest| before(self.zone(), time, rest));
            let since = before(self.zone(), since, rule["lasts"].as_str().unwrap());
            last > since
                && choices.iter().filter(|c| c.at.ms() == last).all(|c| c.status == ChoiceStatus::Granted)
        };
        let rest = rule.get("rests_for").and_then(toml::Value::as_str).unwrap_or("30 days");
        let is_yes =
            |t: i64| choices.iter().filter(|c| c.at.ms() == t).all(|c| c.status == ChoiceStatus::Granted);
        let ends: Vec<i64> = choices.iter().map(|c| c.at.ms()).filter(|t| *t > at && is_yes(*t)).collect();
        // a day of refusal ends now, or with a yes, and begins after the event
        let refused_for_a_day = ends.iter().chain([&known.now]).any(|end| {
            let begin = end - DAY;
            let has_yes = choices.iter().any(|c| c.at.ms() > begin && c.at.ms() < *end && is_yes(c.at.ms()));
            begin >= at && !has_yes && !yes(begin, Some(rest))
        });
        yes(at, None) && !refused_for_a_day
    }
}
