//! `[strategies.*.params]`: settings, of any shape.

use std::{collections::BTreeMap, sync::Arc};

use jardin_contract::{Param, Params};
use jardin_diagnostics::{
    Span, TomlTable, TomlValue,
    codes::{INVALID_VALUE, WRONG_TYPE},
};
use jardin_policy::{StrategyName, day_and_seconds};

use super::names::ShopNames;

/// How deep settings may be nested.
const MAX_DEPTH: usize = 16;

/// Where one setting of a strategy is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingPlace {
    /// Whose.
    pub strategy: StrategyName,
    /// Its name.
    pub setting: Arc<str>,
    /// Its name's place in the file.
    pub span: Span,
}

/// Settings by strategy, each with its place.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct ReadSettings {
    pub(super) params: BTreeMap<StrategyName, Params>,
    pub(super) places: Vec<SettingPlace>,
}

impl ReadSettings {
    fn read_strategy(&mut self, name: StrategyName, node: TomlValue<'_>, names: &ShopNames<'_>) {
        let Some(table) = node.table("params") else {
            return;
        };
        self.places.extend(table.entries().into_iter().map(|entry| SettingPlace {
            strategy: name.clone(),
            setting: entry.key.into(),
            span: entry.span,
        }));
        self.params.insert(name, Params(Arc::new(read_entries(&table, names, MAX_DEPTH))));
    }
}

pub(super) fn read_strategies(root: &TomlTable<'_>, names: &ShopNames<'_>) -> ReadSettings {
    let mut all = ReadSettings::default();
    let entries =
        root.get("strategies").and_then(|n| n.table("[strategies]")).map(|t| t.entries()).unwrap_or_default();
    for entry in entries {
        let name = names.strategy(entry.key, entry.span);
        let title = format!("[strategies.{}]", entry.key);
        if let Some(strategy) = entry.node.table(title) {
            if let Some((name, node)) = name.zip(strategy.get("params")) {
                all.read_strategy(name, node, names);
            }
            strategy.end();
        }
    }
    all
}

/// `{ house-rules = { season = "winter" } }`.
pub(super) fn read_by_strategy(node: TomlValue<'_>, names: &ShopNames<'_>) -> ReadSettings {
    let mut all = ReadSettings::default();
    for entry in node.table("params").map(|t| t.entries()).unwrap_or_default() {
        if let Some(name) = names.strategy(entry.key, entry.span) {
            all.read_strategy(name, entry.node, names);
        }
    }
    all
}

fn read_entries(table: &TomlTable<'_>, names: &ShopNames<'_>, depth: usize) -> BTreeMap<Arc<str>, Param> {
    let read =
        |e: jardin_diagnostics::TomlEntry<'_>| Some((Arc::from(e.key), read_param(e.node, names, depth)?));
    table.entries().into_iter().filter_map(read).collect()
}

fn read_param(node: TomlValue<'_>, names: &ShopNames<'_>, depth: usize) -> Option<Param> {
    let Some(depth) = depth.checked_sub(1) else {
        node.finding(INVALID_VALUE, format!("settings are nested deeper than {MAX_DEPTH}"), None);
        return None;
    };
    if let Some(text) = node.if_text() {
        return Some(Param::Text(text.into()));
    }
    if node.is_list() {
        return Some(Param::List(
            node.list()?.into_iter().filter_map(|n| read_param(n, names, depth)).collect(),
        ));
    }
    if node.is_table() {
        return Some(Param::Table(Arc::new(read_entries(&node.table("a setting")?, names, depth))));
    }
    let plain = node
        .if_flag()
        .map(Param::Flag)
        .or_else(|| node.if_integer().map(Param::Integer))
        .or_else(|| node.if_number().map(Param::Number));
    let read = plain.or_else(|| match day_and_seconds(node)? {
        (day, None) => Some(Param::Date(day)),
        (day, Some(seconds)) => names.policy.rules().zone.instant(day, seconds).map(Param::Time),
    });
    if read.is_none() {
        let help =
            "write a text, a finite number, true or false, a day, a time without offset, a list or a table"
                .to_owned();
        node.finding(WRONG_TYPE, "a setting cannot be this", Some(help));
    }
    read
}
