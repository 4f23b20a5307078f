//! A log of acts that cannot be rewritten unseen.
//!
//! What it is not: it decides nothing about what is recorded, and knows no shop. It writes what it is given, and says of a folder
//! what is proved of it.
//!
//! The folder holds a file of JSON lines for each day (UTC). Entries are written in batches, and behind each batch a line
//! `{"through":N,"chain":"…"}`, where `chain` is the SHA-256 of the chain before it and of the bytes of the batch. A checkpoint is
//! the number of entries with the chain there, signed by ed25519. One that stands outside the folder proves every entry up to it:
//! whoever rewrites the folder cannot rewrite it.
//!
//! Invariants
//! - Nothing that was written is ever changed. A day that is older than the log is kept goes as a whole and leaves a signed stub.
//! - An end cuts off at most the last batch, and the next entry says so.
//! - No entry holds an id or a value of a person.
//!
//! ```
//! use std::sync::Arc;
//!
//! use jardin_audit::{FileAudit, verify_folder};
//! use jardin_contract::Act;
//! use jardin_model::Timestamp;
//!
//! # let folder = std::env::temp_dir().join(format!("jardin-audit-doc-{}", std::process::id()));
//! let audit = FileAudit::open(&folder, &[7; 32], Box::new(|_| ())).unwrap();
//! let at = Timestamp::from_ms(1_795_900_000_000);
//! audit.record_act(Act { at, what: "export_subject".into(), by: "crm".into(), person: None, status: 200 });
//! drop(audit);
//! let found = verify_folder(&folder, None, &[]).unwrap();
//! assert_eq!((found.entries, found.fault), (1, None));
//! # std::fs::remove_dir_all(folder).unwrap();
//! ```

mod chain;
mod checkpoint;
mod error;
mod file_audit;
mod line;
mod opening;
mod retention;
mod segments;
mod verify;

pub use checkpoint::{Checkpoint, newest_checkpoint, public_key_of};
pub use error::AuditError;
pub use file_audit::{FileAudit, OnCheckpoint};
pub use line::{Decision, Record, read_acts, read_decisions};
pub use retention::remove_days_before;
pub use verify::{Fault, FaultKind, Verified, verify_folder};
