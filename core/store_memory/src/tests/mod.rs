//! The laws, of this store and of one that fails by a script around it.

mod faults;

use std::sync::Arc;

use jardin_contract::Store;
use jardin_store_kit::FaultyStore;

use crate::MemoryStore;

fn new_memory_store() -> impl AsyncFn() -> Arc<dyn Store> {
    let store = MemoryStore::default();
    async move || Arc::new(store.clone()) as Arc<dyn Store>
}

fn new_faulty_store() -> impl AsyncFn() -> Arc<dyn Store> {
    let store = MemoryStore::default();
    async move || Arc::new(FaultyStore::new(Arc::new(store.clone()))) as Arc<dyn Store>
}

mod memory {
    jardin_store_kit::store_laws!(super::new_memory_store);
}

mod faulty {
    jardin_store_kit::store_laws!(super::new_faulty_store);
}
