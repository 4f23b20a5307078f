//! The tools of compliance: what a policy means, in words, tables and figures. Pure functions from policies to values and texts.

mod findings;

pub use findings::{json, sarif};
