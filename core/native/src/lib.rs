//! Compiled plugins, each in a worker process of the host's own binary that sees granted columns and nothing
//! else. The only place that loads code.
//!
//! What it is not: it decides nothing. A [`jardin_policy::View`] comes in, items with scores go out.
//!
//! Invariants
//! - No code of a plugin runs before its file's digest was compared with the lock and its manifest and needs
//!   were looked at.
//! - What is loaded is a sealed copy in memory of the bytes that were digested.
//! - A worker gets no data before the host has seen from outside that it is confined.
//! - A worker that is late, dies or answers nonsense costs its request an item list and the host nothing.
//! - A plugin is never unloaded: a new file is a new worker.
//!
//! ```
//! // what a file says of itself is read without running it
//! let error = jardin_native::PluginFile::from_bytes("popular", b"no library".to_vec()).unwrap_err();
//! assert!(error.to_string().contains("no ELF file"));
//! ```
#![expect(unsafe_code, reason = "loading and calling foreign code; each block says why it is sound")]

mod error;
mod link;
mod plugin_file;
mod pool;
mod strategy;
mod worker;

pub use error::NativeError;
pub use link::spawner::Spawner;
pub use plugin_file::{PluginFile, manifest::Manifest, setting_rule::SettingRule};
pub use strategy::{AfterForgetting, NativeStrategy, Settings};
pub use worker::{WORKER_ARGUMENT, run_worker};
