//! What an evaluation says.

mod chart;
mod columns;
mod json;
mod page;
mod text;

use crate::{Denominators, Measured};

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
    /// What any list must be better than, which no strategy is needed for.
    pub floors: Vec<Line>,
    /// The first strategy again where only items come that enough people had: one line a number of people.
    pub people: Vec<Line>,
    /// What each grant is worth: the first strategy again, with one thing changed a line.
    pub privacy: Vec<Line>,
    /// Settings that were chosen, by name.
    pub settings: Vec<(String, String)>,
    /// What they reached where they were chosen.
    pub validation: Option<Validation>,
}

/// What settings reach on the last part of the training time.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Validation {
    /// How many questions.
    pub questions: usize,
    /// HR and MRR with the settings as they were.
    pub before: (f64, f64),
    /// HR and MRR with those that were chosen: of weights that were fitted on the other half of the visits.
    pub after: (f64, f64),
}

impl Report {
    /// What the figures of the first strategy are divided by.
    fn denominators(&self) -> Denominators {
        self.strategies.first().map_or(Denominators::default(), |line| line.measured.figures.denominators)
    }

    /// Every table but the first and the last: its title and its lines.
    fn side_tables(&self) -> [(&'static str, &[Line]); 2] {
        [("floor", &self.floors), ("items that enough people had", &self.people)]
    }
}
