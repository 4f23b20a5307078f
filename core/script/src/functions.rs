//! How each function of a script runs: once a request, compiled, or interpreted.

use std::sync::Arc;

use jardin_contract::{Clock, SystemClock};
use jardin_policy::{Policy, Report};

use crate::{How, ScriptPool, ScriptStrategy, ScriptText, check::Entry, engine::parser, parsed::Parsed};

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

impl ScriptText<'_> {
    /// How `candidates`, `adjust` and `arrange` run, and each function that `adjust` calls, by way of others
    /// too. In that order, the called ones by name.
    ///
    /// # Errors
    /// As [`ScriptText::check`].
    pub fn functions(&self, policy: &Policy) -> Result<Vec<FunctionRuns>, Report> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let (script, _) = ScriptStrategy::load(self, policy, &clock, &ScriptPool::new(1))?;
        let entries = [Entry::Candidates, Entry::Adjust, Entry::Arrange].map(Entry::name);
        let functions = script.functions();
        let first = entries.into_iter().filter_map(|name| Some(shown(name, functions.get(name)?)));
        let called = functions.iter().filter(|(name, _)| !entries.contains(&name.as_str()));
        Ok(first.chain(called.map(|(name, how)| shown(name, how))).collect())
    }

    /// The names of the script's tests, functions called `test_…`, in the order of their names; none where
    /// the script cannot be read.
    #[must_use]
    pub fn tests(&self) -> Vec<Arc<str>> {
        let parsed = Parsed::parse(&parser(), self.source);
        let names = parsed.map(|p| p.functions.into_keys()).into_iter().flatten().map(|(name, _)| name);
        let mut tests: Vec<Arc<str>> =
            names.filter(|name| name.starts_with("test_")).map(Arc::from).collect();
        tests.dedup();
        tests
    }
}

/// How the loaded script says that a function runs.
fn shown(name: &str, how: &How) -> FunctionRuns {
    let runs = match how {
        How::Once => Runs::OnceARequest,
        How::Compiled => Runs::Compiled,
        How::Interpreted { line, column, why, help } => {
            Runs::Interpreted { at: (*line, *column), why: why.as_str().into(), help: *help }
        }
    };
    FunctionRuns { name: name.into(), runs }
}
