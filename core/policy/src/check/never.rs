//! `[never]`.

use std::collections::BTreeSet;

use jardin_diagnostics::{TomlTable, TomlValue, codes::INVALID_VALUE};
use jardin_model::FieldPath;

use super::{Names, listed_items::read_listed_items, reserved::is_name};
use crate::rules::{NeverRule, PathSeparators, fold};

/// The fields that may not be declared; read before any declaration is looked at.
pub(super) fn fields(root: &TomlTable<'_>) -> BTreeSet<FieldPath> {
    let table = root.get("never").filter(TomlValue::is_table).and_then(|n| n.table("[never]"));
    let texts = table
        .and_then(|t| t.get("fields"))
        .filter(TomlValue::is_list)
        .and_then(|n| n.list())
        .unwrap_or_default();
    texts.iter().filter_map(|n| n.if_text()?.parse().ok()).collect()
}

pub(super) fn read_never(root: &TomlTable<'_>, names: &Names<'_>) -> NeverRule {
    let mut rule = NeverRule { fields: fields(root), ..NeverRule::default() };
    let Some(table) = root.get("never").and_then(|n| n.table("[never]")) else {
        return rule;
    };
    for (text, span) in table.get("fields").and_then(|n| n.texts()).unwrap_or_default() {
        let error = match text.parse::<FieldPath>() {
            Err(error) => error.to_string(),
            // a name that cannot be declared would guard nothing
            Ok(path) if !is_name(&path.name) => format!("`{text}` can be no field, and guards none"),
            Ok(_) => continue,
        };
        let help = "write it as it would be declared, such as `\"subject.email\"`".to_owned();
        names.sink.add(INVALID_VALUE, span, error, Some(help));
    }
    rule.separators = read_separators(&table);
    rule.says = table.get("says").map(|n| names.texts(n, "`says`"));
    rule.items = read_listed_items(&table, names, &rule.separators);
    table.end();
    rule
}

/// How a path of categories is written.
fn read_separators(table: &TomlTable<'_>) -> PathSeparators {
    let Some(node) = table.get("separators") else {
        return PathSeparators::default();
    };
    let written: Vec<&str> = node.texts().unwrap_or_default().into_iter().map(|(text, _)| text).collect();
    if written.iter().any(|one| fold(one).is_empty()) {
        let help = "write what stands between the parts, such as `[\"/\", \" > \"]`".to_owned();
        node.finding(INVALID_VALUE, "a blank separates no categories", Some(help));
    }
    PathSeparators::new(written)
}
