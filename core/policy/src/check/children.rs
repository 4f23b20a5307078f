//! `[children]`.

use std::collections::BTreeMap;

use jardin_diagnostics::{TomlTable, TomlValue, codes::INVALID_VALUE};
use jardin_model::{FieldPath, FieldType, Namespace};

use super::Names;
use crate::{
    codes::UNKNOWN_AGE_ADULT,
    rules::{AgesByCountry, ChildRule, FieldId},
};

/// The highest age that protects somebody, in years.
const OLDEST_CHILD: i16 = 25;

pub(super) fn read_children(root: &TomlTable<'_>, names: &Names<'_>) -> Option<ChildRule> {
    let node = root.get("children")?;
    let table = node.table("[children]")?;
    let ages = read_ages(&table);
    let by = table.get("by").and_then(|n| read_countries(n, ages.map_or(1, |ages| ages.0), names));
    let age_from =
        table.get("age_from").and_then(|n| of_type(n, n.text()?, names, Namespace::Subject, FieldType::Date));
    let flags = table.get("also_if").and_then(|n| n.list()).unwrap_or_default();
    let also_if = flags
        .into_iter()
        .filter_map(|n| of_type(n, n.text()?, names, Namespace::Context, FieldType::Flag))
        .collect();
    let unknown = table.require("unknown_age", "\"child\"");
    let unknown_is_child = unknown
        .and_then(|n| n.word("choice for an unknown age", &[("child", true), ("adult", false)]))
        .unwrap_or(true);
    let because = table.text("unknown_because");
    if let Some(node) = unknown.filter(|_| !unknown_is_child && because.is_none()) {
        let help = "write `unknown_because = \"…\"`, or choose \"child\"".to_owned();
        node.finding(
            UNKNOWN_AGE_ADULT,
            "someone of unknown age counts as an adult without a reason given",
            Some(help),
        );
    }
    table.end();
    // ages that failed to parse are a finding already; the policy is refused anyway
    let (consent_from, profiling_from) = ages.unwrap_or((OLDEST_CHILD, OLDEST_CHILD));
    Some(ChildRule {
        consent_from,
        profiling_from,
        by,
        age_from,
        also_if,
        unknown_is_child,
        unknown_because: because,
    })
}

/// From which age answers count, and from which people are profiled; `under` is both.
fn read_ages(table: &TomlTable<'_>) -> Option<(i16, i16)> {
    let age = |key| table.get(key).map(|node| (node, read_age(node)));
    match (age("under"), age("consent_from"), age("profiling_from")) {
        (Some((_, both)), None, None) => both.map(|age| (age, age)),
        (None, Some((_, consent)), Some((_, profiling))) => consent.zip(profiling),
        (Some((node, _)), ..) => {
            let help = "remove `under`, or both of the others".to_owned();
            node.finding(INVALID_VALUE, "`under` is `consent_from` and `profiling_from` in one", Some(help));
            None
        }
        (None, None, None) => {
            let _told = table.require("under", "18");
            None
        }
        (None, consent, _) => {
            let _told =
                table.require(if consent.is_some() { "profiling_from" } else { "consent_from" }, "18");
            None
        }
    }
}

fn read_age(node: TomlValue<'_>) -> Option<i16> {
    node.integer(1, OLDEST_CHILD.into()).and_then(|n| i16::try_from(n).ok())
}

/// `by = { country = { DE = 16 } }`: the age of consent by a field of the person, of the page, or both.
fn read_countries(node: TomlValue<'_>, consent_from: i16, names: &Names<'_>) -> Option<AgesByCountry> {
    let table = node.table("`by`")?;
    let entries = table.entries();
    let [entry] = entries.as_slice() else {
        let help = "write such as `by = { country = { FR = 15, DE = 16 } }`".to_owned();
        node.finding(INVALID_VALUE, "ages differ by one field, that of the country", Some(help));
        return None;
    };
    let declared = [Namespace::Subject, Namespace::Context].map(|space| FieldPath::new(space, entry.key));
    let fields: Vec<FieldId> = declared.iter().filter_map(|path| names.by_path.get(path).copied()).collect();
    let tells = |id: &FieldId| {
        let rule = names.rule(*id);
        rule.is_some_and(|f| matches!(f.kind, FieldType::Choice | FieldType::Text) && f.derived.is_none())
    };
    if fields.is_empty() || !fields.iter().all(tells) {
        let help = format!(
            "declare `{0}` under [fields.subject] or [fields.context], of type choice or text",
            entry.key
        );
        names.sink.add(INVALID_VALUE, entry.span, format!("`{}` tells no country", entry.key), Some(help));
        return None;
    }
    let mut ages = BTreeMap::new();
    for country in entry.node.table("ages by country")?.entries() {
        let can_be = |id: &FieldId| {
            let rule = names.rule(*id);
            rule.is_some_and(|f| f.kind != FieldType::Choice || f.choices.iter().any(|c| **c == *country.key))
        };
        if !fields.iter().any(can_be) {
            let message = format!("`{}` can never be `{}`", entry.key, country.key);
            let help = "write it as the field's `choices` do".to_owned();
            names.sink.add(INVALID_VALUE, country.span, message, Some(help));
        }
        let Some(age) = read_age(country.node) else { continue };
        if age < consent_from {
            let help = format!("write {consent_from} or more, or lower `consent_from`");
            country.node.finding(INVALID_VALUE, "a country only raises the age of consent", Some(help));
        }
        ages.insert(country.key.into(), age);
    }
    Some(AgesByCountry { fields, ages })
}

fn of_type(
    node: TomlValue<'_>,
    text: &str,
    names: &Names<'_>,
    namespace: Namespace,
    kind: FieldType,
) -> Option<FieldId> {
    let id = names.field(text, node.span)?;
    let fits = names
        .rule(id)
        .is_some_and(|f| f.path.namespace == namespace && f.kind == kind && f.derived.is_none());
    if !fits {
        let help = format!("name a plain field of type {kind} under [fields.{}]", namespace.word());
        node.finding(INVALID_VALUE, format!("`{text}` cannot tell this"), Some(help));
    }
    fits.then_some(id)
}
