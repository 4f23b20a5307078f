//! How numbers are written where a shop is.

/// How numbers are written: which mark stands before the decimals and which between thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Locale {
    code: &'static str,
    pub(super) decimal: char,
    pub(super) groups: &'static [char],
}

const BLANKS: &[char] = &[' ', '\u{a0}', '\u{202f}'];
const APOSTROPHES: &[char] = &['\'', '\u{2019}', ' ', '\u{a0}', '\u{202f}'];
const POINT_OR_BLANK: &[char] = &['.', ' ', '\u{a0}', '\u{202f}'];

/// The marks by locale, as the CLDR (Unicode Common Locale Data Repository, version 47) has them, and the apostrophe of
/// the keyboard beside the typographic one.
const LOCALES: [Locale; 8] = [
    Locale { code: "de", decimal: ',', groups: &['.'] },
    Locale { code: "fr", decimal: ',', groups: BLANKS },
    Locale { code: "en", decimal: '.', groups: &[','] },
    Locale { code: "es", decimal: ',', groups: POINT_OR_BLANK },
    Locale { code: "it", decimal: ',', groups: &['.'] },
    Locale { code: "nl", decimal: ',', groups: &['.'] },
    Locale { code: "ch", decimal: '.', groups: APOSTROPHES },
    Locale { code: "jp", decimal: '.', groups: &[','] },
];

impl Locale {
    /// The locale of a code: a language, `ch` or `jp`, or a language with its country, such as `de-CH`.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let code = code.to_ascii_lowercase().replace('_', "-");
        let short = match code.as_str() {
            "ja" | "ja-jp" => "jp",
            "de-ch" | "fr-ch" | "it-ch" => "ch",
            "en-us" | "en-gb" => "en",
            other => other
                .split_once('-')
                .filter(|(language, country)| language == country)
                .map_or(other, |(language, _)| language),
        };
        LOCALES.into_iter().find(|locale| locale.code == short)
    }

    /// The codes that there are.
    #[must_use]
    pub fn codes() -> String {
        LOCALES.map(|locale| locale.code).join(", ")
    }

    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.code
    }
}
