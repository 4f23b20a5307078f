//! Keys, which end with the process.

use jardin_contract::{KeyRing, KeySlot, StoreError};
use jardin_store_kit::{Secret, open_sealed, random_bytes, seal_bytes};

use crate::MemoryStore;

impl MemoryStore {
    fn find_key(&self, slot: KeySlot) -> Result<Option<Secret>, StoreError> {
        let place = usize::try_from(slot.0).ok();
        let found = place.and_then(|place| self.lock_state().keys.get(place).copied());
        found.ok_or_else(|| StoreError::failed("no key was ever made in that slot"))
    }
}

impl KeyRing for MemoryStore {
    fn create_keys(&self, count: usize) -> Result<Vec<KeySlot>, StoreError> {
        let mut state = self.lock_state();
        let first = state.keys.len() as u64;
        for _ in 0..count {
            state.keys.push(Some(random_bytes()?));
        }
        Ok((first..first + count as u64).map(KeySlot).collect())
    }

    fn seal_text(&self, slot: KeySlot, bound: &[u8], text: &[u8]) -> Result<Vec<u8>, StoreError> {
        let key = self.find_key(slot)?.ok_or_else(|| StoreError::failed("the key was destroyed"))?;
        seal_bytes(&key, bound, text)
    }

    fn open_text(&self, slot: KeySlot, bound: &[u8], sealed: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.find_key(slot)?.and_then(|key| open_sealed(&key, bound, sealed)))
    }

    fn destroy_keys(&self, slots: &[KeySlot]) -> Result<(), StoreError> {
        let mut state = self.lock_state();
        for slot in slots {
            let place = usize::try_from(slot.0).ok();
            if let Some(key) = place.and_then(|place| state.keys.get_mut(place)) {
                *key = None;
            }
        }
        Ok(())
    }
}
