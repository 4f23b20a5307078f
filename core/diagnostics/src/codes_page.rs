//! The list of codes as one page.

use std::fmt::Write as _;

use crate::code::Code;

/// `docs/codes.md`: each code, how grave it is and why it matters.
#[must_use]
pub fn codes_page(codes: &[Code]) -> String {
    let mut page = "# Codes\n\nEvery finding has a code that stays the same. Errors refuse the file; warnings want to be looked at. This page is written from the\n\
                    lists of the packages, and a test holds them equal.\n\n| code | | why it matters |\n|---|---|---|\n"
        .to_owned();
    for code in codes {
        let _ = writeln!(page, "| `{}` | {} | {} |", code.word(), code.severity().word(), code.why());
    }
    page
}
