//! `[consents.*]`.

use std::sync::Arc;

use jardin_diagnostics::{Span, TomlTable, TomlValue, codes::INVALID_VALUE};

use super::Names;
use crate::rules::{Age, ConsentRule, SignalRule};

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
    let table = node.table(format!("[consents.{name}]"))?;
    let texts: Vec<Arc<str>> = table
        .require("texts", "[\"2026-10\"]")
        .and_then(|n| n.texts())
        .unwrap_or_default()
        .into_iter()
        .map(|(t, _)| Arc::from(t))
        .collect();
    let lasts = table.require("lasts", "\"180 days\"").and_then(Age::read);
    let signals = table.get("signals").and_then(|n| read_signals(n, names));
    table.end();
    // a consent that failed to parse still holds its number, so that the others keep theirs; the policy is
    // refused anyway
    Some(ConsentRule {
        name: name.into(),
        texts,
        lasts: lasts.unwrap_or(crate::rules::Age::Ms(1)),
        signals,
        span,
    })
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
