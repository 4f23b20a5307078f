//! What is never allowed.

use std::{collections::BTreeSet, sync::Arc};

use jardin_model::FieldPath;
use unicode_normalization::UnicodeNormalization as _;

use super::FieldId;

/// Fields that may not be declared, and products that are never tied to a person.
#[derive(Debug, Clone, Default)]
pub struct NeverRule {
    /// Fields that may not be declared.
    pub fields: BTreeSet<FieldPath>,
    /// For each item field its folded values, of which descendants count as well.
    pub items: Vec<(FieldId, BTreeSet<Arc<str>>)>,
}

/// A text for comparison: NFC, then case folded (lower case of the upper case, so that `ß` meets `SS`), then
/// NFC again.
#[must_use]
pub fn fold(text: &str) -> String {
    let upper: String = text.nfc().flat_map(char::to_uppercase).collect();
    upper.chars().flat_map(char::to_lowercase).nfc().collect()
}

/// A text for comparison by its parts: each folded and without spaces around it, empty ones left out.
#[must_use]
pub fn fold_path(text: &str) -> String {
    let folded = fold(text);
    let parts: Vec<&str> = folded.split('/').map(str::trim).filter(|part| !part.is_empty()).collect();
    parts.join("/")
}

/// True where `value` is one of `listed` or a descendant of one: `pharmacy/sleep` of `pharmacy`. Spaces
/// around parts do not matter, nor do empty parts: `/pharmacy/` is `pharmacy`.
#[must_use]
pub fn is_listed(value: &str, listed: &BTreeSet<Arc<str>>) -> bool {
    let folded = fold_path(value);
    let ends = folded.match_indices('/').map(|(at, _)| at).chain([folded.len()]);
    ends.filter_map(|end| folded.get(..end)).any(|head| listed.contains(head))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descendants_and_other_spellings_are_listed() {
        let listed: BTreeSet<Arc<str>> = [fold("Pharmacy").into(), fold("café/Été").into()].into();
        for value in [
            "pharmacy",
            "PHARMACY/sleep",
            "pharmacy / sleep",
            "/pharmacy//sleep/",
            "cafe\u{301}/e\u{301}te\u{301}/glacé",
        ] {
            assert!(is_listed(value, &listed), "{value}");
        }
        for value in ["pharmacyx", "sleep/pharmacy", "café", ""] {
            assert!(!is_listed(value, &listed), "{value}");
        }
    }
}
