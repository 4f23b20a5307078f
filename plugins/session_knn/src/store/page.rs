//! The sessions that began within 64 running numbers of each other.

use jardin_sdk::prefetch;

/// What a question reads of one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Session<'a> {
    /// Its first hour since 1970-01-01 UTC.
    pub(crate) hour: u32,
    /// Its items, oldest first, repeats included.
    pub(crate) items: &'a [u32],
}

impl Session<'_> {
    /// Asks for the memory of its items.
    #[inline]
    pub(super) fn prefetch_items(&self) {
        self.items.first().into_iter().for_each(prefetch);
        self.items.get(16).into_iter().for_each(prefetch);
    }
}

/// Up to 64 sessions with their items, side by side in one piece of memory, what a question reads of it first.
/// A change moves the rest of one page and nothing else, wherever in time it falls, and what is forgotten
/// leaves no hole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Page {
    /// Which places hold a session, a bit each.
    occupied: u64,
    /// INVARIANT: the [`Parts`] of as many sessions, one behind the other.
    words: Vec<u32>,
}

/// The parts of a page. Each holds its sessions in their order.
#[derive(Debug, Clone, Copy, Default)]
struct Parts<'a> {
    /// Three words for two sessions: the hour of each, and at which word of the page the items of each end, the
    /// first in the low half.
    heads: &'a [u32],
    items: &'a [u32],
    /// The host's numbers for the sessions, low half first.
    ids: &'a [u32],
}

/// How many words the heads of so many sessions take.
const fn head_words(sessions: usize) -> usize {
    3 * sessions.div_ceil(2)
}

impl Page {
    /// How many running numbers a page spans.
    pub(super) const SPAN: u32 = 64;
    /// The most items of a session, so that the words of a full page are counted in 16 bits.
    pub(super) const MOST_ITEMS: usize = 1_000;

    /// The session at a place below [`Page::SPAN`].
    #[inline]
    pub(super) fn get(&self, place: u32) -> Option<Session<'_>> {
        let rank = self.rank(place)?;
        let (start, end) = self.span(rank);
        Some(Session { hour: self.hour(rank)?, items: self.words.get(start..end)? })
    }

    #[inline]
    fn hour(&self, rank: usize) -> Option<u32> {
        self.words.get(3 * (rank / 2) + rank % 2).copied()
    }

    /// At which words the items of the session at a rank begin and end.
    #[inline]
    fn span(&self, rank: usize) -> (usize, usize) {
        let end = |n: usize| {
            let ends = self.words.get(3 * (n / 2) + 2).copied().unwrap_or(0);
            (ends >> (16 * (n % 2)) & 0xffff) as usize
        };
        (rank.checked_sub(1).map_or_else(|| head_words(self.count()), end), end(rank))
    }

    /// The host's number for the session at a place.
    pub(super) fn id(&self, place: u32) -> Option<u64> {
        let [low, high] = self.parts().ids.get(2 * self.rank(place)?..)?.first_chunk()?;
        Some(u64::from(*low) | u64::from(*high) << 32)
    }

    /// Asks for the memory that tells when the session at a place was and where its items are.
    #[inline]
    pub(super) fn prefetch_head(&self, place: u32) {
        self.words.get(3 * (self.rank_of_free(place) / 2)).into_iter().for_each(prefetch);
    }

    /// Opens a session at a place that is free.
    pub(super) fn open(&mut self, place: u32, id: u64, hour: u32) {
        let (rank, parts) = (self.rank_of_free(place), self.parts());
        let mut sessions = self.sessions(parts);
        sessions.insert(rank, (hour, 0, [id as u32, (id >> 32) as u32]));
        self.words = words_of(&sessions, parts.items);
        self.occupied |= 1 << place;
    }

    /// Adds an item to a session; false where the session is full or there is none.
    pub(super) fn push(&mut self, place: u32, item: u32) -> bool {
        let Some(rank) = self.rank(place) else { return false };
        let (sessions, (start, end)) = (self.count(), self.span(rank));
        if end - start >= Self::MOST_ITEMS {
            return false;
        }
        for n in rank..sessions {
            if let Some(word) = self.words.get_mut(3 * (n / 2) + 2) {
                *word += 1 << (16 * (n % 2));
            }
        }
        if self.words.len() == self.words.capacity() {
            // a few more rather than twice as many: what is old never grows again
            self.words.reserve_exact(4);
        }
        self.words.insert(end, item);
        true
    }

    /// Takes a session away.
    pub(super) fn close(&mut self, place: u32) {
        let Some(rank) = self.rank(place) else { return };
        let parts = self.parts();
        let (start, end) = self.span(rank);
        let mut sessions = self.sessions(parts);
        sessions.remove(rank);
        let mut items = parts.items.to_vec();
        items.drain(start - parts.heads.len()..end - parts.heads.len());
        self.words = words_of(&sessions, &items);
        self.occupied &= !(1 << place);
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.occupied == 0
    }

    /// How many sessions it holds.
    pub(super) const fn count(&self) -> usize {
        self.occupied.count_ones() as usize
    }

    /// The places that hold a session, ascending.
    pub(super) fn places(&self) -> impl Iterator<Item = u32> + use<> {
        let occupied = self.occupied;
        (0..Self::SPAN).filter(move |place| occupied >> place & 1 == 1)
    }

    /// How many bytes its content takes.
    pub(super) const fn bytes(&self) -> usize {
        4 * self.words.len()
    }

    /// How many bytes are set aside for it beyond its own place.
    pub(super) const fn reserved(&self) -> usize {
        4 * self.words.capacity()
    }

    /// How many sessions stand before the one at a place; `None` where there is none.
    #[inline]
    fn rank(&self, place: u32) -> Option<usize> {
        (self.occupied >> place & 1 == 1).then(|| self.rank_of_free(place))
    }

    /// How many sessions stand before a place.
    #[inline]
    const fn rank_of_free(&self, place: u32) -> usize {
        (self.occupied & ((1 << place) - 1)).count_ones() as usize
    }

    #[inline]
    fn parts(&self) -> Parts<'_> {
        let count = self.count();
        let (heads, rest) = self.words.split_at_checked(head_words(count)).unwrap_or_default();
        let (items, ids) = rest.split_at_checked(rest.len().saturating_sub(2 * count)).unwrap_or_default();
        Parts { heads, items, ids }
    }

    /// Every session's hour, its number of items and its id.
    fn sessions(&self, parts: Parts<'_>) -> Vec<(u32, usize, [u32; 2])> {
        let (ids, _) = parts.ids.as_chunks::<2>();
        let session = |(rank, id): (usize, &[u32; 2])| {
            let (start, end) = self.span(rank);
            Some((self.hour(rank)?, end - start, *id))
        };
        ids.iter().enumerate().filter_map(session).collect()
    }
}

/// The words of a page.
fn words_of(sessions: &[(u32, usize, [u32; 2])], items: &[u32]) -> Vec<u32> {
    let heads = head_words(sessions.len());
    let mut words = Vec::with_capacity(heads + items.len() + 2 * sessions.len());
    let mut end = heads;
    for pair in sessions.chunks(2) {
        let mut head = [0; 3];
        for (n, (hour, length, _)) in pair.iter().enumerate() {
            end += length;
            let [first, second, ends] = &mut head;
            *(if n == 0 { first } else { second }) = *hour;
            *ends |= (end as u32) << (16 * n);
        }
        words.extend(head);
    }
    words.extend(items);
    words.extend(sessions.iter().flat_map(|(.., id)| id));
    words
}
