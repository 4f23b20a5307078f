//! The languages in which forms and spans of time are told.

use crate::rules::Age;

/// A language that explanations and reports speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// French.
    French,
}

impl Language {
    /// The language of a code such as `fr`; English where it is another one.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        if code == "fr" { Self::French } else { Self::English }
    }

    /// True where explanations and reports are written in the language of a code such as `fr`.
    #[must_use]
    pub fn is_spoken(code: &str) -> bool {
        matches!(code, "en" | "fr")
    }

    /// One of two texts.
    #[must_use]
    pub const fn pick<'t>(self, english: &'t str, french: &'t str) -> &'t str {
        match self {
            Self::English => english,
            Self::French => french,
        }
    }

    /// A span of time, `3 months`.
    #[must_use]
    pub fn span_of_time(self, age: Age) -> String {
        let text = age.to_string();
        if self == Self::English {
            return text;
        }
        let (count, unit) = text.split_once(' ').unwrap_or((&text, ""));
        let (one, many) = match unit.trim_end_matches('s') {
            "second" => ("seconde", "secondes"),
            "minute" => ("minute", "minutes"),
            "hour" => ("heure", "heures"),
            "day" => ("jour", "jours"),
            "month" => ("mois", "mois"),
            _ => ("an", "ans"),
        };
        format!("{count} {}", if count == "1" { one } else { many })
    }
}
