//! What a plugin says that it is and needs.

use std::{collections::BTreeSet, sync::Arc};

use jardin_abi::ABI_MAJOR;
use jardin_diagnostics::{
    FindingSink, Report, TomlTable, TomlValue,
    codes::{INVALID_VALUE, UNSUPPORTED_LANGUAGE},
    read_toml,
};
use jardin_model::FieldPath;

/// A plugin's manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Its name.
    pub name: Arc<str>,
    /// The fields without which it does not work.
    pub needs: Vec<FieldPath>,
    /// The fields that it reads where they are granted.
    pub may_use: Vec<FieldPath>,
    /// The codes of its reasons; a pick names one by its place, from 1.
    pub reasons: Vec<Arc<str>>,
    /// Whether it learns.
    pub learns: bool,
}

impl Manifest {
    /// Reads a manifest, as it stands in the section `.jardin`.
    ///
    /// # Errors
    /// The report of everything that is wrong with it.
    pub fn parse(file: &str, source: &str) -> Result<Self, Report> {
        let sink = FindingSink::default();
        let manifest = read_toml(source, &sink, |root, _| {
            let manifest = read_manifest(&root);
            root.end();
            manifest
        });
        let report = sink.report(file, source);
        match manifest {
            Some(manifest) if !report.has_errors() => Ok(manifest),
            _ => Err(report),
        }
    }

    /// Every field that it declares; no other is sent to it.
    #[must_use]
    pub fn declared_fields(&self) -> BTreeSet<FieldPath> {
        self.needs.iter().chain(&self.may_use).cloned().collect()
    }

    /// True where it may be sent that field: declared by it; the policy's grant is asked elsewhere.
    pub(crate) fn declares(&self, path: &FieldPath) -> bool {
        self.needs.contains(path) || self.may_use.contains(path)
    }
}

fn read_manifest(root: &TomlTable<'_>) -> Option<Manifest> {
    if let Some(node) = root.require("manifest", "1") {
        require_version(node, 1, "version of the manifest");
    }
    if let Some(node) = root.require("abi", "1") {
        require_version(node, i64::from(ABI_MAJOR), "version of the binary interface");
    }
    let name = root.require("name", "\"…\"").and_then(|n| n.text())?;
    Some(Manifest {
        name: name.into(),
        needs: root.get("needs").map(read_fields).unwrap_or_default(),
        may_use: root.get("may_use").map(read_fields).unwrap_or_default(),
        reasons: root
            .get("reasons")
            .and_then(|n| n.texts())
            .unwrap_or_default()
            .into_iter()
            .map(|(text, _)| text.into())
            .collect(),
        learns: root.flag("learns").unwrap_or(false),
    })
}

fn require_version(node: TomlValue<'_>, known: i64, what: &str) {
    if node.if_integer() != Some(known) {
        let help =
            format!("this host knows {known}: build the plugin with the SDK or header of that version");
        node.finding(UNSUPPORTED_LANGUAGE, format!("the {what} is not known"), Some(help));
    }
}

fn read_fields(node: TomlValue<'_>) -> Vec<FieldPath> {
    let mut fields = Vec::new();
    for text in node.list().unwrap_or_default() {
        match text.text().map(str::parse) {
            Some(Ok(path)) => fields.push(path),
            Some(Err(error)) => text.finding(INVALID_VALUE, format!("{error}"), None),
            None => {}
        }
    }
    fields
}
