//! Values of TOML with their places; what cannot be read as it should be is a finding.

use toml::{Spanned, de::DeValue};

use crate::{
    code::Code,
    codes::{INVALID_VALUE, WRONG_TYPE},
    sink::FindingSink,
    span::Span,
    suggestion::{did_you_mean, list_names},
    toml_help::{Wanted, help_for_type},
    toml_table::TomlTable,
};

/// A value with its place.
#[derive(Debug, Clone, Copy)]
pub struct TomlValue<'a> {
    value: &'a DeValue<'a>,
    /// Where it stands.
    pub span: Span,
    sink: &'a FindingSink,
}

/// A day as it is written, with the seconds since its midnight where a time is written too. It need not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TomlDateTime {
    /// The year, from 0.
    pub year: u16,
    /// The month, from 1.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
    /// The seconds since midnight.
    pub seconds: Option<i64>,
}

impl<'a> TomlValue<'a> {
    pub(crate) fn new(value: &'a Spanned<DeValue<'a>>, sink: &'a FindingSink) -> Self {
        Self { value: value.get_ref(), span: value.span().into(), sink }
    }

    /// Adds a finding at this value.
    pub fn finding(&self, code: Code, message: impl Into<String>, help: Option<String>) {
        self.sink.add(code, self.span, message, help);
    }

    /// Adds a finding: something of another type is written than is wanted; `help` says what to write.
    pub fn wrong_type(&self, wanted: &str, help: Option<String>) {
        self.finding(WRONG_TYPE, format!("expected {wanted}, found {}", article(self.value)), help);
    }

    fn not_wanted(&self, wanted: Wanted) {
        self.wrong_type(wanted.type_words(), help_for_type(self.value, wanted));
    }

    /// A text.
    #[must_use]
    pub fn text(&self) -> Option<&'a str> {
        let text = self.value.as_str();
        if text.is_none() {
            self.not_wanted(Wanted::Text);
        }
        text
    }

    /// A text, if it is one; says nothing otherwise.
    #[must_use]
    pub fn if_text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    /// True where it is a table.
    #[must_use]
    pub fn is_table(&self) -> bool {
        self.value.is_table()
    }

    /// True where it is a list.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.value.is_array()
    }

    /// Yes or no.
    #[must_use]
    pub fn flag(&self) -> Option<bool> {
        let flag = self.value.as_bool();
        if flag.is_none() {
            self.not_wanted(Wanted::Flag);
        }
        flag
    }

    /// Yes or no, if it is one; says nothing otherwise.
    #[must_use]
    pub fn if_flag(&self) -> Option<bool> {
        self.value.as_bool()
    }

    /// A whole number between two.
    #[must_use]
    pub fn integer(&self, least: i64, most: i64) -> Option<i64> {
        let Some(n) = self.if_integer() else {
            self.not_wanted(Wanted::Whole);
            return None;
        };
        if (least..=most).contains(&n) {
            Some(n)
        } else {
            self.finding(INVALID_VALUE, format!("`{n}` is not between {least} and {most}"), None);
            None
        }
    }

    /// A whole number, if it is one; says nothing otherwise.
    #[must_use]
    pub fn if_integer(&self) -> Option<i64> {
        let integer = self.value.as_integer()?;
        i64::from_str_radix(&integer.as_str().replace('_', ""), integer.radix()).ok()
    }

    /// A finite number with or without a decimal point.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        let number = self.if_number();
        if number.is_none() {
            self.not_wanted(Wanted::Number);
        }
        number
    }

    /// A finite number, if it is one; says nothing otherwise.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "figures of a configuration are small")]
    pub fn if_number(&self) -> Option<f64> {
        let float = || self.value.as_float().and_then(|f| f.as_str().replace('_', "").parse::<f64>().ok());
        self.if_integer().map(|n| n as f64).or_else(float).filter(|n| n.is_finite())
    }

    /// A day, with a time or without one, and without an offset; says nothing where it is none.
    #[must_use]
    pub fn if_datetime(&self) -> Option<TomlDateTime> {
        let written = self.value.as_datetime()?;
        let day = written.date.filter(|_| written.offset.is_none())?;
        let seconds = written
            .time
            .map(|t| i64::from(t.hour) * 3600 + i64::from(t.minute) * 60 + i64::from(t.second.unwrap_or(0)));
        Some(TomlDateTime { year: day.year, month: day.month, day: day.day, seconds })
    }

    /// A list.
    #[must_use]
    pub fn list(&self) -> Option<Vec<TomlValue<'a>>> {
        let Some(list) = self.value.as_array() else {
            self.not_wanted(Wanted::List);
            return None;
        };
        Some(list.iter().map(|value| TomlValue::new(value, self.sink)).collect())
    }

    /// A list of texts; those that are none are findings and left out.
    #[must_use]
    pub fn texts(&self) -> Option<Vec<(&'a str, Span)>> {
        Some(self.list()?.iter().filter_map(|node| node.text().map(|text| (text, node.span))).collect())
    }

    /// A word of a closed list; another one is a finding, which calls it `what`.
    #[must_use]
    pub fn word<T: Copy>(&self, what: &str, words: &[(&str, T)]) -> Option<T> {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let Some(text) = self.if_text() else {
            self.wrong_type("a text in quotes", Some(format!("one of {}", list_names(&known))));
            return None;
        };
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let help = did_you_mean(text, known.iter().copied())
                .map_or_else(|| format!("one of {}", list_names(&known)), |m| format!("did you mean `{m}`?"));
            self.finding(INVALID_VALUE, format!("`{text}` is not a known {what}"), Some(help));
        }
        found
    }

    /// A table, called `name` in messages.
    #[must_use]
    pub fn table(&self, name: impl Into<String>) -> Option<TomlTable<'a>> {
        let Some(table) = self.value.as_table() else {
            self.not_wanted(Wanted::Table);
            return None;
        };
        Some(TomlTable::new(table, self.span, name.into(), self.sink))
    }
}

fn article(value: &DeValue<'_>) -> String {
    match value.type_str() {
        "integer" => "a whole number".to_owned(),
        "array" => "a list".to_owned(),
        "string" => "a text".to_owned(),
        "boolean" => "true or false".to_owned(),
        other => format!("a {other}"),
    }
}
