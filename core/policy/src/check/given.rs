//! Values that a test gives: what they are, and whether the field that they are given for can hold them.

use jardin_diagnostics::{
    TomlValue,
    codes::{MISSING_KEY, WRONG_TYPE},
};
use jardin_model::{FieldPath, FieldType, Money, Namespace};

use super::Names;
use crate::{
    codes::UNKNOWN_FIELD,
    day::{day, day_and_seconds},
    rules::{FieldId, FieldRule, GivenField, GivenItem, Plain},
};

/// A given value: plain, a list of texts, an item, or a history.
pub(super) fn value(node: TomlValue<'_>, names: &Names<'_>) -> Option<GivenField> {
    if node.is_table() {
        return read_item(node, names).map(|i| GivenField::Items(vec![i], true));
    }
    if !node.is_list() {
        return read_plain(node).map(GivenField::Plain);
    }
    let list = node.list()?;
    if list.iter().any(TomlValue::is_table) {
        return Some(GivenField::Items(
            list.into_iter().filter_map(|n| read_item(n, names)).collect(),
            false,
        ));
    }
    Some(GivenField::List(list.into_iter().filter_map(read_plain).collect()))
}

fn read_plain(node: TomlValue<'_>) -> Option<Plain> {
    let found = node
        .if_text()
        .map(|t| Plain::Text(t.into()))
        .or_else(|| node.if_number().map(Plain::Number))
        .or_else(|| {
            day_and_seconds(node).map(|(date, time)| time.map_or(Plain::Date(date), |s| Plain::Time(date, s)))
        })
        .or_else(|| node.if_flag().map(Plain::Flag));
    if found.is_none() {
        node.finding(WRONG_TYPE, "expected a text, number, date, true or false", None);
    }
    found
}

fn read_item(node: TomlValue<'_>, names: &Names<'_>) -> Option<GivenItem> {
    let mut item = GivenItem::default();
    for entry in node.table("an item")?.entries() {
        match entry.key {
            "on" => item.on = day(entry.node),
            "quantity" => {
                item.quantity = entry.node.integer(1, 1_000_000).and_then(|n| u32::try_from(n).ok())
            }
            name => {
                let known = names.by_path.get(&FieldPath::new(Namespace::Item, name)).copied();
                match known {
                    Some(id) => {
                        let given = plain_or_list(entry.node);
                        if let (Some(given), Some(rule)) = (&given, names.rule(id)) {
                            let whole = match given.as_slice() {
                                [one] if !entry.node.is_list() => GivenField::Plain(one.clone()),
                                list => GivenField::List(list.to_vec()),
                            };
                            fits(&whole, rule, entry.node);
                        }
                        item.fields.extend(given.map(|v| (id, v)));
                    }
                    None => {
                        let fields = names.fields.iter().filter(|f| f.path.namespace == Namespace::Item);
                        let all = fields.map(|f| &*f.path.name).chain(["on", "quantity"]);
                        names.sink.add_unknown(UNKNOWN_FIELD, entry.span, "item field", name, all);
                    }
                }
            }
        }
    }
    let is_id = |(id, _): &(FieldId, Vec<Plain>)| names.rule(*id).is_some_and(|f| f.kind == FieldType::Id);
    if !item.fields.iter().any(is_id) {
        let ids =
            names.fields.iter().filter(|f| f.path.namespace == Namespace::Item && f.kind == FieldType::Id);
        let help = ids.map(|f| format!("write `{} = \"…\"`", f.path.name)).next();
        node.finding(MISSING_KEY, "an item of a test lacks its id", help);
    }
    Some(item)
}

pub(super) fn plain_or_list(node: TomlValue<'_>) -> Option<Vec<Plain>> {
    if node.is_list() {
        Some(node.list()?.into_iter().filter_map(read_plain).collect())
    } else {
        Some(vec![read_plain(node)?])
    }
}

/// Whether a field can hold what a test gives for it; a finding where it cannot, because a value that is left
/// out proves something else.
pub(super) fn fits(given: &GivenField, field: &FieldRule, node: TomlValue<'_>) -> bool {
    let (message, help) = if field.derived.is_some() {
        ("is derived and cannot be given", "give the field that it is made of")
    } else if field.from_clock {
        ("is the clock's and cannot be given", "write `today = 2026-11-20`")
    } else if !holds(given, field) {
        ("cannot hold this value", "give a value of its type")
    } else {
        return true;
    };
    let message = format!("`{}`, of type {}, {message}", field.path, field.kind);
    node.finding(WRONG_TYPE, message, Some(help.to_owned()));
    false
}

fn holds(given: &GivenField, field: &FieldRule) -> bool {
    let are_texts = |list: &[Plain]| list.iter().all(|p| matches!(p, Plain::Text(_)));
    match (given, field.kind) {
        (GivenField::Items(..), FieldType::Events | FieldType::Items)
        | (GivenField::Items(_, true), FieldType::Item) => true,
        (GivenField::List(list), FieldType::Events) => list.is_empty(),
        (GivenField::List(list), FieldType::Texts | FieldType::Items) => are_texts(list),
        (GivenField::Plain(plain), kind) => match (plain, kind) {
            (Plain::Text(text), FieldType::Choice) => field.choices.contains(text),
            (Plain::Text(text), FieldType::Money) => text.parse::<Money>().is_ok(),
            (Plain::Text(_), FieldType::Id | FieldType::Text | FieldType::Item)
            | (Plain::Number(_), FieldType::Number | FieldType::Money)
            | (Plain::Flag(_), FieldType::Flag)
            | (Plain::Date(_), FieldType::Date)
            | (Plain::Time(..), FieldType::Time) => true,
            _ => false,
        },
        _ => false,
    }
}
