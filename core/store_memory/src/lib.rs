//! A store in memory, which ends with the process: for tests, and for trials over a shop's own store.
//!
//! What it is not: durable, or sparing with memory. It seals nothing, since nothing of it leaves the process.
//!
//! Invariants
//! - It passes the laws of `jardin-store-kit`, as every store does.
//! - Clones are one store.
//! - A store that lies under it ([`MemoryStore::over_store`]) is read and never written.
//!
//! ```
//! use jardin_contract::StateStore as _;
//! use jardin_model::SubjectId;
//! let store = jardin_store_memory::MemoryStore::default();
//! let nobody = store.cached_subject(&SubjectId::new("nobody").unwrap());
//! assert_eq!(nobody, jardin_contract::Cached::Known(None));
//! ```

mod copy;
mod event_log;
mod import;
mod key_ring;
mod removal;
mod state;
mod state_store;
mod store;

pub use copy::StoreCopy;
pub use store::MemoryStore;

#[cfg(test)]
mod tests;
