//! How each function of a script runs: once a request, compiled, or interpreted.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_policy::{Policy, Report};
use rhai::{ASTNode, Expr, FnCallExpr, Position, Stmt};

use crate::{
    ScriptText,
    check::Entry,
    engine::parser,
    parsed::{Function, Parsed},
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

impl ScriptText<'_> {
    /// How `candidates`, `adjust` and `arrange` run, and each function that `adjust` calls, by way of others too. In that order, the called
    /// ones by name.
    ///
    /// # Errors
    /// As [`ScriptText::check`].
    pub fn functions(&self, policy: &Policy) -> Result<Vec<FunctionRuns>, Report> {
        let (_, report) = self.check(policy)?;
        // a script that was checked can be read
        let Ok(parsed) = Parsed::parse(&parser(), self.source) else {
            return Err(report);
        };
        Ok(of(&parsed))
    }

    /// The names of the script's tests, functions called `test_…`, in the order of their names; none where the script cannot be read.
    #[must_use]
    pub fn tests(&self) -> Vec<Arc<str>> {
        let parsed = Parsed::parse(&parser(), self.source);
        let names = parsed.map(|p| p.functions.into_keys()).into_iter().flatten().map(|(name, _)| name);
        let mut tests: Vec<Arc<str>> = names.filter(|name| name.starts_with("test_")).map(Arc::from).collect();
        tests.dedup();
        tests
    }
}

fn of(parsed: &Parsed) -> Vec<FunctionRuns> {
    let mut functions = Vec::new();
    for entry in [Entry::Candidates, Entry::Adjust, Entry::Arrange] {
        let Some(function) = parsed.entry(entry.name()) else { continue };
        if entry != Entry::Adjust {
            functions.push(shown(entry.name(), Runs::OnceARequest));
            continue;
        }
        functions.push(shown(entry.name(), interpreted(function)));
        let called = called(parsed, function);
        functions.extend(called.into_iter().map(|(name, f)| shown(name, interpreted(f))));
    }
    functions
}

fn shown(name: &str, runs: Runs) -> FunctionRuns {
    FunctionRuns { name: name.into(), runs }
}

/// No function is compiled yet.
fn interpreted(function: &Function) -> Runs {
    let at = function.body.first().map_or(Position::NONE, Stmt::position);
    Runs::Interpreted {
        at: (at.line().unwrap_or(1), at.position().unwrap_or(1)),
        why: "the compiler is not there yet".into(),
    }
}

/// The script's own functions that a function calls, by way of others too.
fn called<'a>(parsed: &'a Parsed, function: &'a Function) -> BTreeMap<&'a str, &'a Function> {
    let mut found = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut open = vec![function];
    while let Some(function) = open.pop() {
        for key in calls(function) {
            let Some((key, next)) = parsed.functions.get_key_value(&key) else {
                continue;
            };
            if seen.insert(key) {
                found.insert(key.0.as_str(), next);
                open.push(next);
            }
        }
    }
    found
}

/// What a function calls, by name and number of parameters; `x.f(y)` is `f(x, y)`.
fn calls(function: &Function) -> Vec<(String, usize)> {
    let mut calls = Vec::new();
    let mut seen = |path: &[ASTNode<'_>]| {
        match path.last() {
            Some(ASTNode::Expr(Expr::FnCall(call, _))) | Some(ASTNode::Stmt(Stmt::FnCall(call, _))) => calls.push(key(call, 0)),
            Some(ASTNode::Expr(Expr::MethodCall(call, _))) => calls.push(key(call, 1)),
            _ => {}
        }
        true
    };
    for statement in &function.body {
        statement.walk(&mut Vec::new(), &mut seen);
    }
    calls
}

fn key(call: &FnCallExpr, receivers: usize) -> (String, usize) {
    (call.name.to_string(), call.args.len() + receivers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_what_adjust_calls_and_nothing_else() {
        let source = "fn candidates(sources) { other(1) } fn adjust(item) { if a(item) { 1 } } fn a(x) { x.b(2) } fn b(x, y) { y } \
                      fn other(x) { x } fn arrange(page) { }";
        let parsed = Parsed::parse(&parser(), source).unwrap();
        let functions = of(&parsed);
        let names: Vec<&str> = functions.iter().map(|f| &*f.name).collect();
        assert_eq!(names, ["candidates", "adjust", "a", "b", "arrange"]);
        let once: Vec<bool> = functions.iter().map(|f| f.runs == Runs::OnceARequest).collect();
        assert_eq!(once, [true, false, false, false, true]);
    }
}
