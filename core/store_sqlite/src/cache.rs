//! A bounded memory of records by external id, the known absent ones included.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    hash::{BuildHasher as _, Hash, RandomState},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jardin_contract::Cached;
use jardin_model::PersonNumber;

/// What a cache must know of a record.
pub(crate) trait Kept: Clone {
    /// How much memory it takes, roughly.
    fn bytes(&self) -> usize;
    /// Whose it is.
    fn person(&self) -> PersonNumber;
}

/// What an entry without a record takes.
const EMPTY: usize = 224;
/// So many parts have a lock each.
const SHARDS: usize = 8;

/// A cache of records. The second chance algorithm (Corbató 1968) chooses what leaves.
pub(crate) struct Cache<K, V> {
    shards: Vec<Mutex<Shard<K, V>>>,
    hasher: RandomState,
}

struct Shard<K, V> {
    entries: HashMap<K, Entry<V>>,
    by_person: HashMap<PersonNumber, K>,
    /// Keys in the order in which they are looked at, each with the place of its entry; others are
    /// left-overs.
    queue: VecDeque<(K, u64)>,
    /// Reads under way; what they find counts only if no write came in between.
    reads: BTreeMap<u64, K>,
    bytes: usize,
    most: usize,
    next: u64,
}

struct Entry<V> {
    record: Option<Arc<V>>,
    place: u64,
    used: bool,
    bytes: usize,
}

/// A read under way. Dropped without a result, it leaves nothing.
pub(crate) struct Read<'a, K: Clone + Eq + Hash, V: Kept> {
    cache: &'a Cache<K, V>,
    key: K,
    ticket: u64,
}

impl<K: Clone + Eq + Hash, V: Kept> Read<'_, K, V> {
    /// Keeps what was read, unless a write came in between.
    pub(crate) fn found(self, record: Option<Arc<V>>) {
        if let Some(mut shard) = self.cache.lock(&self.key)
            && shard.reads.remove(&self.ticket).is_some()
        {
            shard.put(self.key.clone(), record);
        }
    }
}

impl<K: Clone + Eq + Hash, V: Kept> Drop for Read<'_, K, V> {
    fn drop(&mut self) {
        if let Some(mut shard) = self.cache.lock(&self.key) {
            shard.reads.remove(&self.ticket);
        }
    }
}

impl<K: Clone + Eq + Hash, V: Kept> Cache<K, V> {
    /// A cache that stays within `most` bytes.
    pub(crate) fn new(most: usize) -> Self {
        let shard = || {
            Mutex::new(Shard {
                entries: HashMap::new(),
                by_person: HashMap::new(),
                queue: VecDeque::new(),
                reads: BTreeMap::new(),
                bytes: 0,
                most: most / SHARDS,
                next: 0,
            })
        };
        Self { shards: std::iter::repeat_with(shard).take(SHARDS).collect(), hasher: RandomState::new() }
    }

    #[expect(clippy::cast_possible_truncation, reason = "any part of a hash is one")]
    fn lock(&self, key: &K) -> Option<MutexGuard<'_, Shard<K, V>>> {
        let shard = self.shards.get(self.hasher.hash_one(key) as usize % SHARDS)?;
        Some(shard.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn locks(&self) -> impl Iterator<Item = MutexGuard<'_, Shard<K, V>>> {
        self.shards.iter().map(|shard| shard.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What it knows.
    pub(crate) fn get(&self, key: &K) -> Cached<Arc<V>> {
        let Some(mut shard) = self.lock(key) else {
            return Cached::Missing;
        };
        shard.entries.get_mut(key).map_or(Cached::Missing, |entry| {
            entry.used = true;
            Cached::Known(entry.record.clone())
        })
    }

    /// Announces a read.
    pub(crate) fn read(&self, key: &K) -> Read<'_, K, V> {
        let ticket = self.lock(key).map_or(0, |mut shard| {
            shard.next += 1;
            let ticket = shard.next;
            shard.reads.insert(ticket, key.clone());
            ticket
        });
        Read { cache: self, key: key.clone(), ticket }
    }

    /// Keeps what was written.
    pub(crate) fn set(&self, key: &K, record: Option<Arc<V>>) {
        if let Some(mut shard) = self.lock(key) {
            shard.overtake(key);
            shard.put(key.clone(), record);
        }
    }

    /// Changes a known record in place. One that is not known, or was known absent, is read when it is next
    /// asked for.
    pub(crate) fn change(&self, key: &K, change: impl FnOnce(&mut V)) {
        let Some(mut shard) = self.lock(key) else { return };
        shard.overtake(key);
        match shard.entries.get_mut(key).map(|entry| entry.record.take()) {
            Some(Some(mut record)) => {
                change(Arc::make_mut(&mut record));
                shard.put(key.clone(), Some(record));
            }
            Some(None) => shard.remove(key),
            None => {}
        }
    }

    /// Forgets what concerns these people or visits.
    pub(crate) fn forget(&self, people: &[PersonNumber]) {
        for mut shard in self.locks() {
            // whose they are is known once they have been read
            shard.reads.clear();
            for person in people {
                if let Some(key) = shard.by_person.get(person).cloned() {
                    shard.remove(&key);
                }
            }
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        for mut shard in self.locks() {
            shard.reads.clear();
            shard.entries.clear();
            shard.by_person.clear();
            shard.queue.clear();
            shard.bytes = 0;
        }
    }
}

impl<K: Clone + Eq + Hash, V: Kept> Shard<K, V> {
    /// What reads of this key find is no longer true.
    fn overtake(&mut self, key: &K) {
        self.reads.retain(|_, read| read != key);
    }

    fn put(&mut self, key: K, record: Option<Arc<V>>) {
        let bytes = EMPTY + record.as_ref().map_or(0, |r| r.bytes());
        let person = record.as_ref().map(|r| r.person());
        let before = self.entries.get(&key).map(|e| (e.place, e.bytes, e.used));
        if before.is_some() {
            self.disown(&key);
        }
        let (place, used) = before.map_or((self.next + 1, false), |(place, _, _)| (place, true));
        if before.is_none() {
            self.next = place;
            self.queue.push_back((key.clone(), place));
        }
        self.bytes = self.bytes + bytes - before.map_or(0, |(_, bytes, _)| bytes);
        if let Some(person) = person {
            self.by_person.insert(person, key.clone());
        }
        let entry = Entry { record, place, used, bytes };
        self.entries.insert(key, entry);
        self.shrink();
    }

    /// Lets the oldest that were not used since they were last looked at leave, until the rest fits.
    fn shrink(&mut self) {
        while self.bytes > self.most {
            let Some((key, place)) = self.queue.pop_front() else {
                break;
            };
            match self.entries.get_mut(&key) {
                Some(entry) if entry.place == place && entry.used => {
                    entry.used = false;
                    self.queue.push_back((key, place));
                }
                Some(entry) if entry.place == place => self.remove(&key),
                _ => {}
            }
        }
        if self.queue.len() > 64 + 2 * self.entries.len() {
            let entries = &self.entries;
            self.queue.retain(|(key, place)| entries.get(key).is_some_and(|e| e.place == *place));
        }
    }

    fn remove(&mut self, key: &K) {
        self.disown(key);
        if let Some(entry) = self.entries.remove(key) {
            self.bytes -= entry.bytes;
        }
    }

    /// The person of an entry's present record no longer leads to it.
    fn disown(&mut self, key: &K) {
        if let Some(person) = self.entries.get(key).and_then(|e| e.record.as_ref()).map(|r| r.person()) {
            self.by_person.remove(&person);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Kept for u32 {
        fn bytes(&self) -> usize {
            776
        }
        fn person(&self) -> PersonNumber {
            PersonNumber(u64::from(*self))
        }
    }

    impl Cache<u32, u32> {
        fn total(&self) -> (usize, usize) {
            self.locks().map(|s| (s.bytes, s.queue.len())).fold((0, 0), |(a, b), (c, d)| (a + c, b + d))
        }
    }

    #[test]
    fn stays_within_its_bytes_and_keeps_what_is_used() {
        // an entry takes 1,000 bytes, so that each of the 8 parts holds 10
        let cache = Cache::<u32, u32>::new(80_000);
        cache.set(&0, Some(Arc::new(0)));
        for key in 1..1000 {
            cache.set(&key, Some(Arc::new(key)));
            assert_eq!(cache.get(&0), Cached::Known(Some(Arc::new(0))), "after {key}");
            assert!(cache.total().0 <= 80_000);
        }
        assert_eq!(cache.get(&1), Cached::Missing);
    }

    #[test]
    fn a_read_that_a_write_overtook_is_not_kept() {
        let cache = Cache::<u32, u32>::new(1 << 20);
        let read = cache.read(&1);
        cache.set(&1, Some(Arc::new(2)));
        read.found(Some(Arc::new(1)));
        assert_eq!(cache.get(&1), Cached::Known(Some(Arc::new(2))));
        let read = cache.read(&3);
        cache.change(&3, |v| *v += 1);
        read.found(Some(Arc::new(1)));
        assert_eq!(cache.get(&3), Cached::Missing);
        let read = cache.read(&4);
        cache.forget(&[PersonNumber(4)]);
        read.found(Some(Arc::new(4)));
        assert_eq!(cache.get(&4), Cached::Missing);
        // one that was given up leaves nothing
        drop(cache.read(&5));
        assert!(cache.locks().all(|s| s.reads.is_empty()));
    }

    #[test]
    fn absence_is_remembered_until_it_ends() {
        let cache = Cache::<u32, u32>::new(1 << 20);
        cache.read(&1).found(None);
        assert_eq!(cache.get(&1), Cached::Known(None));
        cache.change(&1, |_| ());
        assert_eq!(cache.get(&1), Cached::Missing);
    }

    #[test]
    fn people_are_forgotten_by_their_number() {
        let cache = Cache::<u32, u32>::new(1 << 20);
        // the record behind a key changes its person, as after an erasure
        cache.set(&1, Some(Arc::new(10)));
        cache.set(&1, Some(Arc::new(11)));
        cache.set(&2, Some(Arc::new(20)));
        cache.forget(&[PersonNumber(10)]);
        assert_eq!(cache.get(&1), Cached::Known(Some(Arc::new(11))));
        cache.forget(&[PersonNumber(11), PersonNumber(99)]);
        assert_eq!((cache.get(&1), cache.get(&2)), (Cached::Missing, Cached::Known(Some(Arc::new(20)))));
    }

    #[test]
    fn coming_and_going_leaves_no_trail() {
        let cache = Cache::<u32, u32>::new(1 << 20);
        for _ in 0..10_000 {
            cache.set(&1, Some(Arc::new(1)));
            cache.forget(&[PersonNumber(1)]);
        }
        let (bytes, queued) = cache.total();
        assert!(bytes == 0 && queued <= 65, "{bytes} bytes, {queued} queued");
    }
}
