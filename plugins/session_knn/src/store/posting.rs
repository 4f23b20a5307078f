//! The sessions of one item.

use jardin_sdk::prefetch;

/// The most labels in a block: what an insertion or removal moves at most.
const BLOCK: usize = 512;

/// The labels of all sessions that hold one item, ascending. It is kept whole and cut when it is read: a list
/// that is cut to the newest m could not bring the next one back when one of them is forgotten.
#[derive(Debug, Clone, Default)]
pub(super) struct Posting {
    /// INVARIANT: empty only where the posting is empty.
    newest: Block,
    /// Older blocks, ascending, none of them empty.
    older: Option<Box<Older>>,
}

/// Labels that stand side by side.
#[derive(Debug, Clone, Default)]
pub(crate) struct Block {
    /// No label of the block is lower, and none of the block before is as high: told here, so that a search
    /// need not read every block.
    from: u32,
    labels: Vec<u32>,
}

#[derive(Debug, Clone)]
struct Older(Vec<Block>);

impl Posting {
    /// Adds a label; one that stands here already changes nothing.
    pub(super) fn insert(&mut self, label: u32) {
        if self.newest.labels.last().is_none_or(|last| *last < label) {
            if self.newest.labels.len() >= BLOCK {
                let full = std::mem::take(&mut self.newest);
                self.push_older(full);
            }
            if self.newest.labels.is_empty() && self.older.is_some() {
                self.newest.from = label;
            }
            make_room(&mut self.newest.labels);
            self.newest.labels.push(label);
        } else if self.older.is_none() || self.newest.from <= label {
            self.newest.insert(label);
            if self.newest.labels.len() > BLOCK {
                let upper = self.newest.split();
                let lower = std::mem::replace(&mut self.newest, upper);
                self.push_older(lower);
            }
        } else if let Some(older) = &mut self.older {
            older.insert(label);
        }
    }

    fn push_older(&mut self, block: Block) {
        self.older.get_or_insert_with(|| Box::new(Older(Vec::new()))).0.push(block);
    }

    /// Takes a label away, where it stands here.
    pub(super) fn remove(&mut self, label: u32) {
        if self.older.is_none() || self.newest.from <= label {
            self.newest.remove(label);
            if self.newest.labels.is_empty() {
                self.newest = self.older.as_mut().and_then(|older| older.0.pop()).unwrap_or_default();
            }
        } else if let Some(older) = &mut self.older {
            older.remove(label);
        }
        if self.older.as_ref().is_some_and(|older| older.0.is_empty()) {
            self.older = None;
            self.newest.from = 0;
        }
    }

    /// Moves every label by the same distance.
    pub(super) fn shift(&mut self, by: i64) {
        let older = self.older.iter_mut().flat_map(|older| older.0.iter_mut());
        for block in older.chain([&mut self.newest]) {
            // 0 is below every label wherever they move
            block.from = if block.from == 0 { 0 } else { shifted(block.from, by) };
            block.labels.iter_mut().for_each(|label| *label = shifted(*label, by));
        }
    }

    /// Its blocks, the newest first.
    pub(super) fn newest_first(&self) -> Cursor<'_> {
        Cursor {
            newest: &self.newest.labels,
            older: self.older.as_ref().map_or(&[], |older| older.0.as_slice()),
        }
    }

    /// Its newest `most` labels, newest first.
    pub(super) fn newest_labels(&self, most: usize, into: &mut Vec<u32>) {
        for block in self.newest_first() {
            into.extend(block.iter().rev().take(most - into.len()));
            if into.len() >= most {
                break;
            }
        }
    }

    /// Asks for the memory of its newest labels.
    pub(super) fn prefetch_newest(&self) {
        self.newest.labels.last().into_iter().for_each(prefetch);
    }

    /// How many of its labels are no older than this one.
    pub(super) fn count_from(&self, label: u32) -> usize {
        let mut count = 0;
        for block in
            std::iter::once(&self.newest).chain(self.older.iter().flat_map(|older| older.0.iter().rev()))
        {
            if block.from < label {
                return count + block.count_from(label);
            }
            count += block.labels.len();
        }
        count
    }

    fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.older.iter().flat_map(|older| older.0.iter())
    }

    /// How many bytes its labels take.
    pub(super) fn bytes(&self) -> usize {
        let older: usize = self.blocks().map(|block| block.labels.len()).sum();
        4 * (older + self.newest.labels.len())
    }

    /// How many bytes are set aside for it beyond its own place.
    pub(super) fn reserved(&self) -> usize {
        let older: usize = self.blocks().map(|block| 4 * block.labels.capacity() + size_of::<Block>()).sum();
        4 * self.newest.labels.capacity() + older
    }
}

impl Block {
    /// How many of its labels are no older than this one: mostly few, so that they are looked for from the
    /// newest on, in steps that double.
    fn count_from(&self, label: u32) -> usize {
        let mut reach = 8;
        while self
            .labels
            .len()
            .checked_sub(reach)
            .and_then(|at| self.labels.get(at))
            .is_some_and(|held| *held >= label)
        {
            reach *= 2;
        }
        let newest = self.labels.get(self.labels.len().saturating_sub(reach)..).unwrap_or_default();
        newest.len() - newest.partition_point(|held| *held < label)
    }

    fn insert(&mut self, label: u32) {
        if let Err(at) = self.labels.binary_search(&label) {
            make_room(&mut self.labels);
            self.labels.insert(at, label);
            self.from = self.from.min(label);
        }
    }

    fn remove(&mut self, label: u32) {
        if let Ok(at) = self.labels.binary_search(&label) {
            self.labels.remove(at);
            if self.labels.capacity() > 2 * self.labels.len() + 8 {
                self.labels.shrink_to_fit();
            }
        }
    }

    /// Cuts the upper half off.
    fn split(&mut self) -> Self {
        let labels = self.labels.split_off(self.labels.len() / 2);
        Self { from: labels.first().copied().unwrap_or(self.from), labels }
    }
}

impl Older {
    fn at(&self, label: u32) -> usize {
        self.0.partition_point(|block| block.from <= label).saturating_sub(1)
    }

    fn insert(&mut self, label: u32) {
        let at = self.at(label);
        let Some(block) = self.0.get_mut(at) else { return };
        block.insert(label);
        if block.labels.len() > BLOCK {
            let upper = block.split();
            self.0.insert(at + 1, upper);
        }
    }

    fn remove(&mut self, label: u32) {
        let at = self.at(label);
        let Some(block) = self.0.get_mut(at) else { return };
        block.remove(label);
        let left = block.labels.len();
        if left == 0 {
            self.0.remove(at);
        } else if self.0.get(at + 1).is_some_and(|next| next.labels.len() + left <= BLOCK / 2) {
            let next = self.0.remove(at + 1);
            if let Some(block) = self.0.get_mut(at) {
                block.labels.extend(next.labels);
            }
        }
    }
}

/// Blocks of labels, the newest block first; within a block labels ascend.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cursor<'a> {
    newest: &'a [u32],
    older: &'a [Block],
}

impl<'a> Iterator for Cursor<'a> {
    type Item = &'a [u32];

    fn next(&mut self) -> Option<&'a [u32]> {
        if !self.newest.is_empty() {
            return Some(std::mem::take(&mut self.newest));
        }
        let (block, older) = self.older.split_last()?;
        self.older = older;
        Some(&block.labels)
    }
}

pub(super) fn shifted(label: u32, by: i64) -> u32 {
    u32::try_from(i64::from(label) + by).unwrap_or(u32::MAX)
}

/// Grows by a sixteenth rather than twofold: millions of short lists would otherwise set aside half of their
/// memory for nothing.
fn make_room(block: &mut Vec<u32>) {
    if block.len() == block.capacity() {
        block.reserve_exact(block.len() / 16 + 1);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn labels_of(posting: &Posting) -> Vec<u32> {
        posting.newest_first().flat_map(|block| block.iter().rev()).copied().collect()
    }

    proptest! {
        #[test]
        fn is_a_sorted_set(steps in proptest::collection::vec((any::<bool>(), 0_u32..3_000), 0..6_000)) {
            let (mut posting, mut set) = (Posting::default(), BTreeSet::new());
            for (add, label) in steps {
                if add { posting.insert(label); set.insert(label); } else { posting.remove(label); set.remove(&label); }
            }
            prop_assert_eq!(posting.bytes(), 4 * set.len());
            prop_assert!(labels_of(&posting).iter().eq(set.iter().rev()));
        }

        #[test]
        fn keeps_long_lists_in_order(labels in proptest::collection::vec(0_u32..1_000_000, 0..5_000)) {
            let mut posting = Posting::default();
            labels.iter().for_each(|l| posting.insert(*l));
            let mut set: BTreeSet<u32> = labels.iter().copied().collect();
            for label in labels.iter().step_by(3) { posting.remove(*label); set.remove(label); }
            prop_assert!(labels_of(&posting).iter().eq(set.iter().rev()));
        }
    }
}
