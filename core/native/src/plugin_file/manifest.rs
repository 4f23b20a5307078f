//! What a plugin says that it is and needs.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_abi::ABI_MAJOR;
use jardin_contract::Params;
use jardin_diagnostics::{
    FindingSink, Report, TomlTable, TomlValue,
    codes::{INVALID_VALUE, UNSUPPORTED_LANGUAGE},
    read_toml,
};
use jardin_model::FieldPath;

use super::setting_rule::{SettingRule, setting_problems};

/// A plugin's manifest.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// Its name.
    pub name: Arc<str>,
    /// Its version, where it tells one.
    pub version: Option<Arc<str>>,
    /// The fields without which it does not work.
    pub needs: Vec<FieldPath>,
    /// The fields that it reads where they are granted.
    pub may_use: Vec<FieldPath>,
    /// The codes of its reasons; a pick names one by its place, from 1.
    pub reasons: Vec<Arc<str>>,
    /// The sentences that it may say to hold, in order.
    pub notes: Vec<Arc<str>>,
    /// Whether it learns.
    pub learns: bool,
    /// Whether it keeps what the policy says of how people are counted.
    pub counts_people: bool,
    /// The settings that it takes; `None` where it does not tell.
    pub settings: Option<BTreeMap<Arc<str>, SettingRule>>,
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

    /// What is wrong with a strategy's settings, a sentence each; nothing where it does not tell which it takes.
    #[must_use]
    pub fn setting_problems(&self, params: &Params) -> Vec<String> {
        self.settings.as_ref().map(|rules| setting_problems(rules, params)).unwrap_or_default()
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
        reasons: root.get("reasons").map(read_texts).unwrap_or_default(),
        notes: root.get("notes").map(read_texts).unwrap_or_default(),
        learns: root.flag("learns").unwrap_or(false),
        counts_people: root.flag("counts_people").unwrap_or(false),
        version: root.text("version").filter(|version| !version.contains(char::is_control)),
        settings: root.get("settings").and_then(read_settings),
    })
}

/// Texts that are shown to somebody, so that no terminal takes one for an order.
fn read_texts(node: TomlValue<'_>) -> Vec<Arc<str>> {
    let texts = node.texts().unwrap_or_default();
    if texts.iter().any(|(text, _)| text.contains(char::is_control)) {
        let help = "leave out line breaks and control characters".to_owned();
        node.finding(INVALID_VALUE, "a text holds a control character", Some(help));
    }
    texts.into_iter().map(|(text, _)| text.into()).collect()
}

fn read_settings(node: TomlValue<'_>) -> Option<BTreeMap<Arc<str>, SettingRule>> {
    let entries = node.table("settings")?.entries();
    Some(
        entries.into_iter().filter_map(|entry| Some((entry.key.into(), read_setting(entry.node)?))).collect(),
    )
}

fn read_setting(node: TomlValue<'_>) -> Option<SettingRule> {
    let table = node.table("a setting")?;
    let word = table.require("type", "\"number\"").and_then(|node| node.text());
    let number = |key| table.get(key).and_then(|node| node.number());
    let range = number("least").unwrap_or(f64::NEG_INFINITY)..=number("most").unwrap_or(f64::INFINITY);
    table.end();
    let rule = SettingRule::from_word(word?, range);
    if rule.is_none() {
        let help = "write `flag`, `number`, `text` or `texts`".to_owned();
        node.finding(INVALID_VALUE, "the type of a setting is not known", Some(help));
    }
    rule
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
