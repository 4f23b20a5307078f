//! The catalogue as the policy sees it: which products may never be tied to a person.

use std::sync::Arc;

use jardin_model::{CHUNK_ROWS, Catalogue, Chunk, ItemIndex};

/// A state of the catalogue with the products marked that are never tied to a person. Made only by
/// [`crate::Policy::screen`].
#[derive(Debug)]
pub struct ScreenedCatalogue {
    pub(super) catalogue: Catalogue,
    /// For each chunk the chunk it was computed from and one mark a row.
    pub(super) never: Vec<(Arc<Chunk>, Arc<[bool]>)>,
    pub(super) never_digest: [u8; 32],
}

impl ScreenedCatalogue {
    /// The catalogue itself. Strategies see it through a [`super::View`] only.
    #[must_use]
    pub const fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// True for a product of `[never]`, and for one that is unknown or removed.
    #[must_use]
    pub fn is_never(&self, item: ItemIndex) -> bool {
        !self.may_be_tied_to_a_person(item)
    }

    /// False for a product of `[never]`, and for one that is unknown or removed.
    #[must_use]
    pub fn may_be_tied_to_a_person(&self, item: ItemIndex) -> bool {
        let (chunk, row) = (item.0 as usize / CHUNK_ROWS, item.0 as usize % CHUNK_ROWS);
        self.catalogue.row(item).is_some()
            && self.never.get(chunk).and_then(|(_, marks)| marks.get(row)) == Some(&false)
    }

    /// The known products of `[never]`.
    pub fn never_items(&self) -> impl Iterator<Item = ItemIndex> + '_ {
        self.catalogue.rows().map(|row| row.index()).filter(|index| self.is_never(*index))
    }
}
