//! Plugins that would hide products by data that may change the order alone. A script is proved to hide none; after a
//! plugin's list a page is filled with what it left out, unless it is not filled.

use std::collections::BTreeSet;

use jardin_diagnostics::Span;
use jardin_model::FieldPath;
use jardin_policy::{StrategyKind, StrategyName, StrategyRule, rules::PolicyRules};

use super::names::ShopNames;
use crate::codes::HIDES_UNFILLED;

/// Finds the plugins that a strategy of a page that is not filled is, or builds on, and that may hide nothing.
pub(super) fn find_hiding(strategy: &StrategyName, span: Span, names: &ShopNames<'_>) {
    let rules = names.policy.rules();
    let asked = with_asked(strategy, rules);
    for rule in asked.into_iter().filter(|rule| matches!(rule.kind, StrategyKind::Plugin(_))) {
        let Some(field) = order_only_field(rule, rules) else { continue };
        let message = format!(
            "`{}` may change the order alone by `{field}`, and what it leaves out of this page is hidden",
            rule.name
        );
        let help = "remove `fill = \"no\"`, or grant it the field with `may = \"order and hide\"`";
        names.sink.add(HIDES_UNFILLED, span, message, Some(help.to_owned()));
    }
}

/// A strategy and all that it asks, itself or by others.
fn with_asked<'a>(strategy: &StrategyName, rules: &'a PolicyRules) -> Vec<&'a StrategyRule> {
    let mut open: Vec<&StrategyName> = vec![strategy];
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    while let Some(name) = open.pop() {
        let rule = rules.strategies.get(name).filter(|rule| seen.insert(&rule.name));
        open.extend(rule.into_iter().flat_map(|rule| &rule.may_ask));
        found.extend(rule.map(AsRef::as_ref));
    }
    found
}

fn order_only_field<'a>(rule: &StrategyRule, rules: &'a PolicyRules) -> Option<&'a FieldPath> {
    let mut fields = rule.may_read.iter().filter_map(|g| rules.field(g.field).filter(|f| g.is_order_only(f)));
    fields.next().map(|field| &field.path)
}
