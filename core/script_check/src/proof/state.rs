//! What is known at one point of a script.

use std::collections::BTreeSet;

use jardin_model::FieldPath;

use super::{
    abstracts::{Absence, Abstract, Decided, Object, Place},
    plan::Fork,
};

/// What is known at one point of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct State {
    /// The variables, the newest last.
    pub(crate) variables: Vec<(String, Abstract)>,
    /// Fields that are known not to be absent.
    pub(crate) present: BTreeSet<Place>,
    /// Fields that were read on every way to this point.
    pub(crate) read: BTreeSet<FieldPath>,
    /// By what this point is reached, or not.
    pub(crate) decided: Decided,
    /// False after `return` and its like.
    pub(crate) reachable: bool,
}

impl State {
    /// The state at the start of a function.
    pub(crate) const fn at_entry(variables: Vec<(String, Abstract)>, present: BTreeSet<Place>) -> Self {
        Self { variables, present, read: BTreeSet::new(), decided: Decided::BY_NOTHING, reachable: true }
    }

    /// What a variable holds.
    pub(crate) fn variable_named(&self, name: &str) -> Option<&Abstract> {
        self.variables.iter().rev().find(|(n, _)| n == name).map(|(_, a)| a)
    }

    /// The variable of that name that is seen here.
    pub(crate) fn variable_mut(&mut self, name: &str) -> Option<&mut Abstract> {
        self.variables.iter_mut().rev().find(|(n, _)| n == name).map(|(_, a)| a)
    }

    /// Whether a value may be `()` here.
    pub(crate) fn absence_of(&self, value: &Abstract) -> Absence {
        match value {
            Abstract::Value(v) if v.place.as_ref().is_some_and(|p| self.present.contains(p)) => {
                Absence::Never
            }
            Abstract::Value(v) => v.absence,
            Abstract::Many(_, place, _) if self.present.contains(place) => Absence::Never,
            Abstract::Many(_, _, absence) => *absence,
            _ => Absence::Never,
        }
    }

    /// Notes that a value is not `()`, in the variable that held it as well.
    pub(crate) fn is_present(&mut self, value: &Abstract, variable: Option<&str>) {
        match value {
            Abstract::Value(v) => self.present.extend(v.place.clone()),
            Abstract::Many(_, place, _) => self.present.extend([place.clone()]),
            Abstract::Item(object) => self.present.extend([Place { object: object.clone(), field: None }]),
            _ => {}
        }
        if let Some(Abstract::Value(held)) = variable.and_then(|name| self.variable_mut(name)) {
            held.absence = Absence::Never;
        }
    }

    /// Notes what decides from here on whether a point is reached.
    pub(crate) fn note_decided(&mut self, decided: Decided) {
        self.decided = self.decided.or(decided);
    }

    /// Forgets what is known of an object, since another one takes its place.
    pub(crate) fn forget_object(&mut self, object: &Object) {
        self.present.retain(|place| place.object != *object);
    }

    /// What is known where two ways meet; `number` is one that no other meeting has.
    pub(crate) fn join(self, other: Self, number: usize) -> Self {
        if !self.reachable {
            return other;
        }
        if !other.reachable {
            return self;
        }
        let decided = self.decided.or(other.decided);
        let fork = Fork { number, data: decided.by_data };
        let pairs = self.variables.into_iter().zip(other.variables).enumerate();
        // a variable that holds two different things with fields was refused when it was assigned
        let variables = pairs.map(|(i, ((name, a), (_, b)))| (name, a.clone().join(b, fork, i).unwrap_or(a)));
        Self {
            variables: variables.collect(),
            present: self.present.intersection(&other.present).cloned().collect(),
            read: self.read.intersection(&other.read).cloned().collect(),
            decided,
            reachable: true,
        }
    }
}
