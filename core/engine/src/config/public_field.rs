//! `public` of [shop]: what everybody may see of an item.

use std::sync::Arc;

/// What stands in a name for each of the shop's languages.
pub(super) const LANGUAGE_MARK: &str = "_{language}";

/// Something of an item that everybody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicField {
    /// By which a page asks for it and is told it.
    pub name: Arc<str>,
    /// The item fields that hold it.
    pub held_by: Vec<Holder>,
}

/// An item field that holds something in one language, or in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Which language; `None` where it is the same in all.
    pub language: Option<Arc<str>>,
    /// The item field.
    pub field: Arc<str>,
}

impl PublicField {
    /// The item fields that may hold it for a language: its own goes first, then those of the others in the shop's order,
    /// since a product without a translation still has a name.
    pub(crate) fn fields_for(&self, language: Option<&str>) -> impl Iterator<Item = &Arc<str>> {
        let own = self.held_by.iter().filter(move |held| held.language.as_deref() == language);
        own.chain(&self.held_by).map(|held| &held.field)
    }
}
