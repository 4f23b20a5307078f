//! The languages in which forms and spans of time are told.

use crate::rules::Age;

/// A language that explanations and reports speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// French.
    French,
    /// German.
    German,
}

impl Language {
    /// The language of a code such as `fr`; English where it is another one.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code {
            "fr" => Self::French,
            "de" => Self::German,
            _ => Self::English,
        }
    }

    /// True where explanations and reports are written in the language of a code such as `fr`.
    #[must_use]
    pub fn is_spoken(code: &str) -> bool {
        matches!(code, "en" | "fr" | "de")
    }

    /// One of three texts.
    #[must_use]
    pub const fn pick<'t>(self, english: &'t str, french: &'t str, german: &'t str) -> &'t str {
        match self {
            Self::English => english,
            Self::French => french,
            Self::German => german,
        }
    }

    /// A span of time, `3 months`.
    #[must_use]
    pub fn span_of_time(self, age: Age) -> String {
        let text = age.to_string();
        let (count, unit) = text.split_once(' ').unwrap_or((&text, ""));
        let unit = unit.trim_end_matches('s');
        let (one, many) = match (unit, self) {
            (_, Self::English) => return text,
            ("second", Self::French) => ("seconde", "secondes"),
            ("second", Self::German) => ("Sekunde", "Sekunden"),
            ("minute", Self::French) => ("minute", "minutes"),
            ("minute", Self::German) => ("Minute", "Minuten"),
            ("hour", Self::French) => ("heure", "heures"),
            ("hour", Self::German) => ("Stunde", "Stunden"),
            ("day", Self::French) => ("jour", "jours"),
            ("day", Self::German) => ("Tag", "Tage"),
            ("month", Self::French) => ("mois", "mois"),
            ("month", Self::German) => ("Monat", "Monate"),
            (_, Self::French) => ("an", "ans"),
            (_, Self::German) => ("Jahr", "Jahre"),
        };
        format!("{count} {}", if count == "1" { one } else { many })
    }
}
