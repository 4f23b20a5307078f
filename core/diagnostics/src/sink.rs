//! Where findings are collected while a text is read.

use std::cell::{Cell, RefCell};

use crate::{
    code::{Code, Severity},
    finding::Finding,
    report::Report,
    span::Span,
    suggestion::{did_you_mean, list_names},
};

/// Collects findings while a text is read.
#[derive(Debug, Default)]
pub struct FindingSink {
    findings: RefCell<Vec<Finding>>,
    /// How many names were compared for suggestions.
    compared: Cell<usize>,
}

/// Of how many known names the nearest is looked for.
const MAX_KNOWN: usize = 20_000;

/// How many names are compared for suggestions, so that a text with many misspelt names among many is refused
/// as fast as any other.
const MAX_COMPARED: usize = 200_000;

impl FindingSink {
    /// Adds a finding.
    pub fn add(&self, code: Code, span: Span, message: impl Into<String>, help: Option<String>) {
        self.findings.borrow_mut().push(Finding { code, span, message: message.into(), help });
    }

    /// Adds a finding about a name that does not exist; `what` it should name is a singular noun.
    pub fn add_unknown<K: AsRef<str>>(
        &self,
        code: Code,
        span: Span,
        what: &str,
        name: &str,
        known: impl Iterator<Item = K>,
    ) {
        let known: Vec<K> = if self.may_compare(1) { known.take(MAX_KNOWN).collect() } else { Vec::new() };
        let known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
        let help = if !self.may_compare(known.len()) {
            None
        } else if let Some(meant) = did_you_mean(name, known.iter().copied()) {
            Some(format!("did you mean `{meant}`?"))
        } else if known.is_empty() {
            Some(format!("no {what} is declared"))
        } else {
            Some(format!("declared are {}", list_names(&known)))
        };
        self.add(code, span, format!("unknown {what} `{name}`"), help);
    }

    /// True while a misspelt name may still be compared with `count` known ones.
    fn may_compare(&self, count: usize) -> bool {
        let compared = self.compared.get().saturating_add(count);
        self.compared.set(compared);
        compared <= MAX_COMPARED
    }

    /// True where an error was found.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings.borrow().iter().any(|f| f.code.severity() == Severity::Error)
    }

    /// The report of a text.
    #[must_use]
    pub fn report(self, file: &str, source: &str) -> Report {
        let mut report = Report::new(file, source);
        report.findings = self.findings.into_inner();
        report.sort();
        report
    }
}
