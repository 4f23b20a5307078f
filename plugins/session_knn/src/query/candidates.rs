//! What speaks for each item.

use crate::store::Slots;

/// What past visits and the question say of one item. 64 bytes, one line of a cache; what is added
/// together stands together.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C, align(64))]
pub(super) struct Candidate {
    /// Companions of companions of the newest item.
    pub(super) hops_of_last: f64,
    /// The same of the three newest items.
    pub(super) hops: f64,
    /// Similarity of the neighbours that hold it, by distance.
    pub(super) near: f64,
    pub(super) item: u32,
    /// How many items neighbours with it share with the question.
    pub(super) shared: u32,
    /// How alike the nearest neighbour with it is.
    pub(super) nearest: f32,
    /// How often it stood directly after the newest item.
    pub(super) next: u32,
    /// How often it did where the item before was that of the question, too.
    pub(super) next_of_pair: u32,
    /// How near it stood after the item before the newest, in sixtieths.
    pub(super) after_previous: u32,
    /// How near it stood after the newest item, in sixtieths.
    pub(super) after: u32,
    /// How near it stood before the newest item, in sixtieths.
    pub(super) before: u32,
    /// How new the newest visit is in which it stood directly after the newest item; 1 is now.
    pub(super) freshness: f32,
    /// How many places before the end of the question it stands, from 1; 0 where it does not.
    pub(super) back: u32,
}

/// A row for each item that something speaks for.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    slots: Slots,
    /// By the items' slots.
    pub(super) rows: Vec<Candidate>,
    /// Stands where a row cannot be had; never read.
    spare: Candidate,
}

impl Candidates {
    /// Forgets the last question.
    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.rows.clear();
    }

    /// The row of an item.
    #[inline(always)]
    pub(super) fn of(&mut self, item: u32) -> &mut Candidate {
        let slot = match self.slots.find(item) {
            Ok(slot) => slot,
            Err(free) => self.add_row(item, free),
        };
        self.rows.get_mut(slot).unwrap_or(&mut self.spare)
    }

    /// The row of an item that something speaks for.
    pub(super) fn get(&self, item: u32) -> Option<&Candidate> {
        self.rows.get(self.slots.find(item).ok()?)
    }

    #[inline(never)]
    fn add_row(&mut self, item: u32, free: usize) -> usize {
        self.rows.push(Candidate { item, ..Candidate::default() });
        self.slots.add(item, free)
    }
}
