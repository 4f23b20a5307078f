//! `[groups]`, and names of groups and purposes looked up.

use jardin_model::Namespace;

use super::{Names, listed, unknown};
use crate::{
    codes::Code,
    document::{Node, Table},
    rules::{FieldId, PurposeId},
    text::Span,
};

/// The groups, each a list of declared fields.
pub(super) fn read(root: &Table<'_>, names: &mut Names<'_>) {
    let Some(table) = root.get("groups").and_then(|n| n.table("[groups]")) else {
        return;
    };
    for entry in table.entries() {
        if Namespace::from_word(entry.key).is_some() || entry.key.contains('.') {
            let help = "choose a name that no field can have".to_owned();
            names.sink.add(
                Code::NameCollision,
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
    pub(super) fn purpose(&self, node: Node<'_>) -> Option<PurposeId> {
        let text = node.text()?;
        let found = self.purposes.iter().position(|p| **p == *text).map(PurposeId);
        if found.is_none() {
            unknown(
                self.sink,
                Code::UnknownPurpose,
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
            let help = match crate::text::did_you_mean(text, groups.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None if groups.is_empty() => {
                    "name a field with its namespace, such as `\"item.brand\"`: no group is declared"
                        .to_owned()
                }
                None => format!(
                    "name a field with its namespace, such as `\"item.brand\"`, or a group: {}",
                    listed(&groups)
                ),
            };
            self.sink.add(Code::UnknownGroup, span, format!("unknown group `{text}`"), Some(help));
        }
        found
    }
}
