//! What a strategy sees.

use std::collections::BTreeMap;

use jardin_model::{HistoryEvent, Value};
use toml::{Table, Value as Toml};
use unicode_normalization::UnicodeNormalization as _;

use super::{
    Known, Naive, Products,
    calendar::{age, wall},
    door::as_of,
    strings,
};

/// A value as it is seen, in words of no engine.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    Denied,
    Absent,
    Text(String),
    Texts(Vec<String>),
    Number(f64),
    Flag(bool),
    Date(i64, i64, i64),
    Time(i64),
    Item(String),
    Items(Vec<String>),
    Events(Vec<(String, i64, String, u32)>),
    /// Thirty-two hexadecimal digits that are not the id.
    Pseudonym,
}

/// What a field holds before it is transformed.
#[derive(Debug, Clone)]
enum Held {
    Plain(Seen),
    History(Vec<HistoryEvent>),
}

fn number(value: &Toml) -> f64 {
    value.as_float().unwrap_or_else(|| value.as_integer().unwrap() as f64)
}

impl Naive {
    /// The grant of a field to a strategy: by its name, or by a group that names it.
    fn grant(&self, strategy: &str, path: &str) -> Option<Table> {
        let granted = self.table(&["strategies", strategy, "may_read"])?;
        let in_group =
            |key: &str| strings(self.doc.get("groups").and_then(|g| g.get(key))).iter().any(|f| f == path);
        let (_, form) = granted.iter().find(|(key, _)| *key == path || in_group(key))?;
        Some(match form {
            Toml::String(word) => Table::from_iter([("as".to_owned(), Toml::String(word.clone()))]),
            other => other.as_table().unwrap().clone(),
        })
    }

    pub fn reads_a_person(&self, strategy: &str) -> bool {
        let fields = self.table(&["fields"]).unwrap();
        ["subject", "session"].iter().any(|space| {
            let names = fields.get(*space).and_then(Toml::as_table).into_iter().flat_map(|t| t.keys());
            names.into_iter().any(|name| self.grant(strategy, &format!("{space}.{name}")).is_some())
        })
    }

    /// What a strategy sees of a field. `stranger`: what is known of a subject is of somebody else than the
    /// one decided upon.
    pub fn sees(
        &self,
        strategy: &str,
        path: &str,
        known: &Known,
        stranger: bool,
        products: &Products,
    ) -> Seen {
        let (Some(field), Some(grant)) = (self.field(path), self.grant(strategy, path)) else {
            return Seen::Denied;
        };
        if path.starts_with("item.") {
            return Seen::Absent;
        }
        let mut known = known.clone();
        if stranger {
            known.record = None;
            known.id = None;
        }
        let windows = |tables: &[&Table]| -> Option<i64> {
            let spans = tables.iter().filter_map(|t| t.get("newest")?.as_str());
            spans.map(|span| self.before(known.now, span)).max()
        };
        let view = View { naive: self, strategy, known: &known, products };
        let source = field.get("from").and_then(Toml::as_str).filter(|from| *from != "clock");
        let held = match source {
            None => view.held(path, windows(&[&grant])),
            Some(from) => {
                let held = view.held(from, windows(&[field, &grant]));
                view.form(field["as"].as_str().unwrap(), field, held, true).map(Held::Plain)
            }
        };
        view.form(grant["as"].as_str().unwrap(), &grant, held, false).unwrap_or(Seen::Absent)
    }

    /// A stored value that has not expired.
    pub(super) fn stored(&self, path: &str, known: &Known, since: Option<i64>) -> Option<Value> {
        let record = known.record.as_ref().filter(|r| self.account_lives(r, known.now))?;
        let stored = record.fields.get(path.strip_prefix("subject.")?)?;
        let keep = self.field(path)?["keep"].as_str().unwrap();
        let kept = keep == "account" || stored.stored_at.ms() > self.before(known.now, keep);
        let fresh = since.is_none_or(|since| stored.stored_at.ms() > since);
        (kept && fresh).then(|| stored.value.clone())
    }
}

struct View<'a> {
    naive: &'a Naive,
    strategy: &'a str,
    known: &'a Known,
    products: &'a Products,
}

impl View<'_> {
    fn held(&self, path: &str, since: Option<i64>) -> Option<Held> {
        let field = self.naive.field(path).unwrap();
        let (space, name) = path.split_once('.').unwrap();
        let is_history = field["type"].as_str() == Some("events");
        match (space, is_history) {
            ("subject", true) => {
                let record =
                    self.known.record.as_ref().filter(|r| self.naive.account_lives(r, self.known.now))?;
                self.history(field, &record.events, since, true)
            }
            ("session", true) => {
                let ended =
                    |last: i64| last <= self.naive.before(self.known.now, &self.naive.ends("session"));
                let session = self.known.session.as_ref().filter(|s| !ended(s.last_seen.ms()))?;
                self.history(field, &session.events, since, false)
            }
            ("subject", false) if name == "id" => {
                self.known.record.as_ref().filter(|r| self.naive.account_lives(r, self.known.now))?;
                self.known.id.clone().map(|id| Held::Plain(Seen::Text(id)))
            }
            ("subject", false) => self.plain(field, space, &self.naive.stored(path, self.known, since)?),
            _ if field.get("from").and_then(Toml::as_str) == Some("clock") => self.clock(name),
            (space, _) => {
                let (_, value) = self.known.sent.iter().find(|(p, _)| p == path)?;
                self.plain(field, space, value)
            }
        }
    }

    fn clock(&self, name: &str) -> Option<Held> {
        let (days, of_day) = wall(self.naive.zone(), self.known.now);
        let (year, month, day) = super::calendar::date_of(days);
        Some(Held::Plain(match name {
            "hour" => Seen::Number((of_day / 3_600_000) as f64),
            // Monday is 1; 1970-01-01 was a Thursday
            "weekday" => Seen::Number(((days + 3).rem_euclid(7) + 1) as f64),
            _ => Seen::Date(year, month, day),
        }))
    }

    fn plain(&self, field: &Table, space: &str, value: &Value) -> Option<Held> {
        let beside = space != "context" || self.naive.reads_a_person(self.strategy);
        let may_see = |id: &str| {
            self.products.sold.contains_key(id)
                && !(beside && self.naive.is_never(id, self.products))
                && !(space == "subject" && self.naive.is_discreet(id, self.products))
        };
        let kind = field["type"].as_str().unwrap();
        Some(Held::Plain(match (value, kind) {
            (Value::Text(text), "id" | "text") => Seen::Text(text.to_string()),
            (Value::Text(text), "choice") if strings(field.get("choices")).iter().any(|c| **c == **text) => {
                Seen::Text(text.to_string())
            }
            (Value::Texts(texts), "texts") => Seen::Texts(texts.iter().map(ToString::to_string).collect()),
            (Value::Number(n), "number") => Seen::Number(*n),
            (Value::Money(money), "money") => Seen::Number(money.ten_thousandths() as f64 / 10_000.0),
            (Value::Flag(flag), "flag") => Seen::Flag(*flag),
            (Value::Date(d), "date") => Seen::Date(d.year().into(), d.month().into(), d.day().into()),
            (Value::Time(time), "time") => Seen::Time(time.ms()),
            (Value::Item(id), "item") if may_see(id.as_str()) => Seen::Item(id.as_str().to_owned()),
            (Value::Items(ids), "items") => {
                let left: Vec<String> =
                    ids.iter().map(|id| id.as_str().to_owned()).filter(|id| may_see(id)).collect();
                if left.is_empty() {
                    return None;
                }
                Seen::Items(left)
            }
            _ => return None,
        }))
    }

    /// The events of a history; beyond the visit nothing counts that is discreet.
    fn history(
        &self,
        field: &Table,
        events: &[HistoryEvent],
        since: Option<i64>,
        beyond_the_visit: bool,
    ) -> Option<Held> {
        let may_see = |id: &str| {
            let is_hidden = self.naive.is_never(id, self.products)
                || beyond_the_visit && self.naive.is_discreet(id, self.products);
            !is_hidden
        };
        let keep = field["keep"].as_str().unwrap();
        let kept =
            |at: i64| keep == "account" || keep == "session" || at > self.naive.before(self.known.now, keep);
        let kinds = strings(field.get("of"));
        let mut left: Vec<HistoryEvent> = Vec::new();
        for event in events.iter().filter(|e| kinds.iter().any(|k| k == e.kind.word())) {
            let at = event.at.ms();
            let lines: Vec<_> = event.lines.iter().filter(|l| may_see(self.id(l.item.0))).copied().collect();
            if kept(at)
                && since.is_none_or(|since| at > since)
                && at <= self.known.now + 300_000
                && self.could_run(at)
                && !lines.is_empty()
            {
                left.push(HistoryEvent { lines: lines.into(), ..event.clone() });
            }
        }
        left.sort_by_key(|e| std::cmp::Reverse((e.at, e.sequence)));
        left.truncate(field.get("at_most").and_then(Toml::as_integer).unwrap_or(500) as usize);
        if left.is_empty() { None } else { Some(Held::History(left)) }
    }

    /// The strategy's purpose could run at an earlier time, as far as it is known for whom.
    fn could_run(&self, at: i64) -> bool {
        let purpose = self.naive.table(&["strategies", self.strategy]).unwrap()["purpose"].as_str().unwrap();
        self.known.record.is_none() || self.naive.refuses(purpose, &as_of(self.known, at)).is_none()
    }

    fn id(&self, index: u32) -> &str {
        self.products.ids.get(index as usize).map_or("", String::as_str)
    }

    /// The texts of an item field, or its number.
    fn of(&self, id: &str, field: &str) -> Seen {
        let Some(product) = self.products.sold.get(id) else {
            return Seen::Absent;
        };
        match field {
            "sku" => Seen::Texts(vec![id.to_owned()]),
            "category" => Seen::Texts(product.category.iter().cloned().collect()),
            "tags" => Seen::Texts(product.tags.clone()),
            "price" => product.price.map_or(Seen::Absent, Seen::Number),
            other => panic!("{other}"),
        }
    }

    fn form(&self, form: &str, figures: &Table, held: Option<Held>, derived: bool) -> Option<Seen> {
        if form == "yes or no" {
            return Some(Seen::Flag(match held {
                Some(Held::Plain(Seen::Flag(says))) => says,
                other => other.is_some(),
            }));
        }
        match (form, held?) {
            ("exact", Held::Plain(seen)) => Some(seen),
            ("exact", Held::History(events)) => Some(Seen::Events(
                self.lines(&events)
                    .map(|(e, line)| {
                        (e.kind.word().to_owned(), e.at.ms(), self.id(line.item.0).to_owned(), line.quantity)
                    })
                    .collect(),
            )),
            ("year", Held::Plain(Seen::Date(year, ..))) => Some(Seen::Number(year as f64)),
            ("month", Held::Plain(Seen::Date(_, month, _))) => Some(Seen::Number(month as f64)),
            ("age band", Held::Plain(Seen::Date(year, month, day))) => {
                let years = age(self.naive.zone(), (year, month, day), self.known.now);
                let figure = |key: &str, otherwise: i64| {
                    figures.get(key).and_then(Toml::as_integer).unwrap_or(otherwise)
                };
                let from = if derived { 20 } else { figure("from", 20) };
                band(years, figure("years", 10), from, figure("to", 80))
            }
            ("first characters", Held::Plain(Seen::Text(text))) => {
                Some(Seen::Text(text.nfc().take(figures["n"].as_integer().unwrap() as usize).collect()))
            }
            ("round", Held::Plain(Seen::Number(n))) => {
                let to = number(&figures["to"]);
                Some(Seen::Number((n / to).round() * to))
            }
            ("bucket", Held::Plain(Seen::Number(n))) => Some(class(n, figures)),
            ("generalise", Held::Plain(Seen::Text(text))) => {
                Some(Seen::Text(figures["map"].get(&text)?.as_str().unwrap().to_owned()))
            }
            ("count", Held::History(events)) => Some(class(events.len() as f64, figures)),
            ("typical", Held::History(events)) => self.typical(&events, figures),
            ("top", Held::History(events)) => self.top(
                self.lines(&events).map(|(e, l)| (self.id(l.item.0).to_owned(), e.at.ms())).collect(),
                figures,
            ),
            ("top", Held::Plain(Seen::Items(items))) => {
                self.top(items.into_iter().map(|i| (i, 0)).collect(), figures)
            }
            ("pseudonym", Held::Plain(Seen::Text(_))) => Some(Seen::Pseudonym),
            _ => None,
        }
    }

    fn lines<'e>(
        &self,
        events: &'e [HistoryEvent],
    ) -> impl Iterator<Item = (&'e HistoryEvent, jardin_model::HistoryLine)> {
        events.iter().flat_map(|e| e.lines.iter().map(move |l| (e, *l)))
    }

    fn typical(&self, events: &[HistoryEvent], figures: &Table) -> Option<Seen> {
        let of = figures["of"].as_str().unwrap();
        let mut numbers: Vec<f64> = self
            .lines(events)
            .filter_map(
                |(_, l)| {
                    if let Seen::Number(n) = self.of(self.id(l.item.0), of) { Some(n) } else { None }
                },
            )
            .collect();
        if numbers.is_empty() {
            return None;
        }
        numbers.sort_by(f64::total_cmp);
        let median = numbers[(numbers.len() - 1) / 2];
        let edges: Vec<f64> = figures["edges"].as_array().unwrap().iter().map(number).collect();
        let mut best = edges[0];
        for edge in edges {
            if (edge - median).abs() < (best - median).abs() {
                best = edge;
            }
        }
        Some(Seen::Number(best))
    }

    fn top(&self, items: Vec<(String, i64)>, figures: &Table) -> Option<Seen> {
        let of = figures["of"].as_str().unwrap();
        let mut counts: BTreeMap<String, (i64, i64)> = BTreeMap::new();
        for (id, at) in items {
            if let Seen::Texts(texts) = self.of(&id, of) {
                for text in texts {
                    let (count, last) = counts.get(&text).copied().unwrap_or((0, i64::MIN));
                    counts.insert(text, (count + 1, last.max(at)));
                }
            }
        }
        let mut ranked: Vec<(i64, i64, String)> =
            counts.into_iter().map(|(text, (n, at))| (-n, -at, text)).collect();
        ranked.sort();
        ranked.truncate(figures["k"].as_integer().unwrap() as usize);
        let texts: Vec<String> = ranked.into_iter().map(|(.., text)| text).collect();
        if texts.is_empty() { None } else { Some(Seen::Texts(texts)) }
    }
}

fn band(years: i64, width: i64, from: i64, to: i64) -> Option<Seen> {
    if !(0..=150).contains(&years) {
        return None;
    }
    let text = if years < from {
        format!("under {from}")
    } else if years >= to {
        format!("{to} and over")
    } else {
        let mut low = from;
        while low + width <= years {
            low += width;
        }
        format!("{low}-{}", (low + width - 1).min(to - 1))
    };
    Some(Seen::Text(text))
}

fn class(n: f64, figures: &Table) -> Seen {
    let edges: Vec<f64> = figures["edges"].as_array().unwrap().iter().map(number).collect();
    let mut text = format!("under {}", edges[0]);
    for (i, edge) in edges.iter().enumerate() {
        if n >= *edge {
            text = edges.get(i + 1).map_or(format!("{edge} and over"), |next| format!("{edge}-{next}"));
        }
    }
    Seen::Text(text)
}
