//! Findings as JSON of our own.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::{finding::Finding, report::Report, span::Lines};

/// The findings as JSON: `{file, errors, warnings, findings: [{code, severity, line, column, end_line,
/// end_column, message, why, help}]}`. Lines and columns count from 1, columns in characters.
#[must_use]
pub fn findings_as_json(report: &Report) -> String {
    let lines = Lines::of(&report.source);
    let all = json!({
        "file": &*report.file,
        "errors": report.errors().count(),
        "warnings": report.warnings().count(),
        "findings": [],
    });
    filled(&all, "findings", report.findings.iter().map(|f| of_finding(&lines, f)))
}

/// A text with a list filled in value by value: ten thousand findings as one tree would take a hundred
/// megabytes.
pub(crate) fn filled(whole: &Value, list: &str, values: impl Iterator<Item = Value>) -> String {
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
    json!({
        "code": finding.code.word(),
        "severity": finding.code.severity().word(),
        "line": place.start.0,
        "column": place.start.1,
        "end_line": place.end.0,
        "end_column": place.end.1,
        "message": finding.message,
        "why": finding.code.why(),
        "help": finding.help,
    })
}

/// Where a finding begins and ends: line and column.
pub(crate) struct Place {
    pub(crate) start: (usize, usize),
    pub(crate) end: (usize, usize),
}

impl Place {
    pub(crate) fn of(lines: &Lines<'_>, finding: &Finding) -> Self {
        Self { start: lines.place(finding.span.start), end: lines.place(finding.span.end) }
    }
}
