//! A script's rule: compiled where it can be, interpreted where it cannot. One kind of effects, two
//! producers; the interpreter is the one that says what a rule means.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

use jardin_contract::{Adjusted, Ask, Clock, Effects, Failure};
use jardin_model::ItemIndex;
use rhai::{ASTNode, Expr, FnCallExpr, Position, Stmt};

use crate::{
    check::Entry,
    compiled::{Program, Ran, Reason, help},
    host::Request,
    interpreter::{Interpreter, ONE_IN},
    parsed::Parsed,
};

/// How a function of a script runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// Compiled to columns.
    Compiled,
    /// Interpreted for each candidate.
    Interpreted {
        /// The line of what is not compiled, from 1; 0 where there is none.
        line: usize,
        /// Its column, from 1.
        column: usize,
        /// Why it is not.
        why: String,
        /// What to write instead, where there is a way.
        help: Option<&'static str>,
    },
    /// Interpreted, once a request.
    Once,
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compiled => f.write_str("compiled"),
            Self::Interpreted { line, column, why, .. } => write!(f, "interpreted: {line}:{column}: {why}"),
            Self::Once => f.write_str("once a request"),
        }
    }
}

/// The clock, which has no `Debug` of its own.
#[derive(Clone)]
pub(crate) struct ClockHandle(pub(crate) Arc<dyn Clock>);

impl fmt::Debug for ClockHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// A script's rule, ready to run.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) interpreter: Interpreter,
    pub(crate) clock: ClockHandle,
    pub(crate) functions: BTreeMap<String, How>,
    program: Option<Program>,
}

impl Rule {
    /// Compiles what can be compiled.
    pub(crate) fn new(interpreter: Interpreter, parsed: &Parsed, clock: Arc<dyn Clock>) -> Self {
        let compiled =
            interpreter.adjust.as_ref().map(|params| Program::compile(parsed, &interpreter.granted, params));
        let functions = functions(parsed, compiled.as_ref());
        Self { interpreter, clock: ClockHandle(clock), functions, program: compiled.and_then(Result::ok) }
    }

    /// Leaves everything to the interpreter.
    pub(crate) fn forget_compiled(&mut self) {
        self.program = None;
    }

    /// What the script does to each candidate and how it arranges the page, and whether the compiled rule did
    /// it.
    pub(crate) fn run(&self, ask: &Ask, candidates: &[ItemIndex]) -> Result<(Adjusted, bool), Failure> {
        let request = Request::new(ask, &self.interpreter.zone);
        let compiled = self.compiled(&request, ask, candidates)?;
        let was_compiled = compiled.is_some();
        let (effects, failed) = match compiled {
            Some(done) => done,
            None => self.interpreter.adjusted(&request, ask.deadline, candidates)?,
        };
        let page = self.interpreter.arranged(&request, ask.deadline)?;
        Ok((Adjusted { effects, page, failed }, was_compiled))
    }

    fn compiled(
        &self,
        request: &Arc<Request>,
        ask: &Ask,
        candidates: &[ItemIndex],
    ) -> Result<Option<(Effects, usize)>, Failure> {
        let Some(program) = &self.program else {
            return Ok(None);
        };
        match program.run(request, candidates, &*self.clock.0, ask.deadline) {
            // where a rule fails on too many, the interpreter tells why
            Ran::Done(effects, failed) => {
                Ok((failed * ONE_IN <= candidates.len()).then_some((effects, failed)))
            }
            Ran::Unsure => Ok(None),
            Ran::Late => Err(Failure::Late),
        }
    }
}

fn functions(parsed: &Parsed, compiled: Option<&Result<Program, Reason>>) -> BTreeMap<String, How> {
    let mut all = BTreeMap::new();
    for entry in [Entry::Candidates, Entry::Arrange] {
        if parsed.entry(entry.name()).is_some() {
            all.insert(entry.name().to_owned(), How::Once);
        }
    }
    match compiled {
        None => {}
        Some(Ok(program)) => {
            let names = program.called.iter().cloned().chain([Entry::Adjust.name().to_owned()]);
            all.extend(names.map(|name| (name, How::Compiled)));
        }
        Some(Err(reason)) => all.extend(interpreted(parsed, reason)),
    }
    all
}

/// Every function of an `adjust` that is not compiled, with why.
fn interpreted(parsed: &Parsed, reason: &Reason) -> BTreeMap<String, How> {
    let mut all: BTreeMap<String, How> = BTreeMap::new();
    for name in reached(parsed) {
        let why = "it is called by `adjust`, which is interpreted".to_owned();
        all.insert(name, at(Position::NONE, why));
    }
    let inner: Vec<Option<&str>> =
        reason.calls.iter().skip(1).map(|(name, _)| Some(name.as_str())).chain([None]).collect();
    for ((name, place), called) in reason.calls.iter().zip(inner) {
        let why = called.map_or_else(
            || reason.why.clone(),
            |called| format!("it calls `{called}`, which is interpreted"),
        );
        all.insert(name.clone(), at(*place, why));
    }
    all
}

fn at(place: Position, why: String) -> How {
    How::Interpreted {
        line: place.line().unwrap_or(0),
        column: place.position().unwrap_or(0),
        help: help(&why),
        why,
    }
}

/// The functions that `adjust` calls, and those that they call.
fn reached(parsed: &Parsed) -> BTreeSet<String> {
    let (mut all, mut open) = (BTreeSet::new(), vec![Entry::Adjust.name().to_owned()]);
    while let Some(name) = open.pop() {
        for (_, function) in parsed.functions.iter().filter(|((n, _), _)| *n == name) {
            for called in function.body.iter().flat_map(calls) {
                if parsed.functions.keys().any(|(n, _)| *n == called) && all.insert(called.clone()) {
                    open.push(called);
                }
            }
        }
    }
    all
}

fn calls(statement: &Stmt) -> Vec<String> {
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
