//! Which of two forms of a field tells less.

use jardin_policy::{Transform, rules::Age};

/// How a form of today stands to that of before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Same,
    /// It follows from the form of before.
    Coarser,
    /// It does not: finer, or incomparable.
    Finer,
}

pub(super) fn step(old: &Transform, new: &Transform) -> Step {
    if old == new {
        Step::Same
    } else if new.follows_from(old) {
        Step::Coarser
    } else {
        Step::Finer
    }
}

/// True where the new span reaches further back than the old one; none reaches for ever.
pub(super) fn longer(old: Option<Age>, new: Option<Age>) -> bool {
    let days = |age: Option<Age>| age.map_or(f64::INFINITY, Age::approximate_days);
    days(new) > days(old) + 1e-6
}
