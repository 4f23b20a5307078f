//! The HTTP API as a table of routes: each row says its verb, path, roles, body, answer and problems, and what
//! it runs. The router, the pages about the API and the OpenAPI document come from that table.
//!
//! What it is not: it decides nothing about data. It knows no store, no interpreter and no plugin.
//!
//! Invariants
//! - No error text repeats a value that was sent.
//! - `instance` in a problem is the route's template and never the path, since ids stand in paths.
//! - Under a page token a call is its own person's and visit's, whatever it says, and reaches no route without a scope.
//! - While no key exists every program of this machine is answered and nobody else: only a loopback address is taken, and
//!   what a proxy or a page of another origin sends is refused.
//! - Whatever leads to a row obeys the same rules: they are functions of the row, and no layer has one.
//!
//! ```
//! use jardin_access::Keys;
//! use jardin_server::Access;
//! use std::net::SocketAddr;
//! assert!(Access::new(Keys::default(), SocketAddr::from(([0, 0, 0, 0], 80))).is_err());
//! assert!(Access::new(Keys::default(), SocketAddr::from(([127, 0, 0, 1], 80))).is_ok());
//! ```

mod access;
mod adapter;
mod addresses;
mod admission;
mod body;
mod call;
mod certificate;
mod coding;
mod connections;
mod control;
mod cors;
mod dispatcher;
mod field;
mod json;
mod listener;
mod loopback;
mod openapi;
mod page;
mod policy_page;
mod problem;
mod problem_kind;
mod program;
mod reading;
mod recorded_acts;
mod reply;
mod route;
mod routes;
mod rules;
mod server;
mod serving_threads;
mod shared;
mod stack;
mod target;
mod token_rules;
mod write_timeout;

pub use access::{Access, CalledBy, Caller, Entrance, Peer, TokenAccess, UnsafeEntrance};
pub use certificate::{Certificate, CertificateProblem};
pub use loopback::FromElsewhere;
pub use openapi::{openapi, route_table};
pub use page::Page;
pub use policy_page::{PageWriter, PolicyPage};
pub use program::Program;
pub use rules::{FIXED_LIMITS, Limits, ServerRules};
pub use server::Server;
