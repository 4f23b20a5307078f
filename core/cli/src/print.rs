//! The one place that writes to the terminal.

use std::{
    error::Error,
    io::{IsTerminal as _, Write as _},
};

use jardin_diagnostics::Report;
use jardin_host::{HostError, Notice};

/// Writes a line of a command's result.
pub(crate) fn line(text: &str) {
    // a reader that went away is no failure of the command
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Writes a line beside the result.
pub(crate) fn error(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Shows findings beside the result, in colour on a terminal.
pub(crate) fn report(report: &Report) {
    if !report.findings.is_empty() {
        let coloured = std::io::stderr().is_terminal();
        error(&if coloured { report.coloured() } else { report.rendered() });
        error("");
    }
}

/// Shows what there is to tell beside the result.
pub(crate) fn notices(notices: &[Notice]) {
    for notice in notices {
        match notice {
            Notice::Findings(findings) => report(findings),
            Notice::Warning(text) => error(&format!("warning: {text}")),
        }
    }
}

/// Shows why a command could not: the findings where a file has errors, then the error in one line, with what
/// follows from it.
pub(crate) fn failure(failure: &anyhow::Error, consequence: &str) {
    for cause in failure.chain() {
        if let Some(HostError::Refused(findings)) = cause.downcast_ref() {
            report(findings);
        }
    }
    error(&format!("error: {failure:#}{consequence}"));
}

/// The same of a part of a shop that was refused while the rest goes on.
pub(crate) fn refused(refused: &HostError, consequence: &str) {
    let mut text = refused.to_string();
    let mut cause: Option<&(dyn Error + 'static)> = Some(refused);
    while let Some(next) = cause {
        if let Some(HostError::Refused(findings)) = next.downcast_ref() {
            report(findings);
        }
        cause = next.source();
        text.extend(cause.map(|cause| format!(": {cause}")));
    }
    error(&format!("error: {text}{consequence}"));
}
