//! Scripts of merchants, read and proved under a policy before anything runs.
//!
//! What it is not: it runs nothing. It has Rhai's parser and no function that a script could call; the strategy
//! that runs a [`CheckedScript`] is `jardin-script-run`.
//!
//! Invariants
//! - A [`CheckedScript`] exists only where every read of it is proved to be of a granted field. What the walk
//!   cannot follow is refused, so that [`CheckedScript::reads`] is all that any run reads.
//! - Denied, undeclared and misspelt names are one and the same to a script, and to every finding about it.
//! - A rule is lowered only from a text that was proved; what is not lowered says why, with its place.
//! - No finding tells a value of data. It reads no file, no clock and no catalogue.
//!
//! ```
//! use std::collections::BTreeSet;
//! use jardin_contract::Params;
//! use jardin_policy::Policy;
//! use jardin_script_check::{Runs, ScriptText};
//!
//! # let policy = include_str!("../tests/policy.toml");
//! let (policy, _) = Policy::load("policy.toml", policy).unwrap();
//! let (reasons, params) = (BTreeSet::new(), Params::default());
//! let check = |source| {
//!     let text = ScriptText { name: "house-rules", file: "rules.rhai", source, reasons: &reasons, params: &params, laid_over: &[] };
//!     text.check(&policy)
//! };
//!
//! let (script, _) = check("fn adjust(item) { if item.price > 100 { item.bury(0.5, \"dear\"); } }").unwrap();
//! assert_eq!(script.reads().iter().next().unwrap().to_string(), "item.price");
//! assert_eq!(script.functions()[0].runs, Runs::Compiled);
//!
//! let report = check("fn adjust(item) { if item.margin > 0.2 { item.boost(2); } }").unwrap_err();
//! assert_eq!(report.findings[0].message, "`item.margin` is not granted to this script");
//! ```

mod checked_script;
pub mod codes;
mod entry;
mod granted;
pub mod limits;
pub mod lowered;
pub mod operators;
mod parsed;
mod parser;
mod proof;
mod runs;
mod script_text;
mod source;
mod source_names;
pub mod vocabulary;

pub use checked_script::{CheckedScript, HeldNumber, NamedValue, NeededPlaces};
pub use entry::{Binding, Entry};
pub use granted::{Granted, GrantedField};
pub use parser::parser;
pub use runs::{FunctionRuns, Runs};
pub use script_text::{Reads, ScriptText};
pub use source_names::SourceNames;
