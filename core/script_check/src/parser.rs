//! Rhai's parser, with nothing that could run.

use rhai::{Engine, OptimizationLevel};

use crate::limits;

/// A parser that takes all of Rhai, so that `check` can say of each banned word why it is banned.
#[must_use]
pub fn parser() -> Engine {
    let mut engine = Engine::new_raw();
    // Rhai 1.26 removed statements under optimisation; without it the tree is what the merchant wrote
    engine.set_optimization_level(OptimizationLevel::None);
    // operators are this crate's own (see `semantics`); the built-in ones would come first otherwise
    engine.set_fast_operators(false);
    engine.set_strict_variables(true);
    engine.set_allow_loop_expressions(false);
    set_limits(&mut engine);
    engine
}

fn set_limits(engine: &mut Engine) {
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
