//! The interpreter: Rhai with nothing in it but what this crate registers.

use std::sync::Arc;

use jardin_contract::Clock;
use rhai::{Engine, OptimizationLevel};

use crate::{
    budget,
    granted::Granted,
    host::{self, SourceNames},
    limits,
};

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

/// A parser that takes all of Rhai, so that `check` can say of each banned word why it is banned.
pub(crate) fn parser() -> Engine {
    let mut engine = Engine::new_raw();
    // Rhai 1.26 removed statements under optimisation; without it the tree is what the merchant wrote
    engine.set_optimization_level(OptimizationLevel::None);
    // operators are this crate's own (see `semantics`); the built-in ones would come first otherwise
    engine.set_fast_operators(false);
    engine.set_strict_variables(true);
    engine.set_allow_loop_expressions(false);
    limit(&mut engine);
    engine
}

fn limit(engine: &mut Engine) {
    engine.set_max_call_levels(limits::CALLS);
    engine.set_max_expr_depths(limits::DEPTH, limits::DEPTH);
    engine.set_max_string_size(limits::TEXT_BYTES);
    engine.set_max_array_size(limits::ARRAY);
    engine.set_max_map_size(limits::MAP);
    engine.set_max_variables(limits::VARIABLES);
    engine.set_max_functions(limits::FUNCTIONS);
    engine.set_max_modules(0);
    // kept at no limit: it is bypassed by callbacks, and `budget` counts instead
    engine.set_max_operations(0);
}
