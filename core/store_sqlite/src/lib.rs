//! The embedded store: people, events, items and switches in SQLite; keys in a file of their own; caches in
//! memory.
//!
//! What it is not: it decides nothing. What it appends was admitted, what it removes it was told to remove.
//!
//! Invariants
//! - No text that identifies a person stands in SQLite in clear. People and visits are random numbers found
//!   by a keyed digest; ids, profile values and where consents were asked are sealed under a key of the person's own;
//!   events carry integers, and what little text they have is sealed as well.
//! - A key is durable before a row that needs it, and rows go before their key does. Erasing a person removes
//!   her rows and overwrites her key in place, both durably, before the answer; what an end cut short is
//!   finished when the store is opened again. No other key is ever destroyed.
//! - What was acknowledged is durable: one writer, one commit for what is waiting, `synchronous = FULL`.
//! - A cache is changed after the commit and before the answer.
//! - What somebody refused acts from the answer on, whatever the disk does, and is written to a journal of its own, so that
//!   no copy of the tables that is put back undoes it.
//!
//! ```
//! # let folder = std::env::temp_dir().join(format!("jardin-store-sqlite-doc-{}", std::process::id()));
//! let store = jardin_store_sqlite::SqliteStore::open(&folder, jardin_store_sqlite::Options::default()).unwrap();
//! // a second process, or a second opening, is refused
//! assert!(jardin_store_sqlite::SqliteStore::open(&folder, jardin_store_sqlite::Options::default()).is_err());
//! # drop(store);
//! # std::fs::remove_dir_all(folder).unwrap();
//! ```

mod backup;
mod choices;
mod clock_mark;
mod committer;
mod dedup;
mod event_log;
mod export;
mod forgetting;
mod items;
mod keys;
mod master_key;
mod people;
mod person_changes;
mod readers;
mod recovery;
mod refusals;
mod schema;
mod state_store;
mod store;
mod sweep;
mod visits;
mod writer;

pub use backup::restore_backup;
pub use master_key::MasterKeyFile;
pub use store::{Options, SqliteStore};

#[cfg(test)]
mod tests;
