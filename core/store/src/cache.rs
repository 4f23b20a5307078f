//! A bounded memory of records by external id, the known absent ones included.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use jardin_strategy::Cached;

/// How much memory a record takes, roughly.
pub(crate) trait Weigh {
    fn bytes(&self) -> usize;
}

/// What an entry without a record takes.
const EMPTY: usize = 160;

/// A cache of records. The second chance algorithm (Corbató 1968) chooses what leaves.
#[derive(Debug)]
pub(crate) struct Cache<K, V> {
    inner: Mutex<Inner<K, V>>,
    most: usize,
}

#[derive(Debug)]
struct Inner<K, V> {
    entries: HashMap<K, Entry<V>>,
    queue: VecDeque<K>,
    bytes: usize,
    ticket: u64,
}

#[derive(Debug)]
struct Entry<V> {
    state: State<V>,
    used: bool,
    bytes: usize,
}

#[derive(Debug)]
enum State<V> {
    /// Somebody reads it; what she reads counts only if no write came in between.
    Reading(u64),
    Known(Option<Arc<V>>),
}

impl<K: Clone + Eq + Hash, V: Weigh> Cache<K, V> {
    pub(crate) fn new(most: usize) -> Self {
        let inner = Inner {
            entries: HashMap::new(),
            queue: VecDeque::new(),
            bytes: 0,
            ticket: 0,
        };
        Self {
            inner: Mutex::new(inner),
            most,
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner<K, V>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn get(&self, key: &K) -> Cached<Arc<V>> {
        match self.lock().entries.get_mut(key) {
            Some(Entry {
                state: State::Known(value),
                used,
                ..
            }) => {
                *used = true;
                Cached::Known(value.clone())
            }
            _ => Cached::Missing,
        }
    }

    /// Announces a read; its ticket goes back with [`Cache::read`].
    pub(crate) fn begin(&self, key: &K) -> u64 {
        let mut inner = self.lock();
        inner.ticket += 1;
        let ticket = inner.ticket;
        inner.put(key.clone(), State::Reading(ticket), EMPTY, self.most);
        ticket
    }

    /// Keeps what was read, unless a write came in between.
    pub(crate) fn read(&self, key: &K, ticket: u64, value: Option<Arc<V>>) {
        let mut inner = self.lock();
        if matches!(inner.entries.get(key), Some(Entry { state: State::Reading(t), .. }) if *t == ticket) {
            let bytes = EMPTY + value.as_ref().map_or(0, |v| v.bytes());
            inner.put(key.clone(), State::Known(value), bytes, self.most);
        }
    }

    /// Keeps what was written.
    pub(crate) fn set(&self, key: &K, value: Option<Arc<V>>) {
        let bytes = EMPTY + value.as_ref().map_or(0, |v| v.bytes());
        self.lock().put(key.clone(), State::Known(value), bytes, self.most);
    }

    /// Changes a known record in place; one that is being read is read again.
    pub(crate) fn change(&self, key: &K, change: impl FnOnce(&mut V))
    where
        V: Clone,
    {
        let mut inner = self.lock();
        match inner.entries.get_mut(key).map(|e| &mut e.state) {
            Some(State::Known(Some(value))) => {
                change(Arc::make_mut(value));
                let (value, bytes) = (Arc::clone(value), EMPTY + value.bytes());
                inner.put(key.clone(), State::Known(Some(value)), bytes, self.most);
            }
            Some(_) => inner.forget(key),
            None => {}
        }
    }

    /// Forgets one entry, so that it is read again.
    pub(crate) fn forget(&self, key: &K) {
        self.lock().forget(key);
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        let mut inner = self.lock();
        inner.entries.clear();
        inner.queue.clear();
        inner.bytes = 0;
    }
}

impl<K: Clone + Eq + Hash, V> Inner<K, V> {
    fn put(&mut self, key: K, state: State<V>, bytes: usize, most: usize) {
        match self.entries.get_mut(&key) {
            Some(entry) => {
                self.bytes = self.bytes + bytes - entry.bytes;
                *entry = Entry { state, used: true, bytes };
            }
            None => {
                self.bytes += bytes;
                self.queue.push_back(key.clone());
                self.entries.insert(key, Entry { state, used: false, bytes });
            }
        }
        while self.bytes > most {
            let Some(oldest) = self.queue.pop_front() else { break };
            match self.entries.get_mut(&oldest) {
                Some(entry) if entry.used => {
                    entry.used = false;
                    self.queue.push_back(oldest);
                }
                Some(_) => self.remove(&oldest),
                None => {}
            }
        }
    }

    fn remove(&mut self, key: &K) {
        if let Some(entry) = self.entries.remove(key) {
            self.bytes -= entry.bytes;
        }
    }

    fn forget(&mut self, key: &K) {
        self.remove(key);
        self.queue.retain(|k| k != key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Weigh for u32 {
        fn bytes(&self) -> usize {
            840
        }
    }

    #[test]
    fn stays_within_its_bytes_and_keeps_what_is_used() {
        let cache = Cache::<u32, u32>::new(10_000);
        cache.set(&0, Some(Arc::new(0)));
        for key in 1..100 {
            cache.set(&key, Some(Arc::new(key)));
            assert_eq!(cache.get(&0), Cached::Known(Some(Arc::new(0))), "after {key}");
            assert!(cache.lock().bytes <= 10_000);
        }
        assert_eq!(cache.get(&1), Cached::Missing);
    }

    #[test]
    fn a_read_that_a_write_overtook_is_not_kept() {
        let cache = Cache::<u32, u32>::new(10_000);
        let ticket = cache.begin(&1);
        cache.set(&1, Some(Arc::new(2)));
        cache.read(&1, ticket, Some(Arc::new(1)));
        assert_eq!(cache.get(&1), Cached::Known(Some(Arc::new(2))));
        let ticket = cache.begin(&3);
        cache.change(&3, |v| *v += 1);
        cache.read(&3, ticket, Some(Arc::new(1)));
        assert_eq!(cache.get(&3), Cached::Missing);
    }

    #[test]
    fn absence_is_remembered_too() {
        let cache = Cache::<u32, u32>::new(10_000);
        let ticket = cache.begin(&1);
        cache.read(&1, ticket, None);
        assert_eq!(cache.get(&1), Cached::Known(None));
    }
}
