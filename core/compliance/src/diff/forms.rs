//! Which of two forms of a field tells less.

use jardin_policy::{Language, Transform, rules::Age};

use super::wording::instead_of;

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

/// A form instead of another, by the words that differ: `the 20 most frequent values of "category" instead of
/// "brand"`.
pub(super) fn describe_step(old: &Transform, new: &Transform) -> String {
    instead_of(&new.describe_in(Language::English), &old.describe_in(Language::English))
}

/// True where the new span reaches further back than the old one; none reaches for ever.
pub(super) fn longer(old: Option<Age>, new: Option<Age>) -> bool {
    let days = |age: Option<Age>| age.map_or(f64::INFINITY, Age::approximate_days);
    days(new) > days(old) + 1e-6
}
