//! The sessions that began within 64 running numbers of each other.

/// What is kept of one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Session<'a> {
    /// The host's number for it.
    pub(super) id: u64,
    /// Its first hour since 1970-01-01 UTC.
    pub(crate) hour: u32,
    /// Its items, oldest first, repeats included.
    pub(crate) items: &'a [u32],
}

/// Words before the first session: which places hold one, a bit each, low half first.
const HEAD: usize = 2;
/// Words of a session: its id, low half first, its hour, and where its items begin (16 bits) and how many
/// there are (16 bits).
const SESSION: usize = 4;

/// Up to 64 sessions with their items, side by side in one piece of memory: the head, the sessions in order,
/// the items of all of them in the same order. A change moves the rest of one page and nothing else, wherever
/// in time it falls, and what is forgotten leaves no hole. INVARIANT: empty, or as described.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Page(Vec<u32>);

impl Page {
    /// How many running numbers a page spans.
    pub(super) const SPAN: u32 = 64;
    /// The most items of a session, so that a full page is counted in 16 bits.
    pub(super) const MOST_ITEMS: usize = 1_000;

    /// The session at a place below [`Page::SPAN`].
    #[inline]
    pub(super) fn get(&self, place: u32) -> Option<Session<'_>> {
        let [low, high, rest @ ..] = self.0.as_slice() else {
            return None;
        };
        let occupied = joined(*low, *high);
        if occupied >> place & 1 == 0 {
            return None;
        }
        let rank = (occupied & ((1 << place) - 1)).count_ones() as usize;
        let [id_low, id_high, hour, span] = rest.get(SESSION * rank..)?.first_chunk()?;
        let items = rest.get(SESSION * occupied.count_ones() as usize..)?;
        let start = (span >> 16) as usize;
        Some(Session {
            id: joined(*id_low, *id_high),
            hour: *hour,
            items: items.get(start..start + (span & 0xffff) as usize)?,
        })
    }

    /// Opens a session at a place that is free.
    pub(super) fn open(&mut self, place: u32, id: u64, hour: u32) {
        if self.0.is_empty() {
            self.0.extend([0; HEAD]);
        }
        let (rank, items) = (self.rank(place), self.items());
        let start = self.spans().nth(rank).map_or(items, |span| (*span >> 16) as usize);
        let at = HEAD + SESSION * rank;
        make_room(&mut self.0, SESSION);
        self.0.splice(at..at, [id as u32, (id >> 32) as u32, hour, (start as u32) << 16]);
        self.set_occupied(self.occupied() | 1 << place);
    }

    /// Adds an item to a session; false where the session is full or there is none.
    pub(super) fn push(&mut self, place: u32, item: u32) -> bool {
        if self.get(place).is_none_or(|session| session.items.len() >= Self::MOST_ITEMS) {
            return false;
        }
        let (rank, sessions) = (self.rank(place), self.occupied().count_ones() as usize);
        let mut end = 0;
        for (n, span) in self.spans().enumerate().skip(rank) {
            if n == rank {
                *span += 1;
                end = ((*span >> 16) + (*span & 0xffff)) as usize - 1;
            } else {
                *span += 1 << 16;
            }
        }
        make_room(&mut self.0, 1);
        self.0.insert(HEAD + SESSION * sessions + end, item);
        true
    }

    /// Takes a session away.
    pub(super) fn close(&mut self, place: u32) {
        let Some(len) = self.get(place).map(|session| session.items.len()) else {
            return;
        };
        let (rank, sessions) = (self.rank(place), self.occupied().count_ones() as usize);
        let mut start = 0;
        for (n, span) in self.spans().enumerate().skip(rank) {
            if n == rank {
                start = (*span >> 16) as usize;
            } else {
                *span -= (len as u32) << 16;
            }
        }
        let items = HEAD + SESSION * sessions + start;
        self.0.drain(items..items + len);
        let at = HEAD + SESSION * rank;
        self.0.drain(at..at + SESSION);
        self.set_occupied(self.occupied() & !(1 << place));
        if self.occupied() == 0 {
            self.0 = Vec::new();
        } else if self.0.capacity() > self.0.len() + self.0.len() / 2 {
            self.0.shrink_to_fit();
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many sessions it holds.
    pub(super) fn count(&self) -> usize {
        self.occupied().count_ones() as usize
    }

    /// The places that hold a session, ascending.
    pub(super) fn places(&self) -> impl Iterator<Item = u32> + use<> {
        let occupied = self.occupied();
        (0..Self::SPAN).filter(move |place| occupied >> place & 1 == 1)
    }

    /// How many bytes its content takes.
    pub(super) const fn bytes(&self) -> usize {
        4 * self.0.len()
    }

    /// How many bytes are set aside for it beyond its own place.
    pub(super) const fn reserved(&self) -> usize {
        4 * self.0.capacity()
    }

    fn occupied(&self) -> u64 {
        self.0.first_chunk().map_or(0, |[low, high]| joined(*low, *high))
    }

    fn set_occupied(&mut self, occupied: u64) {
        if let Some([low, high]) = self.0.first_chunk_mut() {
            (*low, *high) = (occupied as u32, (occupied >> 32) as u32);
        }
    }

    /// How many sessions stand before a place.
    fn rank(&self, place: u32) -> usize {
        (self.occupied() & ((1 << place) - 1)).count_ones() as usize
    }

    /// How many items all sessions have.
    fn items(&self) -> usize {
        self.0.len() - HEAD - SESSION * self.occupied().count_ones() as usize
    }

    fn spans(&mut self) -> impl Iterator<Item = &mut u32> {
        let sessions = self.occupied().count_ones() as usize;
        self.0.iter_mut().skip(HEAD + SESSION - 1).step_by(SESSION).take(sessions)
    }
}

const fn joined(low: u32, high: u32) -> u64 {
    low as u64 | (high as u64) << 32
}

/// Grows by an eighth rather than twofold.
fn make_room(words: &mut Vec<u32>, more: usize) {
    if words.len() + more > words.capacity() {
        words.reserve_exact(more + words.len() / 8);
    }
}
