//! The words of each item.

use std::{mem, ops::Range};

use crate::word_table::push_sparingly;

/// Fewer words than this are not worth moving the others together.
const FEW: usize = 4_096;

/// The words of each item, one item behind the other in one piece of memory: a piece for each would cost a product
/// as much again as the words do.
#[derive(Debug, Default)]
pub(crate) struct ItemWords {
    words: Vec<u32>,
    /// By an item's index.
    spans: Vec<Span>,
    /// How many words are nobody's any longer.
    unused: usize,
}

/// Where the words of an item stand.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    start: u32,
    length: u8,
    /// An item may be known and have no words.
    is_known: bool,
}

impl Span {
    fn range(self) -> Range<usize> {
        self.start as usize..self.start as usize + usize::from(self.length)
    }
}

impl ItemWords {
    /// The words of an item; none where it is not known.
    pub(crate) fn get(&self, item: u32) -> &[u32] {
        let span = self.spans.get(item as usize).copied().unwrap_or_default();
        self.words.get(span.range()).unwrap_or_default()
    }

    /// The words of each item, in the order of the items.
    pub(crate) fn all(&self) -> impl Iterator<Item = (u32, &[u32])> {
        (0..u32::try_from(self.spans.len()).unwrap_or(u32::MAX)).map(|item| (item, self.get(item)))
    }

    /// Sets the words of an item that has none; no more than 255 are kept.
    pub(crate) fn put_words(&mut self, item: u32, words: impl Iterator<Item = u32>) {
        let start = self.words.len();
        words.take(usize::from(u8::MAX)).for_each(|word| push_sparingly(&mut self.words, word));
        while self.spans.len() <= item as usize {
            push_sparingly(&mut self.spans, Span::default());
        }
        let length = u8::try_from(self.words.len() - start).unwrap_or(u8::MAX);
        if let (Some(span), Ok(start)) = (self.spans.get_mut(item as usize), u32::try_from(start)) {
            *span = Span { start, length, is_known: true };
        }
    }

    /// Takes an item's words away; false where it was not known.
    pub(crate) fn remove(&mut self, item: u32) -> bool {
        let Some(span) = self.spans.get_mut(item as usize).map(mem::take) else { return false };
        self.unused += usize::from(span.length);
        if self.unused > self.words.len() / 8 + FEW {
            self.close_gaps();
        }
        span.is_known
    }

    /// Moves the words together, in the order in which they stand.
    fn close_gaps(&mut self) {
        let Self { words, spans, unused } = self;
        let mut order: Vec<&mut Span> = spans.iter_mut().filter(|span| span.length > 0).collect();
        order.sort_unstable_by_key(|span| span.start);
        let mut end = 0;
        for span in order {
            words.copy_within(span.range(), end);
            // no gap closes by moving words up
            span.start = u32::try_from(end).unwrap_or(span.start);
            end += usize::from(span.length);
        }
        words.truncate(end);
        *unused = 0;
    }

    #[cfg(test)]
    pub(crate) fn reserved(&self) -> usize {
        4 * self.words.capacity() + 8 * self.spans.capacity()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn words_are_those_of_a_map_while_items_come_and_go() {
        let (mut items, mut map) = (ItemWords::default(), BTreeMap::new());
        for n in 0..40_000_u32 {
            let item = n.wrapping_mul(2_654_435_761) % 700;
            let words: Vec<u32> = (n..n + n % 23).collect();
            items.remove(item);
            items.put_words(item, words.iter().copied());
            map.insert(item, words);
            if n % 5 == 0 {
                items.remove(n % 700);
                map.insert(n % 700, Vec::new());
            }
        }
        for (item, words) in &map {
            assert_eq!(items.get(*item), words, "item {item}");
        }
        let held: usize = map.values().map(Vec::len).sum();
        assert!(items.words.len() <= held * 2 + FEW, "{} words are kept of {held}", items.words.len());
    }
}
