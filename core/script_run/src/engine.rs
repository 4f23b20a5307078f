//! The interpreter: Rhai with nothing in it but what this crate registers.

use std::sync::Arc;

use jardin_contract::Clock;
use jardin_script_check::{Granted, SourceNames, parser};
use rhai::Engine;

use crate::{budget, host};

/// Words of Rhai that no script may use. `check` refuses them with a reason; this is the second lock.
const DISABLED: [&str; 13] = [
    "eval",
    "import",
    "export",
    "Fn",
    "call",
    "curry",
    "is_def_var",
    "is_def_fn",
    "is_shared",
    "type_of",
    "print",
    "debug",
    "this",
];

/// An interpreter for a script of these grants and sources.
pub(crate) fn engine(granted: &Granted, sources: &SourceNames, clock: Arc<dyn Clock>) -> Engine {
    let mut engine = parser();
    for word in DISABLED {
        engine.disable_symbol(word);
    }
    budget::watch(&mut engine, clock);
    host::register(&mut engine, granted, sources);
    engine
}
