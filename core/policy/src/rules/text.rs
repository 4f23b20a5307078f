//! Texts for shoppers, one a language.

use std::{collections::BTreeMap, sync::Arc};

/// One text in each of the policy's languages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Texts(pub BTreeMap<Arc<str>, Arc<str>>);

impl Texts {
    /// The text for a locale such as `fr-FR`: its language, else the first of `languages`, else any.
    #[must_use]
    pub fn for_locale(&self, locale: Option<&str>, languages: &[Arc<str>]) -> Option<&Arc<str>> {
        let language = locale.map(|l| l.split(['-', '_']).next().unwrap_or(l).to_ascii_lowercase());
        language
            .and_then(|l| self.0.get(l.as_str()))
            .or_else(|| languages.first().and_then(|l| self.0.get(l)))
            .or_else(|| self.0.values().next())
    }
}
