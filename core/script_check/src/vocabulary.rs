//! The words of the language beside Rhai's own.

use std::ops::RangeInclusive;

/// Functions of plain values, with how many arguments they take. Each can be written `f(x)` and `x.f()`.
const NATIVE: [(&str, usize); 16] = [
    ("abs", 1),
    ("floor", 1),
    ("ceil", 1),
    ("round", 1),
    ("sqrt", 1),
    ("min", 2),
    ("max", 2),
    ("len", 1),
    ("is_empty", 1),
    ("contains", 2),
    ("starts_with", 2),
    ("ends_with", 2),
    ("to_upper", 1),
    ("to_lower", 1),
    ("days_since", 1),
    ("days_until", 1),
];

/// What a factor of `boost` may be.
pub const BOOST: RangeInclusive<f64> = 1.0..=10.0;
/// What a factor of `bury` may be.
pub const BURY: RangeInclusive<f64> = 0.1..=1.0;

/// What every event of a history has.
pub const EVENT_FIELDS: [&str; 4] = ["item", "kind", "at", "quantity"];

/// What moves a candidate.
pub(crate) const MOVES: [&str; 4] = ["boost", "bury", "drop", "say"];
/// What arranges a page.
pub(crate) const PAGE: [&str; 7] = ["max_per", "diversify", "at_least", "rotate", "slot", "pin", "limit"];
/// What joins two lists.
pub(crate) const PLAN: [&str; 2] = ["or", "mix"];

const LOOP: &str = "go through the list: `for x in list { … }`";

/// What Rhai has and scripts have not, with the reason.
const BANNED: [(&str, &str); 22] = [
    ("eval", "a script cannot run text"),
    ("Fn", "a function cannot be named by a text"),
    ("call", "a function cannot be called through a value"),
    ("curry", "a function cannot be called through a value"),
    ("is_def_var", "a script cannot ask for names"),
    ("is_def_fn", "a script cannot ask for names"),
    ("is_shared", "a script cannot ask for names"),
    ("type_of", "a script cannot ask for types"),
    ("print", "a script has nowhere to print; a note of `item.boost(factor, note)` shows why an item moved"),
    ("debug", "a script has nowhere to print; a note of `item.boost(factor, note)` shows why an item moved"),
    ("to_string", "a text with values in it is written `${…}` between backticks"),
    ("to_debug", "a text with values in it is written `${…}` between backticks"),
    ("to_json", "a script gives moves and no text"),
    ("sleep", "a script cannot wait"),
    ("map", LOOP),
    ("filter", LOOP),
    ("for_each", LOOP),
    ("find", LOOP),
    ("some", LOOP),
    ("all", LOOP),
    ("reduce", LOOP),
    ("sort", LOOP),
];

/// Every function that a script may call beside its own and its sources.
#[must_use]
pub fn words() -> Vec<&'static str> {
    natives().chain(MOVES).chain(PAGE).chain(PLAN).chain([CATALOGUE]).collect()
}

const CATALOGUE: &str = crate::SourceNames::CATALOGUE;

/// How many arguments a function of plain values takes.
pub(crate) fn native(name: &str) -> Option<usize> {
    NATIVE.iter().find(|(n, _)| *n == name).map(|(_, count)| *count)
}

/// Every function of plain values.
pub(crate) fn natives() -> impl Iterator<Item = &'static str> {
    NATIVE.iter().map(|(name, _)| *name)
}

/// Why a function of Rhai is none of scripts.
pub(crate) fn banned(name: &str) -> Option<&'static str> {
    BANNED.iter().find(|(n, _)| *n == name).map(|(_, why)| *why)
}

/// True for a word that a script's own function may not have.
pub(crate) fn is_taken(name: &str) -> bool {
    let words = natives().chain(MOVES).chain(PAGE).chain(PLAN);
    words.chain(BANNED.map(|(n, _)| n)).chain([CATALOGUE]).any(|word| word == name)
}
