//! Who may call what: roles, and the keys that carry them.
//!
//! What it is not: no HTTP and no file. The server takes a key from a request's head, the host reads and writes
//! server.toml.
//!
//! Invariants
//! - A key stands in no file and no log: what is kept is its digest.
//! - Looking a key up takes the same work whichever it is, and whether it is known or not.
//! - A key that has ended is not known.
//!
//! ```
//! use jardin_access::{Key, Keys, NewKey, Role};
//! use jardin_model::Timestamp;
//!
//! let new = NewKey::create().unwrap();
//! let key = Key { name: "shop front".into(), sha256: new.sha256, roles: vec![Role::Serve], until: None };
//! let keys = Keys::new(vec![key]);
//! assert_eq!(&*keys.find_key(&new.text, Timestamp::from_ms(0)).unwrap().name, "shop front");
//! assert!(keys.find_key("jardin_guessed", Timestamp::from_ms(0)).is_none());
//! ```

mod key;
mod role;

pub use key::{Key, Keys, NewKey};
pub use role::Role;
