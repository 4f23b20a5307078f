//! What every store is made of and measured by: a bounded cache, values as bytes, sealing under a person's key, the
//! rules by which events are kept and counted, and (with the feature `testing`) the laws of the contract with a store
//! that fails by a script.
//!
//! What it is not: a store. It opens no file and holds no lock beyond a call.
//!
//! Invariants
//! - What a write overtook is never kept by the [`Cache`].
//! - What is sealed can be opened only under the same key and bound to the same; anything else is `None`, and never
//!   another text.
//! - A law speaks of the contract alone: it knows no file, no table and no backend.
//!
//! ```
//! use jardin_store_kit::{open_sealed, random_bytes, seal_bytes};
//! let key = random_bytes().unwrap();
//! let sealed = seal_bytes(&key, b"postcode of 17", b"38000").unwrap();
//! assert_eq!(open_sealed(&key, b"postcode of 17", &sealed).as_deref(), Some(b"38000".as_slice()));
//! assert_eq!(open_sealed(&key, b"postcode of 18", &sealed), None);
//! ```

mod cache;
mod codec;
#[cfg(feature = "testing")]
mod faulty;
mod history;
#[cfg(feature = "testing")]
pub mod laws;
mod memory_size;
mod operation;
mod people_count;
mod retention;
mod sealing;

pub use cache::{Cache, CachedRecord, PendingRead};
pub use codec::{
    Decoder, Encoder, decode_details, decode_lines, decode_profile, encode_details, encode_lines,
    encode_profile,
};
#[cfg(feature = "testing")]
pub use faulty::{Fault, FaultyStore, Gate};
pub use history::{event_details, insert_by_time, kept_subject, repeat_scope, seen_at};
pub use operation::Operation;
pub use people_count::PeopleCount;
pub use retention::{ends_with_visit, is_too_old, keeps_field, names_item, remove_items};
pub use sealing::{SEAL_BYTES, Secret, keyed_digest, open_sealed, random_bytes, seal_bytes};
