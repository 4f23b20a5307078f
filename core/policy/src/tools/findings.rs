//! Findings for machines: JSON of our own, and SARIF 2.1.0 (OASIS) for what shows findings beside code.

use std::fmt::Write as _;

use serde_json::{Value, json as object};

use crate::{Code, Finding, Report, Severity, text::Lines};

/// The findings as JSON: `{file, errors, warnings, findings: [{code, severity, line, column, end_line,
/// end_column, message, why, help}]}`. Lines and columns count from 1, columns in characters.
#[must_use]
pub fn json(report: &Report) -> String {
    let lines = Lines::of(&report.source);
    let all = object!({
        "file": &*report.file,
        "errors": report.errors().count(),
        "warnings": report.warnings().count(),
        "findings": [],
    });
    filled(&all, "findings", report.findings.iter().map(|f| of_finding(&lines, f)))
}

/// A text with a list filled in value by value: ten thousand findings as one tree would take a hundred
/// megabytes.
fn filled(whole: &Value, list: &str, values: impl Iterator<Item = Value>) -> String {
    let text = format!("{whole:#}");
    let empty = format!("\"{list}\": []");
    let Some((before, after)) = text.split_once(&empty) else {
        return text;
    };
    let indent = before.lines().last().map_or(0, str::len);
    let (outer, inner) = (" ".repeat(indent), " ".repeat(indent + 2));
    let mut filled = format!("{before}\"{list}\": [");
    for (n, value) in values.enumerate() {
        let comma = if n == 0 { "" } else { "," };
        let _ =
            write!(filled, "{comma}\n{inner}{}", format!("{value:#}").replace('\n', &format!("\n{inner}")));
    }
    if !filled.ends_with('[') {
        let _ = write!(filled, "\n{outer}");
    }
    filled + "]" + after
}

fn of_finding(lines: &Lines<'_>, finding: &Finding) -> Value {
    let place = Place::of(lines, finding);
    object!({
        "code": finding.code.word(),
        "severity": severity(finding.code),
        "line": place.start.0,
        "column": place.start.1,
        "end_line": place.end.0,
        "end_column": place.end.1,
        "message": finding.message,
        "why": finding.code.why(),
        "help": finding.help,
    })
}

/// The findings as SARIF 2.1.0, with a rule for each code.
#[must_use]
pub fn sarif(report: &Report) -> String {
    let rules: Vec<Value> = Code::ALL.iter().map(|code| rule(*code)).collect();
    let lines = Lines::of(&report.source);
    let log = object!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "jardin", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": [],
        }],
    });
    filled(&log, "results", report.findings.iter().map(|f| result(report, &lines, f)))
}

fn rule(code: Code) -> Value {
    object!({
        "id": code.word(),
        "shortDescription": { "text": code.why() },
        "defaultConfiguration": { "level": severity(code) },
    })
}

fn result(report: &Report, lines: &Lines<'_>, finding: &Finding) -> Value {
    let place = Place::of(lines, finding);
    let help = finding.help.as_ref().map(|h| format!(" Help: {h}.")).unwrap_or_default();
    object!({
        "ruleId": finding.code.word(),
        "ruleIndex": Code::ALL.iter().position(|c| *c == finding.code),
        "level": severity(finding.code),
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

/// The word for it in both formats, which agree.
const fn severity(code: Code) -> &'static str {
    match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

struct Place {
    start: (usize, usize),
    end: (usize, usize),
}

impl Place {
    fn of(lines: &Lines<'_>, finding: &Finding) -> Self {
        Self { start: lines.place(finding.span.start), end: lines.place(finding.span.end) }
    }
}
