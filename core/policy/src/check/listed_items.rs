//! `items` of `[never]` and `[discreet]`: products named by values of their fields.

use jardin_diagnostics::{TomlEntry, TomlTable, TomlValue, codes::INVALID_VALUE};
use jardin_model::{FieldType, Namespace};

use super::Names;
use crate::rules::{FieldId, ListedItems, ListedValues, NeverRule, PathSeparators};

/// Products with which what a person does counts within that visit alone. What `[never]` names already would say nothing
/// here.
pub(super) fn read_discreet(root: &TomlTable<'_>, names: &Names<'_>, never: &NeverRule) -> ListedItems {
    let Some(table) = root.get("discreet").and_then(|n| n.table("[discreet]")) else {
        return ListedItems::default();
    };
    let items = read_listed_items(&table, names, &never.separators);
    for (id, text, span) in items.written() {
        if never.items.of_field(*id).is_some_and(|values| values.find_listed(text).is_some()) {
            let help = "remove it here: it is not stored at all".to_owned();
            names.sink.add(
                INVALID_VALUE,
                *span,
                format!("`{text}` stands under [never] already"),
                Some(help),
            );
        }
    }
    table.end();
    items
}

/// The products of `items`.
pub(super) fn read_listed_items(
    table: &TomlTable<'_>,
    names: &Names<'_>,
    separators: &PathSeparators,
) -> ListedItems {
    let items = table.get("items").and_then(|n| n.table("items")).map(|t| t.entries()).unwrap_or_default();
    let (mut values, mut written) = (Vec::new(), Vec::new());
    for entry in items {
        let Some(id) = naming_field(&entry, names) else { continue };
        values.push((id, read_values(entry.node, separators)));
        let listed = entry.node.is_list().then(|| entry.node.list()).flatten().unwrap_or_default();
        written.extend(listed.iter().filter_map(|value| Some((id, value.if_text()?.into(), value.span))));
    }
    ListedItems::new(values, written)
}

/// The item field of an entry, by whose values products are named.
fn naming_field(entry: &TomlEntry<'_>, names: &Names<'_>) -> Option<FieldId> {
    if Namespace::from_word(entry.key).is_some() && entry.node.is_table() {
        let help = "put the name in quotes: `\"item.category\" = [\"…\"]`".to_owned();
        names.sink.add(INVALID_VALUE, entry.span, "a field's name stands in quotes here", Some(help));
        return None;
    }
    let id = names.field(entry.key, entry.span)?;
    let naming = [FieldType::Id, FieldType::Text, FieldType::Texts, FieldType::Choice];
    if names.rule(id).is_some_and(|f| f.path.namespace == Namespace::Item && naming.contains(&f.kind)) {
        return Some(id);
    }
    let help = "name a field of type text or texts of the catalogue".to_owned();
    names.sink.add(INVALID_VALUE, entry.span, format!("`{}` cannot name products", entry.key), Some(help));
    None
}

fn read_values(node: TomlValue<'_>, separators: &PathSeparators) -> ListedValues {
    let values = node.list().unwrap_or_default();
    let texts: Vec<&str> = values.iter().filter_map(|value| value.text()).collect();
    for value in &values {
        let is_empty = |text| ListedValues::new([text], separators).iter().next().is_none();
        if value.if_text().is_some_and(is_empty) {
            value.finding(INVALID_VALUE, "an empty value names no product", Some("remove it".to_owned()));
        }
    }
    ListedValues::new(texts, separators)
}
