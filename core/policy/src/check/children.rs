//! `[children]`.

use jardin_diagnostics::{TomlTable, TomlValue, codes::INVALID_VALUE};
use jardin_model::{FieldType, Namespace};

use super::Names;
use crate::{
    codes::UNKNOWN_AGE_ADULT,
    rules::{ChildRule, FieldId},
};

pub(super) fn read_children(root: &TomlTable<'_>, names: &Names<'_>) -> Option<ChildRule> {
    let node = root.get("children")?;
    let table = node.table("[children]")?;
    let under =
        table.require("under", "18").and_then(|n| n.integer(1, 25)).and_then(|n| i16::try_from(n).ok());
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
    Some(ChildRule { under: under?, age_from, also_if, unknown_is_child, unknown_because: because })
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
