//! Who asks whom.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    codes::Code,
    document::Sink,
    valid::{PurposeRule, StrategyName, StrategyRule},
};

type Strategies = BTreeMap<StrategyName, Arc<StrategyRule>>;

pub(super) fn check(strategies: &Strategies, purposes: &[PurposeRule], sink: &Sink) {
    let profiles = |rule: &StrategyRule| purposes.get(rule.purpose.0).is_some_and(|p| p.profiling);
    for rule in strategies.values() {
        for asked in rule.may_ask.iter().filter_map(|name| strategies.get(name)) {
            if profiles(asked) && !profiles(rule) {
                let message = format!("`{}` does not profile and asks `{}`, which does", rule.name, asked.name);
                let help = "ask a strategy of a purpose that does not profile, or move this one to a purpose that does".to_owned();
                sink.add(Code::AsksProfiling, rule.span, message, Some(help));
            }
        }
        if let Some(path) = cycle_from(&rule.name, strategies) {
            let message = format!("strategies ask each other in a circle: {}", super::strategies::in_words(&path));
            sink.add(
                Code::AskCycle,
                rule.span,
                message,
                Some("remove one of them from a `may_ask`".to_owned()),
            );
        }
    }
}

/// The way from a strategy back to itself, if there is one. Each strategy is visited once, so that long chains stay cheap.
fn cycle_from(start: &StrategyName, strategies: &Strategies) -> Option<Vec<StrategyName>> {
    let mut came_from: BTreeMap<&StrategyName, &StrategyName> = BTreeMap::new();
    let mut open = vec![start];
    while let Some(here) = open.pop() {
        for next in strategies.get(here).map(|r| r.may_ask.as_slice()).unwrap_or_default() {
            if next == start {
                let mut path = vec![start.clone(), here.clone()];
                let mut at = here;
                while let Some(before) = came_from.get(at).filter(|b| **b != start) {
                    path.push((*before).clone());
                    at = before;
                }
                path.dedup();
                path.get_mut(1..).into_iter().for_each(<[StrategyName]>::reverse);
                return Some(path);
            }
            if !came_from.contains_key(next) {
                came_from.insert(next, here);
                open.push(next);
            }
        }
    }
    None
}
