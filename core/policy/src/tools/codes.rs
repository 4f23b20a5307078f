//! The list of codes as one page.

use std::fmt::Write as _;

use crate::{Code, Severity};

/// `docs/codes.md`: every code, how grave it is and why it matters.
#[must_use]
pub fn codes_page() -> String {
    let mut page = "# Codes\n\nEvery finding has a code that stays the same. Errors refuse the file; warnings want to be looked at. This page is written from the\n\
                    list in the engine, and a test holds the two equal.\n\n| code | | why it matters |\n|---|---|---|\n"
        .to_owned();
    for code in Code::ALL {
        let severity = match code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let _ = writeln!(page, "| `{}` | {severity} | {} |", code.word(), code.why());
    }
    page
}
