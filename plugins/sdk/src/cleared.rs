//! Copies of what a request said.

use std::{
    hint::black_box,
    ops::{Deref, DerefMut, Range},
};

/// Values that were copied out of a request, and are overwritten when they are dropped: what they said of a
/// person is not left in the plugin's freed memory, where the next request could find it.
///
/// It reads as a slice and iterates as a list does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cleared<T: Copy + Default>(Vec<T>);

impl<T: Copy + Default> Cleared<T> {
    pub(crate) fn push(&mut self, value: T) {
        if self.0.len() == self.0.capacity() {
            let mut larger = Vec::with_capacity((self.0.capacity() * 2).max(64));
            larger.extend_from_slice(&self.0);
            // the smaller copy is cleared as it is dropped
            *self = Self(larger);
        }
        self.0.push(value);
    }

    /// Overwrites and removes all but the first `length`.
    pub(crate) fn truncate(&mut self, length: usize) {
        if let Some(rest) = self.0.get_mut(length..) {
            rest.fill(T::default());
            black_box(rest);
        }
        self.0.truncate(length);
    }
}

impl<T: Copy + Default> Drop for Cleared<T> {
    fn drop(&mut self) {
        self.truncate(0);
    }
}

impl<T: Copy + Default> Deref for Cleared<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Copy + Default> DerefMut for Cleared<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<T: Copy + Default> FromIterator<T> for Cleared<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut cleared = Self::default();
        values.into_iter().for_each(|value| cleared.push(value));
        cleared
    }
}

impl<T: Copy + Default> IntoIterator for Cleared<T> {
    type Item = T;
    type IntoIter = ClearedIter<T>;

    fn into_iter(self) -> ClearedIter<T> {
        ClearedIter { left: 0..self.0.len(), values: self }
    }
}

/// The values, one after the other.
#[derive(Debug)]
pub struct ClearedIter<T: Copy + Default> {
    values: Cleared<T>,
    left: Range<usize>,
}

impl<T: Copy + Default> Iterator for ClearedIter<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.values.get(self.left.next()?).copied()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }
}

impl<T: Copy + Default> DoubleEndedIterator for ClearedIter<T> {
    fn next_back(&mut self) -> Option<T> {
        self.values.get(self.left.next_back()?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_as_the_list_that_it_is() {
        let cleared: Cleared<u32> = (0..200).collect();
        assert_eq!(*cleared, *(0..200).collect::<Vec<_>>());
        assert_eq!(cleared.into_iter().rev().take(2).collect::<Vec<_>>(), [199, 198]);
    }

    #[test]
    fn what_is_cut_off_is_overwritten() {
        let mut cleared: Cleared<u32> = [7, 8, 9].into_iter().collect();
        let room = cleared.0.as_ptr();
        cleared.truncate(1);
        assert_eq!(*cleared, [7]);
        // SAFETY: the room of three values is still there and was written to, since nothing has grown.
        assert_eq!(unsafe { [*room.add(1), *room.add(2)] }, [0, 0]);
    }
}
