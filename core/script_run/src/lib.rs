//! Scripts of merchants as strategies; the only interpreter.
//!
//! What it is not: it judges no text. What a script may read was proved by `jardin-script-check`, and only what
//! was proved can be loaded. It reads no file, no clock of its own and no catalogue.
//!
//! Invariants
//! - Should a read of a name that is not granted be reached all the same, the run ends with
//!   [`jardin_contract::Failure::Denied`] and its result is discarded; no script can catch it.
//! - The interpreter holds no function but those of this crate. Nothing in it prints, waits, opens, calls
//!   back or runs text.
//! - A run leaves nothing behind: its scope, its objects and its budget end with it. Kept is only what `candidates`
//!   and `arrange` gave where they were shown nothing but the settings.
//! - Compiled and interpreted agree, bit by bit; the interpreter says what a rule means.
//! - A compiled rule runs where it is asked and takes turns with others; a long or interpreted run has a thread
//!   of a bounded pool.
//! - A slow script costs its own list: it never holds a whole lane of the pool, it rests after it took too long
//!   again and again, and house rules have a lane of their own.
//! - Every run ends within some milliseconds of its deadline. No error tells a value.
//!
//! ```
//! use std::{collections::BTreeSet, sync::Arc};
//! use jardin_contract::{Clock, Params, SystemClock};
//! use jardin_policy::Policy;
//! use jardin_script_check::ScriptText;
//! use jardin_script_run::{ScriptPool, ScriptStrategy};
//!
//! # let policy = include_str!("../../script_check/tests/policy.toml");
//! let (policy, _) = Policy::load("policy.toml", policy).unwrap();
//! let clock: Arc<dyn Clock> = Arc::new(SystemClock);
//! let (reasons, params, pool) = (BTreeSet::new(), Params::default(), ScriptPool::new(2));
//! let load = |source| {
//!     let text = ScriptText { name: "house-rules", file: "rules.rhai", source, reasons: &reasons, params: &params, laid_over: &[] };
//!     ScriptStrategy::load(&text, &policy, &clock, pool.list_lane())
//! };
//!
//! let (script, _) = load("fn adjust(item) { if item.price > 100 { item.bury(0.5, \"dear\"); } }").unwrap();
//! assert_eq!(script.functions()[0].runs.to_string(), "compiled");
//!
//! // what is not proved does not run
//! assert!(load("fn adjust(item) { if item.margin > 0.2 { item.boost(2); } }").is_err());
//! ```

/// docs/design.md, whose code is compiled and run here.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/design.md")]
struct DesignPage;

mod budget;
mod engine;
mod functions;
mod host;
mod interpreter;
mod kept_results;
mod kernels;
mod outcome;
mod pool;
mod rest;
mod rule;
mod run_record;
mod script_tests;
mod semantics;
mod strategy;

pub use pool::{ScriptLane, ScriptPool};
pub use script_tests::{Given, TestFailure, TestItem, TestQuestion, TestShop, run_test};
pub use strategy::ScriptStrategy;
