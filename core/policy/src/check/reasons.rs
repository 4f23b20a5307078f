//! `[reasons]`.

use std::{collections::BTreeMap, sync::Arc};

use jardin_diagnostics::TomlTable;

use super::Names;
use crate::rules::Texts;

pub(super) fn read_reasons(root: &TomlTable<'_>, names: &Names<'_>) -> BTreeMap<Arc<str>, Texts> {
    let Some(table) = root.get("reasons").and_then(|n| n.table("[reasons]")) else {
        return BTreeMap::new();
    };
    let entries = table.entries().into_iter();
    entries
        .map(|entry| (Arc::from(entry.key), names.texts(entry.node, &format!("reason `{}`", entry.key))))
        .collect()
}
