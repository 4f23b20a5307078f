//! The newest sessions that hold any of a few items.

use super::params::Params;
use crate::store::{Cursor, Index};

/// One posting list, read from its newest label on.
#[derive(Debug, Clone, Copy, Default)]
struct Lane<'a> {
    cursor: Cursor<'a>,
    block: &'a [u32],
    /// How many labels of the block are still to come, the head included.
    left: usize,
    /// The next label and one; 0 where the list has ended.
    head: u32,
}

impl<'a> Lane<'a> {
    fn new(mut cursor: Cursor<'a>) -> Self {
        let block = cursor.next().unwrap_or_default();
        let mut lane = Self { cursor, block, left: block.len() + 1, head: 0 };
        lane.advance(1);
        lane
    }

    /// Goes on by one label or by none. Which of them is as good as random, so that it is reckoned and not
    /// branched on.
    #[inline]
    fn advance(&mut self, by: usize) {
        self.left -= by;
        if self.left == 0 {
            self.block = self.cursor.next().unwrap_or_default();
            self.left = self.block.len();
        }
        self.head = self.block.get(self.left.wrapping_sub(1)).map_or(0, |label| label + 1);
    }
}

/// Hands the newest `most` sessions with any of the items to `each`, newest first, with a bit for each item
/// that it holds.
#[inline]
pub(super) fn newest(index: &Index, items: &[u32], most: usize, each: impl FnMut(u32, u16)) {
    match items.len() {
        0 => {}
        1 => walk::<1>(index, items, most, each),
        2 => walk::<2>(index, items, most, each),
        3 => walk::<3>(index, items, most, each),
        4 => walk::<4>(index, items, most, each),
        5 => walk::<5>(index, items, most, each),
        6 | 7 => walk::<7>(index, items, most, each),
        _ => walk::<{ Params::MAX_LAST_ITEMS }>(index, items, most, each),
    }
}

fn walk<const LANES: usize>(index: &Index, items: &[u32], most: usize, mut each: impl FnMut(u32, u16)) {
    let mut lanes = [Lane::default(); LANES];
    for (lane, item) in lanes.iter_mut().zip(items) {
        *lane = Lane::new(index.newest_first(*item));
    }
    for _ in 0..most {
        let top = lanes.iter().fold(0, |top, lane| top.max(lane.head));
        if top == 0 {
            return;
        }
        let mut mask = 0;
        for (n, lane) in lanes.iter_mut().enumerate() {
            let here = lane.head == top;
            mask |= u16::from(here) << n;
            lane.advance(usize::from(here));
        }
        each(top - 1, mask);
    }
}
