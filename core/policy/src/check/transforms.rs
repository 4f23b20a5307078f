//! In which form a field is granted.

use std::{collections::BTreeMap, sync::Arc};

use jardin_diagnostics::{
    TomlTable, TomlValue,
    codes::{INVALID_VALUE, MISSING_KEY},
    list_names,
};
use jardin_model::{FieldPath, FieldType, Namespace};

use super::{Names, age};
use crate::{
    codes::{TRANSFORM_MISMATCH, UNKNOWN_FIELD, UNKNOWN_TRANSFORM},
    rules::{Age, Edges, FieldId, FieldRule, Transform},
};

/// The transform of a short grant, `"exact"`.
pub(super) fn of_word(node: TomlValue<'_>, names: &Names<'_>) -> Option<Transform> {
    match node.text()? {
        "exact" => Some(Transform::Exact),
        "year" => Some(Transform::Year),
        "yes or no" => Some(Transform::YesOrNo),
        "age band" => Some(Transform::AgeBand { years: 10, from: 20, to: 80 }),
        known if Transform::WORDS.contains(&known) => {
            let help = format!("write it as a table: `{{ as = \"{known}\", … }}`");
            node.finding(MISSING_KEY, format!("`{known}` needs its figures"), Some(help));
            None
        }
        other => {
            names.sink.add_unknown(
                UNKNOWN_TRANSFORM,
                node.span,
                "transform",
                other,
                Transform::WORDS.into_iter(),
            );
            None
        }
    }
}

/// What a table with `as` belongs to; the key `from` means another thing in each.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// A grant: `from` is where the first age band ends.
    Grant,
    /// A derived field: `from` is the field that it is made of.
    Derived,
}

/// The transform of a table with `as`, for a field; whether it fits is checked here.
pub(super) fn of_table(
    table: &TomlTable<'_>,
    of: Of,
    field: &FieldRule,
    names: &Names<'_>,
) -> Option<Transform> {
    let node = table.require("as", "\"exact\"")?;
    let transform = parse(node, table, of, field, names)?;
    fits(&transform, field, node, names).then_some(transform)
}

/// Whether a transform fits a field; a finding where it does not.
pub(super) fn fits(transform: &Transform, field: &FieldRule, node: TomlValue<'_>, names: &Names<'_>) -> bool {
    let of_item = field.path.namespace == Namespace::Item && *transform != Transform::Exact;
    // the learning feed is no form of a value: it exists under `may_learn_from` only
    let is_feed = *transform == Transform::Sessions;
    if !of_item && !is_feed && transform.gives(field.kind).is_some() {
        return true;
    }
    let fitting: Vec<&str> = if of_item {
        vec!["exact"]
    } else {
        Transform::WORDS.into_iter().filter(|w| word_fits(w, field.kind)).collect()
    };
    let message =
        format!("`{}` does not apply to `{}`, which is of type {}", transform.word(), field.path, field.kind);
    names.sink.add(
        TRANSFORM_MISMATCH,
        node.span,
        message,
        Some(format!("what applies is {}", list_names(&fitting))),
    );
    false
}

/// The window of a grant or of a derived field; a finding where nothing of the field has an age.
pub(super) fn newest(table: &TomlTable<'_>, field: &FieldRule) -> Option<Age> {
    let node = table.get("newest")?;
    let has_age = match field.path.namespace {
        Namespace::Subject => &*field.path.name != "id",
        Namespace::Session => field.kind == FieldType::Events,
        Namespace::Context | Namespace::Item | Namespace::Event => false,
    };
    // what a field is made of has an age where the field itself has one
    if !has_age && field.derived.is_none() {
        let message = format!("`{}` has no age that `newest` could limit", field.path);
        node.finding(INVALID_VALUE, message, Some("remove `newest`".to_owned()));
    }
    age(node)
}

fn word_fits(word: &str, kind: FieldType) -> bool {
    matches!(
        (word, kind),
        ("exact" | "yes or no", _)
            | ("year" | "age band", FieldType::Date)
            | ("first characters", FieldType::Text)
            | ("round" | "bucket", FieldType::Number | FieldType::Money)
            | ("generalise", FieldType::Choice)
            | ("top", FieldType::Events | FieldType::Items)
            | ("typical" | "count", FieldType::Events)
            | ("pseudonym", FieldType::Id)
    )
}

fn parse(
    node: TomlValue<'_>,
    table: &TomlTable<'_>,
    of: Of,
    field: &FieldRule,
    names: &Names<'_>,
) -> Option<Transform> {
    let count = |key, least, most| table.require(key, "10").and_then(|n| n.integer(least, most));
    let edges = || table.require("edges", "[25, 50, 100]").and_then(edges);
    match node.text()? {
        "exact" => Some(Transform::Exact),
        "year" => Some(Transform::Year),
        "yes or no" => Some(Transform::YesOrNo),
        "sessions" => Some(Transform::Sessions),
        "age band" => age_band(table, of),
        "first characters" => {
            Some(Transform::FirstCharacters { n: usize::try_from(count("n", 1, 64)?).ok()? })
        }
        "round" => {
            let to = table.require("to", "10")?;
            let figure = to.number()?;
            if figure <= 0.0 {
                to.finding(INVALID_VALUE, "a figure to round to is above 0", None);
                return None;
            }
            Some(Transform::Round { to: figure })
        }
        "bucket" => Some(Transform::Bucket { edges: edges()? }),
        "count" => Some(Transform::Count { edges: edges()? }),
        "generalise" => Some(Transform::Generalise { map: map(table, field, names)? }),
        "top" => {
            let k = usize::try_from(count("k", 1, 1000)?).ok()?;
            Some(Transform::Top { k, of: item_field(table, names, is_named)? })
        }
        "typical" => Some(Transform::Typical { of: item_field(table, names, is_number)?, edges: edges()? }),
        "pseudonym" => Some(Transform::Pseudonym {
            changes_every: table.require("changes_every", "\"30 days\"").and_then(age)?,
        }),
        other => {
            names.sink.add_unknown(
                UNKNOWN_TRANSFORM,
                node.span,
                "transform",
                other,
                Transform::WORDS.into_iter(),
            );
            None
        }
    }
}

fn age_band(table: &TomlTable<'_>, of: Of) -> Option<Transform> {
    let years = table.require("years", "10").and_then(|n| n.integer(5, 50));
    let figure = |key, otherwise| table.get(key).map_or(Some(otherwise), |n| n.integer(1, 120));
    let from = if of == Of::Grant { figure("from", 20)? } else { 20 };
    let to = figure("to", 80)?;
    if from >= to {
        let node = table.get("to").or_else(|| table.get("from"))?;
        node.finding(
            INVALID_VALUE,
            "the last band begins above the first",
            Some("write `from` below `to`".to_owned()),
        );
        return None;
    }
    let short = |n: i64| i16::try_from(n).ok();
    Some(Transform::AgeBand { years: short(years?)?, from: short(from)?, to: short(to)? })
}

fn edges(node: TomlValue<'_>) -> Option<Edges> {
    let figures: Option<Vec<f64>> = node.list()?.iter().map(TomlValue::number).collect();
    let edges = Edges::new(figures?);
    if edges.is_none() {
        node.finding(
            INVALID_VALUE,
            "edges rise from one to the next",
            Some("write such as `[25, 50, 100]`".to_owned()),
        );
    }
    edges
}

/// A map from each choice; total, so that nothing passes as it is.
fn map(table: &TomlTable<'_>, field: &FieldRule, names: &Names<'_>) -> Option<BTreeMap<Arc<str>, Arc<str>>> {
    let node = table.require("map", "{ exact = \"general\" }")?;
    let mut map = BTreeMap::new();
    for entry in node.table("map")?.entries() {
        if !field.choices.iter().any(|c| **c == *entry.key) {
            let known = field.choices.iter().map(|c| &**c);
            names.sink.add_unknown(INVALID_VALUE, entry.span, "choice", entry.key, known);
        }
        map.insert(Arc::from(entry.key), Arc::from(entry.node.text()?));
    }
    let missing: Vec<&str> = field.choices.iter().filter(|c| !map.contains_key(*c)).map(|c| &**c).collect();
    if !missing.is_empty() {
        node.finding(INVALID_VALUE, "the map is not total", Some(format!("add {}", list_names(&missing))));
        return None;
    }
    Some(map)
}

const fn is_named(kind: FieldType) -> bool {
    matches!(kind, FieldType::Id | FieldType::Text | FieldType::Texts | FieldType::Choice)
}

const fn is_number(kind: FieldType) -> bool {
    matches!(kind, FieldType::Number | FieldType::Money)
}

fn item_field(table: &TomlTable<'_>, names: &Names<'_>, fits: fn(FieldType) -> bool) -> Option<FieldId> {
    let node = table.require("of", "\"category\"")?;
    let text = node.text()?;
    let path = FieldPath::new(Namespace::Item, text.strip_prefix("item.").unwrap_or(text));
    let items = || names.fields.iter().filter(|f| f.path.namespace == Namespace::Item);
    let Some(id) = names.by_path.get(&path).copied() else {
        names.sink.add_unknown(UNKNOWN_FIELD, node.span, "item field", text, items().map(|f| &*f.path.name));
        return None;
    };
    if names.rule(id).is_some_and(|f| fits(f.kind)) {
        return Some(id);
    }
    let fitting: Vec<&str> = items().filter(|f| fits(f.kind)).map(|f| &*f.path.name).collect();
    node.finding(
        TRANSFORM_MISMATCH,
        format!("`{text}` is not of a type that this transform counts"),
        Some(format!("fitting are {}", list_names(&fitting))),
    );
    None
}
