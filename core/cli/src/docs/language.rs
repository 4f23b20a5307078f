//! The words that every script may use, as a table.

use jardin_script_check::vocabulary::all_words;

pub(super) fn page() -> String {
    let rows = all_words().map(|word| {
        let definition = word.definition();
        format!("| `{}` | {} |", definition.trim_start_matches("fn ").trim_end_matches(';'), word.does)
    });
    std::iter::once("## What every script may use\n\n| function | does |\n|---|---|".to_owned())
        .chain(rows)
        .collect::<Vec<_>>()
        .join("\n")
}
