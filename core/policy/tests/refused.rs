//! Broken policies: one base, and for each rule the edit that breaks it and what is found where.

#[path = "refused/table.rs"]
mod table;

use jardin_policy::Policy;
use table::{BASE, Case, cases};

/// Each finding as `code: line`, with `«` where it begins.
fn found(text: &str) -> Vec<String> {
    let report = match Policy::load("policy.toml", text) {
        Ok((_, report)) | Err(report) => report,
    };
    let place = |finding: &jardin_diagnostics::Finding| {
        let (before, after) = text.split_at(finding.span.start);
        let line = before.rsplit('\n').next().unwrap_or_default();
        let rest = after.lines().next().unwrap_or_default();
        format!("{}: {line}«{rest}", finding.code.word())
    };
    report.findings.iter().map(place).collect()
}

#[test]
fn the_base_is_a_policy_of_which_nothing_is_found() {
    assert_eq!(found(BASE), Vec::<String>::new());
}

#[test]
fn every_broken_policy_is_refused_where_it_says() {
    let cases = cases();
    assert!(cases.len() > 100, "{}", cases.len());
    let wrong = |case: &Case| {
        let (text, mut expected) = (case.text(), case.found.clone());
        let mut found = found(&text);
        found.sort();
        expected.sort();
        let is_ambiguous = |place: &String| {
            let line = place.split_once(": ").unwrap().1.replace('«', "");
            text.lines().filter(|other| *other == line).count() != 1
        };
        if expected.iter().any(is_ambiguous) {
            return Some(format!("{}: a place that does not stand there once: {expected:#?}", case.rule));
        }
        (found != expected).then(|| format!("{}\n  expected {expected:#?}\n  found {found:#?}", case.rule))
    };
    let wrong: Vec<String> = cases.iter().filter_map(wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
