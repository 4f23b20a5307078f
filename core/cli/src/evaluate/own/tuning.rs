//! Choosing the settings of a shop's own session_knn, on the last part of what it may learn from.

use std::collections::BTreeMap;

use jardin_contract::Param;
use jardin_engine::PastSession;
use jardin_host::evaluation::{History, session_end};
use jardin_model::{HOUR_MS, PersonNumber, Timestamp, Value};
use session_knn::{Current, ItemFields, Params, PeopleRule};

use super::{
    super::{
        tuning::{self, Present, Tuned},
        visits::{Visit, laid_over},
    },
    Own,
};
use crate::serve::runtime;

/// The settings that reach most on the last part of what a strategy may learn from before `test` begins.
pub(super) fn choose(own: &Own<'_>, strategy: &str, test: Timestamp) -> anyhow::Result<Tuned> {
    let history = runtime()?.block_on(History::read(own.folder, &own.data, Some(strategy)))?;
    let earlier = history.sessions.iter().filter(|session| session_end(session) < test);
    let mut people = People::default();
    let visits: Vec<Visit> = earlier.map(|session| people.visit_of(session)).collect();
    let revision = own.folder.policy.revision();
    let fields = item_fields(own, &history, strategy);
    let present = Present { params: params(own, strategy)?, fields, rule: people_rule(own, strategy) };
    tuning::choose(&visits, present, usize::from(own.args.k), &revision)
}

/// How the policy says that people are counted.
fn people_rule(own: &Own<'_>, strategy: &str) -> PeopleRule {
    let rule = own.folder.policy.strategy(strategy).map(|rule| rule.people);
    let number = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    PeopleRule {
        at_least: rule.map_or(1, |rule| number(rule.at_least)),
        a_person_counts: rule.and_then(|rule| rule.a_person_counts).map_or(usize::MAX, number),
    }
}

/// What the strategy is granted of items as they are, where the shop lets it compare them.
fn item_fields(own: &Own<'_>, history: &History, strategy: &str) -> ItemFields {
    let mut fields = ItemFields::default();
    let set = own.folder.config.params.iter().find(|(name, _)| name.as_str() == strategy);
    let mut set = set.iter().flat_map(|(_, params)| params.0.iter());
    if !set.any(|(name, value)| &**name == "item_fields" && *value == Param::Flag(true)) {
        return fields;
    }
    let rules = own.folder.policy.rules();
    let grants = own.folder.policy.strategy(strategy).into_iter().flat_map(|rule| &rule.may_read);
    let exact = grants.filter(|grant| grant.transform.is_exact());
    let granted: Vec<String> = exact.filter_map(|g| Some(rules.field(g.field)?.path.to_string())).collect();
    for (index, item) in history.items() {
        let value = |name: &str| {
            let name = granted.iter().find(|granted| *granted == name)?.strip_prefix("item.")?;
            item.fields.get(name)
        };
        let text = |name: &str| match value(name)? {
            Value::Text(text) => Some(&**text),
            _ => None,
        };
        let number = |name: &str| match value(name)? {
            Value::Number(number) => Some(*number),
            Value::Money(money) => Some(money.major_units()),
            _ => None,
        };
        fields.put(index.0, text, number);
    }
    fields
}

/// Numbers for people, in the order in which they come.
#[derive(Default)]
struct People(BTreeMap<PersonNumber, u32>);

impl People {
    fn visit_of(&mut self, session: &PastSession) -> Visit {
        let began = session.events.first().map_or(0, |event| event.at.ms().div_euclid(HOUR_MS));
        let lines = session.events.iter().flat_map(|event| event.lines.iter());
        let next = u32::try_from(self.0.len()).unwrap_or(0);
        let whose = session.subject.as_deref().map(|record| record.person);
        Visit {
            hour: u32::try_from(began).unwrap_or(0),
            items: lines.map(|line| line.item.0).collect(),
            person: whose.map(|person| *self.0.entry(person).or_insert(next)),
        }
    }
}

/// What the shop has set.
fn params(own: &Own<'_>, strategy: &str) -> anyhow::Result<Params> {
    let set = own.folder.config.params.iter().find(|(name, _)| name.as_str() == strategy);
    let mut params = Params::default();
    let mut settings = Vec::new();
    for (name, value) in set.iter().flat_map(|(_, params)| params.0.iter()) {
        match value {
            Param::Integer(number) => settings.push((name.to_string(), number.to_string())),
            Param::Number(number) => settings.push((name.to_string(), number.to_string())),
            Param::Text(text) if &**name == "current_item" && &**text == "exclude" => {
                params.current = Current::Exclude;
            }
            Param::Text(text) if &**name == "weights" => settings.push((name.to_string(), text.to_string())),
            _ => {}
        }
    }
    settings.retain(|(name, _)| name != "most_events");
    laid_over(params, &settings)
}
