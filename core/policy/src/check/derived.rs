//! Fields that are made of other ones: derived values of a person, and counts over people.

use jardin_diagnostics::{Span, TomlTable, codes::INVALID_VALUE};
use jardin_model::{FieldPath, FieldType, Namespace};

use super::{
    Names,
    forms::{self, Of},
};
use crate::rules::{Derived, FieldId, FieldRule, PopularityRule};

/// A field with `from`: its class and keep are those of the field that it is made of.
pub(super) fn made_of(
    path: FieldPath,
    span: Span,
    table: &TomlTable<'_>,
    names: &Names<'_>,
) -> Option<FieldRule> {
    let node = table.get("from")?;
    let from = names.field(node.text()?, node.span)?;
    let source = names.rule(from)?;
    let stored = !matches!(path.namespace, Namespace::Item | Namespace::Event);
    if !stored || source.path.namespace != path.namespace || source.derived.is_some() {
        let help =
            "it is made of a plain field of the same namespace, of subject, session or context".to_owned();
        names.sink.add(
            INVALID_VALUE,
            node.span,
            format!("`{path}` cannot be made of `{}`", source.path),
            Some(help),
        );
        return None;
    }
    let transform = forms::of_table(table, Of::Derived, source, names)?;
    let newest = forms::newest(table, source);
    Some(FieldRule {
        kind: transform.gives(source.kind)?,
        class: source.class,
        keep: source.keep,
        of: Vec::new(),
        at_most: source.at_most,
        choices: transform.possible_choices(&source.choices),
        always: false,
        from_clock: false,
        source: source.source.clone(),
        category: source.category.clone(),
        derived: Some(Derived { from, transform, newest }),
        popularity: None,
        path,
        span,
    })
}

/// A number that the host counts over people: `derived_from`, `purpose`, `at_least_people`.
pub(super) fn popularity(table: &TomlTable<'_>, id: FieldId, names: &Names<'_>) -> Option<PopularityRule> {
    let node = table.get("derived_from")?;
    let field = names.rule(id)?;
    if field.path.namespace != Namespace::Item || field.kind != FieldType::Number || field.always {
        let help = "declare it as a number under [fields.item], without `always`".to_owned();
        node.finding(INVALID_VALUE, format!("`{}` cannot hold a count over people", field.path), Some(help));
    }
    let mut from = Vec::new();
    for (text, span) in node.texts()? {
        let Some(id) = names.field(text, span) else {
            continue;
        };
        if names
            .rule(id)
            .is_some_and(|f| f.kind == FieldType::Events && f.path.namespace == Namespace::Subject)
        {
            from.push(id);
        } else {
            let help = "name histories of people, such as `subject.purchases`".to_owned();
            names.sink.add(
                INVALID_VALUE,
                span,
                format!("`{text}` is not a history that can be counted"),
                Some(help),
            );
        }
    }
    let purpose = table.require("purpose", "\"improve\"").and_then(|n| names.purpose(n));
    let people = table.require("at_least_people", "50").and_then(|n| n.integer(1, 1_000_000_000));
    Some(PopularityRule { from, purpose: purpose?, at_least_people: u32::try_from(people?).ok()? })
}
