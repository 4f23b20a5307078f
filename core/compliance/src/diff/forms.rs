//! Which of two forms of a field tells less.

use std::collections::{BTreeMap, BTreeSet};

use jardin_policy::rules::{Age, Edges, FieldId, PolicyRules, Transform};

/// How a form of today stands to that of before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Same,
    /// It follows from the form of before.
    Coarser,
    /// It does not: finer, or incomparable.
    Finer,
}

/// A policy and a form of a field in it.
pub(super) type Form<'a> = (&'a PolicyRules, &'a Transform);

pub(super) fn step(old: Form<'_>, new: Form<'_>) -> Step {
    if same(old, new) {
        return Step::Same;
    }
    if coarser(old, new) { Step::Coarser } else { Step::Finer }
}

fn item(rules: &PolicyRules, id: FieldId) -> Option<&str> {
    rules.field(id).map(|f| &*f.path.name)
}

fn same(old: Form<'_>, new: Form<'_>) -> bool {
    match (old.1, new.1) {
        (Transform::Top { k: a, of: x }, Transform::Top { k: b, of: y }) => {
            a == b && item(old.0, *x) == item(new.0, *y)
        }
        (Transform::Typical { of: x, edges: a }, Transform::Typical { of: y, edges: b }) => {
            a == b && item(old.0, *x) == item(new.0, *y)
        }
        (a, b) => a == b,
    }
}

/// True where the new form can be computed from the old one.
fn coarser(old: Form<'_>, new: Form<'_>) -> bool {
    match (old.1, new.1) {
        (Transform::Exact, _) | (_, Transform::YesOrNo) => true,
        (Transform::AgeBand { .. }, Transform::AgeBand { .. }) => within(&bands(new.1), &bands(old.1)),
        (Transform::FirstCharacters { n: a }, Transform::FirstCharacters { n: b }) => b <= a,
        (Transform::Round { to: a }, Transform::Round { to: b }) => b >= a && (b / a).fract().abs() < 1e-9,
        (Transform::Bucket { edges: a }, Transform::Bucket { edges: b })
        | (Transform::Count { edges: a }, Transform::Count { edges: b }) => fewer(a, b),
        (Transform::Generalise { map: a }, Transform::Generalise { map: b }) => follows(a, b),
        (Transform::Top { k: a, of: x }, Transform::Top { k: b, of: y }) => {
            b <= a && item(old.0, *x) == item(new.0, *y)
        }
        (Transform::Typical { of: x, edges: a }, Transform::Typical { of: y, edges: b }) => {
            fewer(a, b) && item(old.0, *x) == item(new.0, *y)
        }
        (Transform::Pseudonym { changes_every: a }, Transform::Pseudonym { changes_every: b }) => {
            !longer(Some(*a), Some(*b))
        }
        _ => false,
    }
}

fn bands(form: &Transform) -> BTreeSet<i16> {
    let Transform::AgeBand { years, from, to } = form else {
        return BTreeSet::new();
    };
    let inner = (0..).map(|i| from + i * years).take_while(|border| border < to);
    inner.chain([*to]).collect()
}

fn within<T: Ord>(part: &BTreeSet<T>, whole: &BTreeSet<T>) -> bool {
    part.is_subset(whole)
}

fn fewer(old: &Edges, new: &Edges) -> bool {
    new.borders().iter().all(|border| old.borders().contains(border))
}

/// True where choices that the old map told as one are still told as one.
fn follows<K: Ord, V: Ord>(old: &BTreeMap<K, V>, new: &BTreeMap<K, V>) -> bool {
    let mut by_old: BTreeMap<&V, Option<&V>> = BTreeMap::new();
    old.iter().all(|(choice, told)| {
        let now = new.get(choice);
        *by_old.entry(told).or_insert(now) == now
    })
}

/// True where the new span reaches further back than the old one; none reaches for ever.
pub(super) fn longer(old: Option<Age>, new: Option<Age>) -> bool {
    let days = |age: Option<Age>| age.map_or(f64::INFINITY, Age::approximate_days);
    days(new) > days(old) + 1e-6
}
