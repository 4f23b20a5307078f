//! From a policy's text to a policy: read, checked, tested.

use jardin_diagnostics::Report;
use sha2::{Digest as _, Sha256};

use crate::{Policy, check};

impl Policy {
    /// Reads, checks and tests a policy. With it comes a report of its warnings.
    ///
    /// # Errors
    /// The report with every error, and every warning, that was found.
    pub fn load(file: &str, source: &str) -> Result<(Self, Report), Report> {
        let (policy, mut report) = Self::check(file, source)?;
        for outcome in policy.run_tests() {
            report.findings.extend(outcome.finding());
        }
        report.sort();
        if report.has_errors() { Err(report) } else { Ok((policy, report)) }
    }

    /// Reads and checks a policy without running its tests.
    ///
    /// # Errors
    /// As [`Policy::load`].
    pub fn check(file: &str, source: &str) -> Result<(Self, Report), Report> {
        let (rules, report) = check::check(file, source)?;
        let digest = Sha256::digest(source.as_bytes()).into();
        let lines =
            std::iter::once(0).chain(report.source.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Ok((Self::of(rules, digest, lines), report))
    }
}
