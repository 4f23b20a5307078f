//! `[stop]`, and what a test gives of it.

use std::collections::BTreeMap;

use jardin_diagnostics::{FindingSink, TomlTable};

use crate::{
    codes::{STOP_NAMES_FALLBACK, UNKNOWN_STRATEGY},
    rules::{Stop, StrategyName},
};

/// Reads the `stop` of a table. `strategies` may be stopped, but for the fallback.
pub(crate) fn read_stop<T>(
    parent: &TomlTable<'_>,
    strategies: &BTreeMap<StrategyName, T>,
    fallback: Option<&StrategyName>,
    sink: &FindingSink,
) -> Stop {
    let Some(table) = parent.get("stop").and_then(|n| n.table("[stop]")) else {
        return Stop::default();
    };
    let everything = table.flag("everything").unwrap_or(false);
    let mut named = Vec::new();
    for (text, span) in table.get("strategies").and_then(|n| n.texts()).unwrap_or_default() {
        match strategies.get_key_value(text).map(|(name, _)| name) {
            Some(name) if Some(name) == fallback => {
                let help =
                    "name another fallback first, or leave this one running: it reads nothing about a person"
                        .to_owned();
                sink.add(
                    STOP_NAMES_FALLBACK,
                    span,
                    format!("`{text}` is the fallback and cannot be stopped"),
                    Some(help),
                );
            }
            Some(name) => named.push(name.clone()),
            None => sink.add_unknown(
                UNKNOWN_STRATEGY,
                span,
                "strategy",
                text,
                strategies.keys().map(StrategyName::as_str),
            ),
        }
    }
    table.end();
    Stop { everything, strategies: named }
}
