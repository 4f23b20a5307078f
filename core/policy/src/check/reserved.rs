//! Which names a field may have: plain ones, and none that cannot follow a dot in a script.

/// Words that Rhai reserves or that the scripts' own functions use.
const RESERVED: [&str; 4] = [
    "Fn as async await boost break bury call case catch const continue curry debug default do drop each else eval exit export",
    "false fn for global go goto if import in is is_def_fn is_def_var is_shared let loop match module new nil null package print",
    "private protected public return say shared spawn static super switch sync then this thread throw true try type_of unless",
    "until use var void while with yield",
];

/// True for a word that a script cannot write after a dot.
pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|line| line.split(' ').any(|known| known == word))
}

/// True for what may be declared as a field's name.
pub(super) fn is_name(name: &str) -> bool {
    let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    plain && name.len() <= 64 && name.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
}
