//! What was learned.

mod people;

use jardin_sdk::{PeopleRule, PersonSessions, Weighed as _, prefetch};

use super::{
    Companions, Counting, MAX_PLACES, Row,
    companions::MAX_ITEMS,
    hours::Hours,
    page::Session,
    posting::{Cursor, Posting, shifted},
    sessions::Sessions,
    table::Table,
};
use crate::ItemFields;

/// What an index may grow to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most events.
    pub events: usize,
    /// The highest item index and one; no more than 16,777,216 are learned.
    pub items: u32,
}

impl Default for Limits {
    /// 20 million events of 4 million items.
    fn default() -> Self {
        Self { events: 20_000_000, items: 4_000_000 }
    }
}

/// Why rows were not learned. None of the call's rows counts then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Full {
    /// There are too many events.
    #[error("more than `{0}` events would have to be kept")]
    Events(usize),
    /// An item's index is too high.
    #[error("the item index `{0}` is beyond the limit")]
    Item(u32),
    /// Two sessions began with the same event.
    #[error("two sessions have the running number `{0}`")]
    Taken(u64),
    /// The oldest and the newest session lie too far apart.
    #[error("the sessions span more than 4,294,967,295 running numbers")]
    Span,
}

/// How much was learned. Two indexes that learned the same have the same size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    /// How many sessions.
    pub sessions: usize,
    /// How many events, repeated items included.
    pub events: usize,
    /// How many bytes that takes, without what is set aside for more.
    pub bytes: usize,
}

/// The newest sessions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    hours: u32,
    /// How many there are.
    pub(crate) sessions: usize,
    /// The label of the oldest of them.
    pub(crate) from: u32,
}

/// The learned sessions. It is a function of the set of sessions that were observed and not forgotten, in the
/// order of their running numbers: no sum of fractions, no counter and no cut depends on how they came.
#[derive(Debug, Clone, Default)]
pub struct Index {
    limits: Limits,
    sessions: Sessions,
    table: Table,
    rule: PeopleRule,
    /// Which sessions are one person's, of those that are somebody's.
    of_people: PersonSessions<()>,
    /// The sessions with each item that count: of one person the newest, no more of them than the rule says.
    postings: Vec<Posting>,
    /// How many they are.
    counts: Vec<u32>,
    /// Of how many people there are sessions with each item; whoever is not known is somebody else each time.
    people: Vec<u32>,
    /// What stands near each item; `None` where something changed since it was made.
    companions: Vec<Option<Companions>>,
    hours: Hours,
    /// Windows that were asked for since the last change.
    windows: Vec<Window>,
    living: usize,
    events: usize,
    /// What is said of items, whoever looked at them; nothing of it was learned.
    item_fields: ItemFields,
}

impl Index {
    /// An empty index that grows up to these limits.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Learns. Of a session that is known the rows go on where they ended; only the first 1,000 items of a
    /// session count.
    ///
    /// # Errors
    /// [`Full`] where the limits do not allow it; the index is then as it was, except that sessions may have
    /// been learned that stood before a row with [`Full::Taken`] or [`Full::Span`].
    pub fn observe(&mut self, rows: &[Row]) -> Result<(), Full> {
        let items = self.limits.items.min(MAX_ITEMS);
        if let Some(row) = rows.iter().find(|row| row.item >= items) {
            return Err(Full::Item(row.item));
        }
        if self.events + rows.len() > self.limits.events {
            return Err(Full::Events(self.limits.events));
        }
        self.windows.clear();
        rows.iter().try_for_each(|row| self.learn(row))
    }

    fn learn(&mut self, row: &Row) -> Result<(), Full> {
        let label = match self.label(row.session) {
            Some(label) => label,
            None => self.open(row)?,
        };
        let is_new = self.sessions.get(label).is_some_and(|session| !session.items.contains(&row.item));
        if !self.sessions.push(label, row.item) {
            return Ok(());
        }
        self.events += 1;
        let item = row.item as usize;
        if item >= self.postings.len() {
            self.postings.resize_with(item + 1, Posting::default);
            self.counts.resize(item + 1, 0);
            self.people.resize(item + 1, 0);
            self.companions.resize(item + 1, None);
        }
        if is_new {
            let others = self.others_with(row.session, row.person, row.item);
            self.count_session(item, label, &others);
        }
        let items = self.sessions.get(label).map_or(&[][..], |session| session.items);
        for near in items.iter().rev().take(MAX_PLACES + 1) {
            drop_list(&mut self.companions, *near);
        }
        Ok(())
    }

    fn label(&self, session: u64) -> Option<u32> {
        self.table.get(session, |label| self.sessions.id(label))
    }

    fn open(&mut self, row: &Row) -> Result<u32, Full> {
        if self.living == 0 || self.sessions.label(row.sequence).is_none() {
            self.rebase(row.sequence)?;
        }
        let label = self.sessions.label(row.sequence).ok_or(Full::Span)?;
        if self.sessions.get(label).is_some() {
            return Err(Full::Taken(row.sequence));
        }
        self.sessions.open(label, row.session, row.hour);
        if row.person.is_some() {
            self.of_people.open(row.session, row.person);
        }
        self.hours.add(row.hour);
        let sessions = &self.sessions;
        self.table.insert(row.session, label, |label| sessions.id(label));
        self.living += 1;
        Ok(label)
    }

    fn rebase(&mut self, sequence: u64) -> Result<(), Full> {
        let by = self.sessions.rebase(sequence).ok_or(Full::Span)?;
        if by != 0 {
            self.postings.iter_mut().for_each(|posting| posting.shift(by));
            self.table.relabel(|label| shifted(label, by));
        }
        Ok(())
    }

    /// Forgets whole sessions; unknown ones change nothing. Afterwards the index is what it would be without
    /// them.
    pub fn forget(&mut self, sessions: &[u64]) {
        self.windows.clear();
        for session in sessions {
            if let Some(label) = self.label(*session) {
                self.remove(*session, label);
            }
        }
        if self.sessions.wastes_its_front() {
            let oldest = self.sessions.labels().next();
            if let Some(sequence) = oldest.map(|label| self.sessions.sequence(label)) {
                // only fails where labels could not count the span, and they do already
                let _ = self.rebase(sequence);
            }
        }
    }

    fn remove(&mut self, session: u64, label: u32) {
        let Some(Session { items, hour, .. }) = self.sessions.get(label) else { return };
        let items = items.to_vec();
        let person = self.of_people.close(session).and_then(|(person, ())| person);
        self.events -= items.len();
        for (place, item) in items.iter().enumerate() {
            if items.iter().take(place).any(|earlier| earlier == item) {
                continue;
            }
            let others = self.others_with(session, person, *item);
            self.uncount_session(*item as usize, label, &others);
            drop_list(&mut self.companions, *item);
        }
        self.hours.remove(hour);
        let sessions = &self.sessions;
        self.table.remove(session, |label| sessions.id(label));
        self.sessions.close(label);
        self.living -= 1;
        while self.counts.last() == Some(&0) {
            self.counts.pop();
            self.postings.pop();
            self.people.pop();
            self.companions.pop();
        }
    }

    pub(crate) fn make_list(&mut self, item: u32, counting: &mut Counting) {
        let n = item as usize;
        if let (Some(list), Some(posting)) = (self.companions.get_mut(n), self.postings.get(n)) {
            list.get_or_insert_with(|| counting.count(item, posting, &self.sessions));
        }
    }

    #[inline]
    pub(crate) fn list(&self, item: u32) -> Option<&Companions> {
        self.companions.get(item as usize)?.as_ref()
    }

    /// The newest hour of any session; 0 where there is none.
    #[must_use]
    pub fn newest_hour(&self) -> u32 {
        self.hours.newest()
    }

    /// The newest sessions, as many as began in the newest `hours`.
    pub(crate) fn window(&mut self, hours: u32) -> Window {
        if let Some(known) = self.windows.iter().find(|window| window.hours == hours) {
            return *known;
        }
        let sessions = self.hours.within(hours);
        let window = Window { hours, sessions, from: self.sessions.label_of_rank(sessions) };
        self.windows.push(window);
        window
    }

    /// How many sessions with an item have this label or a newer one.
    #[inline]
    pub(crate) fn count_from(&self, item: u32, label: u32) -> usize {
        self.postings.get(item as usize).map_or(0, |posting| posting.count_from(label))
    }

    /// How much was learned.
    #[must_use]
    pub fn size(&self) -> Size {
        let postings: usize = self.postings.iter().map(Posting::bytes).sum();
        let items = self.postings.len() * (size_of::<Posting>() + 8);
        Size { sessions: self.living, events: self.events, bytes: self.sessions.bytes() + postings + items }
    }

    /// About how many bytes it takes, with what growing takes for a moment: rather too many than too few. It
    /// counts nothing, and costs nothing.
    #[must_use]
    pub fn takes(&self) -> usize {
        let learned = 10 * self.events + 56 * self.living + 234 * self.counts.len();
        learned + self.of_people.bytes() + self.item_fields.takes()
    }

    /// How many bytes are set aside, the allocator's own cost left out.
    #[must_use]
    pub fn reserved(&self) -> usize {
        let postings: usize = self.postings.iter().map(Posting::reserved).sum();
        let counts = self.counts.capacity() + self.people.capacity();
        let items = self.postings.capacity() * size_of::<Posting>() + counts * 4 + self.of_people.bytes();
        let lists = self.companions.capacity() * size_of::<Option<Companions>>();
        let made: usize = self.companions.iter().flatten().map(Companions::reserved).sum();
        let fixed = self.sessions.reserved() + self.table.reserved() + self.hours.reserved();
        fixed + postings + items + lists + made
    }

    /// Every session with its running number, first hour and items, oldest first: all that answers depend on.
    pub fn sessions(&self) -> impl Iterator<Item = (u64, u64, u32, &[u32])> {
        self.sessions.labels().filter_map(|label| {
            let session = self.sessions.get(label)?;
            Some((self.sessions.id(label)?, self.sessions.sequence(label), session.hour, session.items))
        })
    }

    /// What is said of items.
    #[must_use]
    pub const fn item_fields(&self) -> &ItemFields {
        &self.item_fields
    }

    /// What is said of items, to be changed.
    pub const fn item_fields_mut(&mut self) -> &mut ItemFields {
        &mut self.item_fields
    }

    /// How many sessions with an item count.
    #[inline]
    #[must_use]
    pub fn count(&self, item: u32) -> u32 {
        self.counts.get(item as usize).copied().unwrap_or(0)
    }

    /// How many sessions there are.
    #[must_use]
    pub const fn living(&self) -> usize {
        self.living
    }

    /// The highest item index that any session holds, and one.
    #[must_use]
    pub fn items(&self) -> usize {
        self.counts.len()
    }

    #[inline]
    pub(crate) fn newest_first(&self, item: u32) -> Cursor<'_> {
        self.postings.get(item as usize).map_or_else(Cursor::default, Posting::newest_first)
    }

    /// Hands the sessions with these labels to `each`, with the place of each label. Their items may be far away.
    #[inline]
    pub(crate) fn read_heads<'a>(&'a self, labels: &[u32], each: impl FnMut(usize, Session<'a>)) {
        self.sessions.read_heads(labels, each);
    }

    /// The same, where items are read as well.
    #[inline]
    pub(crate) fn read_each<'a>(&'a self, labels: &[u32], each: impl FnMut(usize, Session<'a>)) {
        self.sessions.read_each(labels, each);
    }

    /// The labels of the newest `most` sessions with an item, newest first.
    pub(crate) fn newest_labels(&self, item: u32, most: usize, into: &mut Vec<u32>) {
        into.clear();
        if let Some(posting) = self.postings.get(item as usize) {
            posting.newest_labels(most, into);
        }
    }

    /// Asks for the memory of an item's posting, then for its newest labels.
    pub(crate) fn prefetch_posting(&self, item: u32) {
        self.postings.get(item as usize).into_iter().for_each(prefetch);
    }

    /// See [`Index::prefetch_posting`].
    pub(crate) fn prefetch_labels(&self, item: u32) {
        self.postings.get(item as usize).into_iter().for_each(Posting::prefetch_newest);
    }

    /// Asks for the memory of an item's companions.
    pub(crate) fn prefetch_list(&self, item: u32) {
        self.list(item).into_iter().for_each(Companions::prefetch);
    }
}

/// Drops the companions of an item: they hold what was just changed.
fn drop_list(companions: &mut [Option<Companions>], item: u32) {
    if let Some(list) = companions.get_mut(item as usize) {
        *list = None;
    }
}
