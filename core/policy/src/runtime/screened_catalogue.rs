//! The catalogue as the policy sees it: to whom what is done with a product may be tied.

use std::sync::Arc;

use jardin_model::{CHUNK_ROWS, Catalogue, Chunk, ItemIndex};

use super::KeptUnder;

/// To whom what is done with a product may be tied, the strictest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Tie {
    /// To nobody: `[never]`, and what is unknown or removed.
    Nobody,
    /// To the visit alone: `[discreet]`.
    Visit,
    /// To the person and to the visit.
    Person,
}

/// A state of the catalogue in which each product is marked by whom it may be tied to. Made only by
/// [`crate::Policy::screen`].
#[derive(Debug)]
pub struct ScreenedCatalogue {
    pub(super) catalogue: Catalogue,
    /// For each chunk the chunk it was computed from and one mark a row.
    pub(super) ties: Vec<(Arc<Chunk>, Arc<[Tie]>)>,
    pub(super) listed_digest: [u8; 32],
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
        self.tie(item) == Tie::Nobody
    }

    /// True for a product of `[discreet]` that `[never]` does not name.
    #[must_use]
    pub fn is_discreet(&self, item: ItemIndex) -> bool {
        self.tie(item) == Tie::Visit
    }

    /// True where what is done with a product may be kept under a person, or under a visit; false of one that is
    /// unknown or removed.
    #[must_use]
    pub fn may_be_tied_to(&self, keeper: KeptUnder, item: ItemIndex) -> bool {
        self.tie(item) >= keeper.least_tie()
    }

    /// True where what is done with a product may be learned from.
    #[must_use]
    pub fn may_be_learned_from(&self, item: ItemIndex) -> bool {
        self.tie(item) == Tie::Person
    }

    /// The known products of `[discreet]`.
    pub fn discreet_items(&self) -> impl Iterator<Item = ItemIndex> + '_ {
        self.catalogue.rows().map(|row| row.index()).filter(|index| self.is_discreet(*index))
    }

    /// The known products that may not be tied to a person: those of `[never]` and of `[discreet]`.
    pub fn untied_items(&self) -> impl Iterator<Item = ItemIndex> + '_ {
        self.catalogue.rows().map(|row| row.index()).filter(|index| self.tie(*index) < Tie::Person)
    }

    pub(crate) fn tie(&self, item: ItemIndex) -> Tie {
        let (chunk, row) = (item.0 as usize / CHUNK_ROWS, item.0 as usize % CHUNK_ROWS);
        let mark = self.ties.get(chunk).and_then(|(_, marks)| marks.get(row)).copied();
        mark.filter(|_| self.catalogue.row(item).is_some()).unwrap_or(Tie::Nobody)
    }
}

impl KeptUnder {
    /// To whom a product must at least be tied for what is done with it to be kept so.
    pub(super) const fn least_tie(self) -> Tie {
        match self {
            Self::Subject => Tie::Person,
            Self::Session => Tie::Visit,
        }
    }
}
