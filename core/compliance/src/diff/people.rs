//! Made-up people at the borders that two policies draw.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_model::{Choice, ChoiceStatus, Date, PersonNumber, StoredValue, SubjectRecord, Timestamp, Value};
use jardin_policy::{
    Flags, Policy, Signals,
    rules::{Age, ChildRule, ConsentRule, PolicyRules},
};

/// An age at which nobody counts as a child.
const OF_AGE: i16 = 40;

/// A made-up person.
#[derive(Debug, Clone, Default)]
pub(super) struct Somebody {
    age: Option<i16>,
    consents: Vec<Answer>,
    objects: bool,
    gpc: bool,
    restricted: bool,
    on_page_for: Option<Arc<str>>,
    refuses_by_tcf: Option<u8>,
    refuses_by_mode: Option<Arc<str>>,
}

/// A yes to a question.
#[derive(Debug, Clone)]
struct Answer {
    consent: Arc<str>,
    text: Arc<str>,
    /// How long ago; just now where it is not said.
    age: Option<Age>,
    /// Whether it is about its text, which is then told.
    about_text: bool,
}

/// What a made-up person is there for: one example of each is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    Nothing,
    Consent,
    Age,
    Answer,
    Objection,
    Gpc,
    Restriction,
    Page,
    Signal,
}

/// Everybody at whom the two policies could differ, the plainest first.
pub(super) fn everybody(old: &PolicyRules, new: &PolicyRules) -> Vec<Somebody> {
    let both = [old, new];
    let all = consents(&both);
    let mut people = vec![Somebody::default()];
    let agreeing = Somebody { consents: all.clone(), ..Somebody::default() };
    let ages: BTreeSet<i16> = both
        .iter()
        .filter_map(|v| v.children.as_ref())
        .flat_map(ChildRule::ages)
        .flat_map(|age| [age - 1, age])
        .collect();
    for age in ages.into_iter().chain([OF_AGE]).map(Some) {
        people.push(Somebody { age, ..Somebody::default() });
        people.push(Somebody { age, ..agreeing.clone() });
    }
    people.push(agreeing.clone());
    people.extend(all.iter().map(|one| Somebody { consents: vec![one.clone()], ..Somebody::default() }));
    people.extend((0..all.len()).map(|without| {
        let mut left = all.clone();
        left.remove(without);
        Somebody { consents: left, ..Somebody::default() }
    }));
    for of in older_answers(&both) {
        let mut consents = all.clone();
        consents.retain(|c| c.consent != of.consent);
        consents.push(of);
        people.push(Somebody { consents, ..Somebody::default() });
    }
    people.extend(signalling(&both, &agreeing));
    people
}

/// Each consent of either policy, given just now to a text that both list where there is one.
fn consents(both: &[&PolicyRules]) -> Vec<Answer> {
    let names: BTreeSet<&Arc<str>> = both.iter().flat_map(|v| &v.consents).map(|c| &c.name).collect();
    let given = names.into_iter().map(|name| {
        let rules: Vec<&ConsentRule> =
            both.iter().filter_map(|v| v.consents.iter().find(|c| c.name == *name)).collect();
        let shared = rules.iter().flat_map(|r| &r.texts).find(|t| rules.iter().all(|r| r.texts.contains(t)));
        let chosen = shared.or_else(|| rules.first().and_then(|r| r.texts.first()));
        Answer {
            consent: Arc::clone(name),
            text: chosen.cloned().unwrap_or_default(),
            age: None,
            about_text: false,
        }
    });
    given.collect()
}

/// Answers to each listed text, and answers about as old as each may be.
fn older_answers(both: &[&PolicyRules]) -> Vec<Answer> {
    let mut answers = Vec::new();
    for rule in both.iter().flat_map(|v| &v.consents) {
        let of_both = both.iter().flat_map(|v| v.consents.iter().filter(|c| c.name == rule.name));
        for text in of_both.flat_map(|c| &c.texts) {
            let answer = |age, about_text| Answer {
                consent: Arc::clone(&rule.name),
                text: Arc::clone(text),
                age,
                about_text,
            };
            answers.extend([answer(None, true), answer(Some(rule.lasts), false)]);
        }
    }
    answers
}

fn signalling(both: &[&PolicyRules], agreeing: &Somebody) -> Vec<Somebody> {
    let mut people: Vec<Somebody> = Vec::new();
    for from in [&Somebody::default(), agreeing] {
        people.push(Somebody { objects: true, ..from.clone() });
        people.push(Somebody { gpc: true, ..from.clone() });
        people.push(Somebody { restricted: true, ..from.clone() });
        for rules in both {
            for flag in rules.children.iter().flat_map(|c| &c.also_if) {
                let name = rules.field(*flag).map(|f| Arc::clone(&f.path.name));
                people.push(Somebody { on_page_for: name, age: Some(OF_AGE), ..from.clone() });
            }
        }
    }
    for signals in both.iter().flat_map(|v| &v.consents).filter_map(|c| c.signals.as_ref()) {
        people.extend(
            signals
                .tcf_publisher_purposes
                .iter()
                .map(|p| Somebody { refuses_by_tcf: Some(*p), ..agreeing.clone() }),
        );
        people.extend(
            signals
                .consent_mode
                .iter()
                .map(|key| Somebody { refuses_by_mode: Some(Arc::clone(key)), ..agreeing.clone() }),
        );
    }
    people
}

impl Somebody {
    /// Her flags under a policy, at noon of a day that both policies share.
    pub(super) fn flags(&self, policy: &Policy, at: Timestamp) -> Flags {
        let rules = policy.rules();
        let record = self.record(rules, at);
        let flag = |name: &Arc<str>| {
            rules
                .children
                .iter()
                .flat_map(|c| &c.also_if)
                .copied()
                .find(|id| rules.field(*id).is_some_and(|f| f.path.name == *name))
        };
        let signals = Signals {
            gpc: self.gpc,
            objected: self.objects,
            tcf_publisher_purposes: self
                .refuses_by_tcf
                .map(|refused| (1..=24).filter(|p| *p != refused).collect()),
            consent_mode: self.refuses_by_mode.iter().map(|key| (Arc::clone(key), false)).collect(),
            context_flags: self.on_page_for.iter().filter_map(flag).collect(),
            ..Signals::default()
        };
        policy.flags(Some(&record), &signals, at)
    }

    fn record(&self, rules: &PolicyRules, at: Timestamp) -> SubjectRecord {
        let birth = self.age.and_then(|age| born(rules, at, age));
        let field = rules.children.as_ref().and_then(|c| c.age_from).and_then(|id| rules.field(id));
        let told = field.zip(birth).map(|(field, birth)| {
            let value = StoredValue { value: Value::Date(birth), stored_at: at };
            (Arc::clone(&field.path.name), value)
        });
        let choices = self.consents.iter().map(|answer| {
            // a minute younger than the span that it is about
            let ago = |age: Age| age.before(at, &rules.zone).plus_ms(60_000);
            let choice = Choice {
                status: ChoiceStatus::Granted,
                text_version: Arc::clone(&answer.text),
                at: answer.age.map_or(at.plus_ms(-1000), ago),
                source: "made up".into(),
            };
            (Arc::clone(&answer.consent), vec![choice])
        });
        SubjectRecord {
            person: PersonNumber(1),
            fields: told.into_iter().collect(),
            events: Vec::new(),
            choices: choices.collect::<BTreeMap<_, _>>(),
            objected: None,
            restricted: self.restricted.then_some(at),
            last_seen: at,
        }
    }

    pub(super) fn cause(&self) -> Cause {
        let causes = [
            (self.refuses_by_tcf.is_some() || self.refuses_by_mode.is_some(), Cause::Signal),
            (self.on_page_for.is_some(), Cause::Page),
            (self.restricted, Cause::Restriction),
            (self.gpc, Cause::Gpc),
            (self.objects, Cause::Objection),
            (self.consents.iter().any(|a| a.age.is_some() || a.about_text), Cause::Answer),
            (self.age.is_some_and(|age| age != OF_AGE), Cause::Age),
            (!self.consents.is_empty(), Cause::Consent),
        ];
        causes.iter().find(|(is, _)| *is).map_or(Cause::Nothing, |(_, cause)| *cause)
    }

    /// Who she is, in words: `a visitor of 15 with consent to personalisation`.
    pub(super) fn in_words(&self) -> String {
        let mut words =
            self.age.map_or("a visitor of unknown age".to_owned(), |age| format!("a visitor of {age}"));
        let consents = self.consents.iter().map(|answer| match answer.age {
            Some(age) => format!("{}, given almost {age} ago", answer.consent),
            None if answer.about_text => format!("{} (text {})", answer.consent, answer.text),
            None => answer.consent.to_string(),
        });
        let consents: Vec<String> = consents.collect();
        words += &match consents.as_slice() {
            [] => " without any consent".to_owned(),
            some => format!(" with consent to {}", some.join(" and ")),
        };
        let signs = [
            (self.objects, "who objected".to_owned()),
            (self.gpc, "whose browser sends Global Privacy Control".to_owned()),
            (self.restricted, "whose processing is restricted".to_owned()),
            (
                self.on_page_for.is_some(),
                format!("on a page with `{}`", self.on_page_for.as_deref().unwrap_or_default()),
            ),
            (
                self.refuses_by_tcf.is_some(),
                format!(
                    "whose TCF string refuses publisher purpose {}",
                    self.refuses_by_tcf.unwrap_or_default()
                ),
            ),
            (
                self.refuses_by_mode.is_some(),
                format!(
                    "whose consent mode denies `{}`",
                    self.refuses_by_mode.as_deref().unwrap_or_default()
                ),
            ),
        ];
        for (_, sign) in signs.iter().filter(|(is, _)| *is) {
            words += &format!(", {sign}");
        }
        words
    }
}

fn born(rules: &PolicyRules, at: Timestamp, age: i16) -> Option<Date> {
    let today = rules.zone.day(at)?;
    Date::new(today.year() - age, today.month(), today.day().min(28)).ok()
}

/// Noon of the later of two revisions' dates.
pub(super) fn noon(old: &Policy, new: &Policy) -> Timestamp {
    let day = [old, new].iter().filter_map(|p| p.rules().revised_on()).max();
    day.and_then(|day| new.rules().zone.instant(day, 12 * 3600)).unwrap_or(Timestamp::from_ms(0))
}
