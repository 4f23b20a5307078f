//! What came of a test.

use std::{collections::BTreeSet, iter, sync::Arc};

use jardin_diagnostics::{Finding, Span};
use jardin_model::{ItemIndex, Namespace};

use super::person::{Person, person};
use crate::{
    Policy, PolicyInForce,
    codes::TEST_FAILED,
    rules::{InlineTest, Plain, Stop},
    runtime::{Access, Decision, FileState, Grant, KeptUnder, Reason, ViewValue},
};

/// What came of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The test's name.
    pub name: Arc<str>,
    /// Where it stands.
    pub span: Span,
    /// What was not as expected; empty where it passed.
    pub failures: Vec<String>,
}

impl Outcome {
    /// The finding of a test that failed.
    #[must_use]
    pub fn finding(&self) -> Option<Finding> {
        if self.failures.is_empty() {
            return None;
        }
        let message = format!("the policy's own test fails: {}", self.failures.join("; "));
        let help = "correct the rule that the test is about, or the test if the rule is meant".to_owned();
        Some(Finding { code: TEST_FAILED, span: self.span, message, help: Some(help) })
    }
}

/// The policy as a test sees it: in no shop, so that no strategy finishes pages and no pseudonym is made, and with what
/// the test stops in the place of its own `[stop]`, which must act whatever tests say.
fn bind_for_test(policy: &Policy, test: &InlineTest) -> PolicyInForce {
    policy.with_stop(&test.given.stop).bind(BTreeSet::new(), None)
}

impl Policy {
    /// Runs the tests that stand in the file, each strategy's file taken as reviewed.
    #[must_use]
    pub fn run_tests(&self) -> Vec<Outcome> {
        let outcome = |test: &InlineTest| Outcome {
            name: Arc::clone(&test.name),
            span: test.span,
            failures: find_failures(&bind_for_test(self, test), test),
        };
        self.rules().tests.iter().map(outcome).collect()
    }
}

impl InlineTest {
    /// Why the strategy that it asks does not run for its person; nothing where it does.
    #[must_use]
    pub fn refusal(&self, policy: &Policy) -> Option<Reason> {
        let person = person(policy, self)?;
        match bind_for_test(policy, self).decide(
            &self.ask,
            &person.flags,
            FileState::Reviewed,
            &Stop::default(),
        ) {
            Decision::Run(_) => None,
            Decision::Refused(reason) => Some(reason),
        }
    }
}

fn find_failures(policy: &PolicyInForce, test: &InlineTest) -> Vec<String> {
    let Some(person) = person(policy, test) else {
        return vec!["it has no day: give `today`, or begin the revision with a date".to_owned()];
    };
    let chain = [&test.ask, &policy.rules().fallback];
    let decide = |name| match policy.decide(name, &person.flags, FileState::Reviewed, &Stop::default()) {
        Decision::Run(grant) => Some(grant),
        Decision::Refused(_) => None,
    };
    let grant = chain.into_iter().find_map(decide);
    let mut failures = Vec::new();
    check_runs(test, grant.as_ref(), &mut failures);
    check_stores(test, &person, &mut failures);
    check_teaches(policy, test, &person, &mut failures);
    if let Some(grant) = grant {
        check_sees(policy, test, &grant, &person, &mut failures);
    }
    failures
}

fn check_runs(test: &InlineTest, grant: Option<&Grant>, failures: &mut Vec<String>) {
    let ran = grant.map(|g| g.strategy().name.as_str()).unwrap_or("nothing");
    if let Some(expected) = test.expect.runs.as_ref().filter(|e| e.as_str() != ran) {
        failures.push(format!("`{expected}` should run, and `{ran}` does"));
    }
    if test.expect.sees_nothing_about_the_person && grant.is_some_and(Grant::reads_a_person) {
        failures.push(format!("`{ran}` is granted fields of the person or the visit"));
    }
}

fn check_sees(
    policy: &Policy,
    test: &InlineTest,
    grant: &Grant,
    person: &Person,
    failures: &mut Vec<String>,
) {
    let view = grant.view(&person.profile, &person.screened, person.now);
    for (id, expected) in &test.expect.sees {
        let Some(field) = policy.rules().field(*id) else {
            continue;
        };
        match view.get(field.path.namespace, &field.path.name) {
            Access::Denied => {
                failures.push(format!("`{}` is not granted to `{}`", field.path, grant.strategy().name))
            }
            Access::Absent => failures.push(format!("`{}` is absent", field.path)),
            Access::Value(value) if !is_equal(value, expected, person) => {
                failures.push(format!("`{}` is seen as {}", field.path, in_words(value)));
            }
            Access::Value(_) => {}
        }
    }
    for path in &test.expect.hides {
        let granted = match path.namespace {
            Namespace::Item => view.column(&path.name).is_some(),
            namespace => view.get(namespace, &path.name) != Access::Denied,
        };
        if granted {
            failures.push(format!("`{path}` is granted to `{}`", grant.strategy().name));
        }
    }
}

fn is_equal(value: &ViewValue, expected: &[Plain], person: &Person) -> bool {
    match (value, expected) {
        (ViewValue::Text(a), [Plain::Text(b)]) => a == b,
        (ViewValue::Number(a), [Plain::Number(b)]) => a == b,
        (ViewValue::Flag(a), [Plain::Flag(b)]) => a == b,
        (ViewValue::Date(a), [Plain::Date(b)]) => a == b,
        (ViewValue::Time(a), [Plain::Time(day, seconds)]) => Some(*a) == person.zone.instant(*day, *seconds),
        (ViewValue::Texts(texts), list) => are(texts.iter().map(Some), list),
        (ViewValue::Item(item), list) => are(iter::once(name_of(*item, person).as_ref()), list),
        (ViewValue::Items(items), list) => {
            let names: Vec<_> = items.iter().map(|item| name_of(*item, person)).collect();
            are(names.iter().map(Option::as_ref), list)
        }
        (ViewValue::Events(events), list) => {
            let names: Vec<_> = events.iter().map(|event| name_of(event.item, person)).collect();
            are(names.iter().map(Option::as_ref), list)
        }
        _ => false,
    }
}

fn are<'a>(names: impl Iterator<Item = Option<&'a Arc<str>>>, expected: &'a [Plain]) -> bool {
    let expected = expected.iter().map(|plain| if let Plain::Text(text) = plain { Some(text) } else { None });
    names.eq(expected)
}

fn name_of(item: ItemIndex, person: &Person) -> Option<Arc<str>> {
    person.screened.catalogue().ids().id(item).map(|id| id.shared())
}

/// A made-up person's value: it stands in the test itself, so that showing it reveals nobody.
fn in_words(value: &ViewValue) -> String {
    match value {
        ViewValue::Text(text) => format!("\"{text}\""),
        ViewValue::Texts(texts) => format!("{texts:?}"),
        ViewValue::Number(n) => n.to_string(),
        ViewValue::Flag(flag) => flag.to_string(),
        ViewValue::Date(date) => date.to_string(),
        ViewValue::Time(time) => time.to_string(),
        ViewValue::Item(_) => "an item".to_owned(),
        ViewValue::Items(items) => format!("{} items", items.len()),
        ViewValue::Events(events) => format!("a history of {} entries", events.len()),
    }
}

fn check_stores(test: &InlineTest, person: &Person, failures: &mut Vec<String>) {
    if let Some(expected) = &test.expect.stores {
        compare_names("stored", expected, &person.stored, failures);
    }
}

fn check_teaches(policy: &PolicyInForce, test: &InlineTest, person: &Person, failures: &mut Vec<String>) {
    let Some(expected) = &test.expect.teaches else {
        return;
    };
    let mut taught = Vec::new();
    for learner in policy.learners() {
        for (kind, keeper, at, item) in &person.history {
            let namespace =
                if *keeper == KeptUnder::Subject { Namespace::Subject } else { Namespace::Session };
            let listed = learner.sources.iter().any(|s| {
                s.namespace == namespace && s.kinds.contains(kind) && *at > policy.learn_since(s, person.now)
            });
            let then = policy.flags_as_of(&person.record, *at);
            if listed
                && policy.may_learn(&learner.strategy, &then)
                && policy.may_learn(&learner.strategy, &person.flags)
            {
                taught.push(Arc::clone(item));
            }
        }
    }
    compare_names("learned from", expected, &taught, failures);
}

fn compare_names(what: &str, expected: &[Arc<str>], found: &[Arc<str>], failures: &mut Vec<String>) {
    let (expected, found): (BTreeSet<_>, BTreeSet<_>) = (expected.iter().collect(), found.iter().collect());
    for item in expected.difference(&found) {
        failures.push(format!("`{item}` is not {what}"));
    }
    for item in found.difference(&expected) {
        failures.push(format!("`{item}` is {what}"));
    }
}
