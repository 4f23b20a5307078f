//! Plugins that would hide products by data that may change the order alone. A script is proved to hide none; after a
//! plugin's list a page is filled with what it left out, unless it is not filled.

use jardin_diagnostics::Span;
use jardin_model::FieldPath;
use jardin_policy::{StrategyName, StrategyRule, rules::PolicyRules};

use super::{calls::asked_plugins, names::ShopNames};
use crate::codes::HIDES_UNFILLED;

/// Finds the plugins that a strategy of a page that is not filled is, or builds on, and that may hide nothing.
pub(super) fn find_hiding(strategy: &StrategyName, span: Span, names: &ShopNames<'_>) {
    let rules = names.policy.rules();
    for rule in asked_plugins(rules, strategy) {
        let Some(field) = order_only_field(rule, rules) else { continue };
        let message = format!(
            "`{}` may change the order alone by `{field}`, and what it leaves out of this page is hidden",
            rule.name
        );
        let help = "remove `fill = \"no\"`, or grant it the field with `may = \"order and hide\"`";
        names.sink.add(HIDES_UNFILLED, span, message, Some(help.to_owned()));
    }
}

fn order_only_field<'a>(rule: &StrategyRule, rules: &'a PolicyRules) -> Option<&'a FieldPath> {
    let mut fields = rule.may_read.iter().filter_map(|g| rules.field(g.field).filter(|f| g.is_order_only(f)));
    fields.next().map(|field| &field.path)
}
