//! From a text to a [`PolicyRules`] policy, collecting every finding.

mod about;
mod approvers;
mod children;
mod consents;
mod derived;
mod fields;
mod forms;
mod given;
mod graph;
mod groups;
mod lawful;
mod learning;
mod listed_items;
mod never;
mod parties;
mod purposes;
mod reasons;
mod reserved;
mod restraint;
mod stop;
mod strategies;
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_diagnostics::{
    FindingSink, Report, Span, TomlTable, TomlValue,
    codes::{INVALID_VALUE, SYNTAX, UNSUPPORTED_LANGUAGE},
    list_names, read_toml,
};
use jardin_model::{FieldPath, Namespace, Schema, Zone};

use crate::{
    codes::{MISSING_TEXT, UNKNOWN_FIELD},
    rules::{FieldId, FieldRule, PolicyRules, Texts},
};

pub(crate) use stop::read_stop;

/// The longest policy that is read, in bytes.
const LONGEST: usize = 4 << 20;

/// Checks a policy's text.
///
/// # Errors
/// The report with every finding, where one is an error.
pub fn check(file: &str, source: &str) -> Result<(PolicyRules, Report), Report> {
    let sink = FindingSink::default();
    // a byte order mark is no part of the text
    let text = source.strip_prefix('\u{feff}').unwrap_or(source);
    if text.len() > LONGEST {
        let help = "split the policy into one per shop".to_owned();
        sink.add(
            SYNTAX,
            Span::default(),
            format!("the policy is longer than {} MiB", LONGEST >> 20),
            Some(help),
        );
        return Err(sink.report(file, ""));
    }
    let rules = read_toml(text, &sink, |root, sink| read_policy(root, sink, file));
    let report = sink.report(file, text);
    match rules {
        Some(rules) if !report.has_errors() => Ok((rules, report)),
        _ => Err(report),
    }
}

/// What every part of the check needs to look names up.
pub(crate) struct Names<'a> {
    pub(crate) sink: &'a FindingSink,
    pub(crate) languages: Vec<Arc<str>>,
    pub(crate) fields: Vec<FieldRule>,
    pub(crate) by_path: BTreeMap<FieldPath, FieldId>,
    /// Fields whose declaration could not be read, which is a finding already: what names them is none.
    pub(crate) unread: BTreeSet<FieldPath>,
    pub(crate) groups: BTreeMap<Arc<str>, Vec<FieldId>>,
    pub(crate) consents: Vec<Arc<str>>,
    pub(crate) purposes: Vec<Arc<str>>,
    pub(crate) vendors: Vec<Arc<str>>,
}

fn read_policy(root: TomlTable<'_>, sink: &FindingSink, file: &str) -> Option<PolicyRules> {
    check_language(&root);
    let about = about::read_about(&root);
    let mut names = Names {
        sink,
        languages: about.languages.clone(),
        fields: Vec::new(),
        by_path: BTreeMap::new(),
        unread: BTreeSet::new(),
        groups: BTreeMap::new(),
        consents: Vec::new(),
        purposes: Vec::new(),
        vendors: about.record.vendors.iter().map(|v| Arc::clone(&v.key)).collect(),
    };
    // names first, so that what refers to them can say which ones there are
    names.consents = read_keys(&root, "consents");
    names.purposes = read_keys(&root, "purposes");
    fields::read_fields(&root, &mut names);
    groups::read_groups(&root, &mut names);
    let never = never::read_never(&root, &names);
    let discreet = listed_items::read_discreet(&root, &names, &never);
    let consents = consents::read_consents(&root, &names);
    let purposes = purposes::read_purposes(&root, &names);
    let children = children::read_children(&root, &names);
    let restraint = restraint::read_restraint(&root, &names);
    let strategies = strategies::read_strategies(&root, &names);
    let reasons = reasons::read_reasons(&root, &names);
    let stop = read_stop(&root, &strategies, about.fallback.as_ref(), sink);
    let tests = tests::read_tests(&root, &names, &strategies, &never);
    // by path, so that another order of the text changes neither a column's place nor a grant digest
    let columns = names
        .by_path
        .values()
        .filter_map(|id| names.rule(*id))
        .filter(|f| f.path.namespace == Namespace::Item)
        .filter_map(fields::column)
        .collect();
    root.end();
    let rules = PolicyRules {
        file: file.into(),
        revision: about.revision,
        controller: about.controller,
        contact: about.contact,
        record: about.record,
        languages: about.languages,
        zone: about.zone.unwrap_or_else(Zone::utc),
        session_ends_after: about.session_ends_after,
        account_ends_after: about.account_ends_after,
        // one that could not be read is a finding already
        fallback: about.fallback?,
        fields: names.fields,
        by_name: fields::fields_by_name(&names.by_path),
        by_path: names.by_path,
        schema: Arc::new(Schema::new(columns)),
        consents,
        purposes,
        never,
        discreet,
        restraint,
        children,
        strategies,
        stop,
        reasons,
        tests,
    };
    graph::check_graph(&rules, sink);
    lawful::check_lawful(&rules, about.fallback_span, sink);
    Some(rules)
}

/// The version of the policy language that this engine knows, `language` in policy.toml.
pub const LANGUAGE_VERSION: u32 = 1;

fn check_language(root: &TomlTable<'_>) {
    let known = format!("write `language = {LANGUAGE_VERSION}`: the only version that this engine knows");
    if let Some(node) = root.require("language", "1")
        && node.integer(0, i64::MAX).is_some_and(|n| n != i64::from(LANGUAGE_VERSION))
    {
        node.finding(UNSUPPORTED_LANGUAGE, "this policy language version is not known", Some(known));
    }
}

fn read_keys(root: &TomlTable<'_>, key: &'static str) -> Vec<Arc<str>> {
    let entries = root
        .get(key)
        .filter(TomlValue::is_table)
        .and_then(|n| n.table(key))
        .map(|t| t.entries())
        .unwrap_or_default();
    let mut names: Vec<Arc<str>> = entries.iter().map(|e| Arc::from(e.key)).collect();
    names.sort();
    names
}

impl Names<'_> {
    /// The declared field of that path; a finding where there is none.
    pub(crate) fn field(&self, text: &str, span: Span) -> Option<FieldId> {
        let path = text.parse::<FieldPath>().ok();
        let found = path.as_ref().and_then(|path| self.by_path.get(path).copied());
        if found.is_none() && !path.is_some_and(|path| self.unread.contains(&path)) {
            let known = self.by_path.keys().map(ToString::to_string);
            self.sink.add_unknown(UNKNOWN_FIELD, span, "field", text, known);
        }
        found
    }

    pub(crate) fn rule(&self, id: FieldId) -> Option<&FieldRule> {
        self.fields.get(id.0)
    }

    /// A text in each of the policy's languages.
    pub(crate) fn texts(&self, node: TomlValue<'_>, name: &str) -> Texts {
        let Some(table) = node.table(name) else {
            return Texts::default();
        };
        let mut texts = BTreeMap::new();
        for entry in table.entries() {
            if !self.languages.iter().any(|l| **l == *entry.key) {
                let help = format!(
                    "the policy's languages are {}",
                    list_names(&self.languages.iter().map(|l| &**l).collect::<Vec<_>>())
                );
                self.sink.add(
                    INVALID_VALUE,
                    entry.span,
                    format!("`{}` is not one of the policy's languages", entry.key),
                    Some(help),
                );
            }
            if let Some(text) = entry.node.text().filter(|text| !text.trim().is_empty()) {
                texts.insert(Arc::from(entry.key), Arc::from(text));
            }
        }
        for language in self.languages.iter().filter(|l| !texts.contains_key(*l)) {
            let help = format!("add `{language} = \"…\"`");
            self.sink.add(MISSING_TEXT, node.span, format!("{name} has no text in `{language}`"), Some(help));
        }
        Texts(texts)
    }
}
