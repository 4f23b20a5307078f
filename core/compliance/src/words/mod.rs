//! The prose of the tools, in English, French and German. A policy's own texts stand in its own languages.

mod fields;
mod law;

use std::{fmt, sync::Arc};

use jardin_policy::{
    Language, Transform,
    rules::{Age, PolicyRules, Texts},
};

/// A language that the tools speak. Asked for another one they speak English around the policy's texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    language: Language,
    /// The language of the policy's texts.
    code: Arc<str>,
    languages: Vec<Arc<str>>,
}

impl Words {
    /// The words for a language of a policy; where it has not the one that is asked for, those of its first that the
    /// tools speak.
    #[must_use]
    pub fn of(language: Option<&str>, rules: &PolicyRules) -> Self {
        let wanted = language.and_then(|l| rules.languages.iter().find(|known| ***known == *l));
        let spoken = || rules.languages.iter().find(|code| Language::is_spoken(code));
        let code = wanted.or_else(spoken).or(rules.languages.first()).cloned().unwrap_or_else(|| "en".into());
        Self { language: Language::from_code(&code), code, languages: rules.languages.clone() }
    }

    /// The language's code, `fr`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What a field of a person may do to a list.
    #[must_use]
    pub(crate) const fn describe_effect(&self, may_hide: bool) -> &'static str {
        if may_hide {
            self.pick(
                "it may change the order and leave products out",
                "peut changer l'ordre et retirer des produits",
                "darf die Reihenfolge ändern und Produkte weglassen",
            )
        } else {
            self.pick(
                "it may change the order alone",
                "ne peut changer que l'ordre",
                "darf nur die Reihenfolge ändern",
            )
        }
    }

    /// The language of the prose.
    pub(crate) const fn language(&self) -> Language {
        self.language
    }

    /// One of three texts, by the language.
    #[must_use]
    pub const fn pick<'t>(&self, english: &'t str, french: &'t str, german: &'t str) -> &'t str {
        self.language.pick(english, french, german)
    }

    /// A text in the quotation marks of the language.
    pub(crate) fn quoted(&self, text: &str) -> String {
        match self.language {
            Language::English => format!("\u{201c}{text}\u{201d}"),
            Language::French => format!("« {text} »"),
            Language::German => format!("„{text}“"),
        }
    }

    /// The policy's own text.
    #[must_use]
    pub fn own(&self, texts: &Texts) -> String {
        texts.for_locale(Some(&self.code), &self.languages).map(ToString::to_string).unwrap_or_default()
    }

    /// A label with its value, the colon set as the language does.
    #[must_use]
    pub fn pair(&self, end: &str, label: &str, value: impl fmt::Display) -> String {
        format!("{label}{}{value}{end}", self.pick(": ", " : ", ": "))
    }

    /// `a, b and c`.
    #[must_use]
    pub fn all_of(&self, parts: &[String]) -> String {
        match parts {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => format!("{} {} {last}", first.join(", "), self.pick("and", "et", "und")),
        }
    }

    /// A span of time.
    #[must_use]
    pub fn age(&self, age: Age) -> String {
        self.language.span_of_time(age)
    }

    /// In which form a field is seen.
    #[must_use]
    pub fn form(&self, form: &Transform) -> String {
        form.describe_in(self.language)
    }

    /// What is said of what nobody declared.
    #[must_use]
    pub const fn not_stated(&self) -> &'static str {
        self.pick("not stated", "non précisé", "nicht angegeben")
    }
}
