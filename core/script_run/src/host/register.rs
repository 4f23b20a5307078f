//! Everything that the interpreter can call. What is not registered here does not exist for a script.

use std::ops::{Range, RangeInclusive};

use jardin_model::Namespace;
use jardin_script_check::{
    Granted, SourceNames,
    operators::{Arithmetic, Comparison},
    vocabulary::{EventField, Function},
};
use rhai::{Array, Dynamic, Engine, EvalAltResult, INT, ImmutableString, Position};

use super::{Candidates, Event, Events, Item, Items, List, Person, Table, Texts, request::Outcome, words};
use crate::{
    functions::call_function,
    semantics::{self, Fault},
};

/// An error of the script's own making.
pub(crate) fn fault_error(fault: Fault) -> Box<EvalAltResult> {
    Box::new(EvalAltResult::ErrorRuntime(Dynamic::from(fault), Position::NONE))
}

/// Teaches the interpreter the whole language of scripts, with getters for granted fields alone.
pub(crate) fn register_language(engine: &mut Engine, granted: &Granted, sources: &SourceNames) {
    register_operators(engine);
    register_functions(engine);
    register_lists(engine);
    register_fields(engine, granted);
    words::register_words(engine, sources);
}

fn register_operators(engine: &mut Engine) {
    engine.register_fn("==", |a: Dynamic, b: Dynamic| equal_or_absent(&a, &b));
    engine.register_fn("!=", |a: Dynamic, b: Dynamic| !equal_or_absent(&a, &b));
    for (sign, op) in Comparison::ALL {
        engine.register_fn(sign, move |a: Dynamic, b: Dynamic| {
            semantics::compare_values(op, &a, &b).map_err(fault_error)
        });
    }
    for (sign, op) in Arithmetic::ALL {
        engine.register_fn(sign, move |a: Dynamic, b: Dynamic| {
            semantics::calculate_values(op, &a, &b).map_err(fault_error)
        });
    }
    for (sign, op) in Arithmetic::ASSIGNING {
        engine.register_fn(sign, move |a: &mut Dynamic, b: Dynamic| -> Outcome<()> {
            *a = semantics::calculate_values(op, a, &b).map_err(fault_error)?;
            Ok(())
        });
    }
    engine.register_fn("!", |a: Dynamic| semantics::negate_flag(&a).map_err(fault_error));
    engine.register_fn("-", |a: Dynamic| semantics::negate_value(&a).map_err(fault_error));
    engine.register_fn("..", |from: INT, to: INT| from..to);
    engine.register_fn("..=", |from: INT, to: INT| from..=to);
}

/// Equality of values, to which an absent product is `()`.
fn equal_or_absent(a: &Dynamic, b: &Dynamic) -> bool {
    let absent = |x: &Dynamic| x.is_unit() || x.read_lock::<Item>().is_some_and(|i| i.is_absent());
    if a.is_unit() || b.is_unit() { absent(a) && absent(b) } else { semantics::are_equal(a, b) }
}

fn register_functions(engine: &mut Engine) {
    for word in Function::ALL {
        let call = move |given: &[Dynamic]| call_function(*word, given).map_err(fault_error);
        match word.signature().parameters.len() {
            1 => engine.register_fn(word.name(), move |x: Dynamic| call(&[x])),
            _ => engine.register_fn(word.name(), move |x: Dynamic, y: Dynamic| call(&[x, y])),
        };
    }
}

fn register_lists(engine: &mut Engine) {
    engine.register_iterator::<Array>();
    engine.register_iterator::<Range<INT>>();
    engine.register_iterator::<RangeInclusive<INT>>();
    engine.register_iterator::<Candidates>();
    engine.register_iterator::<Texts>();
    engine.register_iterator::<List>();
    engine.register_iterator::<Items>();
    engine.register_iterator::<Events>();
    engine.register_indexer_get(|table: &mut Table, key: Dynamic| table.at(&key));
    // a table that is not set is `()`, and so is everything in it
    engine.register_indexer_get(|(): &mut (), _: Dynamic| Dynamic::UNIT);
    engine.register_indexer_get(|list: &mut List, place: Dynamic| list.at(&place));
}

/// Getters for granted names, and one denial for every other name.
fn register_fields(engine: &mut Engine, granted: &Granted) {
    for name in granted.granted_names(Namespace::Item) {
        let field = std::sync::Arc::clone(name);
        engine.register_get(&**name, move |item: &mut Item| item.field(&field));
    }
    for namespace in [Namespace::Subject, Namespace::Session, Namespace::Context] {
        for name in granted.granted_names(namespace) {
            let field = std::sync::Arc::clone(name);
            engine.register_get(&**name, move |person: &mut Person| person.field(&field));
        }
    }
    engine.register_indexer_get(|item: &mut Item, name: ImmutableString| item.field(&name));
    engine.register_indexer_get(|person: &mut Person, name: ImmutableString| person.field(&name));
    for field in EventField::ALL {
        engine.register_get(field.name(), move |event: &mut Event| event.field(field));
    }
}
