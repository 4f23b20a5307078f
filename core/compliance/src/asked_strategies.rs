//! On whose lists a strategy builds.

use std::collections::BTreeSet;

use jardin_policy::{StrategyName, rules::PolicyRules};

/// Every strategy that one asks, itself or by others, in the order of their names.
pub(super) fn asked_strategies(rules: &PolicyRules, start: &StrategyName) -> BTreeSet<StrategyName> {
    let mut found = BTreeSet::new();
    let mut open = vec![start.clone()];
    while let Some(name) = open.pop() {
        for asked in rules.strategies.get(&name).map(|r| r.may_ask.as_slice()).unwrap_or_default() {
            if found.insert(asked.clone()) {
                open.push(asked.clone());
            }
        }
    }
    found
}
