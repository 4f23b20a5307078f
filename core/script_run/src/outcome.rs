//! What becomes of a run that failed.

use std::sync::Arc;

use jardin_contract::Failure;
use rhai::EvalAltResult;

use crate::{budget::Ended, semantics::Fault};

/// The limit of steps, in words.
pub(crate) const STEPS: &str = "steps";

/// Why a run as a whole has no result; `None` where only one candidate failed.
pub(crate) fn ends_the_run(error: &EvalAltResult, ended: Option<Ended>, denied: bool) -> Option<Failure> {
    if denied {
        return Some(Failure::Denied);
    }
    match ended {
        Some(Ended::Late) => return Some(Failure::Late),
        Some(Ended::Steps) => return Some(limit_failure(STEPS)),
        None => {}
    }
    let which = match innermost_error(error) {
        EvalAltResult::ErrorTooManyOperations(_) => STEPS,
        EvalAltResult::ErrorTooManyVariables(_) => "variables",
        EvalAltResult::ErrorStackOverflow(_) => "call depth",
        EvalAltResult::ErrorDataTooLarge(..) => "size of values",
        EvalAltResult::ErrorTerminated(..) => return Some(Failure::Denied),
        _ => return None,
    };
    Some(limit_failure(which))
}

const fn limit_failure(limit: &'static str) -> Failure {
    Failure::Limit { limit }
}

/// A failure of the script's own making: where, and never with which values.
pub(crate) fn script_failure(function: &str, error: &EvalAltResult) -> Failure {
    let error = innermost_error(error);
    let at = error.position();
    let place = match (at.line(), at.position()) {
        (Some(line), Some(column)) => format!(" at {line}:{column}"),
        _ => String::new(),
    };
    Failure::Error { what: Arc::from(format!("`{function}` stopped{place}: {}", error_kind(error))) }
}

fn innermost_error(error: &EvalAltResult) -> &EvalAltResult {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) => innermost_error(inner),
        other => other,
    }
}

/// The messages of Rhai may hold values, so that only the kind is told.
fn error_kind(error: &EvalAltResult) -> &'static str {
    match error {
        EvalAltResult::ErrorRuntime(fault, _) => {
            fault.read_lock::<Fault>().map_or("it failed", |f| f.words())
        }
        EvalAltResult::ErrorFunctionNotFound(..) => "a function is given values that it does not take",
        EvalAltResult::ErrorMismatchDataType(..) | EvalAltResult::ErrorMismatchOutputType(..) => {
            "a value is not of the kind that is needed"
        }
        EvalAltResult::ErrorArrayBounds(..) | EvalAltResult::ErrorIndexNotFound(..) => {
            "a list has no such place"
        }
        EvalAltResult::ErrorIndexingType(..)
        | EvalAltResult::ErrorPropertyNotFound(..)
        | EvalAltResult::ErrorDotExpr(..) => "a value has no such field",
        EvalAltResult::ErrorFor(_) => "a value that is not a list is gone through",
        EvalAltResult::ErrorArithmetic(..) => "a calculation has no result",
        _ => "it failed",
    }
}
