//! Who may read what.

use std::{borrow::Borrow, fmt, sync::Arc};

use jardin_diagnostics::Span;

use super::{Age, FieldId, FieldRule, PurposeId};
use crate::transforms::Transform;

/// The name of a strategy: lower-case letters, digits and hyphens, a letter first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StrategyName(Arc<str>);

impl StrategyName {
    /// Checks a name.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let letters = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let begins = text.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
        (letters && begins && text.len() <= 64).then(|| Self(text.into()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as a script writes it after `sources.`: hyphens as underscores.
    #[must_use]
    pub fn in_script(&self) -> String {
        self.0.replace('-', "_")
    }
}

impl fmt::Display for StrategyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for StrategyName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// What a strategy is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StrategyKind {
    /// A compiled plugin of that name.
    Plugin(Arc<str>),
    /// A script file, relative to the shop's scripts folder.
    Script(Arc<str>),
}

/// How a compiled plugin is kept from what it was not granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isolation {
    /// By the kernel: the grants are enforced.
    Sandbox,
    /// By a process boundary alone: the grants are advisory.
    Process,
}

/// Figures of the engineers; none can widen access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long a run may take, in milliseconds.
    pub time_ms: u32,
    /// How much memory a worker may use, in MiB.
    pub memory_mb: u32,
    /// How many results it may give.
    pub results: u32,
}

/// One granted field.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldGrant {
    /// Which field.
    pub field: FieldId,
    /// In which form.
    pub transform: Transform,
    /// From how long ago at most.
    pub newest: Option<Age>,
    /// Why it is needed.
    pub because: Option<Arc<str>>,
    /// Of a person: it may leave products out of a list, and not only change their order.
    pub may_hide: bool,
    /// Where it is granted.
    pub span: Span,
}

impl FieldGrant {
    /// True for a field of a person that may change the order of a list alone.
    #[must_use]
    pub const fn is_order_only(&self, field: &FieldRule) -> bool {
        field.path.namespace.is_personal() && !self.may_hide
    }
}

/// One history that a strategy may learn from.
#[derive(Debug, Clone, PartialEq)]
pub struct LearningRule {
    /// Which history.
    pub field: FieldId,
    /// From how long ago at most.
    pub newest: Option<Age>,
    /// Where it is granted.
    pub span: Span,
}

/// Of how many people what a strategy learned must be, and how often each of them counts. Visits of nobody known count
/// as a person each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeopleRule {
    /// What fewer people did is not shown; at least 1.
    pub at_least: u32,
    /// How often one person counts at most, at least 1; `None` where visits are counted, whoever made them.
    pub a_person_counts: Option<u32>,
}

impl PeopleRule {
    /// What holds where a policy says nothing: of fewer than three people, one could tell what another did.
    pub const DEFAULT: Self = Self { at_least: 3, a_person_counts: Some(1) };

    /// What this rule and another one both permit: more people, of whom each counts less often. Who is not told apart by
    /// this one is not told apart.
    #[must_use]
    pub fn stricter(self, other: Self) -> Self {
        let counts = |ours: u32| other.a_person_counts.map_or(ours, |theirs| ours.min(theirs));
        Self {
            at_least: self.at_least.max(other.at_least),
            a_person_counts: self.a_person_counts.map(counts),
        }
    }

    /// True where the strategy is told which visits are one person's.
    #[must_use]
    pub const fn links_visits(self) -> bool {
        self.a_person_counts.is_some()
    }
}

/// One strategy.
#[derive(Debug, Clone)]
pub struct StrategyRule {
    /// Its name.
    pub name: StrategyName,
    /// What it is made of.
    pub kind: StrategyKind,
    /// Whether its file must stand in the lock.
    pub pinned: bool,
    /// How it is isolated.
    pub isolation: Isolation,
    /// Who supplies it.
    pub vendor: Option<Arc<str>>,
    /// Why it runs.
    pub purpose: PurposeId,
    /// Why it learns.
    pub learning_purpose: Option<PurposeId>,
    /// What it may read, in the order of the fields.
    pub may_read: Vec<FieldGrant>,
    /// What it may learn from.
    pub may_learn_from: Vec<LearningRule>,
    /// Of how many people it must be.
    pub people: PeopleRule,
    /// On whose lists it may build.
    pub may_ask: Vec<StrategyName>,
    /// Its limits.
    pub limits: Limits,
    /// Where it is declared.
    pub span: Span,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is in force, what waits for its approval, and what both permit.
    #[test]
    fn of_two_rules_for_people_both_must_hold() {
        let rule = |(at_least, a_person_counts)| PeopleRule { at_least, a_person_counts };
        for (ours, theirs, both) in [
            ((3, Some(1)), (1, None), (3, Some(1))),
            ((3, Some(2)), (5, Some(1)), (5, Some(1))),
            ((5, Some(1)), (3, Some(2)), (5, Some(1))),
            ((1, None), (3, Some(1)), (3, None)),
        ] {
            assert_eq!(rule(ours).stricter(rule(theirs)), rule(both), "{ours:?} {theirs:?}");
        }
    }
}
