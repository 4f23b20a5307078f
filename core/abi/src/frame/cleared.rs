//! Bytes that leave nothing behind.

use alloc::{vec, vec::Vec};
use core::hint::black_box;

/// The least that is taken at once.
const MIN_CAPACITY: usize = 1024;

/// Bytes that are overwritten with zeroes when they are dropped and where they are moved to grow: what they
/// said of a person is not left in freed memory.
#[derive(Debug, Default)]
pub(super) struct ClearedBytes(Vec<u8>);

impl ClearedBytes {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Memory that is never written to is never taken from the system.
    pub(super) fn zeroed(length: usize) -> Self {
        Self(vec![0; length])
    }

    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn as_mut_slice(&mut self) -> &mut [u8] {
        &mut self.0
    }

    pub(super) fn last_mut(&mut self) -> Option<&mut u8> {
        self.0.last_mut()
    }

    pub(super) fn append(&mut self, bytes: &[u8]) {
        self.reserve(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// Makes them longer, with zeroes.
    pub(super) fn grow_to(&mut self, length: usize) {
        self.reserve(length.saturating_sub(self.0.len()));
        self.0.resize(length.max(self.0.len()), 0);
    }

    pub(super) fn reserve(&mut self, more: usize) {
        if self.0.capacity() - self.0.len() < more {
            let capacity = (self.0.len() + more).max(self.0.capacity() * 2).max(MIN_CAPACITY);
            let mut larger = Vec::with_capacity(capacity);
            larger.extend_from_slice(&self.0);
            clear_bytes(&mut self.0);
            self.0 = larger;
        }
    }
}

impl Drop for ClearedBytes {
    fn drop(&mut self) {
        clear_bytes(&mut self.0);
    }
}

/// Overwrites bytes with zeroes; the compiler may not leave it out because nobody reads them again.
pub(super) fn clear_bytes(bytes: &mut [u8]) {
    bytes.fill(0);
    black_box(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_kept_through_every_growth() {
        let mut bytes = ClearedBytes::new();
        for n in 0..10_000_u32 {
            bytes.append(&n.to_le_bytes());
        }
        bytes.grow_to(40_064);
        let words = bytes.as_slice().chunks_exact(4).take(10_000);
        assert!(words.eq((0..10_000_u32).map(u32::to_le_bytes)));
        assert_eq!((bytes.len(), bytes.as_slice()[40_063]), (40_064, 0));
    }

    #[test]
    fn clearing_leaves_zeroes() {
        let mut bytes = [1, 2, 3];
        clear_bytes(&mut bytes);
        assert_eq!(bytes, [0; 3]);
    }
}
