//! Findings about a text: where, what, why it matters, and what to write instead.
//!
//! What it is not: it knows no policy, no configuration and no script. Whoever reads a text brings the codes of
//! what can be wrong with it ([`codes!`]); the few that any text can have are [`Code`]'s own.
//!
//! Invariants
//! - A finding has a code, a place and a message; every finding of a text is collected before it is refused.
//! - A [`TomlTable`] remembers which keys it was asked for, so that a key which nobody reads is a finding.
//!
//! ```
//! use jardin_diagnostics::{FindingSink, read_toml};
//! let (source, sink) = ("colour = 1\nshap = 2", FindingSink::default());
//! read_toml(source, &sink, |root, _| {
//!     let _ = (root.get("colour"), root.get("shape"));
//!     root.end();
//!     Some(())
//! });
//! let report = sink.report("thing.toml", source);
//! assert!(report.rendered().contains("did you mean `shape`?"));
//! ```

pub mod codes;

mod code;
mod codes_page;
mod finding;
mod json;
mod report;
mod sarif;
mod sink;
mod span;
mod suggestion;
mod toml_help;
mod toml_table;
mod toml_value;

pub use code::{Code, Severity};
pub use codes_page::codes_page;
pub use finding::Finding;
pub use json::findings_as_json;
pub use report::Report;
pub use sarif::findings_as_sarif;
pub use sink::FindingSink;
pub use span::{Span, line_and_column};
pub use suggestion::{did_you_mean, list_names};
pub use toml_table::{TomlEntry, TomlTable, read_toml};
pub use toml_value::{TomlDateTime, TomlValue};
