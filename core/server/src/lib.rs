//! The HTTP API: decoding, bounds, access, encoding. Every handler is a few lines over
//! [`jardin_engine::Engine`].
//!
//! What it is not: it decides nothing about data. It knows no store, no interpreter and no plugin.
//!
//! Invariants
//! - No error text repeats a value that was sent.
//! - `instance` in a problem is the route's template and never the path, since ids stand in paths.
//! - While no key exists everybody is answered, and only a loopback address is taken.
//!
//! ```
//! use jardin_server::Access;
//! assert!(Access::new(Vec::new(), "0.0.0.0:80".parse().unwrap()).is_err());
//! assert!(Access::new(Vec::new(), "127.0.0.1:80".parse().unwrap()).is_ok());
//! ```

mod access;
mod app;
mod connections;
mod json;
mod problem;
mod routes;
mod wire;

pub use access::{Access, OpenToAll};
pub use app::{Limits, serve};
