//! How each function of a script runs: once a request, compiled, or interpreted.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

use rhai::{ASTNode, Expr, FnCallExpr, Position, Stmt};

use crate::{
    Entry,
    lowered::{Program, Reason, help_for},
    parsed::Parsed,
};

/// How a function runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runs {
    /// Once a request, not once an item.
    OnceARequest,
    /// Compiled to columns.
    Compiled,
    /// Interpreted for each item.
    Interpreted {
        /// Where the reason stands: line and column, from 1.
        at: (usize, usize),
        /// The reason.
        why: Arc<str>,
        /// What to write instead, where there is a way.
        help: Option<&'static str>,
    },
}

/// One function of a script that is asked about items, or once a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionRuns {
    /// Its name.
    pub name: Arc<str>,
    /// How it runs.
    pub runs: Runs,
}

impl fmt::Display for Runs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compiled => f.write_str("compiled"),
            Self::Interpreted { at: (line, column), why, .. } => {
                write!(f, "interpreted: {line}:{column}: {why}")
            }
            Self::OnceARequest => f.write_str("once a request"),
        }
    }
}

/// How the entries run, and each function that `adjust` calls: the entries first, the called ones by name.
pub(crate) fn functions_in_order(
    parsed: &Parsed,
    lowered: Option<&Result<Program, Reason>>,
) -> Vec<FunctionRuns> {
    let mut all = by_name(parsed, lowered);
    let entries = Entry::ALL.map(Entry::name).into_iter();
    let first: Vec<_> = entries.filter_map(|name| all.remove_entry(name)).collect();
    first.into_iter().chain(all).map(|(name, runs)| FunctionRuns { name: name.into(), runs }).collect()
}

fn by_name(parsed: &Parsed, compiled: Option<&Result<Program, Reason>>) -> BTreeMap<String, Runs> {
    let mut all = BTreeMap::new();
    for entry in [Entry::Candidates, Entry::Arrange] {
        if parsed.function_named(entry.name()).is_some() {
            all.insert(entry.name().to_owned(), Runs::OnceARequest);
        }
    }
    match compiled {
        None => {}
        Some(Ok(program)) => {
            let names = program.called.iter().cloned().chain([Entry::Adjust.name().to_owned()]);
            all.extend(names.map(|name| (name, Runs::Compiled)));
        }
        Some(Err(reason)) => all.extend(interpreted_functions(parsed, reason)),
    }
    all
}

/// Every function of an `adjust` that is not compiled, with why.
fn interpreted_functions(parsed: &Parsed, reason: &Reason) -> BTreeMap<String, Runs> {
    let mut all: BTreeMap<String, Runs> = BTreeMap::new();
    for name in reached_functions(parsed) {
        let why = "it is called by `adjust`, which is interpreted".to_owned();
        all.insert(name, interpreted_at(Position::NONE, why));
    }
    let inner: Vec<Option<&str>> =
        reason.calls.iter().skip(1).map(|(name, _)| Some(name.as_str())).chain([None]).collect();
    for ((name, place), called) in reason.calls.iter().zip(inner) {
        let why = called.map_or_else(
            || reason.why.clone(),
            |called| format!("it calls `{called}`, which is interpreted"),
        );
        all.insert(name.clone(), interpreted_at(*place, why));
    }
    all
}

fn interpreted_at(place: Position, why: String) -> Runs {
    Runs::Interpreted {
        at: (place.line().unwrap_or(0), place.position().unwrap_or(0)),
        help: help_for(&why),
        why: why.into(),
    }
}

/// The functions that `adjust` calls, and those that they call.
fn reached_functions(parsed: &Parsed) -> BTreeSet<String> {
    let (mut all, mut open) = (BTreeSet::new(), vec![Entry::Adjust.name().to_owned()]);
    while let Some(name) = open.pop() {
        for (_, function) in parsed.functions.iter().filter(|((n, _), _)| *n == name) {
            for called in function.body.iter().flat_map(called_names) {
                if parsed.functions.keys().any(|(n, _)| *n == called) && all.insert(called.clone()) {
                    open.push(called);
                }
            }
        }
    }
    all
}

fn called_names(statement: &Stmt) -> Vec<String> {
    let mut found = Vec::new();
    statement.walk(&mut Vec::new(), &mut |path: &[ASTNode<'_>]| {
        let call: Option<&FnCallExpr> = match path.last() {
            Some(ASTNode::Stmt(Stmt::FnCall(call, _)) | ASTNode::Expr(Expr::FnCall(call, _))) => Some(call),
            _ => None,
        };
        found.extend(call.map(|c| c.name.to_string()));
        true
    });
    found
}
