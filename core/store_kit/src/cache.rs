//! A bounded memory of records by external id, the known absent ones included. Whoever reads announces it, so that
//! what a write overtook is never kept.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    hash::{BuildHasher as _, Hash, RandomState},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jardin_contract::Cached;
use jardin_model::PersonNumber;

/// What a cache must know of a record.
pub trait CachedRecord: Clone {
    /// How much memory it takes, roughly, in bytes.
    fn memory_size(&self) -> usize;
    /// Whose it is.
    fn person(&self) -> PersonNumber;
}

/// What an entry without a record takes.
const ENTRY_BYTES: usize = 224;
/// How many parts have a lock of their own.
const SHARDS: usize = 8;

/// A cache of records. The second chance algorithm (Corbató 1968) chooses what leaves.
pub struct Cache<K, V> {
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
    max_bytes: usize,
    next: u64,
}

struct Entry<V> {
    record: Option<Arc<V>>,
    place: u64,
    used: bool,
    bytes: usize,
}

/// A read under way. Dropped without a result, it leaves nothing.
pub struct PendingRead<'a, K: Clone + Eq + Hash, V: CachedRecord> {
    cache: &'a Cache<K, V>,
    key: K,
    ticket: u64,
}

impl<K: Clone + Eq + Hash, V: CachedRecord> PendingRead<'_, K, V> {
    /// Keeps what was read, unless a write came in between.
    pub fn keep_found(self, record: Option<Arc<V>>) {
        if let Some(mut shard) = self.cache.lock_shard(&self.key)
            && shard.reads.remove(&self.ticket).is_some()
        {
            shard.put_entry(self.key.clone(), record);
        }
    }
}

impl<K: Clone + Eq + Hash, V: CachedRecord> Drop for PendingRead<'_, K, V> {
    fn drop(&mut self) {
        if let Some(mut shard) = self.cache.lock_shard(&self.key) {
            shard.reads.remove(&self.ticket);
        }
    }
}

impl<K: Clone + Eq + Hash, V: CachedRecord> Cache<K, V> {
    /// A cache that stays within `max_bytes`.
    pub fn new(max_bytes: usize) -> Self {
        let shard = || {
            Mutex::new(Shard {
                entries: HashMap::new(),
                by_person: HashMap::new(),
                queue: VecDeque::new(),
                reads: BTreeMap::new(),
                bytes: 0,
                max_bytes: max_bytes / SHARDS,
                next: 0,
            })
        };
        Self { shards: std::iter::repeat_with(shard).take(SHARDS).collect(), hasher: RandomState::new() }
    }

    #[expect(clippy::cast_possible_truncation, reason = "any part of a hash is one")]
    fn lock_shard(&self, key: &K) -> Option<MutexGuard<'_, Shard<K, V>>> {
        let shard = self.shards.get(self.hasher.hash_one(key) as usize % SHARDS)?;
        Some(shard.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn lock_all(&self) -> impl Iterator<Item = MutexGuard<'_, Shard<K, V>>> {
        self.shards.iter().map(|shard| shard.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What it knows.
    pub fn find_record(&self, key: &K) -> Cached<Arc<V>> {
        let Some(mut shard) = self.lock_shard(key) else {
            return Cached::Missing;
        };
        shard.entries.get_mut(key).map_or(Cached::Missing, |entry| {
            entry.used = true;
            Cached::Known(entry.record.clone())
        })
    }

    /// Announces a read.
    pub fn begin_read(&self, key: &K) -> PendingRead<'_, K, V> {
        let ticket = self.lock_shard(key).map_or(0, |mut shard| {
            shard.next += 1;
            let ticket = shard.next;
            shard.reads.insert(ticket, key.clone());
            ticket
        });
        PendingRead { cache: self, key: key.clone(), ticket }
    }

    /// Keeps what was written.
    pub fn set_record(&self, key: &K, record: Option<Arc<V>>) {
        if let Some(mut shard) = self.lock_shard(key) {
            shard.overtake_reads(key);
            shard.put_entry(key.clone(), record);
        }
    }

    /// Changes a known record in place. One that is not known, or was known absent, is read when it is next
    /// asked for.
    pub fn change_record(&self, key: &K, change: impl FnOnce(&mut V)) {
        let Some(mut shard) = self.lock_shard(key) else { return };
        shard.overtake_reads(key);
        match shard.entries.get_mut(key).map(|entry| entry.record.take()) {
            Some(Some(mut record)) => {
                change(Arc::make_mut(&mut record));
                shard.put_entry(key.clone(), Some(record));
            }
            Some(None) => shard.remove_entry(key),
            None => {}
        }
    }

    /// Forgets what concerns these people or visits.
    pub fn forget_people(&self, people: &[PersonNumber]) {
        for mut shard in self.lock_all() {
            // whose they are is known once they have been read
            shard.reads.clear();
            for person in people {
                if let Some(key) = shard.by_person.get(person).cloned() {
                    shard.remove_entry(&key);
                }
            }
        }
    }

    /// Forgets everything.
    pub fn clear(&self) {
        for mut shard in self.lock_all() {
            shard.reads.clear();
            shard.entries.clear();
            shard.by_person.clear();
            shard.queue.clear();
            shard.bytes = 0;
        }
    }
}

impl<K: Clone + Eq + Hash, V: CachedRecord> Shard<K, V> {
    /// What reads of this key find is no longer true.
    fn overtake_reads(&mut self, key: &K) {
        self.reads.retain(|_, read| read != key);
    }

    fn put_entry(&mut self, key: K, record: Option<Arc<V>>) {
        let bytes = ENTRY_BYTES + record.as_ref().map_or(0, |r| r.memory_size());
        let person = record.as_ref().map(|r| r.person());
        let before = self.entries.get(&key).map(|e| (e.place, e.bytes, e.used));
        if before.is_some() {
            self.forget_owner(&key);
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
        self.shrink_to_fit();
    }

    /// Lets the oldest that were not used since they were last looked at leave, until the rest fits.
    fn shrink_to_fit(&mut self) {
        while self.bytes > self.max_bytes {
            let Some((key, place)) = self.queue.pop_front() else {
                break;
            };
            match self.entries.get_mut(&key) {
                Some(entry) if entry.place == place && entry.used => {
                    entry.used = false;
                    self.queue.push_back((key, place));
                }
                Some(entry) if entry.place == place => self.remove_entry(&key),
                _ => {}
            }
        }
        if self.queue.len() > 64 + 2 * self.entries.len() {
            let entries = &self.entries;
            self.queue.retain(|(key, place)| entries.get(key).is_some_and(|e| e.place == *place));
        }
    }

    fn remove_entry(&mut self, key: &K) {
        self.forget_owner(key);
        if let Some(entry) = self.entries.remove(key) {
            self.bytes -= entry.bytes;
        }
    }

    /// The person of an entry's present record no longer leads to it.
    fn forget_owner(&mut self, key: &K) {
        if let Some(person) = self.entries.get(key).and_then(|e| e.record.as_ref()).map(|r| r.person()) {
            self.by_person.remove(&person);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl CachedRecord for u32 {
        fn memory_size(&self) -> usize {
            776
        }
        fn person(&self) -> PersonNumber {
            PersonNumber(u64::from(*self))
        }
    }

    impl Cache<u32, u32> {
        fn total_size(&self) -> (usize, usize) {
            self.lock_all().map(|s| (s.bytes, s.queue.len())).fold((0, 0), |(a, b), (c, d)| (a + c, b + d))
        }
    }

    #[test]
    fn stays_within_its_bytes_and_keeps_what_is_used() {
        // an entry takes 1,000 bytes, so that each of the 8 parts holds 10
        let cache = Cache::<u32, u32>::new(80_000);
        cache.set_record(&0, Some(Arc::new(0)));
        for key in 1..1000 {
            cache.set_record(&key, Some(Arc::new(key)));
            assert_eq!(cache.find_record(&0), Cached::Known(Some(Arc::new(0))), "after {key}");
            assert!(cache.total_size().0 <= 80_000);
        }
        assert_eq!(cache.find_record(&1), Cached::Missing);
    }

    #[test]
    fn a_read_that_a_write_overtook_is_not_kept() {
        let cache = Cache::<u32, u32>::new(1 << 20);
        let read = cache.begin_read(&1);
        cache.set_record(&1, Some(Arc::new(2)));
        read.keep_found(Some(Arc::new(1)));
        assert_eq!(cache.find_record(&1), Cached::Known(Some(Arc::new(2))));
        let read = cache.begin_read(&3);
        cache.change_record(&3, |v| *v += 1);
        read.keep_found(Some(Arc::new(1)));
        assert_eq!(cache.find_record(&3), Cached::Missing);
        let read = cache.begin_read(&4);
        cache.forget_people(&[PersonNumber(4)]);
        read.keep_found(Some(Arc::new(4)));
        assert_eq!(cache.find_record(&4), Cached::Missing);
        // one that was given up leaves nothing
        drop(cache.begin_read(&5));
        assert!(cache.lock_all().all(|s| s.reads.is_empty()));
    }

    #[test]
    fn absence_is_remembered_until_it_ends() {
        let cache = Cache::<u32, u32>::new(1 << 20);
        cache.begin_read(&1).keep_found(None);
        assert_eq!(cache.find_record(&1), Cached::Known(None));
        cache.change_record(&1, |_| ());
        assert_eq!(cache.find_record(&1), Cached::Missing);
    }

    #[test]
    fn people_are_forgotten_by_their_number() {
        let cache = Cache::<u32, u32>::new(1 << 20);
        // the record behind a key changes its person, as after an erasure
        cache.set_record(&1, Some(Arc::new(10)));
        cache.set_record(&1, Some(Arc::new(11)));
        cache.set_record(&2, Some(Arc::new(20)));
        cache.forget_people(&[PersonNumber(10)]);
        assert_eq!(cache.find_record(&1), Cached::Known(Some(Arc::new(11))));
        cache.forget_people(&[PersonNumber(11), PersonNumber(99)]);
        assert_eq!(
            (cache.find_record(&1), cache.find_record(&2)),
            (Cached::Missing, Cached::Known(Some(Arc::new(20))))
        );
    }

    #[test]
    fn coming_and_going_leaves_no_trail() {
        let cache = Cache::<u32, u32>::new(1 << 20);
        for _ in 0..10_000 {
            cache.set_record(&1, Some(Arc::new(1)));
            cache.forget_people(&[PersonNumber(1)]);
        }
        let (bytes, queued) = cache.total_size();
        assert!(bytes == 0 && queued <= 65, "{bytes} bytes, {queued} queued");
    }
}
