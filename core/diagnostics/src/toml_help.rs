//! What to write where a text is not TOML, or a value is of another type than is wanted: what spreadsheets, word processors and habits of a country write
//! otherwise.

use toml::de::DeValue;

use crate::span::Span;

/// Quotes that word processors make.
const CURLY_QUOTES: [char; 8] = ['“', '”', '„', '‘', '’', '‚', '«', '»'];

/// What the parser says, by how it begins, with what to write.
const BY_MESSAGE: [(&str, &str); 12] = [
    ("invalid date", "write a day that the calendar has: `2026-12-01`"),
    ("invalid time", "write a time of the day: `2026-12-01T08:00:00`"),
    ("invalid date-time", "write a day, or a day and a time: `2026-12-01T08:00:00`"),
    ("missing comma", "write a comma between the two"),
    ("extra comma", "remove the comma"),
    ("unclosed array table", "close it with `]]`"),
    ("unclosed array", "close the list with `]`"),
    ("unclosed table", "close it with `]`"),
    ("unclosed inline table", "close it with `}`"),
    ("invalid basic string", "end the text with `\"`, on the line where it begins"),
    ("missing value", "write a value after `=`"),
    ("key with no value", "write `key = value`; a note begins with `#`"),
];

const OTHERWISE: &str = "write `key = value`; a text stands in double quotes, and a day is `2026-12-01`";

/// What to write instead of what stands at a place.
pub(crate) fn help_for_syntax(source: &str, span: Span, message: &str) -> String {
    let line = line_around(source, span.start);
    let value = line.split_once('=').map_or("", |(_, value)| value.trim());
    let is_digit = |c: char| c.is_ascii_digit();
    if message.starts_with("duplicate key") {
        return help_for_duplicate(line);
    }
    if let Some(first) = line_of_open_list(source, span, message) {
        let (what, sign) = if message.contains("array") { ("list", "]") } else { ("table", "}") };
        return format!("the {what} that begins in line {first} is not closed: write `{sign}` behind it");
    }
    let written = if line.contains(CURLY_QUOTES) && !line.contains('"') {
        Some("write straight quotes: `\"`")
    } else if value.starts_with(is_digit) && value.ends_with('%') {
        Some("write a share as a number: `0.15` for 15 %")
    } else if value.starts_with(is_digit) && ["/", "."].iter().any(|mark| value.matches(mark).count() == 2) {
        Some("write a day as year, month and day, without quotes: `2026-12-01`")
    } else if value.starts_with(is_digit) && value.contains(',') {
        Some("write a decimal point: `0.15`")
    } else if ["yes", "no", "on", "off", "True", "False", "oui", "non"].contains(&value) {
        Some("write `true` or `false`")
    } else if message.starts_with("string values must be quoted") {
        Some(help_for_bare_words(value))
    } else {
        None
    };
    let by_message =
        || BY_MESSAGE.iter().find(|(begins, _)| message.starts_with(begins)).map(|(_, help)| *help);
    written.or_else(by_message).unwrap_or(OTHERWISE).to_owned()
}

fn help_for_bare_words(value: &str) -> &'static str {
    let mut words = value.trim_matches(['[', ']', ' ']).split_whitespace();
    if value.is_empty() {
        "write a value after `=`"
    } else if words.clone().count() > 1 && words.all(|word| word.parse::<f64>().is_ok()) {
        "write a comma between the two"
    } else {
        "write a text in double quotes"
    }
}

fn help_for_duplicate(line: &str) -> String {
    let name = line.trim_matches(['[', ']', ' ']);
    if line.starts_with('[') && !line.starts_with("[[") {
        return format!(
            "a table stands once; `[[{name}]]` is written before each of several, where there may be more"
        );
    }
    "a key stands once in its table: remove one of them".to_owned()
}

fn line_around(source: &str, at: usize) -> &str {
    let start = source.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |i| i + 1);
    source.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default()
}

/// The line in which a list or inline table begins that was still open where the next key or table began: from there on the
/// parser has lost its place.
pub(crate) fn line_of_open_list(source: &str, span: Span, message: &str) -> Option<usize> {
    let is_in_list = ["array elements", "in array", "key-value pairs", "inline table"]
        .iter()
        .any(|part| message.contains(part));
    let opens = if message.contains("array") { '[' } else { '{' };
    let line = line_around(source, span.start).trim_start();
    let key = line.split(['=', ' ']).next().unwrap_or_default();
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    let is_first = source.get(..span.start)?.rsplit('\n').next()?.trim().is_empty();
    let begins_anew = is_first && (line.starts_with('[') || (is_key && line.contains('=')));
    let before = source.get(..source.get(..span.start)?.rfind('\n')?)?;
    let open = before.rfind(opens).filter(|_| is_in_list && begins_anew)?;
    Some(before.get(..open)?.matches('\n').count() + 1)
}

/// A type that a value was to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Text,
    Flag,
    Whole,
    Number,
    List,
    Table,
}

impl Wanted {
    pub(crate) const fn type_words(self) -> &'static str {
        match self {
            Self::Text => "a text in quotes",
            Self::Flag => "true or false",
            Self::Whole => "a whole number",
            Self::Number => "a number",
            Self::List => "a list in square brackets",
            Self::Table => "a table",
        }
    }
}

/// What to write instead of a value of another type than is wanted.
pub(crate) fn help_for_type(value: &DeValue<'_>, wanted: Wanted) -> Option<String> {
    let (text, number) = (value.as_str(), number_text(value));
    match wanted {
        Wanted::Text => number.map(|n| format!("write it in quotes: `\"{n}\"`")),
        Wanted::Flag => Some("write `true` or `false`, without quotes".to_owned()),
        Wanted::Whole => Some(text.or(number.as_deref()).and_then(whole_text).map_or_else(
            || "write a number without quotes and decimals, such as `10`".to_owned(),
            |n| format!("write `{n}`"),
        )),
        Wanted::Number => decimal_text(text?).map(|n| format!("write `{n}`, without quotes")),
        Wanted::List => match (text, number) {
            (Some(text), _) => {
                let parts: Vec<String> = text.split(',').map(|part| format!("\"{}\"", part.trim())).collect();
                Some(format!("write `[{}]`", parts.join(", ")))
            }
            (None, number) => number.map(|n| format!("write `[{n}]`")),
        },
        Wanted::Table if value.is_array() => Some(
            "write each under a name of its own, `[name.of-its-own]` with one pair of brackets".to_owned(),
        ),
        Wanted::Table => Some("write `{ key = value }`".to_owned()),
    }
}

fn number_text(value: &DeValue<'_>) -> Option<String> {
    let integer = value.as_integer().map(|n| n.as_str().to_owned());
    integer.or_else(|| value.as_float().map(|n| n.as_str().to_owned()))
}

/// `8.5` or `"8"` as the whole number that is nearest.
fn whole_text(written: &str) -> Option<String> {
    let number = written.trim().parse::<f64>().ok().filter(|n| n.is_finite())?;
    Some(format!("{number:.0}"))
}

/// `"9.90"`, `"9,90"` and `"15 %"` as numbers.
fn decimal_text(written: &str) -> Option<String> {
    let plain = written.trim().replace(',', ".");
    let (digits, is_share) = plain.strip_suffix('%').map_or((&*plain, false), |share| (share.trim(), true));
    let number = digits.parse::<f64>().ok().filter(|n| n.is_finite())?;
    Some(if is_share { format!("{}", number / 100.0) } else { digits.to_owned() })
}

#[cfg(test)]
mod tests {
    use crate::{FindingSink, TomlTable, read_toml};

    /// Each finding of a text with what to write, in its order.
    fn helps(text: &str, read: impl FnOnce(&TomlTable<'_>)) -> Vec<(String, String)> {
        let sink = FindingSink::default();
        let _ = read_toml(text, &sink, |root, _| {
            read(&root);
            Some(())
        });
        let report = sink.report("jardin.toml", text);
        report.findings.into_iter().map(|f| (f.message, f.help.unwrap_or_default())).collect()
    }

    #[test]
    fn what_is_written_otherwise_is_told_once_with_what_to_write() {
        for (text, help) in [
            ("floor = 15%", "0.15"),
            ("floor = 0,15", "decimal point"),
            ("from = 01/12/2026", "2026-12-01"),
            ("from = 1.12.2026", "2026-12-01"),
            ("from = 2026-04-31", "calendar"),
            ("from = 2026-04-30T25:00:00", "time of the day"),
            ("owner = “Lise”", "straight quotes"),
            ("owner = \"Lise\nlimit = 3\n", "end the text"),
            ("owner = Lise", "in double quotes"),
            ("owner =\nlimit = 3\n", "after `=`"),
            ("owner\nlimit = 3\n", "key = value"),
            ("[[campaigns]]\nname = \"a\"\n[campaigns]\n", "[[campaigns]]"),
            ("[a.b]\nx = 1\ny = 2\n[a.c]\n[a.b]\nx = 1\ny = 2\n", "a table stands once"),
            ("[a]\nx = 1\nx = 2\n", "a key stands once"),
            ("a = 1\nchain = [\"a\", \"b\"\nlimit = 8\n[c]\nd = [1]\n", "begins in line 2"),
            ("gifts = no", "`true` or `false`"),
            (
                "a = 1\ntitle = { fr = \"x\", en = \"y\"\nlimit = 8\n[c]\nd = 1\n",
                "the table that begins in line 2",
            ),
            ("a = { b = [1] }\np = { a = 1 b = 2 }\n", "a comma"),
            ("a = [{ b = 1 }]\np = [1 2]\n", "a comma"),
        ] {
            let told = helps(text, |_| {});
            assert!(told.len() == 1 && told[0].1.contains(help), "{text}: {told:?}");
        }
    }

    #[test]
    fn a_value_of_another_type_is_told_with_what_to_write() {
        type Read = fn(&TomlTable<'_>);
        let cases: [(&str, Read, &str); 14] = [
            (
                "a = 180",
                |t| {
                    let _ = t.text("a");
                },
                "\"180\"",
            ),
            (
                "a = \"yes\"",
                |t| {
                    let _ = t.flag("a");
                },
                "`true` or `false`",
            ),
            (
                "a = 8.4",
                |t| {
                    let _ = t.get("a").unwrap().integer(0, 9);
                },
                "`8`",
            ),
            (
                "a = \"7\"",
                |t| {
                    let _ = t.get("a").unwrap().integer(0, 9);
                },
                "`7`",
            ),
            (
                "a = \"high\"",
                |t| {
                    let _ = t.get("a").unwrap().integer(0, 9);
                },
                "such as `10`",
            ),
            (
                "a = \"fr, en\"",
                |t| {
                    let _ = t.get("a").unwrap().list();
                },
                "`[\"fr\", \"en\"]`",
            ),
            (
                "a = \"9,90\"",
                |t| {
                    let _ = t.get("a").unwrap().number();
                },
                "`9.90`, without quotes",
            ),
            (
                "a = \"15 %\"",
                |t| {
                    let _ = t.get("a").unwrap().number();
                },
                "`0.15`",
            ),
            (
                "a = \"cheap\"",
                |t| {
                    let _ = t.get("a").unwrap().number();
                },
                "",
            ),
            (
                "a = \"home\"",
                |t| {
                    let _ = t.get("a").unwrap().texts();
                },
                "[\"home\"]",
            ),
            (
                "a = 4",
                |t| {
                    let _ = t.get("a").unwrap().list();
                },
                "[4]",
            ),
            (
                "[[a]]\nb = 1",
                |t| {
                    let _ = t.get("a").unwrap().table("[a]");
                },
                "one pair of brackets",
            ),
            (
                "a = 1",
                |t| {
                    let _ = t.get("a").unwrap().table("[a]");
                },
                "{ key = value }",
            ),
            (
                "a = false",
                |t| {
                    let _ = t.get("a").unwrap().word("filling", &[("no", 1), ("chain", 2)]);
                },
                "`no`, `chain`",
            ),
        ];
        for (text, read, help) in cases {
            let told = helps(text, read);
            assert!(told.len() == 1 && told[0].1.contains(help), "{text}: {told:?}");
            assert_eq!(told[0].1.is_empty(), help.is_empty(), "{text}: {told:?}");
        }
    }
}
