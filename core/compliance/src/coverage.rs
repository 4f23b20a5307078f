//! Which of the things that a policy decides its own tests assert.

use std::{collections::BTreeSet, fmt::Write as _, sync::Arc};

use jardin_policy::{
    Policy, Reason, StrategyRule,
    rules::{Basis, PolicyRules, PurposeRule, StopSignal},
};

/// One thing that a policy decides for a strategy: that it runs, a rule that refuses it, a personal field
/// that it reads or is denied.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// The strategy.
    pub strategy: Arc<str>,
    /// `runs`, a reason such as `child`, `reads` or `denied`.
    pub rule: &'static str,
    /// The field, where it is about one.
    pub field: String,
}

/// What is decided, and what of it is asserted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Everything that is decided.
    pub cells: BTreeSet<Cell>,
    /// What a test asserts of it.
    pub asserted: BTreeSet<Cell>,
}

/// Looks what the tests of a policy assert.
#[must_use]
pub fn measure_coverage(policy: &Policy) -> Coverage {
    let rules = policy.rules();
    let cells: BTreeSet<Cell> = rules.strategies.values().flat_map(|rule| decided(rules, rule)).collect();
    let mut asserted = BTreeSet::new();
    for test in &rules.tests {
        let ask = test.ask.as_str();
        let refusal = test.refusal(policy);
        if let Some(expected) = &test.expect.runs {
            match refusal {
                Some(reason) if *expected != test.ask => drop(asserted.insert(cell(ask, reason.word(), ""))),
                None if *expected == test.ask => drop(asserted.insert(cell(ask, "runs", ""))),
                _ => {}
            }
        }
        let name = if refusal.is_none() { &test.ask } else { &rules.fallback };
        let seen = test
            .expect
            .sees
            .iter()
            .filter_map(|(id, _)| rules.field(*id))
            .map(|f| cell(name.as_str(), "reads", &f.path.to_string()));
        asserted.extend(seen);
        asserted
            .extend(test.expect.hides.iter().map(|path| cell(name.as_str(), "denied", &path.to_string())));
        if test.expect.sees_nothing_about_the_person {
            asserted.extend(
                cells.iter().filter(|c| *c.strategy == *name.as_str() && c.rule == "denied").cloned(),
            );
        }
    }
    asserted.retain(|c| cells.contains(c));
    Coverage { cells, asserted }
}

fn cell(strategy: &str, rule: &'static str, field: &str) -> Cell {
    Cell { strategy: strategy.into(), rule, field: field.to_owned() }
}

fn decided(rules: &PolicyRules, rule: &StrategyRule) -> Vec<Cell> {
    let name = rule.name.as_str();
    let mut cells = vec![cell(name, "runs", "")];
    let purpose = rules.purpose(rule.purpose);
    cells.extend(
        purpose.into_iter().flat_map(|p| reasons(rules, p)).map(|reason| cell(name, reason.word(), "")),
    );
    // that a purpose which reads nothing about a person is denied everything about her, the check asserts at
    // every load
    if purpose.is_none_or(|p| p.basis == Basis::NothingRead) {
        return cells;
    }
    for (id, field) in rules
        .fields
        .iter()
        .enumerate()
        .filter(|(_, f)| f.class.is_personal() && f.path.namespace != jardin_model::Namespace::Event)
    {
        let is_granted = rule.may_read.iter().any(|g| g.field.0 == id);
        cells.push(cell(name, if is_granted { "reads" } else { "denied" }, &field.path.to_string()));
    }
    cells
}

/// What can refuse a purpose.
fn reasons(rules: &PolicyRules, purpose: &PurposeRule) -> Vec<Reason> {
    if purpose.basis == Basis::NothingRead {
        return Vec::new();
    }
    let rests_on_consent = purpose.basis == Basis::Consent || !purpose.needs.is_empty();
    let stops = |signal| purpose.stop_if.contains(&signal);
    let all = [
        (rules.children.is_some() && (purpose.profiling || rests_on_consent), Reason::Child),
        (true, Reason::Restricted),
        (stops(StopSignal::Objection), Reason::Objection),
        (stops(StopSignal::GlobalPrivacyControl), Reason::GlobalPrivacyControl),
        (!purpose.needs.is_empty(), Reason::Consent),
    ];
    all.into_iter().filter(|(can, _)| *can).map(|(_, reason)| reason).collect()
}

impl Coverage {
    /// The share that is asserted, in whole percent.
    #[must_use]
    pub fn percent(&self) -> usize {
        (self.asserted.len() * 100).checked_div(self.cells.len()).unwrap_or(100)
    }

    /// What is decided and not asserted, as JSON: `{cells, asserted, percent, missing: [{strategy, rule,
    /// field}]}`.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        let missing = self.cells.difference(&self.asserted);
        let missing = missing
            .map(|c| serde_json::json!({ "strategy": &*c.strategy, "rule": c.rule, "field": c.field }));
        serde_json::json!({
            "cells": self.cells.len(),
            "asserted": self.asserted.len(),
            "percent": self.percent(),
            "missing": missing.collect::<Vec<_>>(),
        })
    }

    /// The share, and for each strategy what no test asserts, for a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let strategies: BTreeSet<&Arc<str>> = self.cells.iter().map(|c| &c.strategy).collect();
        for name in strategies {
            let all = self.cells.iter().filter(|c| c.strategy == *name);
            let missing: Vec<String> = all
                .clone()
                .filter(|c| !self.asserted.contains(*c))
                .map(|c| format!("{} {}", c.rule, c.field).trim().to_owned())
                .collect();
            let count = all.count();
            let _ = writeln!(text, "{name}: {} of {count}", count - missing.len());
            if !missing.is_empty() {
                let _ = writeln!(text, "    no test asserts: {}", missing.join(", "));
            }
        }
        let _ =
            writeln!(text, "{} of {} asserted ({} %)", self.asserted.len(), self.cells.len(), self.percent());
        text
    }
}
