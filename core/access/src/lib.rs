//! Who may call what: roles, the keys that carry them, and the tokens that a key makes for a page; and whose yes to a
//! policy counts.
//!
//! What it is not: no HTTP and no file. The server takes a key from a request's head, the host reads and writes
//! server.toml.
//!
//! Invariants
//! - A key stands in no file and no log: what is kept is its digest.
//! - Looking a key up takes the same work whichever it is, and whether it is known or not.
//! - A key that has ended is not known.
//! - An approval is its signer's: not a letter of it can be changed.
//! - A page token is sealed: nobody but the shop that made it reads or changes it, and it ends within the hour.
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

mod approver;
mod key;
mod page_token;
mod role;
mod scope;
mod token_keys;

pub use approver::{ApproverKey, PolicyApproval};
pub use key::{Key, Keys, NewKey};
pub use page_token::{MAX_TOKEN_MS, PageToken};
pub use role::Role;
pub use scope::Scope;
pub use token_keys::TokenKeys;
