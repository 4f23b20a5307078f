//! Findings as SARIF 2.1.0 (OASIS), for what shows findings beside code.

use serde_json::{Value, json};

use crate::{
    code::Code,
    finding::Finding,
    json::{Place, filled},
    report::Report,
    span::Lines,
};

/// The findings as SARIF 2.1.0, with a rule for each of `codes`.
#[must_use]
pub fn findings_as_sarif(report: &Report, codes: &[Code]) -> String {
    let rules: Vec<Value> = codes.iter().map(|code| rule(*code)).collect();
    let lines = Lines::of(&report.source);
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "jardin", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": [],
        }],
    });
    filled(&log, "results", report.findings.iter().map(|f| result(report, codes, &lines, f)))
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.word(),
        "shortDescription": { "text": code.why() },
        "defaultConfiguration": { "level": code.severity().word() },
    })
}

fn result(report: &Report, codes: &[Code], lines: &Lines<'_>, finding: &Finding) -> Value {
    let place = Place::of(lines, finding);
    let help = finding.help.as_ref().map(|h| format!(" Help: {h}.")).unwrap_or_default();
    json!({
        "ruleId": finding.code.word(),
        "ruleIndex": codes.iter().position(|c| *c == finding.code),
        "level": finding.code.severity().word(),
        "message": { "text": format!("{}.{help}", finding.message) },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": &*report.file },
                "region": {
                    "startLine": place.start.0,
                    "startColumn": place.start.1,
                    "endLine": place.end.0,
                    "endColumn": place.end.1,
                },
            },
        }],
    })
}
