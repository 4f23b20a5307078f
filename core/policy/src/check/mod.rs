//! From a text to a [`PolicyRules`] policy, collecting every finding.

mod about;
mod children;
mod consents;
mod derived;
mod fields;
mod given;
mod graph;
mod groups;
mod lawful;
mod never;
mod purposes;
mod reasons;
mod reserved;
mod strategies;
mod tests;
mod transforms;

use std::{collections::BTreeMap, sync::Arc};

pub(crate) use about::revision_date;
use jardin_model::{FieldPath, Namespace, Schema, Zone};
pub(crate) use transforms::FORMS;

use crate::{
    Report,
    codes::Code,
    document::{Node, Sink, Table, read},
    rules::{Age, FieldId, FieldRule, PolicyRules, Stop, StrategyName, Texts},
    text::{Span, did_you_mean},
};

/// The longest policy that is read, in bytes.
const LONGEST: usize = 4 << 20;

/// Checks a policy's text.
///
/// # Errors
/// The report with every finding, where one is an error.
pub fn check(file: &str, source: &str) -> Result<(PolicyRules, Report), Report> {
    let sink = Sink::default();
    // a byte order mark is no part of the text
    let text = source.strip_prefix('\u{feff}').unwrap_or(source);
    if text.len() > LONGEST {
        let help = "split the shop: one policy is read aloud by one person".to_owned();
        sink.add(
            Code::Syntax,
            Span::default(),
            format!("the policy is longer than {} MiB", LONGEST >> 20),
            Some(help),
        );
        return Err(sink.report(file, ""));
    }
    let rules = read(text, &sink, |root, sink| whole(root, sink, file));
    let report = sink.report(file, text);
    match rules {
        Some(rules) if !report.has_errors() => Ok((rules, report)),
        _ => Err(report),
    }
}

/// What every part of the check needs to look names up.
pub(crate) struct Names<'a> {
    pub(crate) sink: &'a Sink,
    pub(crate) languages: Vec<Arc<str>>,
    pub(crate) fields: Vec<FieldRule>,
    pub(crate) by_path: BTreeMap<FieldPath, FieldId>,
    pub(crate) groups: BTreeMap<Arc<str>, Vec<FieldId>>,
    pub(crate) consents: Vec<Arc<str>>,
    pub(crate) purposes: Vec<Arc<str>>,
    pub(crate) vendors: Vec<Arc<str>>,
}

fn whole(root: Table<'_>, sink: &Sink, file: &str) -> Option<PolicyRules> {
    language(&root);
    let about = about::read(&root);
    let mut names = Names {
        sink,
        languages: about.languages.clone(),
        fields: Vec::new(),
        by_path: BTreeMap::new(),
        groups: BTreeMap::new(),
        consents: Vec::new(),
        purposes: Vec::new(),
        vendors: about.record.vendors.iter().map(|v| Arc::clone(&v.key)).collect(),
    };
    // names first, so that what refers to them can say which ones there are
    names.consents = keys(&root, "consents");
    names.purposes = keys(&root, "purposes");
    fields::read(&root, &mut names);
    groups::read(&root, &mut names);
    let never = never::read(&root, &names);
    let consents = consents::read(&root, &names);
    let purposes = purposes::read(&root, &names);
    let children = children::read(&root, &names);
    let strategies = strategies::read(&root, &names);
    let reasons = reasons::read(&root, &names);
    let stop = stop(&root, &strategies, about.fallback.as_ref(), sink);
    let tests = tests::read(&root, &names, &strategies, &never);
    let columns = names
        .fields
        .iter()
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
        by_path: names.by_path,
        schema: Arc::new(Schema::new(columns)),
        consents,
        purposes,
        never,
        children,
        strategies,
        stop,
        reasons,
        tests,
    };
    graph::check(&rules, sink);
    lawful::check(&rules, about.fallback_span, sink);
    Some(rules)
}

fn language(root: &Table<'_>) {
    let known = "write `language = 1`: the only version that this engine knows";
    if let Some(node) = root.require("language", "1")
        && node.integer(0, i64::MAX).is_some_and(|n| n != 1)
    {
        node.finding(
            Code::UnsupportedLanguage,
            "this policy language version is not known",
            Some(known.to_owned()),
        );
    }
}

fn keys(root: &Table<'_>, key: &'static str) -> Vec<Arc<str>> {
    let entries = root
        .get(key)
        .filter(Node::is_table)
        .and_then(|n| n.table(key))
        .map(|t| t.entries())
        .unwrap_or_default();
    let mut names: Vec<Arc<str>> = entries.iter().map(|e| Arc::from(e.key)).collect();
    names.sort();
    names
}

fn stop(
    root: &Table<'_>,
    strategies: &BTreeMap<StrategyName, Arc<crate::StrategyRule>>,
    fallback: Option<&StrategyName>,
    sink: &Sink,
) -> Stop {
    let Some(table) = root.get("stop").and_then(|n| n.table("[stop]")) else {
        return Stop::default();
    };
    let everything = table.flag("everything").unwrap_or(false);
    let mut named = Vec::new();
    for (text, span) in table.get("strategies").and_then(|n| n.texts()).unwrap_or_default() {
        match strategies.get_key_value(text) {
            Some((name, _)) if Some(name) == fallback => {
                let help =
                    "name another fallback first, or leave this one running: it reads nothing about a person"
                        .to_owned();
                sink.add(
                    Code::StopNamesFallback,
                    span,
                    format!("`{text}` is the fallback and cannot be stopped"),
                    Some(help),
                );
            }
            Some((name, _)) => named.push(name.clone()),
            None => unknown(
                sink,
                Code::UnknownStrategy,
                span,
                "strategy",
                text,
                strategies.keys().map(StrategyName::as_str),
            ),
        }
    }
    table.end();
    Stop { everything, strategies: named }
}

/// Of how many known names the nearest is looked for.
const MOST_KNOWN: usize = 20_000;

/// Adds a finding about a name that does not exist.
pub(crate) fn unknown<K: AsRef<str>>(
    sink: &Sink,
    code: Code,
    span: Span,
    what: &str,
    name: &str,
    known: impl Iterator<Item = K>,
) {
    let known: Vec<K> = if sink.may_compare(1) { known.take(MOST_KNOWN).collect() } else { Vec::new() };
    let known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    let help = if !sink.may_compare(known.len()) {
        None
    } else if let Some(meant) = did_you_mean(name, known.iter().copied()) {
        Some(format!("did you mean `{meant}`?"))
    } else if known.is_empty() {
        Some(format!("no {what} is declared"))
    } else {
        Some(format!("declared are {}", listed(&known)))
    };
    sink.add(code, span, format!("unknown {what} `{name}`"), help);
}

/// Up to a dozen names in backticks.
pub(crate) fn listed(names: &[&str]) -> String {
    let mut text = names.iter().take(12).map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
    if names.len() > 12 {
        text.push_str(", …");
    }
    text
}

impl Names<'_> {
    /// The declared field of that path; a finding where there is none.
    pub(crate) fn field(&self, text: &str, span: Span) -> Option<FieldId> {
        let found = text.parse::<FieldPath>().ok().and_then(|path| self.by_path.get(&path).copied());
        if found.is_none() {
            let known = self.by_path.keys().map(ToString::to_string);
            unknown(self.sink, Code::UnknownField, span, "field", text, known);
        }
        found
    }

    pub(crate) fn rule(&self, id: FieldId) -> Option<&FieldRule> {
        self.fields.get(id.0)
    }

    /// A text in each of the policy's languages.
    pub(crate) fn texts(&self, node: Node<'_>, name: &str) -> Texts {
        let Some(table) = node.table(name) else {
            return Texts::default();
        };
        let mut texts = BTreeMap::new();
        for entry in table.entries() {
            if !self.languages.iter().any(|l| **l == *entry.key) {
                let help = format!(
                    "the policy's languages are {}",
                    listed(&self.languages.iter().map(|l| &**l).collect::<Vec<_>>())
                );
                self.sink.add(
                    Code::InvalidValue,
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
            self.sink.add(
                Code::MissingText,
                node.span,
                format!("{name} has no text in `{language}`"),
                Some(help),
            );
        }
        Texts(texts)
    }
}

/// A span of time such as `90 days`.
pub(crate) fn age(node: Node<'_>) -> Option<Age> {
    let text = node.text()?;
    let age = Age::parse(text);
    if age.is_none() {
        let help =
            "write a whole number and a unit: `30 minutes`, `90 days`, `24 months`, `5 years`".to_owned();
        node.finding(Code::InvalidValue, format!("`{text}` is no span of time"), Some(help));
    }
    age
}

/// A word of a closed list.
pub(crate) fn word<T: Copy>(node: Node<'_>, what: &str, words: &[(&str, T)]) -> Option<T> {
    let text = node.text()?;
    let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
    if found.is_none() {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let help = did_you_mean(text, known.iter().copied())
            .map_or_else(|| format!("one of {}", listed(&known)), |m| format!("did you mean `{m}`?"));
        node.finding(Code::InvalidValue, format!("`{text}` is no {what}"), Some(help));
    }
    found
}
