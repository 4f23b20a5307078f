//! `[never]`.

use std::collections::BTreeSet;

use jardin_diagnostics::{TomlTable, TomlValue, codes::INVALID_VALUE};
use jardin_model::{FieldPath, FieldType, Namespace};

use super::{Names, reserved::is_name};
use crate::rules::{NeverRule, NeverValues, PathSeparators, fold};

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
    let items = table.get("items").and_then(|n| n.table("items")).map(|t| t.entries()).unwrap_or_default();
    for entry in items {
        if Namespace::from_word(entry.key).is_some() && entry.node.is_table() {
            let help = "put the name in quotes: `\"item.category\" = [\"…\"]`".to_owned();
            names.sink.add(INVALID_VALUE, entry.span, "a field's name stands in quotes here", Some(help));
            continue;
        }
        let Some(id) = names.field(entry.key, entry.span) else {
            continue;
        };
        let named = [FieldType::Id, FieldType::Text, FieldType::Texts, FieldType::Choice];
        if names.rule(id).is_none_or(|f| f.path.namespace != Namespace::Item || !named.contains(&f.kind)) {
            let help = "name a field of type text or texts of the catalogue".to_owned();
            names.sink.add(
                INVALID_VALUE,
                entry.span,
                format!("`{}` cannot name products", entry.key),
                Some(help),
            );
            continue;
        }
        rule.items.push((id, read_values(entry.node, &rule.separators)));
        let written = entry.node.is_list().then(|| entry.node.list()).flatten().unwrap_or_default();
        rule.written
            .extend(written.iter().filter_map(|value| Some((id, value.if_text()?.into(), value.span))));
    }
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

fn read_values(node: TomlValue<'_>, separators: &PathSeparators) -> NeverValues {
    let values = node.list().unwrap_or_default();
    let texts: Vec<&str> = values.iter().filter_map(|value| value.text()).collect();
    for value in &values {
        let is_empty = |text| NeverValues::new([text], separators).iter().next().is_none();
        if value.if_text().is_some_and(is_empty) {
            value.finding(INVALID_VALUE, "an empty value names no product", Some("remove it".to_owned()));
        }
    }
    NeverValues::new(texts, separators)
}
