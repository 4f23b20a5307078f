//! Everything that the interpreter can call. What is not registered here does not exist for a script.

use std::ops::{Range, RangeInclusive};

use jardin_model::Namespace;
use jardin_script_check::{
    Granted, SourceNames,
    lowered::OF_A_NUMBER,
    operators::{Arithmetic, Comparison},
    vocabulary::EVENT_FIELDS,
};
use rhai::{Array, Dynamic, Engine, EvalAltResult, INT, ImmutableString, Map, Position};

use super::{
    Asked, Candidates, Event, Events, Item, Items, List, Page, Person, Plan, Table, Texts, request::Outcome,
    value::days_since,
};
use crate::semantics::{self, Fault};

/// An error of the script's own making.
pub(crate) fn refused(fault: Fault) -> Box<EvalAltResult> {
    Box::new(EvalAltResult::ErrorRuntime(fault.to_string().into(), Position::NONE))
}

/// Teaches the interpreter the whole language of scripts, with getters for granted fields alone.
pub(crate) fn register(engine: &mut Engine, granted: &Granted, sources: &SourceNames) {
    operators(engine);
    functions(engine);
    lists(engine);
    fields(engine, granted);
    moves(engine);
    page(engine);
    plans(engine, sources);
}

fn operators(engine: &mut Engine) {
    engine.register_fn("==", |a: Dynamic, b: Dynamic| same(&a, &b));
    engine.register_fn("!=", |a: Dynamic, b: Dynamic| !same(&a, &b));
    for (sign, op) in Comparison::ALL {
        engine
            .register_fn(sign, move |a: Dynamic, b: Dynamic| semantics::compare(op, &a, &b).map_err(refused));
    }
    for (sign, op) in Arithmetic::ALL {
        engine.register_fn(sign, move |a: Dynamic, b: Dynamic| {
            semantics::calculate(op, &a, &b).map_err(refused)
        });
    }
    for (sign, op) in Arithmetic::ASSIGNING {
        engine.register_fn(sign, move |a: &mut Dynamic, b: Dynamic| -> Outcome<()> {
            *a = semantics::calculate(op, a, &b).map_err(refused)?;
            Ok(())
        });
    }
    engine.register_fn("!", |a: Dynamic| semantics::not(&a).map_err(refused));
    engine.register_fn("-", |a: Dynamic| semantics::negate(&a).map_err(refused));
    engine
        .register_fn("contains", |list: Dynamic, x: Dynamic| semantics::contains(&list, &x).map_err(refused));
    engine.register_fn("..", |from: INT, to: INT| from..to);
    engine.register_fn("..=", |from: INT, to: INT| from..=to);
}

/// Equality of values, to which an absent product is `()`.
fn same(a: &Dynamic, b: &Dynamic) -> bool {
    let absent = |x: &Dynamic| x.is_unit() || x.read_lock::<Item>().is_some_and(|i| i.is_absent());
    if a.is_unit() || b.is_unit() { absent(a) && absent(b) } else { semantics::equal(a, b) }
}

fn functions(engine: &mut Engine) {
    for (name, f) in OF_A_NUMBER {
        engine.register_fn(name, move |x: Dynamic| {
            semantics::number(&x).map(f).ok_or_else(|| refused(Fault::Number))
        });
    }
    engine.register_fn("min", |a: Dynamic, b: Dynamic| semantics::smaller(&a, &b).map_err(refused));
    engine.register_fn("max", |a: Dynamic, b: Dynamic| semantics::larger(&a, &b).map_err(refused));
    engine.register_fn("len", |x: Dynamic| semantics::len(&x).map_err(refused));
    engine.register_fn("is_empty", |x: Dynamic| semantics::len(&x).map(|n| n == 0).map_err(refused));
    engine
        .register_fn("starts_with", |t: ImmutableString, part: ImmutableString| t.starts_with(part.as_str()));
    engine.register_fn("ends_with", |t: ImmutableString, part: ImmutableString| t.ends_with(part.as_str()));
    engine.register_fn("to_upper", |t: ImmutableString| t.to_uppercase());
    engine.register_fn("to_lower", |t: ImmutableString| t.to_lowercase());
    engine.register_fn("days_since", |x: Dynamic| days(days_since(&x)));
    engine.register_fn("days_until", |x: Dynamic| days(days_since(&x).map(|d| -d)));
}

fn days(days: Option<f64>) -> Dynamic {
    days.map_or(Dynamic::UNIT, Dynamic::from_float)
}

fn lists(engine: &mut Engine) {
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
fn fields(engine: &mut Engine, granted: &Granted) {
    for name in granted.names(Namespace::Item) {
        let field = std::sync::Arc::clone(name);
        engine.register_get(&**name, move |item: &mut Item| item.field(&field));
    }
    for namespace in [Namespace::Subject, Namespace::Session, Namespace::Context] {
        for name in granted.names(namespace) {
            let field = std::sync::Arc::clone(name);
            engine.register_get(&**name, move |person: &mut Person| person.field(&field));
        }
    }
    engine.register_indexer_get(|item: &mut Item, name: ImmutableString| item.field(&name));
    engine.register_indexer_get(|person: &mut Person, name: ImmutableString| person.field(&name));
    for name in EVENT_FIELDS {
        engine.register_get(name, move |event: &mut Event| event.field(name));
    }
}

fn moves(engine: &mut Engine) {
    engine.register_fn("boost", |item: &mut Item, factor: Dynamic| item.boost(&factor, ""));
    engine.register_fn("boost", |item: &mut Item, factor: Dynamic, note: &str| item.boost(&factor, note));
    engine.register_fn("bury", |item: &mut Item, factor: Dynamic| item.bury(&factor, ""));
    engine.register_fn("bury", |item: &mut Item, factor: Dynamic, note: &str| item.bury(&factor, note));
    engine.register_fn("drop", |item: &mut Item| item.leave_out(""));
    engine.register_fn("drop", |item: &mut Item, note: &str| item.leave_out(note));
    engine.register_fn("say", |item: &mut Item, code: &str| item.say(code));
}

fn page(engine: &mut Engine) {
    engine.register_fn("max_per", |page: &mut Page, field: &str, n: Dynamic| page.max_per(field, &n));
    engine.register_fn("diversify", |page: &mut Page, field: &str, s: Dynamic| page.diversify(field, &s));
    engine.register_fn(
        "at_least",
        |page: &mut Page, n: Dynamic, field: &str, value: Dynamic, top: Dynamic| {
            page.at_least(&n, field, &value, &top)
        },
    );
    engine.register_fn("rotate", |page: &mut Page, top: Dynamic, every: &str| page.rotate(&top, every));
    engine.register_fn("slot", |page: &mut Page, position: Dynamic, field: &str, value: Dynamic| {
        page.slot(&position, field, &value)
    });
    engine
        .register_fn("pin", |page: &mut Page, position: Dynamic, items: Dynamic| page.pin(&position, &items));
    engine.register_fn("limit", |page: &mut Page, n: Dynamic| page.limit(&n));
}

fn plans(engine: &mut Engine, sources: &SourceNames) {
    for (word, name) in sources.strategies() {
        let name = name.clone();
        engine.register_fn(word, move |_: &mut Asked, limit: Dynamic| Asked::strategy(&name, &limit));
    }
    let catalogue =
        |_: &mut Asked, limit: Dynamic, having: Map| -> Outcome<Plan> { Asked::catalogue(&limit, &having) };
    engine.register_fn(SourceNames::CATALOGUE, catalogue);
    engine.register_fn("or", |a: Plan, b: Plan| a.or(b));
    engine.register_fn("mix", |a: Plan, b: Plan, share: Dynamic| a.mix(b, &share));
}
