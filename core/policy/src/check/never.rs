//! `[never]`.

use std::{collections::BTreeSet, sync::Arc};

use jardin_model::{FieldPath, FieldType, Namespace};

use super::Names;
use crate::{
    codes::Code,
    document::{Node, Table},
    valid::{NeverRule, fold},
};

/// The fields that may not be declared; read before any declaration is looked at.
pub(super) fn fields(root: &Table<'_>) -> BTreeSet<FieldPath> {
    let table = root.get("never").filter(Node::is_table).and_then(|n| n.table("[never]"));
    let texts = table
        .and_then(|t| t.get("fields"))
        .filter(Node::is_list)
        .and_then(|n| n.list())
        .unwrap_or_default();
    texts.iter().filter_map(|n| n.if_text()?.parse().ok()).collect()
}

pub(super) fn read(root: &Table<'_>, names: &Names<'_>) -> NeverRule {
    let mut rule = NeverRule {
        fields: fields(root),
        items: Vec::new(),
    };
    let Some(table) = root.get("never").and_then(|n| n.table("[never]")) else {
        return rule;
    };
    for (text, span) in table.get("fields").and_then(|n| n.texts()).unwrap_or_default() {
        if let Err(error) = text.parse::<FieldPath>() {
            names.sink.add(
                Code::InvalidValue,
                span,
                error.to_string(),
                Some("write such as `\"subject.email\"`".to_owned()),
            );
        }
    }
    let items = table
        .get("items")
        .and_then(|n| n.table("items"))
        .map(|t| t.entries())
        .unwrap_or_default();
    for entry in items {
        if Namespace::from_word(entry.key).is_some() && entry.node.is_table() {
            let help = "put the name in quotes: `\"item.category\" = [\"…\"]`".to_owned();
            names
                .sink
                .add(Code::InvalidValue, entry.span, "a field's name stands in quotes here", Some(help));
            continue;
        }
        let Some(id) = names.field(entry.key, entry.span) else { continue };
        let named = [FieldType::Id, FieldType::Text, FieldType::Texts, FieldType::Choice];
        if names
            .rule(id)
            .is_none_or(|f| f.path.namespace != Namespace::Item || !named.contains(&f.kind))
        {
            let help = "name a field of type text or texts of the catalogue".to_owned();
            names.sink.add(
                Code::InvalidValue,
                entry.span,
                format!("`{}` cannot name products", entry.key),
                Some(help),
            );
            continue;
        }
        let values: BTreeSet<Arc<str>> = entry.node.texts().unwrap_or_default().into_iter().map(|(t, _)| folded(t)).collect();
        rule.items.push((id, values));
    }
    table.end();
    rule
}

fn folded(text: &str) -> Arc<str> {
    fold(text).split('/').map(str::trim).collect::<Vec<_>>().join("/").into()
}
