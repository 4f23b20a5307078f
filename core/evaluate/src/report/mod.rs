//! What an evaluation says.

mod chart;
mod json;
mod page;
mod text;

use crate::Measured;

/// What was measured of one strategy, or under one change of the policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The strategy, or what was changed.
    pub name: String,
    /// What was measured.
    pub measured: Measured,
}

/// The result of an evaluation.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// How many items of each answer count.
    pub k: usize,
    /// What was evaluated, such as the name of a file.
    pub title: String,
    /// One line a strategy, the first one first in every report.
    pub strategies: Vec<Line>,
    /// What each grant is worth: the first strategy again, with one thing changed a line.
    pub privacy: Vec<Line>,
    /// Settings that were chosen, by name.
    pub settings: Vec<(String, String)>,
}
