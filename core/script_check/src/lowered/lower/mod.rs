//! From Rhai's tree to a rule's own. What a rule of a shop does not need stays with the interpreter, and is
//! told with its place.

mod calls;
mod expressions;
mod statements;

use std::{collections::BTreeSet, sync::Arc};

use jardin_model::Namespace;
use rhai::{Dynamic, Position};

use super::node::{Block, Node};
use crate::{Binding, Entry, Granted, limits, parsed::Parsed};

/// Expressions of one rule, those of the functions that it calls counted each time.
const MOST_NODES: usize = 4096;

/// Why a function stays with the interpreter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reason {
    /// The functions that call each other down to it, with where each stopped being compiled.
    pub(crate) calls: Vec<(String, Position)>,
    /// Why.
    pub(crate) why: String,
}

/// What a name stands for.
#[derive(Debug, Clone)]
enum Known {
    /// The candidate.
    Candidate,
    /// Subject, session or context.
    Person(Namespace),
    /// The settings.
    Params,
    /// A variable.
    Slot(usize),
    /// A column or constant that a function of the script was given.
    Same(Node),
}

/// A rule that was laid out.
#[derive(Debug)]
pub(super) struct Lowered {
    /// Its statements.
    pub(super) body: Block,
    /// The columns that it reads.
    pub(super) columns: Vec<Arc<str>>,
    /// How many variables it has.
    pub(super) slots: usize,
    /// The functions that it calls.
    pub(super) called: BTreeSet<String>,
}

/// Lays out `adjust`.
pub(super) fn lower_adjust(
    parsed: &Parsed,
    granted: &Granted,
    params: &[Binding],
) -> Result<Lowered, Reason> {
    let mut lower = Lower {
        parsed,
        granted,
        names: Vec::new(),
        columns: Vec::new(),
        slots: 0,
        nodes: 0,
        calls: vec![(Entry::Adjust.name().to_owned(), Position::NONE)],
        called: BTreeSet::new(),
    };
    let Some(function) = parsed.function_named(Entry::Adjust.name()) else {
        return Err(lower.reason_at(Position::NONE, "there is no `adjust`"));
    };
    for (name, binding) in function.params.iter().zip(params) {
        let known = match binding {
            Binding::Item => Known::Candidate,
            Binding::Of(namespace) => Known::Person(*namespace),
            Binding::Params => Known::Params,
            Binding::Sources | Binding::Page => {
                return Err(lower.reason_at(Position::NONE, "it is given what `adjust` does not have"));
            }
        };
        lower.names.push((name.clone(), known));
    }
    let body = lower.lower_block(&function.body)?;
    Ok(Lowered { body, columns: lower.columns, slots: lower.slots, called: lower.called })
}

struct Lower<'a> {
    parsed: &'a Parsed,
    granted: &'a Granted,
    /// The names that are seen, the newest last.
    names: Vec<(String, Known)>,
    columns: Vec<Arc<str>>,
    slots: usize,
    nodes: usize,
    /// The functions that are being laid out, the innermost last.
    calls: Vec<(String, Position)>,
    called: BTreeSet<String>,
}

impl Lower<'_> {
    fn reason_at(&self, at: Position, why: &str) -> Reason {
        let mut calls = self.calls.clone();
        if let Some((_, place)) = calls.last_mut() {
            *place = at;
        }
        Reason { calls, why: why.to_owned() }
    }

    fn known_name(&self, name: &str, at: Position) -> Result<Known, Reason> {
        let found = self.names.iter().rev().find(|(n, _)| n == name).map(|(_, k)| k.clone());
        found.ok_or_else(|| self.reason_at(at, "a variable is not found"))
    }

    /// A new variable; the interpreter's own limit counts those that are seen at once.
    fn new_variable(&mut self, name: &str, at: Position) -> Result<usize, Reason> {
        if self.names.len() >= limits::VARIABLES {
            return Err(self.reason_at(at, "it has too many variables"));
        }
        let slot = self.slots;
        self.slots += 1;
        self.names.push((name.to_owned(), Known::Slot(slot)));
        Ok(slot)
    }

    fn column_index(&mut self, name: &str) -> usize {
        let place = self.columns.iter().position(|c| **c == *name);
        place.unwrap_or_else(|| {
            self.columns.push(name.into());
            self.columns.len() - 1
        })
    }

    fn count_node(&mut self, at: Position) -> Result<(), Reason> {
        self.nodes += 1;
        if self.nodes > MOST_NODES { Err(self.reason_at(at, "it is too long")) } else { Ok(()) }
    }
}

/// A constant.
fn constant(value: impl Into<Dynamic>) -> Node {
    Node::Constant(value.into())
}
