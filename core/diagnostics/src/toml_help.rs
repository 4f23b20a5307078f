//! What to write where a text is not TOML: what spreadsheets, word processors and habits of a country write
//! otherwise.

use crate::span::Span;

const DEFAULT: &str = "write it as toml.io describes; a text stands in quotes";
/// Quotes that word processors make.
const CURLY_QUOTES: [char; 8] = ['“', '”', '„', '‘', '’', '‚', '«', '»'];

/// What to write instead of what stands at a place.
pub(crate) fn help_for_syntax(source: &str, span: Span, message: &str) -> String {
    let start = source.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |i| i + 1);
    let line = source.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let value = line.split_once('=').map_or("", |(_, value)| value.trim());
    let is_digit = |c: char| c.is_ascii_digit();
    let help = if message.starts_with("duplicate key") && line.starts_with('[') && !line.starts_with("[[") {
        let name = line.trim_matches(['[', ']', ' ']);
        return format!(
            "a table stands once; `[[{name}]]` is written before each of several, where there may be more"
        );
    } else if line.contains(CURLY_QUOTES) && !line.contains('"') {
        "write straight quotes: `\"`"
    } else if value.starts_with(is_digit) && value.trim_end().ends_with('%') {
        "write a share as a number: `0.15` for 15 %"
    } else if value.starts_with(is_digit) && value.matches('/').count() == 2 {
        "write a day as year, month and day, without quotes: `2026-12-01`"
    } else if value.starts_with(is_digit) && value.contains(',') {
        "write a decimal point: `0.15`"
    } else {
        DEFAULT
    };
    help.to_owned()
}

#[cfg(test)]
mod tests {
    use crate::{FindingSink, read_toml};

    #[test]
    fn what_is_written_otherwise_is_told_with_what_to_write() {
        for (text, help) in [
            ("floor = 15%", "0.15"),
            ("floor = 0,15", "decimal point"),
            ("from = 01/12/2026", "2026-12-01"),
            ("owner = “Lise”", "straight quotes"),
            ("[[campaigns]]\nname = \"a\"\n[campaigns]\n", "[[campaigns]]"),
            ("chain = [\"a\"\n", "toml.io"),
        ] {
            let sink = FindingSink::default();
            assert!(read_toml(text, &sink, |_, _| Some(())).is_none(), "{text}");
            let report = sink.report("jardin.toml", text);
            let said = report.findings.first().and_then(|f| f.help.clone()).unwrap_or_default();
            assert!(said.contains(help), "{text}: {said}");
        }
    }
}
