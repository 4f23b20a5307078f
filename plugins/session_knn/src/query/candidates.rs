//! What speaks for each item.

/// A place in [`Candidates`] that holds nothing.
const FREE: u32 = u32::MAX;

/// What past visits and the question say of one item. 64 bytes, one line of a cache.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
pub(super) struct Candidate {
    /// Similarity of the neighbours that hold it, by distance.
    pub(super) near: f64,
    /// Companions of companions of the newest item.
    pub(super) hops_of_last: f64,
    /// The same of the three newest items.
    pub(super) hops: f64,
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

/// A row for each item that something speaks for. INVARIANT: `slots` tells the row of an item, and is
/// [`FREE`] for every item without one.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    slots: Vec<u32>,
    pub(super) rows: Vec<Candidate>,
    /// Where an item's row is looked for that is out of range; never read.
    spare: Candidate,
}

impl Candidates {
    /// Forgets the last question and makes room for items below `items`.
    pub(super) fn start(&mut self, items: usize) {
        for row in self.rows.drain(..) {
            if let Some(slot) = self.slots.get_mut(row.item as usize) {
                *slot = FREE;
            }
        }
        if self.slots.len() < items {
            self.slots.resize(items, FREE);
        }
    }

    /// The row of an item.
    #[inline]
    pub(super) fn of(&mut self, item: u32) -> &mut Candidate {
        let Some(slot) = self.slots.get_mut(item as usize) else { return &mut self.spare };
        if *slot == FREE {
            *slot = self.rows.len() as u32;
            self.rows.push(Candidate { item, ..Candidate::default() });
        }
        self.rows.get_mut(*slot as usize).unwrap_or(&mut self.spare)
    }
}
