//! In which form a field is granted: from words and figures to transforms.

use std::sync::Arc;

use jardin_diagnostics::{
    TomlTable, TomlValue,
    codes::{INVALID_VALUE, MISSING_KEY},
    list_names,
};
use jardin_model::{FieldPath, FieldType, Namespace};

use super::Names;
use crate::{
    codes::{TRANSFORM_MISMATCH, UNKNOWN_FIELD, UNKNOWN_TRANSFORM},
    rules::{Age, FieldRule},
    transforms::{Figures, ItemFields, TRANSFORMS, Transform, TransformKind, find_transform},
};

/// The form of a word; a finding where there is none.
fn kind_of(node: TomlValue<'_>, names: &Names<'_>) -> Option<&'static TransformKind> {
    let Some(word) = node.if_text() else {
        node.wrong_type(
            "the form in which it may be read, a text in quotes",
            Some("write `\"exact\"`".to_owned()),
        );
        return None;
    };
    let kind = find_transform(word);
    if kind.is_none() {
        let known = TRANSFORMS.iter().map(|kind| kind.word);
        names.sink.add_unknown(UNKNOWN_TRANSFORM, node.span, "transform", word, known);
    }
    kind
}

/// The transform of a short grant, `"exact"`.
pub(super) fn of_word(node: TomlValue<'_>, names: &Names<'_>) -> Option<Transform> {
    let kind = kind_of(node, names)?;
    let transform = kind.without_figures();
    if transform.is_none() {
        let help = format!("write it as a table: `{{ as = \"{}\", … }}`", kind.word);
        node.finding(MISSING_KEY, format!("`{}` needs its figures", kind.word), Some(help));
    }
    transform
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
    let figures =
        Figures { table, from_is_the_source: of == Of::Derived, choices: &field.choices, item_fields: names };
    let transform = kind_of(node, names)?.with_figures(&figures)?;
    fits(&transform, field, node, names).then_some(transform)
}

/// Whether a transform fits a field; a finding where it does not.
pub(super) fn fits(transform: &Transform, field: &FieldRule, node: TomlValue<'_>, names: &Names<'_>) -> bool {
    let of_item = field.path.namespace == Namespace::Item && !transform.is_exact();
    if !of_item && transform.gives(field.kind).is_some() {
        return true;
    }
    let fitting: Vec<&str> = if of_item {
        vec!["exact"]
    } else {
        TRANSFORMS.iter().filter(|kind| kind.applies_to(field.kind)).map(|kind| kind.word).collect()
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
    Age::read(node)
}

impl ItemFields for Names<'_> {
    fn find(&self, node: TomlValue<'_>, fits: fn(FieldType) -> bool) -> Option<Arc<str>> {
        let text = node.text()?;
        let path = FieldPath::new(Namespace::Item, text.strip_prefix("item.").unwrap_or(text));
        let items = || self.fields.iter().filter(|f| f.path.namespace == Namespace::Item);
        if self.unread.contains(&path) {
            return None;
        }
        let Some(id) = self.by_path.get(&path).copied() else {
            let known = items().map(|f| &*f.path.name);
            self.sink.add_unknown(UNKNOWN_FIELD, node.span, "item field", text, known);
            return None;
        };
        if self.rule(id).is_some_and(|f| fits(f.kind)) {
            return Some(path.name);
        }
        let fitting: Vec<&str> = items().filter(|f| fits(f.kind)).map(|f| &*f.path.name).collect();
        node.finding(
            TRANSFORM_MISMATCH,
            format!("`{text}` is not of a type that this transform counts"),
            Some(format!("fitting are {}", list_names(&fitting))),
        );
        None
    }
}
