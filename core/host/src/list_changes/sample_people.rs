//! Made-up people for a comparison of lists: at each age, of each choice, with histories over the whole catalogue.

use std::collections::BTreeSet;

use jardin_engine::Fields;
use jardin_model::{FieldType, Namespace, Timestamp};
use jardin_policy::{
    Policy,
    rules::{FieldRule, PolicyRules},
};
use serde_json::{Map, Value, json};

use crate::{HostError, trial::MadeUpPerson};

/// The ages at which people are made up, in years: every fifth, and those before and after.
const AGES: [i16; 19] = [10, 14, 15, 16, 17, 18, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 85];
/// The age of people who are there for something else.
const OF_AGE: i16 = 40;
/// How many people are made up for their history.
const MAX_HISTORIES: usize = 24;
/// The numbers and amounts that are told.
const NUMBERS: [u32; 4] = [0, 10, 100, 1000];
/// The texts that are told.
const TEXTS: [&str; 3] = ["38000", "75011", "other"];

/// A made-up person and the page on which they are.
#[derive(Debug, Clone, Default)]
pub(super) struct SamplePerson {
    is_known: bool,
    age: Option<i16>,
    born: Option<String>,
    agrees: bool,
    objects: bool,
    /// A field of theirs, or of the page where they are, by namespace and name.
    told: Option<(Namespace, String, Value)>,
    /// The items of their history, basket and page.
    items: Vec<String>,
}

/// People at whom two policies over one catalogue could differ: somebody unknown first, 200 at most.
pub(super) fn sample_people(both: [&Policy; 2], items: &[String], at: Timestamp) -> Vec<SamplePerson> {
    let rules = both.map(|policy| &**policy.rules());
    let born = |age: i16| {
        let today = rules.first().and_then(|rules| rules.zone.day(at))?;
        Some(format!("{:04}-{:02}-{:02}", today.year() - age, today.month(), today.day().min(28)))
    };
    let first: Vec<String> = items.iter().take(3).cloned().collect();
    let known = |age: i16| SamplePerson {
        is_known: true,
        age: Some(age),
        born: born(age),
        agrees: true,
        items: first.clone(),
        ..SamplePerson::default()
    };
    let nobody = SamplePerson { items: first.clone(), ..SamplePerson::default() };
    let mut people = vec![nobody.clone(), SamplePerson { agrees: false, ..known(OF_AGE) }];
    people.extend(AGES.map(known));
    people.push(SamplePerson { age: None, born: None, ..known(OF_AGE) });
    people.push(SamplePerson { objects: true, ..known(OF_AGE) });
    for (namespace, name, value) in told_values(&rules) {
        let from = if namespace == Namespace::Context { nobody.clone() } else { known(OF_AGE) };
        people.push(SamplePerson { told: Some((namespace, name, value)), ..from });
    }
    let apart = (items.len() / MAX_HISTORIES).max(1);
    for chunk in items.chunks(apart).take(MAX_HISTORIES) {
        people.push(SamplePerson { items: chunk.iter().take(3).cloned().collect(), ..known(OF_AGE) });
    }
    people.truncate(200);
    people
}

/// A few values of each field of a person and of a page that can be told.
fn told_values(both: &[&PolicyRules; 2]) -> Vec<(Namespace, String, Value)> {
    let mut seen = BTreeSet::new();
    let mut told = Vec::new();
    for field in both.iter().flat_map(|rules| &rules.fields) {
        let can_be_told = field.derived.is_none() && !field.from_clock;
        let namespace = field.path.namespace;
        if !can_be_told || !matches!(namespace, Namespace::Subject | Namespace::Context) {
            continue;
        }
        for value in values_of(field) {
            if seen.insert((field.path.to_string(), value.to_string())) {
                told.push((namespace, field.path.name.to_string(), value));
            }
        }
    }
    told
}

fn values_of(field: &FieldRule) -> Vec<Value> {
    match field.kind {
        FieldType::Choice => field.choices.iter().map(|choice| json!(**choice)).collect(),
        FieldType::Flag => vec![json!(true), json!(false)],
        FieldType::Number => NUMBERS.map(|number| json!(number)).to_vec(),
        FieldType::Money => NUMBERS.map(|amount| json!(format!("{amount}.00"))).to_vec(),
        FieldType::Text => TEXTS.map(|text| json!(text)).to_vec(),
        _ => Vec::new(),
    }
}

impl SamplePerson {
    /// Whether the shop knows them by an id.
    pub(super) const fn is_known(&self) -> bool {
        self.is_known
    }

    /// Who they are, in words.
    pub(super) fn in_words(&self) -> String {
        let mut words = match (self.is_known, self.age) {
            (false, _) => "a visitor of whom nothing is known".to_owned(),
            (true, Some(age)) => format!("a visitor of {age}"),
            (true, None) => "a visitor of unknown age".to_owned(),
        };
        if self.is_known {
            words += if self.agrees { " who agreed to everything" } else { " who agreed to nothing" };
        }
        if self.objects {
            words += " and objected";
        }
        if let Some((namespace, name, value)) = &self.told {
            words += &format!(", with `{}.{name}` {value}", namespace.word());
        }
        words
    }

    /// What a shop of this policy would have told of them; `None` for somebody unknown.
    ///
    /// # Errors
    /// Where what is made up is no person.
    pub(super) fn told_to(&self, policy: &Policy) -> Result<Option<MadeUpPerson>, HostError> {
        if !self.is_known {
            return Ok(None);
        }
        let rules = policy.rules();
        let mut fields = Map::new();
        let age_from = rules.children.as_ref().and_then(|c| c.age_from).and_then(|id| rules.field(id));
        if let (Some(field), Some(born)) = (age_from, &self.born) {
            fields.insert(field.path.name.to_string(), json!(born));
        }
        if let Some((Namespace::Subject, name, value)) = &self.told {
            fields.insert(name.clone(), value.clone());
        }
        let consent: Vec<&str> =
            rules.consents.iter().filter(|_| self.agrees).map(|rule| &*rule.name).collect();
        let events = if self.agrees { self.events(rules) } else { Vec::new() };
        let person =
            json!({ "fields": fields, "consent": consent, "objected": self.objects, "events": events });
        MadeUpPerson::from_json(person).map(Some)
    }

    /// One event of each kind that a history of the person lists.
    fn events(&self, rules: &PolicyRules) -> Vec<Value> {
        let histories = rules.fields.iter().filter(|f| f.path.namespace == Namespace::Subject);
        let kinds: BTreeSet<&str> = histories.flat_map(|f| &f.of).map(|kind| kind.word()).collect();
        let items: Vec<Value> = self.items.iter().map(|id| json!({ "item_id": id })).collect();
        kinds.into_iter().map(|kind| json!({ "type": kind, "days_ago": 2, "items": items })).collect()
    }

    /// What the page sends of itself and of the visit.
    pub(super) fn page(&self, policy: &Policy) -> (Fields, Fields) {
        let rules = policy.rules();
        let (mut context, mut session) = (Fields::new(), Fields::new());
        let Some(item) = self.items.first() else { return (context, session) };
        for field in rules.fields.iter().filter(|f| f.derived.is_none()) {
            match (field.path.namespace, field.kind) {
                (Namespace::Context, FieldType::Item) => {
                    context.insert(field.path.name.to_string(), json!(item));
                }
                (Namespace::Session, FieldType::Items) => {
                    session.insert(field.path.name.to_string(), json!([item]));
                }
                _ => {}
            }
        }
        if let Some((Namespace::Context, name, value)) = &self.told
            && rules.declared(Namespace::Context, name).is_some()
        {
            context.insert(name.clone(), value.clone());
        }
        (context, session)
    }
}
