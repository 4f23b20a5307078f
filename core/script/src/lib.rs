//! Rhai scripts of merchants under a policy; the only interpreter.
//!
//! What it is not: it reads no file, no clock of its own and no catalogue. It takes a text and a policy, and
//! gives a [`jardin_contract::Strategy`] that describes lists, moves candidates and arranges pages.
//!
//! Invariants
//! - A script is refused unless every read of it is proved to be of a granted field: the fields that it may
//!   read stand in [`ScriptStrategy::reads`]. Denied, undeclared and misspelt names are one and the same to
//!   it.
//! - Should a read of another name be reached all the same, the run ends with
//!   [`jardin_contract::Failure::Denied`] and its result is discarded; no script can catch it.
//! - The interpreter holds no function but those of this crate. Nothing in it prints, waits, opens, calls
//!   back or runs text.
//! - A run leaves nothing behind: its scope, its objects and its budget end with it.
//! - Every run ends within some milliseconds of its deadline. No error tells a value.
//!
//! ```
//! use std::{collections::BTreeSet, sync::Arc};
//! use jardin_policy::Policy;
//! use jardin_script::{ScriptPool, ScriptStrategy, ScriptText};
//! use jardin_contract::{Clock, Params, SystemClock};
//!
//! # let policy = include_str!("../tests/policy.toml");
//! let (policy, _) = Policy::load("policy.toml", policy).unwrap();
//! let clock: Arc<dyn Clock> = Arc::new(SystemClock);
//! let (reasons, params, pool) = (BTreeSet::new(), Params::default(), ScriptPool::new(2));
//! let load = |source| {
//!     let text = ScriptText { name: "house-rules", file: "rules.rhai", source, reasons: &reasons, params: &params };
//!     ScriptStrategy::load(&text, &policy, &clock, &pool)
//! };
//!
//! let (script, _) = load("fn adjust(item) { if item.price > 100 { item.bury(0.5, \"dear\"); } }").unwrap();
//! assert_eq!(script.reads().iter().next().unwrap().to_string(), "item.price");
//!
//! let report = load("fn adjust(item) { if item.margin > 0.2 { item.boost(2); } }").unwrap_err();
//! assert_eq!(report.findings[0].message, "`item.margin` is not granted to this script");
//! ```

mod budget;
mod check;
mod compiled;
mod engine;
mod functions;
mod granted;
mod host;
mod interpreter;
mod limits;
mod load;
mod outcome;
mod parsed;
mod pool;
mod rule;
mod semantics;
mod source;
mod strategy;
mod testing;

pub use check::words;
pub use functions::{FunctionRuns, Runs};
pub use load::{Reads, ScriptText};
pub use pool::ScriptPool;
pub use rule::How;
pub use strategy::ScriptStrategy;
pub use testing::{Given, TestFailure, TestItem, TestQuestion, TestShop, run_test};
