//! Who asks whom.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_diagnostics::FindingSink;

use super::strategies::in_words;
use crate::{
    codes::{ASK_CYCLE, ASKS_PERSONAL, ASKS_PROFILING, FALLBACK_READS_PERSON},
    rules::{Basis, PolicyRules, StrategyName, StrategyRule},
};

type Strategies = BTreeMap<StrategyName, Arc<StrategyRule>>;

pub(super) fn check_graph(rules: &PolicyRules, sink: &FindingSink) {
    let strategies = &rules.strategies;
    let profiles = |rule: &StrategyRule| rules.purpose(rule.purpose).is_some_and(|p| p.profiling);
    for rule in strategies.values() {
        for asked in rule.may_ask.iter().filter_map(|name| strategies.get(name)) {
            if profiles(asked) && !profiles(rule) {
                let message =
                    format!("`{}` does not profile and asks `{}`, which does", rule.name, asked.name);
                let help = "ask a strategy of a purpose that does not profile, or move this one to a purpose that does".to_owned();
                sink.add(ASKS_PROFILING, rule.span, message, Some(help));
            }
        }
    }
    for circle in circles(strategies) {
        let span = circle.first().and_then(|name| strategies.get(name)).map(|rule| rule.span);
        let message = format!("strategies ask each other in a circle: {}", in_words(&circle));
        let help = "remove one of them from a `may_ask`".to_owned();
        sink.add(ASK_CYCLE, span.unwrap_or_default(), message, Some(help));
    }
    lists_about_a_person(rules, sink);
}

/// A list that is built on lists about a person depends on her, whoever builds it.
fn lists_about_a_person(rules: &PolicyRules, sink: &FindingSink) {
    let strategies = &rules.strategies;
    let personal = askers_of(strategies, |rule| rules.reads_a_person(rule));
    for rule in strategies.values().filter(|rule| !rules.reads_a_person(rule)) {
        let reads_nothing = rules.purpose(rule.purpose).is_some_and(|p| p.basis == Basis::NothingRead);
        let Some(asked) = rule.may_ask.iter().find(|name| personal.contains(*name)) else {
            continue;
        };
        let help = Some(format!("remove `{asked}` from its `may_ask`"));
        if rule.name == rules.fallback {
            let message =
                format!("the fallback `{}` builds on lists about a person, from `{asked}`", rule.name);
            sink.add(FALLBACK_READS_PERSON, rule.span, message, help);
        } else if reads_nothing {
            let message = format!(
                "the purpose of `{}` reads nothing about a person, and it builds on lists about one, from `{asked}`",
                rule.name
            );
            sink.add(
                ASKS_PERSONAL,
                rule.span,
                message,
                Some(format!("choose a purpose that says so, or remove `{asked}` from its `may_ask`")),
            );
        }
    }
}

/// The strategies that `is_one`, and all that ask one of them, themselves or by others.
fn askers_of(strategies: &Strategies, is_one: impl Fn(&StrategyRule) -> bool) -> BTreeSet<StrategyName> {
    let mut asked_by: BTreeMap<&StrategyName, Vec<&StrategyName>> = BTreeMap::new();
    for rule in strategies.values() {
        for asked in &rule.may_ask {
            asked_by.entry(asked).or_default().push(&rule.name);
        }
    }
    let mut open: Vec<&StrategyName> = strategies.values().filter(|r| is_one(r)).map(|r| &r.name).collect();
    let mut found: BTreeSet<StrategyName> = BTreeSet::new();
    while let Some(name) = open.pop() {
        if found.insert(name.clone()) {
            open.extend(asked_by.get(name).into_iter().flatten());
        }
    }
    found
}

/// One circle for each strategy at which a walk comes back to itself. Each edge is walked once, so that long
/// chains stay cheap, and without recursion, so that they stay shallow.
fn circles(strategies: &Strategies) -> Vec<Vec<StrategyName>> {
    let mut circles = Vec::new();
    let mut done: BTreeSet<&StrategyName> = BTreeSet::new();
    for start in strategies.keys() {
        // the way here, each with how many of those that it asks were already walked
        let mut way: Vec<(&StrategyName, usize)> = vec![(start, 0)];
        let mut on_way: BTreeSet<&StrategyName> = [start].into();
        while let Some((here, walked)) = way.pop() {
            let next =
                strategies.get(here).filter(|_| !done.contains(here)).and_then(|r| r.may_ask.get(walked));
            let Some(next) = next else {
                done.insert(here);
                on_way.remove(here);
                continue;
            };
            way.push((here, walked + 1));
            if on_way.contains(next) {
                let circle = way.iter().map(|(name, _)| *name).skip_while(|name| *name != next);
                circles.push(circle.cloned().collect());
            } else if !done.contains(next) {
                on_way.insert(next);
                way.push((next, 0));
            }
        }
    }
    circles
}
