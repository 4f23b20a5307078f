//! Rhai scripts under a policy; the only interpreter.
mod budget;
mod check;
mod engine;
mod functions;
mod granted;
mod host;
mod interpreter;
mod limits;
mod load;
mod outcome;
mod parsed;
mod pool;
mod semantics;
mod source;
mod strategy;
mod testing;

pub use functions::{FunctionRuns, Runs};
pub use load::ScriptText;
pub use pool::ScriptPool;
pub use strategy::ScriptStrategy;
pub use testing::{Given, TestFailure, TestItem, TestQuestion, TestShop, run_test};
