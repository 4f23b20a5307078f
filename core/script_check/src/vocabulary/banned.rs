//! What Rhai has and scripts have not.

const LOOP: &str = "go through the list: `for x in list { … }`";
const NO_FUNCTION_BY_VALUE: &str = "a function cannot be called through a value";
const NO_NAMES: &str = "a script cannot ask for names";
const NOWHERE_TO_PRINT: &str =
    "a script has nowhere to print; a note of `item.boost(factor, note)` shows why an item moved";
const INTERPOLATE: &str = "a text with values in it is written `${…}` between backticks";
const ONE_FILE: &str = "a script is one file, and what changes by date comes from the settings";

/// A word of Rhai that is not part of scripts.
struct Banned {
    name: &'static str,
    /// Why, or what to write.
    why: &'static str,
    /// True for a symbol of Rhai's own, which the interpreter is told to refuse as well.
    is_symbol: bool,
}

const fn symbol(name: &'static str, why: &'static str) -> Banned {
    Banned { name, why, is_symbol: true }
}

const fn function(name: &'static str, why: &'static str) -> Banned {
    Banned { name, why, is_symbol: false }
}

const BANNED: [Banned; 25] = [
    symbol("eval", "a script cannot run text"),
    symbol("import", ONE_FILE),
    symbol("export", ONE_FILE),
    symbol("Fn", "a function cannot be named by a text"),
    symbol("call", NO_FUNCTION_BY_VALUE),
    symbol("curry", NO_FUNCTION_BY_VALUE),
    symbol("is_def_var", NO_NAMES),
    symbol("is_def_fn", NO_NAMES),
    symbol("is_shared", NO_NAMES),
    symbol("type_of", "a script cannot ask for types"),
    symbol("print", NOWHERE_TO_PRINT),
    symbol("debug", NOWHERE_TO_PRINT),
    symbol("this", "name the value among the function's parameters"),
    function("to_string", INTERPOLATE),
    function("to_debug", INTERPOLATE),
    function("to_json", "a script gives moves and no text"),
    function("sleep", "a script cannot wait"),
    function("map", LOOP),
    function("filter", LOOP),
    function("for_each", LOOP),
    function("find", LOOP),
    function("some", LOOP),
    function("all", LOOP),
    function("reduce", LOOP),
    function("sort", LOOP),
];

/// Why a word of Rhai is not part of scripts; `None` for any other.
pub(crate) fn reason_against(name: &str) -> Option<&'static str> {
    BANNED.iter().find(|banned| banned.name == name).map(|banned| banned.why)
}

/// Symbols of Rhai that an interpreter of scripts must refuse. The proof refuses them with a reason; this is the
/// second lock.
pub fn disabled_symbols() -> impl Iterator<Item = &'static str> {
    BANNED.iter().filter(|banned| banned.is_symbol).map(|banned| banned.name)
}
