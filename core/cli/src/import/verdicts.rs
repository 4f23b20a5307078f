//! Rows by their lines, and columns by what became of them.

use jardin_host::{escape_controls, show_read_value};
use jardin_import::{BadRow, MappedColumn, Summary};
use jardin_model::Namespace;
use jardin_policy::{Policy, rules::Class};

use super::counted_rows;
use crate::print;

/// The most rows that are shown.
const MAX_SHOWN: usize = 20;

/// Which column became which field, and which was not read.
pub(super) fn show_columns(columns: &[MappedColumn]) {
    for column in columns {
        let name = escape_controls(&column.column);
        match &column.field {
            Some(field) => print::line(&format!("  {name} → {field}: {}", column.says)),
            None => print::line(&format!("  {name}: {}", column.says)),
        }
    }
}

/// The rows that were refused.
pub(super) fn show_bad_rows(summary: &Summary, policy: &Policy) {
    if summary.bad == 0 {
        return;
    }
    let are = if summary.bad == 1 { "is" } else { "are" };
    print::line(&format!("{} {are} wrong:", counted_rows(summary.bad, "row")));
    for row in summary.bad_rows.iter().take(MAX_SHOWN) {
        print::line(&format!("  line {}: {}", row.line, write_verdict(row, policy)));
    }
    if summary.bad_rows.len() > MAX_SHOWN {
        print::line("  …");
    }
}

/// The item, what is wrong, and what was read; of a field that is a secret, or that the policy does not declare, its shape
/// alone.
fn write_verdict(row: &BadRow, policy: &Policy) -> String {
    let item = row.item.as_deref().map(|id| format!("{}: ", escape_controls(id))).unwrap_or_default();
    let read = row.read.as_ref().map(|(field, read)| {
        let declared = policy.rules().declared(Namespace::Item, field);
        let class = declared.map_or(Class::Confidential, |field| field.class);
        format!("; read {}", show_read_value(&read.as_str().into(), class))
    });
    format!("{item}{}{}", row.what, read.unwrap_or_default())
}

/// Rows by their lines, at most so many.
pub(super) fn show_rows(one: &str, many: &str, rows: &[(u64, String)]) {
    if rows.is_empty() {
        return;
    }
    let what = if rows.len() == 1 { one } else { many };
    print::line(&format!("{} {what}:", rows.len()));
    for (line, why) in rows.iter().take(MAX_SHOWN) {
        print::line(&format!("  line {line}: {why}"));
    }
    if rows.len() > MAX_SHOWN {
        print::line("  …");
    }
}
