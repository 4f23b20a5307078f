//! What was found in a shop folder, file by file.

use jardin_diagnostics::{Finding, Report};
use jardin_policy::Policy;
use jardin_script_check::FunctionRuns;

/// One file with what was found in it.
#[derive(Debug, Clone)]
pub struct CheckedFile {
    /// What was found.
    pub report: Report,
    /// How the functions of a script run; empty for other files, and for a script with errors.
    pub functions: Vec<FunctionRuns>,
}

impl CheckedFile {
    pub(super) const fn of_report(report: Report) -> Self {
        Self { report, functions: Vec::new() }
    }
}

/// A shop folder that was checked.
#[derive(Debug, Clone)]
pub struct CheckedShop {
    /// The folder, as it is shown.
    pub folder: String,
    /// Its files, with what was found in each.
    pub files: Vec<CheckedFile>,
    /// What could not be checked because something else has errors.
    pub unchecked: Vec<String>,
    /// What is worth knowing and is nothing to mend.
    pub notes: Vec<String>,
}

impl CheckedShop {
    /// Keeps the report of a file; gives what was read, where there was no error.
    pub(super) fn keep_report<T>(&mut self, read: Result<(T, Report), Report>) -> Option<T> {
        let (value, report) = match read {
            Ok((value, report)) => (Some(value), report),
            Err(report) => (None, report),
        };
        self.add_report(report);
        value
    }

    pub(super) fn add_report(&mut self, report: Report) {
        self.files.push(CheckedFile::of_report(report));
    }

    /// Adds what was found elsewhere about the policy.
    pub(super) fn add_findings_of_policy(&mut self, findings: Vec<Finding>, policy: &Policy) {
        let of_policy = self.files.iter_mut().find(|file| file.report.file == policy.rules().file);
        if let Some(file) = of_policy {
            file.report.findings.extend(findings);
            file.report.findings.sort_by_key(|finding| (finding.span, finding.code));
        }
    }

    /// Adds findings about jardin.toml, which stands behind the policy.
    pub(super) fn add_config_findings(&mut self, findings: Vec<Finding>) {
        if let Some(of_config) = self.files.get_mut(1) {
            of_config.report.findings.extend(findings);
            of_config.report.findings.sort_by_key(|f| (f.span, f.code));
        }
    }

    /// How many errors there are in all files.
    #[must_use]
    pub fn error_count(&self) -> usize {
        self.files.iter().map(|f| f.report.errors().count()).sum()
    }

    /// How many warnings there are in all files.
    #[must_use]
    pub fn warning_count(&self) -> usize {
        self.files.iter().map(|f| f.report.warnings().count()).sum()
    }
}
