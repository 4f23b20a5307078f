//! What stands near an item in the visits that hold it.

use jardin_sdk::prefetch;

use super::{Index, Slots, posting::Posting, sessions::Sessions};

/// How many companions an item has at most.
pub const MAX_COMPANIONS: usize = 16;
/// How many items there may be: an index is kept in three bytes.
pub(super) const MAX_ITEMS: u32 = 1 << 24;
/// Over how many of the newest visits with an item its companions are counted.
pub const MAX_VISITS: usize = 300;
/// How far from an item a companion may stand.
pub const MAX_PLACES: usize = 5;
/// What a companion directly after an item counts, and one directly before it; d places away it is a d-th.
pub const AFTER: u32 = 60;
/// See [`AFTER`].
pub const BEFORE: u32 = 42;

/// The strongest companions of an item, the strongest first, ties to the lower item. Five bytes each, the
/// lowest first: an item's index, below [`MAX_ITEMS`], and its weight, which ends at 65,535. Before them the
/// sum of all weights, cut and uncut alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Companions(Box<[u8]>);

impl Companions {
    /// The sum of the weights of all companions, those that were cut off too; at least 1.
    #[inline]
    pub(crate) fn total(&self) -> u32 {
        self.0.first_chunk().map_or(1, |total| u32::from_le_bytes(*total).max(1))
    }

    /// Every companion with its weight.
    #[inline]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, u16)> {
        let (entries, _) = self.0.get(4..).unwrap_or_default().as_chunks::<5>();
        let read = |[a, b, c, low, high]: &[u8; 5]| {
            (u32::from_le_bytes([*a, *b, *c, 0]), u16::from_le_bytes([*low, *high]))
        };
        entries.iter().map(read)
    }

    /// Asks for their memory.
    pub(super) fn prefetch(&self) {
        let (lines, rest) = self.0.as_chunks::<64>();
        lines.iter().for_each(prefetch);
        rest.last().into_iter().for_each(prefetch);
    }

    /// How many bytes are set aside for them beyond their own place.
    pub(super) const fn reserved(&self) -> usize {
        self.0.len()
    }
}

/// Memory to make lists in, kept from list to list.
#[derive(Debug, Default)]
pub(crate) struct Counting {
    labels: Vec<u32>,
    slots: Slots,
    /// Weight and item, by slot.
    ranked: Vec<(u32, u32)>,
    bytes: Vec<u8>,
}

impl Counting {
    fn add(&mut self, item: u32, weight: u32) {
        let slot = self.slots.number(item);
        match self.ranked.get_mut(slot) {
            Some((sum, _)) => *sum += weight,
            None => self.ranked.push((weight, item)),
        }
    }

    /// The companions of an item, counted from the beginning.
    pub(super) fn count(&mut self, item: u32, posting: &Posting, sessions: &Sessions) -> Companions {
        let mut labels = std::mem::take(&mut self.labels);
        labels.clear();
        posting.newest_labels(MAX_VISITS, &mut labels);
        self.slots.clear();
        self.ranked.clear();
        sessions.read_each(&labels, |_, session| {
            let places = session.items.iter().enumerate().filter(|(_, held)| **held == item);
            for (place, _) in places {
                self.add_around(item, session.items, place);
            }
        });
        self.labels = labels;
        self.finish()
    }

    fn add_around(&mut self, item: u32, items: &[u32], place: usize) {
        let (before, after) = items.split_at_checked(place).unwrap_or((items, &[]));
        for (far, other) in (1..).zip(after.iter().skip(1).take(MAX_PLACES)) {
            if *other != item {
                self.add(*other, AFTER / far);
            }
        }
        for (far, other) in (1..).zip(before.iter().rev().take(MAX_PLACES)) {
            if *other != item {
                self.add(*other, BEFORE / far);
            }
        }
    }

    fn finish(&mut self) -> Companions {
        let Self { ranked, bytes, .. } = self;
        let total: u32 = ranked.iter().map(|(weight, _)| *weight).sum();
        let order = |a: &(u32, u32), b: &(u32, u32)| b.0.cmp(&a.0).then(a.1.cmp(&b.1));
        if ranked.len() > MAX_COMPANIONS {
            ranked.select_nth_unstable_by(MAX_COMPANIONS - 1, order);
            ranked.truncate(MAX_COMPANIONS);
        }
        ranked.sort_unstable_by(order);
        bytes.clear();
        bytes.extend(total.to_le_bytes());
        for (weight, item) in ranked.iter() {
            let [a, b, c, _] = item.to_le_bytes();
            let [low, high] = u16::try_from(*weight).unwrap_or(u16::MAX).to_le_bytes();
            bytes.extend([a, b, c, low, high]);
        }
        Companions(bytes.as_slice().into())
    }
}

impl Index {
    /// Makes the lists of an item and of its companions, where learning or forgetting has dropped them.
    pub(crate) fn make_companions(&mut self, item: u32, counting: &mut Counting) {
        self.make_list(item, counting);
        let mut found = [u32::MAX; MAX_COMPANIONS];
        for (slot, (companion, _)) in found.iter_mut().zip(self.companions_of(item)) {
            *slot = companion;
        }
        for companion in found.into_iter().take_while(|companion| *companion != u32::MAX) {
            self.make_list(companion, counting);
            self.prefetch_list(companion);
        }
    }

    /// The companions of an item with their weights, the strongest first; none where its list was not made.
    pub fn companions_of(&self, item: u32) -> impl Iterator<Item = (u32, u16)> {
        self.list(item).into_iter().flat_map(Companions::iter)
    }
}
