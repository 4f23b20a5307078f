//! The tools of compliance: what a policy means, in words, tables and figures. Pure functions from policies
//! to values and texts.

mod codes;
mod coverage;
mod diff;
mod explain;
mod findings;
mod format;
mod html;
mod matrix;
mod mutate;
mod observed;
mod over_grants;
mod page;
mod report;
mod schema;
mod words;

pub use codes::codes_page;
pub use coverage::{Cell, Coverage, coverage};
pub use diff::{Change, ChangeKind, Diff, diff, is_narrowed};
pub use explain::explain;
pub use findings::{json, sarif};
pub use format::format;
pub use matrix::matrix;
pub use mutate::{Mutant, Mutation, mutate};
pub use observed::{ENOUGH_DAYS, ENOUGH_RUNS, Observed, Seen};
pub use over_grants::over_grants;
pub use page::{Block, Page, Section};
pub use report::{FileReads, ReportFor, observed_report, report};
pub use schema::schema;
pub use words::Words;
