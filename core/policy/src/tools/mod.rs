//! The tools of compliance: what a policy means, in words, tables and figures. Pure functions from policies to values and texts.

mod findings;
mod report;
mod sheet;

pub use findings::{json, sarif};
pub use report::{Audience, report};
pub use sheet::{Part, Sheet};
