//! Products named by values of their fields, and how such values are compared.

use std::{collections::BTreeSet, sync::Arc};

use jardin_diagnostics::Span;
use unicode_normalization::UnicodeNormalization as _;

use super::FieldId;

/// How a path of categories is written where the policy says nothing: `a/b`, `a > b`, `a|b`.
const DEFAULT_SEPARATORS: [&str; 3] = ["/", ">", "|"];

/// Products that a policy names by values of their fields.
#[derive(Debug, Clone, Default)]
pub struct ListedItems {
    /// For each item field the values that name products, of which descendants count as well.
    values: Vec<(FieldId, ListedValues)>,
    /// Each value as it is written, with its place.
    written: Vec<(FieldId, Arc<str>, Span)>,
}

impl ListedItems {
    pub(crate) const fn new(
        values: Vec<(FieldId, ListedValues)>,
        written: Vec<(FieldId, Arc<str>, Span)>,
    ) -> Self {
        Self { values, written }
    }

    /// What either names, `theirs` by the ids of these fields.
    pub(crate) fn joined_with(mut self, theirs: impl IntoIterator<Item = (FieldId, ListedValues)>) -> Self {
        for (id, values) in theirs {
            match self.values.iter_mut().find(|(ours, _)| *ours == id) {
                Some((_, ours)) => *ours = ours.union(&values),
                None => self.values.push((id, values)),
            }
        }
        self
    }

    /// For each item field the values that name products.
    pub fn iter(&self) -> impl Iterator<Item = &(FieldId, ListedValues)> {
        self.values.iter()
    }

    /// Each value as it is written, with its place.
    #[must_use]
    pub fn written(&self) -> &[(FieldId, Arc<str>, Span)] {
        &self.written
    }

    /// True where it names nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The values of one field.
    pub(crate) fn of_field(&self, field: FieldId) -> Option<&ListedValues> {
        self.values.iter().find(|(id, _)| *id == field).map(|(_, values)| values)
    }
}

/// Values of one item field, folded, and how a path of categories is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListedValues {
    values: BTreeSet<Arc<str>>,
    separators: PathSeparators,
}

impl ListedValues {
    /// Values as the policy writes them; one that has no part names nothing.
    #[must_use]
    pub fn new<'a>(values: impl IntoIterator<Item = &'a str>, separators: &PathSeparators) -> Self {
        let folded = values.into_iter().map(|value| fold_path(value, separators));
        Self {
            values: folded.filter(|value| !value.is_empty()).map(Arc::from).collect(),
            separators: separators.clone(),
        }
    }

    /// What either lists, by the separators of both.
    fn union(&self, other: &Self) -> Self {
        let values = self.iter().chain(other.iter()).map(|value| &**value);
        Self::new(values, &self.separators.union(&other.separators))
    }

    /// The values, folded, their parts joined by `/`.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<str>> {
        self.values.iter()
    }

    /// The listed value that is `value` or an ancestor of it.
    #[must_use]
    pub fn find_listed(&self, value: &str) -> Option<&Arc<str>> {
        let folded = fold_path(value, &self.separators);
        let ends = folded.match_indices('/').map(|(at, _)| at).chain([folded.len()]);
        ends.filter_map(|end| folded.get(..end)).find_map(|head| self.values.get(head))
    }
}

/// Between what the parts of a category's path stand. `/` is always one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PathSeparators(Arc<[Arc<str>]>);

impl PathSeparators {
    /// Separators as the policy writes them: blanks around one do not matter, and an empty one is none.
    #[must_use]
    pub fn new<'a>(written: impl IntoIterator<Item = &'a str>) -> Self {
        let folded = written.into_iter().map(fold).filter(|one| !one.is_empty() && one != "/");
        Self([Arc::from("/")].into_iter().chain(folded.map(Arc::from)).collect())
    }

    /// The separators of either.
    pub(crate) fn union(&self, other: &Self) -> Self {
        let both: BTreeSet<&str> = self.iter().chain(other.iter()).map(|one| &**one).collect();
        Self::new(both)
    }

    /// The separators, folded.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<str>> {
        self.0.iter()
    }
}

impl Default for PathSeparators {
    fn default() -> Self {
        Self::new(DEFAULT_SEPARATORS)
    }
}

/// A text for comparison: NFKC, without characters that nobody sees, case folded (lower case of the upper case,
/// so that `ß` meets `SS`), NFKC again, blanks squeezed to one and none at the ends.
#[must_use]
pub fn fold(text: &str) -> String {
    let upper: String = text.nfkc().filter(|c| !is_ignorable(*c)).flat_map(char::to_uppercase).collect();
    let lower: String = upper.chars().flat_map(char::to_lowercase).nfkc().collect();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// True for a character that changes nothing of what is read: `Default_Ignorable_Code_Point` of Unicode's
/// DerivedCoreProperties.txt, and control characters that are no blanks.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || c.is_control() && !c.is_whitespace()
}

/// A path of categories for comparison: each part folded, empty ones left out, joined by `/`.
fn fold_path(text: &str, separators: &PathSeparators) -> String {
    let mut folded = fold(text);
    for separator in separators.0.iter().filter(|one| &***one != "/") {
        folded = folded.replace(&**separator, "/");
    }
    let parts: Vec<&str> = folded.split('/').map(str::trim).filter(|part| !part.is_empty()).collect();
    parts.join("/")
}

/// True where `value` is one of `listed` or a descendant of one: `pharmacy/sleep` and `Pharmacy > Sleep` of
/// `pharmacy`. Blanks around parts do not matter, nor do empty parts: `/pharmacy/` is `pharmacy`.
#[must_use]
pub fn is_listed(value: &str, listed: &ListedValues) -> bool {
    listed.find_listed(value).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descendants_and_other_spellings_are_listed() {
        let listed = ListedValues::new(["Pharmacy", "café/Été", "Sex > Toys"], &PathSeparators::default());
        for value in [
            "pharmacy",
            "PHARMACY/sleep",
            "pharmacy / sleep",
            "/pharmacy//sleep/",
            "cafe\u{301}/e\u{301}te\u{301}/glacé",
            "Pharmacy > Sleep",
            "pharmacy>sleep",
            "pharmacy|sleep",
            "Pharmacy\u{a0}>\u{a0}Sleep",
            "Ｐｈａｒｍａｃｙ／Sleep",
            "phar\u{ad}macy",
            "\u{feff}pharmacy\u{200b}",
            "phar\u{0}macy\t",
            "sex/toys",
            "SEX  |  TOYS > new",
        ] {
            assert!(is_listed(value, &listed), "{value}");
        }
        for value in ["pharmacyx", "sleep/pharmacy", "Home > Pharmacy", "café", "sex", "", " > ", "phar macy"]
        {
            assert!(!is_listed(value, &listed), "{value}");
        }
    }

    #[test]
    fn declared_separators_stand_beside_the_slash() {
        let listed = ListedValues::new(["pharmacy"], &PathSeparators::new([" :: ", ""]));
        for (value, expected) in
            [("pharmacy::sleep", true), ("pharmacy/sleep", true), ("pharmacy > sleep", false)]
        {
            assert_eq!(is_listed(value, &listed), expected, "{value}");
        }
    }
}
