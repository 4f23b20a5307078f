//! `[consents.*]`.

use std::{collections::BTreeMap, sync::Arc};

use jardin_diagnostics::{Span, TomlTable, TomlValue, codes::INVALID_VALUE};
use jardin_model::{DAY_MS, OWN_CHOICE_PREFIX};

use super::Names;
use crate::{
    codes::{LONG_CONSENT, MISSING_TEXT},
    rules::{Age, ConsentRule, SignalRule, Texts},
};

/// A yes that counts for longer is told: our choice, for no law names a limit.
const LONGEST_REMEMBERED: Age = Age::Months(25);

/// How long what rested on a yes is kept where the policy does not say it, and how long at most.
const USUAL_REST: Age = Age::Ms(30 * DAY_MS);
const LONGEST_REST: Age = Age::Ms(60 * DAY_MS);

/// The most consents: flags hold a bit each.
const MOST: usize = 64;

pub(super) fn read_consents(root: &TomlTable<'_>, names: &Names<'_>) -> Vec<ConsentRule> {
    let Some(table) = root.get("consents").and_then(|n| n.table("[consents]")) else {
        return Vec::new();
    };
    let mut rules: Vec<ConsentRule> = table
        .entries()
        .into_iter()
        .filter_map(|entry| read_consent(entry.key, entry.span, entry.node, names))
        .collect();
    if rules.len() > MOST {
        names.sink.add(INVALID_VALUE, table.span, format!("more than {MOST} consents are declared"), None);
    }
    rules.sort_by(|a, b| a.name.cmp(&b.name));
    rules
}

fn read_consent(name: &str, span: Span, node: TomlValue<'_>, names: &Names<'_>) -> Option<ConsentRule> {
    if name.starts_with(OWN_CHOICE_PREFIX) {
        let message =
            format!("names that begin with `{OWN_CHOICE_PREFIX}` are of what people decide by themselves");
        let help = Some("give the question another name, such as `personalisation`".to_owned());
        names.sink.add(INVALID_VALUE, span, message, help);
    }
    let table = node.table(format!("[consents.{name}]"))?;
    let texts = table.require("texts", "[\"2026-10\"]").map(read_versions).unwrap_or_default();
    let lasts = table.require("lasts", "\"180 days\"").and_then(read_lasts);
    let rests_for = table.get("rests_for").and_then(read_rest);
    let ask_again_after = table.get("ask_again_after").and_then(Age::read);
    let wording = table.get("wording").map(|n| read_wording(n, &texts, names)).unwrap_or_default();
    let signals = table.get("signals").and_then(|n| read_signals(n, names));
    table.end();
    // a consent that failed to parse still holds its number, so that the others keep theirs; the policy is
    // refused anyway
    Some(ConsentRule {
        name: name.into(),
        texts,
        lasts: lasts.unwrap_or(Age::Ms(1)),
        rests_for: rests_for.unwrap_or(USUAL_REST),
        ask_again_after,
        wording,
        signals,
        span,
    })
}

/// The versions of a question that count.
fn read_versions(node: TomlValue<'_>) -> Vec<Arc<str>> {
    let is_empty = node.is_list() && node.list().is_some_and(|list| list.is_empty());
    if is_empty {
        let help = "name the version of the question that people see: `texts = [\"2026-10\"]`".to_owned();
        node.finding(INVALID_VALUE, "no yes to this question can ever count", Some(help));
    }
    node.texts().unwrap_or_default().into_iter().map(|(text, _)| Arc::from(text)).collect()
}

/// What people are asked: a text for each version that counts, in each language.
fn read_wording(node: TomlValue<'_>, texts: &[Arc<str>], names: &Names<'_>) -> BTreeMap<Arc<str>, Texts> {
    let mut wording = BTreeMap::new();
    for entry in node.table("wording").map(|t| t.entries()).unwrap_or_default() {
        if !texts.iter().any(|version| **version == *entry.key) {
            let help = "add the version to `texts`, or remove its wording".to_owned();
            let message = format!("a yes to `{}` does not count", entry.key);
            names.sink.add(INVALID_VALUE, entry.span, message, Some(help));
        }
        wording.insert(Arc::from(entry.key), names.texts(entry.node, &format!("`{}`", entry.key)));
    }
    if let Some(unsaid) = texts.iter().find(|version| !wording.contains_key(*version)) {
        let help = format!("add `\"{unsaid}\" = {{ … }}` with what people were asked");
        names.sink.add(MISSING_TEXT, node.span, format!("version `{unsaid}` has no wording"), Some(help));
    }
    wording
}

fn read_rest(node: TomlValue<'_>) -> Option<Age> {
    let rest = Age::read(node)?;
    if rest.approximate_days() > LONGEST_REST.approximate_days() {
        let help = format!("write {LONGEST_REST} or less: what nothing permits to use is not kept in stock");
        node.finding(INVALID_VALUE, format!("what nobody agreed to would rest for {rest}"), Some(help));
    }
    Some(rest)
}

fn read_lasts(node: TomlValue<'_>) -> Option<Age> {
    let lasts = Age::read(node)?;
    if lasts.approximate_days() > LONGEST_REMEMBERED.approximate_days() {
        let help = format!("ask again after {LONGEST_REMEMBERED} at most, or sooner");
        node.finding(LONG_CONSENT, format!("a yes would count for {lasts}"), Some(help));
    }
    Some(lasts)
}

fn read_signals(node: TomlValue<'_>, names: &Names<'_>) -> Option<SignalRule> {
    let table = node.table("signals")?;
    let purposes = table.get("tcf_publisher_purposes").and_then(|n| n.list()).unwrap_or_default();
    let tcf_publisher_purposes =
        purposes.iter().filter_map(|n| n.integer(1, 24)).filter_map(|n| u8::try_from(n).ok()).collect();
    let consent_mode = table.text("consent_mode");
    let refuse = table
        .require("may", "\"only refuse\"")
        .and_then(|n| n.word("use of signals", &[("only refuse", ())]));
    if refuse.is_none() {
        names.sink.add(
            INVALID_VALUE,
            node.span,
            "signals of others may only refuse",
            Some("write `may = \"only refuse\"`".to_owned()),
        );
    }
    table.end();
    Some(SignalRule { tcf_publisher_purposes, consent_mode })
}
