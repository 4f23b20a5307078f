//! What to write instead of what is not compiled.

/// Reasons that a merchant can do something about, with what. The others show a limit of the compiler, and
/// the rule runs as it is.
const HELP: [(&str, &str); 9] = [
    (
        "a loop without an end in sight",
        "go through a list or a range: `for x in list { … }`, `for i in 0..10 { … }`",
    ),
    ("a function calls itself", "write it as a loop: `for i in 0..10 { … }`"),
    ("functions call each other too deeply", "call at most 8 functions within each other"),
    ("it has too many variables", "keep at most 32 variables at once; a function of the script has its own"),
    ("it is too long", "leave to one strategy what another can do, or call long functions less often"),
    ("a part of a value is assigned", "make a new value: `let x = …`"),
    ("a case that is not a text", "write a range, `1..=1 => …`, or `if`"),
    ("a move that is not compiled", "write the note as a constant text"),
    ("an object is used as a value", "name the field that is meant: `item.category`"),
];

/// What to write instead, where there is a way.
pub(crate) fn help_for(why: &str) -> Option<&'static str> {
    HELP.iter().find(|(reason, _)| *reason == why).map(|(_, help)| *help)
}
