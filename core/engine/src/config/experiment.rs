//! `[experiments.*]`: tests of two rules. They are read and checked; serving them is not built yet, and each
//! says so.

use jardin_diagnostics::{
    TomlTable, TomlValue,
    codes::{INVALID_VALUE, NOT_ENFORCED_YET},
};
use jardin_policy::codes::NAME_COLLISION;

use super::{names::ShopNames, span_of_time};

pub(super) fn check_experiments(root: &TomlTable<'_>, names: &ShopNames<'_>) {
    let entries = root
        .get("experiments")
        .and_then(|n| n.table("[experiments]"))
        .map(|t| t.entries())
        .unwrap_or_default();
    for entry in entries {
        let message =
            format!("the experiment `{}` is not served yet: everybody gets the live rule", entry.key);
        names.sink.add(NOT_ENFORCED_YET, entry.span, message, None);
        if let Some(table) = entry.node.table(format!("[experiments.{}]", entry.key)) {
            check_experiment(&table, names);
            table.end();
        }
    }
}

fn check_experiment(table: &TomlTable<'_>, names: &ShopNames<'_>) {
    let _ = (table.text("owner"), table.text("question"), table.text("goal"));
    if let Some((place, node)) = table.require("place", "\"home\"").and_then(|n| Some((n.text()?, n))) {
        let _ = names.place(place, node.span);
    }
    let _ = span_of_time::read_span(table, names);
    if let Some(node) = table.require("split_by", "\"visit\"")
        && node.text().is_some_and(|word| !["visit", "person"].contains(&word))
    {
        node.finding(INVALID_VALUE, "a test is split by `visit` or by `person`", None);
    }
    if let Some(node) = table.get("smallest_effect_worth_seeing")
        && node.number().is_some_and(|n| n <= 0.0)
    {
        node.finding(INVALID_VALUE, "an effect is a share above 0", None);
    }
    if let Some(node) = table.require("arms", "[]") {
        check_arms(node, names);
    }
}

fn check_arms(node: TomlValue<'_>, names: &ShopNames<'_>) {
    let mut seen = Vec::new();
    let mut shares = 0;
    for arm in node.list().unwrap_or_default() {
        let Some(table) = arm.table("[[experiments.arms]]") else {
            continue;
        };
        if let Some(name) = table.require("name", "\"now\"").and_then(|n| n.text()) {
            if seen.contains(&name) {
                arm.finding(NAME_COLLISION, format!("two arms are called `{name}`"), None);
            }
            seen.push(name);
        }
        shares += table.require("share", "50").and_then(|n| n.integer(1, 100)).unwrap_or(0);
        check_changes(&table, names);
        table.end();
    }
    if shares != 100 {
        node.finding(
            INVALID_VALUE,
            format!("the shares of the arms add up to {shares} and not to 100"),
            None,
        );
    }
}

fn check_changes(table: &TomlTable<'_>, names: &ShopNames<'_>) {
    for (name, span) in table.get("chain").and_then(|n| n.texts()).unwrap_or_default() {
        let _ = names.strategy(name, span);
    }
    let scripts =
        table.get("script").and_then(|n| n.table("script")).map(|t| t.entries()).unwrap_or_default();
    for entry in scripts {
        let _ = names.strategy(entry.key, entry.span);
        let _ = entry.node.text();
    }
    if let Some(node) = table.get("params") {
        let _ = super::params::read_by_strategy(node, names);
    }
}
