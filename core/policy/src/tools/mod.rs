//! The tools of compliance: what a policy means, in words, tables and figures. Pure functions from policies to values and texts.

mod diff;
mod explain;
mod findings;
mod html;
mod matrix;
mod mutate;
mod page;
mod report;
mod words;

pub use diff::{Change, ChangeKind, Diff, diff, is_narrowed};
pub use explain::explain;
pub use findings::{json, sarif};
pub use matrix::matrix;
pub use mutate::{Mutant, Mutation, mutate};
pub use page::{Block, Page, Section};
pub use report::{ReportFor, report};
pub use words::Words;
