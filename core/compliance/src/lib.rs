//! What a policy means, in words, tables and figures: explanations, reports, differences, mutants.
//!
//! What it is not: it decides nothing and lets nothing through; it reads the rules that `jardin-policy` checked.
//! It opens no file and no clock: pure functions from policies to values and texts.
//!
//! Invariant: what is said follows from the rules alone, so that two policies of the same rules read alike.
//!
//! ```
//! let schema = jardin_compliance::write_schema();
//! assert!(schema.contains("\"policy\""));
//! ```

pub mod codes;

mod asked_strategies;
mod coverage;
mod diff;
mod explain;
mod format;
mod html;
mod matrix;
mod mutate;
mod observed;
mod over_grants;
mod page;
mod reference;
mod report;
mod schema;
mod words;

pub use coverage::{Cell, Coverage, measure_coverage};
pub use diff::{Change, ChangeKind, Diff, compare_policies, is_narrowed};
pub use explain::explain_strategy;
pub use format::format_policy;
pub use matrix::draw_matrix;
pub use mutate::{Mutant, Mutation, mutate_policy};
pub use observed::{observed_as_json, parse_observed};
pub use over_grants::find_over_grants;
pub use page::{Block, Page, Section};
pub use reference::reference_page;
pub use report::{
    BreachFacts, FileReads, ReportFor, TouchedData, write_breach_report, write_observed_report, write_report,
};
pub use schema::write_schema;
pub use words::Words;
