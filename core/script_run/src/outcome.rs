//! What becomes of a run that failed.

use std::sync::Arc;

use jardin_contract::Failure;
use rhai::EvalAltResult;

use crate::{budget::Ended, semantics::Fault};

/// Why a run as a whole has no result; `None` where only one candidate failed.
pub(crate) fn ends_the_run(error: &EvalAltResult, ended: Option<Ended>, denied: bool) -> Option<Failure> {
    if denied {
        return Some(Failure::Denied);
    }
    match ended {
        Some(Ended::Late) => return Some(Failure::Late),
        Some(Ended::Steps) => return Some(limit("steps")),
        None => {}
    }
    let which = match innermost(error) {
        EvalAltResult::ErrorTooManyOperations(_) => "steps",
        EvalAltResult::ErrorTooManyVariables(_) => "variables",
        EvalAltResult::ErrorStackOverflow(_) => "call depth",
        EvalAltResult::ErrorDataTooLarge(..) => "size of values",
        EvalAltResult::ErrorTerminated(..) => return Some(Failure::Denied),
        _ => return None,
    };
    Some(limit(which))
}

const fn limit(limit: &'static str) -> Failure {
    Failure::Limit { limit }
}

/// A failure of the script's own making: where, and never with which values.
pub(crate) fn failed(function: &str, error: &EvalAltResult) -> Failure {
    let error = innermost(error);
    let at = error.position();
    let place = match (at.line(), at.position()) {
        (Some(line), Some(column)) => format!(" at {line}:{column}"),
        _ => String::new(),
    };
    Failure::Error { what: Arc::from(format!("`{function}` stopped{place}: {}", kind(error))) }
}

fn innermost(error: &EvalAltResult) -> &EvalAltResult {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) => innermost(inner),
        other => other,
    }
}

/// The messages of Rhai may hold values, so that only the kind is told.
fn kind(error: &EvalAltResult) -> &'static str {
    match error {
        EvalAltResult::ErrorRuntime(fault, _) => {
            fault.read_lock::<Fault>().map_or("it failed", |f| f.words())
        }
        EvalAltResult::ErrorFunctionNotFound(..) => "a function is given values that it does not take",
        EvalAltResult::ErrorMismatchDataType(..) | EvalAltResult::ErrorMismatchOutputType(..) => {
            "a value is of another kind than needed"
        }
        EvalAltResult::ErrorArrayBounds(..) | EvalAltResult::ErrorIndexNotFound(..) => {
            "a list has no such place"
        }
        EvalAltResult::ErrorIndexingType(..)
        | EvalAltResult::ErrorPropertyNotFound(..)
        | EvalAltResult::ErrorDotExpr(..) => "a value has no such field",
        EvalAltResult::ErrorFor(_) => "a value that is no list is gone through",
        EvalAltResult::ErrorArithmetic(..) => "a calculation has no result",
        _ => "it failed",
    }
}
