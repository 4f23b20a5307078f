//! What a check shows: for people and for programs.

use jardin_diagnostics::{Report, findings_as_json};
use jardin_host::{CheckedFile, CheckedShop, counted};
use jardin_script_check::Runs;
use serde_json::{Value, json};

/// Every finding with its lines, then how each function runs, then the sum.
pub(super) fn human(checked: &CheckedShop) -> String {
    let mut parts: Vec<String> = Vec::new();
    let rendered = checked.files.iter().map(|f| &f.report).filter(|r| !r.findings.is_empty());
    parts.extend(rendered.map(Report::rendered));
    parts.extend(checked.files.iter().filter(|f| !f.functions.is_empty()).map(functions));
    if !checked.unchecked.is_empty() {
        let lines: Vec<String> =
            checked.unchecked.iter().map(|what| format!("not checked: {what}")).collect();
        parts.push(lines.join("\n"));
    }
    parts.extend(checked.notes.iter().map(|note| format!("note: {note}")));
    parts.push(format!(
        "{}: {}, {}",
        checked.folder,
        counted(checked.error_count(), "error"),
        counted(checked.warning_count(), "warning")
    ));
    parts.join("\n\n")
}

fn functions(file: &CheckedFile) -> String {
    let width = file.functions.iter().map(|f| f.name.len()).max().unwrap_or_default();
    let lines = file.functions.iter().map(|f| format!("  {:width$}  {}", f.name, runs(&f.runs)));
    std::iter::once(file.report.file.to_string()).chain(lines).collect::<Vec<_>>().join("\n")
}

fn runs(runs: &Runs) -> String {
    match runs {
        Runs::OnceARequest => "once a request".to_owned(),
        Runs::Compiled => "compiled".to_owned(),
        Runs::Interpreted { at: (line, column), why, help } => {
            let help = help.map(|help| format!("; {help}")).unwrap_or_default();
            format!("interpreted: {line}:{column}: {why}{help}")
        }
    }
}

/// `{folder, errors, warnings, unchecked, notes, files: [{file, errors, warnings, findings, functions}]}`; a file is
/// as `policy check` shows it, with its functions `{name, runs, line, column, why, help}`.
pub(super) fn json(checked: &CheckedShop) -> String {
    let files: Vec<Value> = checked.files.iter().map(file).collect();
    let all = json!({
        "folder": checked.folder,
        "errors": checked.error_count(),
        "warnings": checked.warning_count(),
        "unchecked": checked.unchecked,
        "notes": checked.notes,
        "files": files,
    });
    format!("{all:#}")
}

fn file(file: &CheckedFile) -> Value {
    let mut shown: Value = serde_json::from_str(&findings_as_json(&file.report)).unwrap_or_default();
    if let Value::Object(shown) = &mut shown {
        let functions = file.functions.iter().map(|f| match &f.runs {
            Runs::OnceARequest => json!({"name": &*f.name, "runs": "once a request"}),
            Runs::Compiled => json!({"name": &*f.name, "runs": "compiled"}),
            Runs::Interpreted {
                at: (line, column),
                why,
                help,
            } => {
                json!({"name": &*f.name, "runs": "interpreted", "line": line, "column": column, "why": &**why, "help": help})
            }
        });
        shown.insert("functions".to_owned(), functions.collect());
    }
    shown
}
