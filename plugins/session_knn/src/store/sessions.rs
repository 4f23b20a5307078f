//! All sessions, in the order of their running numbers.

use jardin_sdk::prefetch;

use super::{
    page::{Page, Session},
    posting::shifted,
};

/// How many sessions before it is read the memory of one is asked for, at each of its steps.
const AHEAD: usize = 8;

/// Sessions by label. A label is the running number of a session's first event, counted from a base that is a
/// multiple of a page, so labels are in the order of age whatever the order in which sessions came.
#[derive(Debug, Clone, Default)]
pub(super) struct Sessions {
    /// The running number that label 0 stands for.
    base: u64,
    pages: Vec<Page>,
}

impl Sessions {
    /// The label of a running number, where the base allows one.
    pub(super) fn label(&self, sequence: u64) -> Option<u32> {
        let label = u32::try_from(sequence.checked_sub(self.base)?).ok()?;
        (label != u32::MAX).then_some(label)
    }

    pub(super) fn sequence(&self, label: u32) -> u64 {
        self.base + u64::from(label)
    }

    #[inline]
    pub(super) fn get(&self, label: u32) -> Option<Session<'_>> {
        self.page(label)?.get(label % Page::SPAN)
    }

    /// The host's number for the session with a label.
    pub(super) fn id(&self, label: u32) -> Option<u64> {
        self.page(label)?.id(label % Page::SPAN)
    }

    /// Hands sessions to `each` in the order of their labels, and asks ahead for the memory of those that
    /// follow: first for their pages, then for where in them they stand. Their items may be far away.
    #[inline]
    pub(super) fn read_heads<'a>(&'a self, labels: &[u32], mut each: impl FnMut(usize, Session<'a>)) {
        let ask_for_page = |label: &u32| self.page(*label).into_iter().for_each(prefetch);
        let ask_for_head = |label: &u32| {
            self.page(*label).into_iter().for_each(|page| page.prefetch_head(label % Page::SPAN));
        };
        labels.iter().take(2 * AHEAD).for_each(ask_for_page);
        labels.iter().take(AHEAD).for_each(ask_for_head);
        for (n, label) in labels.iter().enumerate() {
            labels.get(n + 2 * AHEAD).into_iter().for_each(ask_for_page);
            labels.get(n + AHEAD).into_iter().for_each(ask_for_head);
            if let Some(session) = self.get(*label) {
                each(n, session);
            }
        }
    }

    /// The same, and the memory of their items is asked for as well.
    #[inline]
    pub(super) fn read_each<'a>(&'a self, labels: &[u32], mut each: impl FnMut(usize, Session<'a>)) {
        // a ring of those whose items are on their way
        let mut asked: [Option<(usize, Session<'a>)>; AHEAD] = [None; AHEAD];
        let mut read = |n: usize, next| {
            let slot = asked.get_mut(n % AHEAD);
            if let Some((earlier, session)) = slot.and_then(|slot| std::mem::replace(slot, next)) {
                each(earlier, session);
            }
        };
        self.read_heads(labels, |n, session| {
            session.prefetch_items();
            read(n, Some((n, session)));
        });
        (labels.len()..labels.len() + AHEAD).for_each(|n| read(n, None));
    }

    #[inline]
    fn page(&self, label: u32) -> Option<&Page> {
        self.pages.get((label / Page::SPAN) as usize)
    }

    pub(super) fn open(&mut self, label: u32, id: u64, hour: u32) {
        let number = (label / Page::SPAN) as usize;
        if number >= self.pages.len() {
            self.pages.resize_with(number + 1, Page::default);
        }
        if let Some(page) = self.pages.get_mut(number) {
            page.open(label % Page::SPAN, id, hour);
        }
    }

    /// Adds an item to a session; false where nothing changed.
    pub(super) fn push(&mut self, label: u32, item: u32) -> bool {
        let page = self.pages.get_mut((label / Page::SPAN) as usize);
        page.is_some_and(|page| page.push(label % Page::SPAN, item))
    }

    pub(super) fn close(&mut self, label: u32) {
        if let Some(page) = self.pages.get_mut((label / Page::SPAN) as usize) {
            page.close(label % Page::SPAN);
        }
        while self.pages.last().is_some_and(Page::is_empty) {
            self.pages.pop();
        }
    }

    /// Moves the base so that `sequence` gets a label, and says by how much every label moves; `None` where
    /// the sessions would then span more running numbers than labels can count.
    pub(super) fn rebase(&mut self, sequence: u64) -> Option<i64> {
        let span = u64::from(Page::SPAN);
        let first = self.pages.iter().position(|page| !page.is_empty());
        let oldest = first.map_or(sequence, |first| self.base + first as u64 * span).min(sequence);
        // half as much room again below, so that a feed that runs backwards moves the base rarely
        let room = (self.pages.len() as u64 / 2) * span * u64::from(sequence < self.base);
        let base = oldest.saturating_sub(room) / span * span;
        let end = if self.pages.is_empty() { 0 } else { self.base + self.pages.len() as u64 * span };
        if end.max(sequence + 1) - base >= u64::from(u32::MAX) {
            return None;
        }
        if base < self.base && !self.pages.is_empty() {
            let before = usize::try_from((self.base - base) / span).ok()?;
            self.pages.splice(0..0, std::iter::repeat_with(Page::default).take(before));
        } else if base > self.base {
            let gone = usize::try_from((base - self.base) / span).unwrap_or(usize::MAX);
            self.pages.drain(..gone.min(self.pages.len()));
        }
        let by = i64::try_from(self.base).ok()? - i64::try_from(base).ok()?;
        self.base = base;
        Some(by)
    }

    /// True where more than half of the pages stand empty before the first session.
    pub(super) fn wastes_its_front(&self) -> bool {
        // the middle page is looked at first: it tells nearly always
        let half = self.pages.len() / 2;
        half > 512
            && self.pages.get(half).is_some_and(Page::is_empty)
            && self.pages.iter().take(half).all(Page::is_empty)
    }

    /// The label of the `rank`-th newest session, from 1; `u32::MAX` where there are fewer or 0 is asked for.
    pub(super) fn label_of_rank(&self, mut rank: usize) -> u32 {
        for (number, page) in self.pages.iter().enumerate().rev() {
            let count = page.count();
            if rank <= count {
                let place = page.places().nth(count - rank);
                return place.map_or(u32::MAX, |place| shifted(place, number as i64 * i64::from(Page::SPAN)));
            }
            rank -= count;
        }
        u32::MAX
    }

    /// Every label in order.
    pub(super) fn labels(&self) -> impl Iterator<Item = u32> + '_ {
        let pages = self.pages.iter().enumerate();
        pages.flat_map(|(n, page)| {
            page.places().map(move |place| shifted(place, n as i64 * i64::from(Page::SPAN)))
        })
    }

    /// How many bytes the sessions take.
    pub(super) fn bytes(&self) -> usize {
        self.pages.iter().map(Page::bytes).sum()
    }

    /// How many bytes are set aside.
    pub(super) fn reserved(&self) -> usize {
        let pages: usize = self.pages.iter().map(Page::reserved).sum();
        pages + size_of::<Page>() * self.pages.capacity()
    }
}
