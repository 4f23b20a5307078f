//! The interpreter: Rhai with nothing in it but what this crate registers.

use std::sync::Arc;

use jardin_contract::Clock;
use jardin_script_check::{Granted, SourceNames, parser, vocabulary::disabled_symbols};
use rhai::Engine;

use crate::{budget, host};

/// An interpreter for a script of these grants and sources.
pub(crate) fn build_engine(granted: &Granted, sources: &SourceNames, clock: Arc<dyn Clock>) -> Engine {
    let mut engine = parser();
    for word in disabled_symbols() {
        engine.disable_symbol(word);
    }
    budget::watch_steps(&mut engine, clock);
    host::register_language(&mut engine, granted, sources);
    engine
}
