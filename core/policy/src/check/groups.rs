//! `[groups]`, and names of groups and purposes looked up.

use jardin_diagnostics::{Span, TomlTable, TomlValue, did_you_mean, list_names};
use jardin_model::Namespace;

use super::Names;
use crate::{
    codes::{NAME_COLLISION, UNKNOWN_GROUP, UNKNOWN_PURPOSE},
    rules::{FieldId, PurposeId},
};

/// The groups, each a list of declared fields.
pub(super) fn read_groups(root: &TomlTable<'_>, names: &mut Names<'_>) {
    let Some(table) = root.get("groups").and_then(|n| n.table("[groups]")) else {
        return;
    };
    for entry in table.entries() {
        if Namespace::from_word(entry.key).is_some() || entry.key.contains('.') {
            let help = "choose a name that no field can have".to_owned();
            names.sink.add(
                NAME_COLLISION,
                entry.span,
                format!("a group cannot be called `{}`", entry.key),
                Some(help),
            );
            continue;
        }
        let members = entry.node.texts().unwrap_or_default();
        let ids = members.into_iter().filter_map(|(text, span)| names.field(text, span)).collect();
        names.groups.insert(entry.key.into(), ids);
    }
}

impl Names<'_> {
    /// The purpose of that name; a finding where there is none.
    pub(super) fn purpose(&self, node: TomlValue<'_>) -> Option<PurposeId> {
        let text = node.text()?;
        let found = self.purposes.iter().position(|p| **p == *text).map(PurposeId);
        if found.is_none() {
            self.sink.add_unknown(
                UNKNOWN_PURPOSE,
                node.span,
                "purpose",
                text,
                self.purposes.iter().map(|p| &**p),
            );
        }
        found
    }

    /// The fields of a group; a finding where there is none.
    pub(super) fn group(&self, text: &str, span: Span) -> Option<&[FieldId]> {
        let found = self.groups.get(text).map(Vec::as_slice);
        if found.is_none() {
            let groups: Vec<&str> = self.groups.keys().map(|g| &**g).collect();
            let help = match did_you_mean(text, groups.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None if groups.is_empty() => {
                    "name a field with its namespace, such as `\"item.brand\"`: no group is declared"
                        .to_owned()
                }
                None => format!(
                    "name a field with its namespace, such as `\"item.brand\"`, or a group: {}",
                    list_names(&groups)
                ),
            };
            self.sink.add(UNKNOWN_GROUP, span, format!("unknown group `{text}`"), Some(help));
        }
        found
    }
}
