//! The words as a table for people.

use super::{Signature, all_words};

/// Every word with what it takes and does, as docs/scripts.md shows them.
#[must_use]
pub fn word_table() -> String {
    let head = "| word | takes | asked | does |\n|---|---|---|---|".to_owned();
    std::iter::once(head).chain(all_words().map(table_row)).collect::<Vec<_>>().join("\n")
}

fn table_row(word: &Signature) -> String {
    let takes = word.parameters.iter().filter_map(|parameter| {
        let bounds = parameter.takes.bounds()?;
        let optional = if parameter.is_optional { ", may be left out" } else { "" };
        Some(format!("`{}`: {bounds}{optional}", parameter.name))
    });
    let takes: Vec<String> = takes.collect();
    format!("| `{}` | {} | {} | {} |", word.example, takes.join("; "), word.on.when(), word.does)
}
